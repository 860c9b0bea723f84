// The trees of commits, each opened once in a process.
#pragma once

#include <map>
#include <memory>

#include "onehead/base/result.h"
#include "onehead/core/tree/source_tree.h"
#include "onehead/git/repository/repository.h"

namespace onehead {

class CommitTrees {
 public:
  // Borrows it.
  explicit CommitTrees(const git::Repository& repository) : repository_(repository) {}

  [[nodiscard]] Result<const SourceTree*> Of(const ContentId& commit) {
    std::unique_ptr<SourceTree>& tree = trees_[commit];
    if (!tree) {
      ONEHEAD_ASSIGN_OR_RETURN(tree, repository_.CommitTree(commit));
    }
    return tree.get();
  }

 private:
  const git::Repository& repository_;
  std::map<ContentId, std::unique_ptr<SourceTree>> trees_;
};

}  // namespace onehead

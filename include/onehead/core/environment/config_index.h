// What may configure environments in a whole tree.
//
// To find it all, every directory is read; but two trees seldom differ in many, and what one has,
// and what differs, tell what the other has. Not here: where surveys are kept (commands).
#pragma once

#include <cstddef>

#include "onehead/base/result.h"
#include "onehead/core/environment/environment.h"
#include "onehead/core/environment/tree_diff.h"
#include "onehead/core/tree/source_tree.h"

namespace onehead {

struct TreeSurvey {
  Candidates candidates;  // each list sorted
  std::size_t directories = 0;
  friend bool operator==(const TreeSurvey&, const TreeSurvey&) = default;
};

// Reads every directory. kLimit: there are too many.
[[nodiscard]] Result<TreeSurvey> SurveyTree(const SourceTree& tree);

// Of the tree on the new side of `diff`, from what the one on its old side has (a default-built
// survey if there was none). kLimit: it has too many directories.
[[nodiscard]] Result<TreeSurvey> SurveyAfter(const TreeSurvey& before, const TreeDiff& diff);

// Who may know surveys from earlier; this one knows none.
class TreeSurveys {
 public:
  virtual ~TreeSurveys() = default;
  [[nodiscard]] virtual Result<TreeSurvey> Of(const SourceTree& tree) { return SurveyTree(tree); }
  virtual void Know(const SourceTree& /*tree*/, const TreeSurvey& /*survey*/) {}
};

}  // namespace onehead

// What configures environments in whole trees, kept in the repository from one push to the next.
//
// One commit and its survey is enough: those of other trees follow from what differs. Only the
// default branch's is kept, which all others start from: who may push to another one must not make
// everybody compare with that.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "commands/published/commit_trees.h"
#include "onehead/core/environment/config_index.h"
#include "onehead/git/files/disposable_cache.h"

namespace onehead {

class SurveyCache : public TreeSurveys {
 public:
  // Borrows `trees`, and every tree that it is asked for or told about.
  SurveyCache(const std::string& common_dir, CommitTrees* trees)
      : files_(common_dir), trees_(*trees) {}

  Result<TreeSurvey> Of(const SourceTree& tree) override;
  void Know(const SourceTree& tree, const TreeSurvey& survey) override;

  // For the next push, that of this commit, if it is known. For the default branch of a push that
  // is accepted: the next one starts from there, and nobody could read what was refused.
  void Keep(const ContentId& commit);

 private:
  void LoadBase();
  std::optional<TreeSurvey> FromBase(const SourceTree& tree);

  git::DisposableCache files_;
  CommitTrees& trees_;
  std::map<ContentId, TreeSurvey> known_;  // by the id of the tree
  std::size_t known_paths_ = 0;
  bool asked_ = false;
  std::optional<ContentId> kept_;          // the commit that has been kept before
  const SourceTree* base_tree_ = nullptr;  // null: none yet
  TreeSurvey base_;
};

}  // namespace onehead

// What configures environments in whole trees, kept in the repository from one push to the next.
//
// One commit and its survey is enough: those of other trees follow from what differs.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "commands/commit_trees.h"
#include "git/disposable_cache.h"
#include "onehead/core/tree_survey.h"

namespace onehead {

class SurveyCache : public TreeSurveys {
 public:
  // Borrows `trees`, and every tree that it is asked for or told about.
  SurveyCache(const std::string& common_dir, CommitTrees* trees)
      : files_(common_dir), trees_(*trees) {}

  Result<TreeSurvey> Of(const SourceTree& tree) override;
  void Know(const SourceTree& tree, const TreeSurvey& survey) override;

  // This commit may be the one for the next push. The branch that all others start from is best.
  enum class Worth { kBest, kBetterThanNone };
  void Offer(const ContentId& commit, Worth worth);
  // Keeps the best that was offered. For a push that is accepted: the next one starts from there,
  // and nobody could read what was refused.
  void Keep();

 private:
  void LoadBase();
  std::optional<TreeSurvey> FromBase(const SourceTree& tree);
  const TreeSurvey* FindKnown(const ContentId& commit);

  git::DisposableCache files_;
  CommitTrees& trees_;
  std::map<ContentId, TreeSurvey> known_;  // by the id of the tree
  std::size_t known_paths_ = 0;
  bool asked_ = false;
  std::optional<ContentId> kept_;          // the commit that has been kept before
  const SourceTree* base_tree_ = nullptr;  // null: none yet
  TreeSurvey base_;
  std::optional<ContentId> offered_;
  Worth offered_worth_ = Worth::kBetterThanNone;
};

}  // namespace onehead

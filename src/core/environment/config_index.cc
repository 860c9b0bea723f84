#include "onehead/core/environment/config_index.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "onehead/base/text.h"

namespace onehead {
namespace {

using Paths = std::vector<std::string>;

// `all` less `before`, and `after` added. None of them twice in one list.
Paths Replaced(const Paths& all, Paths before, const Paths& after) {
  std::sort(before.begin(), before.end());
  Paths result;
  std::set_difference(all.begin(), all.end(), before.begin(), before.end(),
                      std::back_inserter(result));
  result.insert(result.end(), after.begin(), after.end());
  std::sort(result.begin(), result.end());
  return result;
}

}  // namespace

Result<TreeSurvey> SurveyTree(const SourceTree& tree) {
  TreeDiff all;
  Paths todo = {""};
  while (!todo.empty()) {
    const std::string directory = std::move(todo.back());
    todo.pop_back();
    if (++all.directories_after > kMaxDirectories) return Fail(TooManyDirectories());
    ONEHEAD_ASSIGN_OR_RETURN(const SharedListing listing, tree.List(directory));
    if (!listing) continue;
    AddCandidates(directory, *listing, &all.candidates_after);
    for (std::size_t i = 0; i < listing->size(); ++i) {
      if (listing->KindOf(i) != EntryKind::kDirectory) continue;
      todo.push_back(JoinPath(directory, listing->NameOf(i)));
    }
  }
  return SurveyAfter({}, all);
}

Result<TreeSurvey> SurveyAfter(const TreeSurvey& before, const TreeDiff& diff) {
  const Candidates& was = diff.candidates_before;
  const Candidates& is = diff.candidates_after;
  const TreeSurvey after{{Replaced(before.candidates.ini_files, was.ini_files, is.ini_files),
                          Replaced(before.candidates.toml_files, was.toml_files, is.toml_files),
                          Replaced(before.candidates.script_dirs, was.script_dirs, is.script_dirs)},
                         before.directories + diff.directories_after - diff.directories_before};
  if (after.directories > kMaxDirectories) return Fail(TooManyDirectories());
  return after;
}

}  // namespace onehead

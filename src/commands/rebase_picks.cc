#include "commands/rebase_picks.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "commands/work_git.h"
#include "onehead/base/text.h"

namespace onehead {
namespace {

constexpr std::string_view kPicks[] = {"pick", "p",      "reword", "r",     "edit",
                                       "e",    "squash", "s",      "fixup", "f"};
// Lines that commit nothing.
constexpr std::string_view kOthers[] = {"exec", "x", "break", "b", "noop", "update-ref", "u"};

template <std::size_t N>
bool IsOneOf(const std::string_view (&words)[N], std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

// The ids of the picks in `todo`, as they are written. Null: it does more than to pick.
std::optional<std::vector<std::string>> PicksOf(std::istream& todo) {
  std::vector<std::string> picks;
  std::string line;
  while (std::getline(todo, line)) {
    if (line.empty() || line.front() == '#') continue;
    std::vector<std::string_view> words = Split(line, ' ');
    if (words.size() > 2 && words[1].starts_with("-")) words.erase(words.begin() + 1);
    if (IsOneOf(kOthers, words[0])) continue;
    if (words.size() < 2 || !IsOneOf(kPicks, words[0])) return std::nullopt;
    picks.emplace_back(words[1]);
  }
  return picks;
}

}  // namespace

Result<std::optional<ContentId>> LastPick(const git::Repository& repository) {
  std::ifstream todo(repository.GitDir() + "/rebase-merge/git-rebase-todo");
  if (!todo) return std::nullopt;
  const std::optional<std::vector<std::string>> picks = PicksOf(todo);
  if (!picks || picks->empty()) return std::nullopt;
  Result<ContentId> commit = repository.ResolveCommit(picks->back());
  if (!commit) return Fail(std::move(commit.error()));
  return *commit;
}

Result<std::optional<ContentId>> LastPick(const git::Repository& repository,
                                          const ContentId& picked) {
  std::ifstream todo(repository.GitDir() + "/rebase-merge/git-rebase-todo");
  if (!todo) return std::nullopt;
  std::optional<std::vector<std::string>> picks = PicksOf(todo);
  // The one that is under way may have been put back, in case it fails.
  if (picks && !picks->empty() && picked.Hex().starts_with(picks->front())) {
    picks->erase(picks->begin());
  }
  if (!picks || picks->empty()) return std::nullopt;
  Result<std::string> list =
      WorkGit(repository)
          .Run({"rev-list", "--reverse", "--topo-order", picks->back(), "^" + picked.Hex()});
  if (!list) return Fail(std::move(list.error()));
  const std::vector<std::string_view> commits = Split(*list, '\n');
  if (commits.size() != picks->size()) return std::nullopt;
  for (std::size_t i = 0; i < commits.size(); ++i) {
    if (!commits[i].starts_with((*picks)[i])) return std::nullopt;
  }
  return ContentId::FromHex(commits.back());
}

}  // namespace onehead

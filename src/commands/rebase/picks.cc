#include "commands/rebase/picks.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "commands/app/work_git.h"
#include "onehead/base/text.h"

namespace onehead {
namespace {

constexpr const char* kRenumber = "/rebase-merge/onehead-renumber";
constexpr const char* kNewIds = "/rebase-merge/onehead-new-ids";

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

// Of a rebase, or of a cherry-pick of several commits.
std::optional<std::vector<std::string>> PicksLeft(const git::Repository& repository) {
  for (const char* list : {"/rebase-merge/git-rebase-todo", "/sequencer/todo"}) {
    std::ifstream todo(repository.GitDir() + list);
    if (todo) return PicksOf(todo);
  }
  return std::nullopt;
}

}  // namespace

Result<std::optional<ContentId>> LastPick(const git::Repository& repository) {
  const std::optional<std::vector<std::string>> picks = PicksLeft(repository);
  if (!picks || picks->empty()) return std::nullopt;
  ONEHEAD_ASSIGN_OR_RETURN(ContentId commit, repository.ResolveCommit(picks->back()));
  return commit;
}

Result<std::optional<ContentId>> LastPick(const git::Repository& repository,
                                          const ContentId& picked) {
  std::optional<std::vector<std::string>> picks = PicksLeft(repository);
  // The one that is under way may still be in the list.
  if (picks && !picks->empty() && picked.Hex().starts_with(picks->front())) {
    picks->erase(picks->begin());
  }
  if (!picks || picks->empty()) return std::nullopt;
  ONEHEAD_ASSIGN_OR_RETURN(std::string list, WorkGit(repository)
                                                 .Run({"rev-list", "--reverse", "--topo-order",
                                                       picks->back(), "^" + picked.Hex()}));
  const std::vector<std::string_view> commits = Split(list, '\n');
  if (commits.size() != picks->size()) return std::nullopt;
  for (std::size_t i = 0; i < commits.size(); ++i) {
    if (!commits[i].starts_with((*picks)[i])) return std::nullopt;
  }
  return ContentId::FromHex(commits.back());
}

RebaseChoices ChoicesOf(const git::Repository& repository) {
  const auto chosen = [&](const char* name) {
    return access((repository.GitDir() + name).c_str(), F_OK) == 0;
  };
  return {chosen(kRenumber), chosen(kNewIds)};
}

Status Remember(const git::Repository& repository, const RebaseChoices& choices) {
  const std::string git_dir = repository.GitDir();
  if (access((git_dir + "/rebase-merge").c_str(), F_OK) != 0) return {};
  for (const auto& [is_chosen, name] :
       {std::pair(choices.renumber, kRenumber), std::pair(choices.new_ids, kNewIds)}) {
    if (!is_chosen) continue;
    std::ofstream file(git_dir + name);
    if (!file) return Fail(ErrorKind::kIo, "cannot write in " + git_dir + "/rebase-merge");
  }
  return {};
}

}  // namespace onehead

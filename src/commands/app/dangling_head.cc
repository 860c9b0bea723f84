#include "commands/app/dangling_head.h"

#include <algorithm>
#include <string>
#include <vector>

#include "onehead/base/text.h"

namespace onehead {

std::optional<Error> DanglingHead(const git::Repository& repository) {
  constexpr std::string_view kBranches = "refs/heads/";
  const Result<std::optional<std::string>> head = repository.HeadRef();
  if (!head || !*head) return std::nullopt;
  const Result<std::vector<git::Ref>> refs = repository.Refs();
  if (!refs) return std::nullopt;
  std::vector<std::string> usual;  // as the hook takes the default branch
  std::string any;
  for (const git::Ref& ref : *refs) {
    if (ref.name == **head) return std::nullopt;
    if (!ref.name.starts_with(kBranches)) continue;
    any = ref.name;
    const std::string name = ref.name.substr(kBranches.size());
    if (name == "main" || name == "master") usual.push_back(name);
  }
  if (any.empty()) return std::nullopt;
  const bool known = usual.size() == 1;
  const std::string branch = known ? std::string(kBranches) + usual[0] : any;
  return Error{
      ErrorKind::kInvalid,
      "HEAD names " + Printable(**head, 200) + ", which is not there: " +
          (known ? usual[0] + " counts as the default branch until somebody pushes that"
                 : "no branch counts as the default branch"),
      "git -C " + ShellWord(repository.GitDir()) + " symbolic-ref HEAD " + ShellWord(branch)};
}

}  // namespace onehead

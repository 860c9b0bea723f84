// One update with what has been found out about it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "commands/hook/judge.h"

namespace onehead {

// Where a script directory has several sets of version locations, those of `shown`; else empty.
std::string WhichReading(const Environment& shown, const std::vector<ScopedEnvironment>& all);

// The environments of a push by script directory. Borrows them.
class SameScript {
 public:
  explicit SameScript(const std::vector<ScopedEnvironment>& all);
  // Those that read all version locations of `part`, and others.
  std::vector<const Environment*> ThatReadMoreThan(const Environment& part) const;

 private:
  std::unordered_map<std::string_view, std::vector<const ScopedEnvironment*>> by_script_;
};

struct JudgeCase {
  RefKind kind = RefKind::kOther;
  ContentId commit;
  std::optional<ContentId> old_commit;  // null: the ref is new, or was no commit
  // What the tree is compared with to see which environments are touched. For a new branch it is
  // the default branch: an environment that equals that branch's brings nothing new.
  std::optional<ContentId> scope_commit;
  const SourceTree* after = nullptr;
  const SourceTree* before = nullptr;  // of scope_commit
  Scope scope;
  // What was read in the new tree, and how.
  std::vector<std::pair<ScopedEnvironment, StatePtr>> readings;
  std::optional<ContentId> published_commit;
  bool published_known = false;
  std::optional<std::vector<ContentId>> others;
};

}  // namespace onehead

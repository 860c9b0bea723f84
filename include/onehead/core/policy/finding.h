// A broken rule, as a value.
//
// Not here: errors (base/result.h), printing (commands).
#pragma once

#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace onehead {

enum class Level { kNote, kWarning, kError };

struct Finding {
  std::string rule;  // "multiple-heads"
  Level level = Level::kError;
  std::string message;        // one printable line, without the rule's name
  std::string path = {};      // repository-relative; empty: about no single file
  int line = 0;               // 1-based; 0: the whole file
  std::string revision = {};  // empty: none
  std::string names = {};     // the id or ids that the rule is about besides `revision`
  std::string fix = {};       // what to do, one printable line; may be empty

  friend bool operator==(const Finding&, const Finding&) = default;
};

// Which defects there are, perhaps in another tree: two findings are the same when rule, revision
// (the path if it has none) and the id they name are equal; line and path do not count.
class FindingSet {
 public:
  FindingSet() = default;
  explicit FindingSet(const std::vector<Finding>& findings);
  void Add(const Finding& finding);
  bool Contains(const Finding& finding) const;

 private:
  // Rule, names, revision, and the path if there is no revision.
  std::set<std::array<std::string, 4>> keys_;
};

// By path, line, rule, then revision.
void SortFindings(std::vector<Finding>* findings);

bool HasErrors(const std::vector<Finding>& findings);

}  // namespace onehead

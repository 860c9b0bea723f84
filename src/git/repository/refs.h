// Names of commits: refs, HEAD and revision expressions.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/process/git_program.h"
#include "git/repository/open.h"
#include "onehead/git/repository/repository.h"

namespace onehead::git {

// These do what the functions of Repository with the same names say.
class RefReader {
 public:
  RefReader() = default;
  RefReader(const RefReader&) = delete;
  RefReader& operator=(const RefReader&) = delete;
  virtual ~RefReader() = default;

  [[nodiscard]] virtual Result<std::string> WrittenRef(const std::string& name) const = 0;
  [[nodiscard]] virtual Result<std::vector<Ref>> Refs() const = 0;
  [[nodiscard]] virtual Result<std::optional<ContentId>> Target(const std::string& name) const = 0;

  [[nodiscard]] Result<std::optional<std::string>> HeadRef() const;

  // The object that a revision expression names, not peeled.
  [[nodiscard]] Result<ContentId> ResolveObject(const std::string& rev) const;

 private:
  friend class NamespacedRefs;
  // kNotFound: names nothing; kInvalid: names several.
  [[nodiscard]] virtual Result<ContentId> Parse(const std::string& rev) const = 0;
};

// Both borrow their argument. Libgit2's part of `opened` is opened when it is needed.
std::unique_ptr<RefReader> MakeLibgit2Refs(Opened* opened);
std::unique_ptr<RefReader> MakeProgramRefs(const GitProgram* git);

// The refs of one namespace ("team/one", gitnamespaces(7)) under the names that its users see.
std::unique_ptr<RefReader> MakeNamespacedRefs(std::unique_ptr<RefReader> all,
                                              std::string_view name);

}  // namespace onehead::git

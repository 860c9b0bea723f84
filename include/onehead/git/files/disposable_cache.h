// Small files in the repository that only save time. A missing, broken or unwritable one changes
// nothing: nothing here fails but Clear.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/git/support/files.h"

namespace onehead::git {

class DisposableCache {
 public:
  static constexpr std::size_t kMaxFiles = 32;
  static constexpr std::size_t kMaxFileBytes = std::size_t{16} << 20;

  // In <common_dir>/onehead/, which the first Store makes.
  explicit DisposableCache(const std::string& common_dir)
      : common_dir_(common_dir), directory_(common_dir + "/onehead") {}

  // Null: not there, too large, no plain file, or written by another user: nobody who can write in
  // the repository may tell this program what to believe.
  std::optional<std::string> Load(const std::string& name) const;
  // Through a temporary file and a rename, unless it is there already. Each user has files of their
  // own. At most kMaxFiles are kept: those go that were not used for longest, and nothing that has
  // another kind of name.
  // REQUIRES: `name` is hexadecimal digits.
  void Store(const std::string& name, std::string_view bytes) const;

  // True if Clear would remove anything.
  bool HoldsAnything() const;
  // Removes all of it, of every user, and the directory unless something else lies there. kIo.
  [[nodiscard]] Status Clear() const;

 private:
  static void Prune(Descriptor directory);

  std::string common_dir_;
  std::string directory_;
};

}  // namespace onehead::git

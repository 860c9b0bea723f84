// Where the objects of a repository are: its own directory, a push's quarantine, alternates.
//
// libgit2 has all of this too, but splits GIT_ALTERNATE_OBJECT_DIRECTORIES at every ":" and does
// not unquote (seen with 1.5), so the old objects of a push are not found when a path holds one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace onehead::git {

// The paths in GIT_ALTERNATE_OBJECT_DIRECTORIES (separator ':') or info/alternates ('\n'). A path
// that begins with a quotation mark is C-quoted; broken quoting is taken literally, "#" begins a
// comment (Git, odb.c parse_alt_odb_entry).
std::vector<std::string> ParseAlternates(std::string_view text, char separator);

// `first` and `alternates`, then whatever their info/alternates name, five levels deep; existing
// directories only, apart from `first`; none twice. Relative paths in a file are relative to the
// object directory that it is in.
std::vector<std::string> AllObjectDirs(const std::string& first,
                                       const std::vector<std::string>& alternates);

}  // namespace onehead::git

// Small, total functions on text that every layer needs.
//
// Not here: anything that knows Python, Git or migrations.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace onehead {

// Bytes [begin, end) of a text.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
  friend bool operator==(const Span&, const Span&) = default;
  std::size_t size() const { return end - begin; }
};

// The text safe to print on one line of a terminal, so that two texts that differ look different:
// control characters (C0, DEL, C1), the Unicode line, paragraph and bidirectional controls,
// characters without width (but in emoji and the like) and bytes that are not UTF-8 become escapes:
// a line feed is \x0a. `max_bytes` cuts longer text at a character and appends "..." (0: never
// cut).
std::string Printable(std::string_view text, std::size_t max_bytes = 0);

// As Printable, but line feeds and tabs stay.
std::string PrintableLines(std::string_view text);

// `text` split at every `separator`; an empty text gives one empty piece.
std::vector<std::string_view> Split(std::string_view text, char separator);

// What stands before the next `separator`, taken off the front of `rest` together with it; all of
// `rest` when there is none.
std::string_view TakeUntil(std::string_view* rest, char separator);

// ASCII letters in lower case, other bytes as they are.
std::string Lower(std::string_view text);

// `text` as one word for sh, in single quotes.
std::string ShellQuote(std::string_view text);

// The same, without the quotes where sh needs none: for commands that people read and type.
std::string ShellWord(std::string_view text);

// How many bytes both begin with.
std::size_t CommonPrefix(std::string_view a, std::string_view b);

// Without leading and trailing ASCII white space.
std::string_view Trim(std::string_view text);

// Repository paths: "/" between the parts, none at either end, "" is the top.
std::string JoinPath(std::string_view directory, std::string_view name);
std::string_view DirName(std::string_view path);   // "" for a name at the top
std::string_view BaseName(std::string_view path);  // the last part
// True when `path` is `directory` itself or lies below it; every path lies below "".
bool IsUnder(std::string_view path, std::string_view directory);
// `relative` seen from `directory` with "." and ".." and "//" resolved. False when it is absolute
// or climbs out of the top; `*out` is then unchanged.
[[nodiscard]] bool NormalizePath(std::string_view directory, std::string_view relative,
                                 std::string* out);

}  // namespace onehead

// Ini files as Python's ConfigParser reads them, in the way in which Alembic uses it
// (ConfigParser({"here": directory}): strict, BasicInterpolation, no inline comments).
//
// Here: the syntax, the lookup with DEFAULT, interpolation. Not here: what any option means
// (script_config.h). Checked against Python 3.11; two things are taken more loosely, because they
// depend on the machine that Python runs on or on tables that no real file needs: bytes that are
// not UTF-8 are kept, and only ASCII letters of option names are folded to lower case.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "onehead/base/result.h"

namespace onehead {

struct IniValue {
  std::string text;  // lines joined by "\n", without blanks around each of them
  int line = 0;      // 1-based, of the option's name
  friend bool operator==(const IniValue&, const IniValue&) = default;
};

using IniOptions = std::map<std::string, IniValue, std::less<>>;  // by lower-cased name

struct IniSection {
  std::string name;
  int line = 0;        // of its header
  IniOptions options;  // its own ones, before interpolation
};

class IniFile {
 public:
  // Fails with kInvalid and the line (no path) where ConfigParser.read raises.
  [[nodiscard]] static Result<IniFile> Parse(std::string_view text);

  // In the order of the file, without DEFAULT.
  const std::vector<IniSection>& sections() const { return sections_; }
  const IniOptions& defaults() const { return defaults_; }
  const IniSection* FindSection(std::string_view name) const;

  // The value before interpolation, from the section or else from DEFAULT (ConfigParser
  // .has_option); null: the section does not exist, or neither has it.
  const IniValue* Find(std::string_view section, std::string_view option) const;

  // The value after interpolation; `here` is what `%(here)s` gives unless the file defines it.
  // Null as Find. Fails with kInvalid, or kLimit when a value grows out of bounds.
  [[nodiscard]] Result<std::optional<IniValue>> Get(std::string_view section,
                                                    std::string_view option,
                                                    std::string_view here) const;

 private:
  friend class IniParser;
  std::vector<IniSection> sections_;
  std::map<std::string, std::size_t, std::less<>> index_;  // section name -> place in sections_
  IniOptions defaults_;
};

}  // namespace onehead

// alembic.ini is read as Python's configparser reads it, and [tool.alembic] as tomllib does: equal
// values, and an error where Python has one.
//
// By hand, for more: ONEHEAD_ORACLE_COUNT=100000 ONEHEAD_ORACLE_SEED=7 e2e_test
// --gtest_filter='ConfigOracle*'. config_oracle.py ini INDEX 1 SEED makes one of them again.
#include <iostream>
#include <set>
#include <string>

#include "core/environment/ini.h"
#include "core/environment/toml.h"
#include "e2e/oracle_fixture.h"
#include "onehead/base/text.h"

namespace onehead::testing {
namespace {

constexpr int kBatch = 20000;
constexpr const char* kHere = "/here dir";  // as in config_oracle.py

// --- What is wrong with our reading; empty: nothing ---

std::set<std::string> OptionNames(const IniFile& file, const IniSection& section) {
  std::set<std::string> names = {"here"};
  for (const auto& [name, value] : section.options) names.insert(name);
  for (const auto& [name, value] : file.defaults()) names.insert(name);
  return names;
}

std::string CompareOption(const IniFile& file, const std::string& section, const Json& option) {
  const std::string name = BytesOf(option[0]);
  // "here" is a default of the parser here, not an option of the file.
  if (name == "here" && file.Find(section, name) == nullptr) return "";
  const Result<std::optional<IniValue>> value = file.Get(section, name, kHere);
  const std::string where = "[" + section + "] " + name + ": ";
  if (!value) return option[1].is_null() ? "" : where + value.error().message;
  if (!*value) return where + "is not there";
  if (option[1].is_null()) return where + "Python has an error";
  const std::string want = BytesOf(option[1]);
  return (*value)->text == want ? "" : where + "'" + (*value)->text + "' is '" + want + "'";
}

std::string CompareIni(const std::string& text, const Json& record) {
  const Result<IniFile> file = IniFile::Parse(text);
  if (!file) return record.contains("error") ? "" : "an error here: " + file.error().message;
  if (record.contains("error")) return "no error here, in Python " + record["error"].dump();
  const Json& sections = record["values"];
  if (sections.size() != file->sections().size()) return "the number of sections";
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const IniSection& ours = file->sections()[i];
    if (BytesOf(sections[i][0]) != ours.name) return "section " + ours.name;
    std::set<std::string> names;
    for (const Json& option : sections[i][1]) {
      names.insert(BytesOf(option[0]));
      const std::string problem = CompareOption(*file, ours.name, option);
      if (!problem.empty()) return problem;
    }
    if (names != OptionNames(*file, ours)) return "the options of " + ours.name;
  }
  return "";
}

Json KindOf(const TomlValue& value) {
  constexpr const char* kKinds[] = {"string", "strings", "boolean", "other"};
  Json kind = {kKinds[static_cast<int>(value.kind)]};
  if (value.kind == TomlValue::Kind::kBoolean) kind.push_back(value.boolean ? "True" : "False");
  if (value.kind == TomlValue::Kind::kOther) return kind;
  for (const std::string& text : value.strings) {
    kind.push_back(HexOf(text));
  }
  return kind;
}

std::string CompareToml(const std::string& text, const Json& record) {
  const Result<std::optional<TomlAlembic>> table = ReadTomlAlembic(text);
  if (!table && table.error().message.find("64 bits") != std::string::npos) return "";
  if (!table) return record.contains("error") ? "" : "an error here: " + table.error().message;
  if (!*table) {
    // A file that nowhere speaks of Alembic is not parsed.
    return record.contains("error") || record["values"].empty() ? "" : "no table here";
  }
  if (record.contains("error")) return "no error here, in Python " + record["error"].dump();
  const Json& values = record["values"];
  if (values.size() != (*table)->values.size()) return "the number of keys";
  for (const Json& value : values) {
    const TomlValue* ours = (*table)->Find(BytesOf(value[0]));
    if (ours == nullptr) return "no key " + BytesOf(value[0]);
    if (KindOf(*ours) != value[1]) return BytesOf(value[0]) + ": " + KindOf(*ours).dump();
  }
  return "";
}

class ConfigOracle : public OracleTest {
 protected:
  template <typename Compare>
  void RunAll(const std::string& kind, Compare compare) {
    int files = 0;
    int refused = 0;
    AskForAll("config_oracle.py", {kind}, kBatch, [&](const Json& record) {
      const std::string text = BytesOf(record["text"].get<std::string>());
      ++files;
      refused += record.contains("error") ? 1 : 0;
      Judge(record, compare(text, record), Printable(text));
    });
    std::cout << files << " files, of which Python refuses " << refused << "\n";
    EXPECT_GT(files - refused, Cases() / 4);
  }
};

TEST_F(ConfigOracle, IniFilesAreWhatConfigParserReads) { RunAll("ini", CompareIni); }

TEST_F(ConfigOracle, TomlIsWhatTomllibReads) { RunAll("toml", CompareToml); }

}  // namespace
}  // namespace onehead::testing

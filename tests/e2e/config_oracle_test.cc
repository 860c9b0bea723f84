// alembic.ini is read as Python's configparser reads it, and [tool.alembic] as tomllib does: equal
// values, and an error where Python has one.
//
// By hand, for more: ONEHEAD_ORACLE_COUNT=100000 ONEHEAD_ORACLE_SEED=7 e2e_test
// --gtest_filter='ConfigOracle*'. config_oracle.py ini INDEX 1 SEED makes one of them again.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "core/ini.h"
#include "core/toml.h"
#include "support/git_sandbox.h"

namespace onehead::testing {
namespace {

using Json = nlohmann::json;

constexpr int kBatch = 20000;
constexpr int kOrdinary = 3000;
constexpr int kMaxFailures = 10;
constexpr const char* kHere = "/here dir";  // as in config_oracle.py

int FromEnvironment(const char* name, int otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::atoi(text);
}

int HexDigit(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

std::string Bytes(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(HexDigit(hex[i]) * 16 + HexDigit(hex[i + 1]));
  }
  return bytes;
}

// --- What is wrong with our reading; empty: nothing ---

std::set<std::string> OptionNames(const IniFile& file, const IniSection& section) {
  std::set<std::string> names = {"here"};
  for (const auto& [name, value] : section.options) names.insert(name);
  for (const auto& [name, value] : file.defaults()) names.insert(name);
  return names;
}

std::string CompareOption(const IniFile& file, const std::string& section, const Json& option) {
  const std::string name = Bytes(option[0]);
  // "here" is a default of the parser here, not an option of the file.
  if (name == "here" && file.Find(section, name) == nullptr) return "";
  const Result<std::optional<IniValue>> value = file.Get(section, name, kHere);
  const std::string where = "[" + section + "] " + name + ": ";
  if (!value) return option[1].is_null() ? "" : where + value.error().message;
  if (!*value) return where + "is not there";
  if (option[1].is_null()) return where + "Python has an error";
  const std::string want = Bytes(option[1]);
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
    if (Bytes(sections[i][0]) != ours.name) return "section " + ours.name;
    std::set<std::string> names;
    for (const Json& option : sections[i][1]) {
      names.insert(Bytes(option[0]));
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
    std::string hex;
    for (const char c : text) {
      constexpr const char* kDigits = "0123456789abcdef";
      hex += kDigits[static_cast<unsigned char>(c) / 16];
      hex += kDigits[static_cast<unsigned char>(c) % 16];
    }
    kind.push_back(hex);
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
    const TomlValue* ours = (*table)->Find(Bytes(value[0]));
    if (ours == nullptr) return "no key " + Bytes(value[0]);
    if (KindOf(*ours) != value[1]) return Bytes(value[0]) + ": " + KindOf(*ours).dump();
  }
  return "";
}

class ConfigOracle : public ::testing::Test {
 protected:
  template <typename Compare>
  void RunAll(const std::string& kind, Compare compare) {
    const int count = FromEnvironment("ONEHEAD_ORACLE_COUNT", kOrdinary);
    const int seed = FromEnvironment("ONEHEAD_ORACLE_SEED", 1);
    const std::string script = std::string(ONEHEAD_SOURCE_DIR) + "/tests/e2e/config_oracle.py";
    for (int first = 0; first < count; first += kBatch) {
      const std::string size = std::to_string(std::min(kBatch, count - first));
      const RunResult result = box_.Run({"/usr/bin/python3", "-B", script, kind,
                                         std::to_string(first), size, std::to_string(seed)});
      ASSERT_EQ(result.exit_code, 0) << result.err.substr(0, 2000);
      std::istringstream lines(result.out);
      for (std::string line; std::getline(lines, line);) {
        const Json record = Json::parse(line);
        const std::string text = Bytes(record["text"]);
        Take(record, text, compare(text, record));
      }
    }
    std::cout << files_ << " files, of which Python refuses " << refused_ << "\n";
    EXPECT_LE(failures_, kMaxFailures) << "and more";
    EXPECT_GT(files_ - refused_, files_ / 4);
  }

  void Take(const Json& record, const std::string& text, const std::string& problem) {
    ++files_;
    refused_ += record.contains("error") ? 1 : 0;
    if (problem.empty() || ++failures_ > kMaxFailures) return;
    ADD_FAILURE() << "file " << record["index"] << ": " << problem << "\n" << Json(text);
  }

  GitSandbox box_;
  int files_ = 0, refused_ = 0, failures_ = 0;
};

TEST_F(ConfigOracle, IniFilesAreWhatConfigParserReads) { RunAll("ini", CompareIni); }

TEST_F(ConfigOracle, TomlIsWhatTomllibReads) { RunAll("toml", CompareToml); }

}  // namespace
}  // namespace onehead::testing

// Texts of hundreds of thousands of anything: every reader gets to the end without recursion and in
// time that grows as the text does. What were quadratic would run into the time limit of the tests.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/environment/ini.h"
#include "core/environment/script_config.h"
#include "core/environment/toml.h"
#include "onehead/core/environment/environment.h"
#include "onehead/core/environment/tree_diff.h"
#include "onehead/core/migration/migration.h"

namespace onehead {
namespace {

constexpr std::size_t kMany = 100000;

std::string Repeat(std::string_view text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

// "before0after before1after ..."
std::string Numbered(std::string_view before, std::string_view after, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i)
    out.append(before).append(std::to_string(i)).append(after);
  return out;
}

std::string Read(const std::string& text) {
  const Migration migration = ReadMigration("versions/x.py", text);
  return migration.defects.empty() ? "" : migration.defects.front().reason;
}

TEST(HostileSize, Migrations) {
  const std::string down = "revision = 'x'\ndown_revision = ";
  EXPECT_EQ(Read(down + "'" + Repeat("x", 100 * kMany)), "unterminated string literal");
  EXPECT_EQ(Read(Repeat("(", 10 * kMany)), "too many nested brackets");
  EXPECT_EQ(Read("#" + Repeat("x", 100 * kMany) + "\n" + down + "'a'\n"), "");
  EXPECT_EQ(Read(down + "'a'\nx = 1" + Repeat(" + 1", kMany) + "\n"), "");
  EXPECT_EQ(Read(down + "'a'\n" + Repeat("x=1;", kMany) + "\n"), "");
  EXPECT_EQ(Read(down + "'a'\n" + Numbered("a", " = 'x'\n", kMany)), "");
  EXPECT_EQ(Read(down + "'a'\n" + Repeat("if x:\n a = 1\n", kMany)), "");
  EXPECT_EQ(Read(down + "(" + Numbered("'a", "',", kMany) + ")\n"),
            "too much text is copied from name to name");
  EXPECT_EQ(Read(down + "'a'\nbranch_labels = (" + Numbered("'a", "',", kMany) + ")\n"),
            "too much text is copied from name to name");
  EXPECT_EQ(Read("'''t\n" + Repeat("Revises: a\n", kMany) + "'''\n" + down + "'a'\n"), "");
  for (const char* reach :
       {"exec, ", "exec(x), ", "globals(), ", "globals()[x](), ", "f'{exec}', "}) {
    for (const char* before : {"x = ", "class A: x = ", "class A:\n  x = ", "def f(): x = "}) {
      EXPECT_EQ(Read(down + "'a'\n" + before + Repeat(reach, kMany) + "1\nf()\n"), "") << reach;
    }
  }
  EXPECT_EQ(Read(down + "'a'\nclass A:\n" + Repeat("  exec(x)\n", kMany)), "");
  EXPECT_EQ(Read(down + "'a'\n" + Repeat("exec(x)\n", kMany)), "");
  std::string steps;
  for (std::size_t i = 0; i < 1000; ++i) steps += std::string(i, ' ') + "if x:\n";
  EXPECT_EQ(Read(steps), "too many levels of indentation");
}

// What the section [alembic] says, or why it cannot be said.
std::string Configured(ConfigSources sources) {
  const Result<ScriptConfig> config = ReadScriptConfig(sources, "alembic");
  if (!config) return config.error().message;
  return config->script_location ? config->script_location->text : "";
}

std::string FromIni(const std::string& text) {
  Result<IniFile> ini = IniFile::Parse(text);
  if (!ini) return ini.error().message;
  return Configured({"", "alembic.ini", std::move(*ini), "", {}});
}

TEST(HostileSize, Inis) {
  const std::string head = "[alembic]\nscript_location = a";
  const std::string too_large = "script_location: value too large or too many references";
  EXPECT_EQ(FromIni(head + "\n" + Numbered("[s", "]\n", kMany)), "a");
  EXPECT_EQ(FromIni(head + "\n" + Numbered("k", " = v\n", kMany)), "a");
  EXPECT_EQ(FromIni(head + "\nx = y\n" + Repeat("  z\n", kMany)), "a");
  EXPECT_EQ(FromIni(head + "\n" + Repeat("\n", kMany)), "a");
  EXPECT_EQ(FromIni(head + "\n" + Repeat("  b\n", kMany)), too_large);
  EXPECT_EQ(FromIni(head + Repeat("x", 100 * kMany) + "\n"), too_large);
  EXPECT_EQ(FromIni(head + Repeat("%%", kMany) + "\n"), too_large);
  std::string doubling = head + "%(a0)s\n";
  for (int i = 0; i < 8; ++i) {
    const std::string next = "%(a" + std::to_string(i + 1) + ")s";
    doubling += "a" + std::to_string(i) + " = " + Repeat(next, 1000) + "\n";
  }
  EXPECT_EQ(FromIni(doubling + "a8 = x\n"), too_large);
}

std::string FromToml(const std::string& text) {
  Result<std::optional<TomlAlembic>> toml = ReadTomlAlembic(text);
  if (!toml) return toml.error().message;
  return Configured({"", "", {}, "pyproject.toml", std::move(*toml)});
}

TEST(HostileSize, Tomls) {
  const std::string head = "[tool.alembic]\nscript_location = 'a'\n";
  EXPECT_EQ(FromToml(head + Numbered("k", " = 1\n", kMany / 4)), "a");
  EXPECT_EQ(FromToml(head + Numbered("[t", "]\n", kMany / 4)), "a");
  EXPECT_EQ(FromToml(head + Repeat("x", kMany) + " = 1\n"), "a");
  EXPECT_EQ(FromToml(head + Repeat("x.", kMany) + "y = 1\n"), "it nests too deeply");
  EXPECT_EQ(FromToml(head + "x = " + Repeat("[", 10 * kMany)), "it nests too deeply");
  EXPECT_EQ(FromToml(head + "x = [" + Repeat("'a', ", kMany / 4) + "]\n"), "a");
  EXPECT_EQ(FromToml(head + "x = '" + Repeat("x", kMany) + "'\n"), "a");
  EXPECT_EQ(FromToml(Repeat("alembic ", kMany)), "");
}

// Four levels of a hundred directories in each: in Git a few small objects.
class WideTree : public SourceTree {
 public:
  WideTree() {
    std::vector<TreeEntry> entries;
    for (int i = 0; i < 100; ++i) {
      entries.push_back({"d" + std::to_string(i), EntryKind::kDirectory, {}});
    }
    wide_ = std::make_shared<const TreeListing>(std::move(entries));
  }
  Result<SharedListing> List(std::string_view path) const override {
    const bool is_deep = std::count(path.begin(), path.end(), '/') >= 3;
    return is_deep ? SharedListing() : wide_;
  }
  Result<std::string> Read(std::string_view, std::size_t) const override {
    return Fail(ErrorKind::kNotFound, "no file");
  }

 private:
  SharedListing wide_;
};

TEST(HostileSize, Trees) {
  const WideTree tree;
  const auto discovered = DiscoverEnvironments(tree, {});
  const auto compared = DiffTrees(nullptr, tree);
  ASSERT_FALSE(discovered || compared);
  for (const Error& error : {discovered.error(), compared.error()}) {
    EXPECT_EQ(error.kind, ErrorKind::kLimit);
    EXPECT_EQ(error.message, "the tree has more than 2000000 directories");
    EXPECT_EQ(error.hint, "name the script directories with onehead.scriptLocation");
  }
}

}  // namespace
}  // namespace onehead

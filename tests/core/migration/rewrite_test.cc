#include "onehead/core/migration/rewrite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "onehead/base/text.h"

namespace onehead {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using Ids = std::vector<std::string>;

std::string Rewrite(const std::string& text, const RewriteRequest& request,
                    const std::string& path = "versions/x.py") {
  const Result<std::string> result = RewriteMigration(ReadMigration(path, text), text, request);
  return result ? *result : "!" + result.error().message;
}

// `value` as down_revision of a file that writes its own id in double quotes.
std::string Down(const std::string& value, const Ids& parents) {
  const std::string head = "revision = \"x\"\n";
  const std::string out =
      Rewrite(head + "down_revision" + value + "\nbranch_labels = None\n", {.parents = parents});
  if (out[0] == '!') return out;
  const std::size_t begin = head.size() + std::string("down_revision").size();
  return out.substr(begin, out.rfind("\nbranch_labels") - begin);
}

struct ValueCase {
  const char* before;
  Ids parents;
  const char* after;
};

const ValueCase kValues[] = {
    {" = 'a'", {"b"}, " = 'b'"},
    {" = \"a\"", {"b"}, " = \"b\""},
    {": Union[str, None] = 'a'", {"b"}, ": Union[str, None] = 'b'"},
    {" = 'a'  # after 'a'", {"b"}, " = 'b'  # after 'a'"},
    {" = u'a'", {"b"}, " = u'b'"},
    {" = r'a'", {"b"}, " = r'b'"},
    {" = f'a'", {"b"}, " = 'b'"},
    {" = '''a'''", {"b"}, " = '''b'''"},
    {" = ('a')", {"b"}, " = ('b')"},
    {" = (\n    'a'  # why\n)", {"b"}, " = (\n    'b'  # why\n)"},
    {" = ('a',)", {"b"}, " = ('b',)"},
    {" = ['a']", {"b"}, " = ['b']"},
    {" = 'a' 'b'", {"c"}, " = \"c\""},
    {" = 'a' + 'b'", {"c"}, " = \"c\""},
    {" = None", {"b"}, " = \"b\""},
    {" = (None)", {"b"}, " = \"b\""},
    {" = ()", {"b"}, " = \"b\""},
    {" = 'a'", {}, " = None"},
    {" = ('a', 'b')", {}, " = None"},
    {" = ('a', 'b')", {"b"}, " = 'b'"},
    {" = ('a', 'b')", {"a"}, " = 'a'"},
    {" = ('a', 'b')", {"c"}, " = 'c'"},
    {" = ('a', \"b\")", {"c", "b"}, " = ('c', \"b\")"},
    {" = ['a', 'b']", {"a", "c"}, " = ['a', 'c']"},
    {" = 'a', 'b'", {"c", "b"}, " = 'c', 'b'"},
    {" = 'a', 'b'", {"b"}, " = 'b'"},
    {" = {'a', 'b'}", {"c", "b"}, " = {'c', 'b'}"},
    {" = ('a', 'b', 'c')", {"b", "c"}, " = ('b', 'c')"},
    {" = ('a', 'b', 'c')", {"a", "c"}, " = ('a', 'c')"},
    {" = ('a', 'b', 'c')", {"a", "b"}, " = ('a', 'b')"},
    {" = ('a', 'b', 'c', 'd')", {"a", "b"}, " = ('a', 'b')"},
    {" = ('a', 'b', 'c', 'd',)", {"b", "c"}, " = ('b', 'c',)"},
    {" = ('a', 'b', 'c')", {"x", "c"}, " = ('x', 'c')"},
    {" = ('a', 'a', 'b')", {"a", "c"}, " = ('a', 'c')"},
    {" = (\n    'a',\n    'b',\n    'c',\n)", {"a", "c"}, " = (\n    'a',\n    'c',\n)"},
    {" = (\n    'a',\n    'b',\n)", {"a"}, " = 'a'"},
    {" = (\n    'a',  # one\n    'b',  # two\n)", {"b"}, " = (\n      # one\n    'b',  # two\n)"},
    {" = (\n    'a',  # one\n    'b',\n)", {"c", "b"}, " = (\n    'c',  # one\n    'b',\n)"},
    {" = 'a'", {"b", "c"}, " = ('b', 'c')"},
    {" = None", {"b", "c"}, " = (\"b\", \"c\")"},
    {" = 'a'", {"it's"}, " = 'it\\'s'"},
    {" = \"a\"", {"it's"}, " = \"it's\""},
    {" = r'a'", {"a\\b"}, " = 'a\\\\b'"},
    {" = 'a'", {"\xC3\xA9"}, " = '\xC3\xA9'"},
    {" = 'a'", {"tab\there"}, " = 'tab\\x09here'"},
    {" = 'a' if x else 'b'", {"c"}, " = \"c\""},
    {" = \\\n    'a'", {"b"}, " = \\\n    'b'"},
    {" = x = 'a'", {"b"}, " = x = 'b'"},
};

TEST(RewriteMigration, OnlyTheValueChanges) {
  for (const ValueCase& c : kValues) EXPECT_EQ(Down(c.before, c.parents), c.after) << c.before;
}

TEST(RewriteMigration, NothingToChangeChangesNothing) {
  for (const ValueCase& c : kValues) {
    const std::string text = std::string("revision = 'x'\ndown_revision") + c.before + "\n";
    const Migration read = ReadMigration("x.py", text);
    if (!read.down_revision.known()) continue;
    EXPECT_EQ(Rewrite(text, {.parents = read.down_revision.ids, .id = "x"}), text);
  }
}

TEST(RewriteMigration, WhatIsDoubtfulAsItIsWritten) {
  EXPECT_EQ(Rewrite("revision = 'x'\ndown_revision = 'a'\nexec(code)\n", {.parents = Ids{"b"}}),
            "revision = 'x'\ndown_revision = 'b'\nexec(code)\n");
}

TEST(RewriteMigration, NameOrTupleUnpacked) {
  EXPECT_EQ(Rewrite("P = 'a'\nrevision = 'x'\ndown_revision = P\n", {.parents = Ids{"b"}}),
            "P = 'a'\nrevision = 'x'\ndown_revision = 'b'\n");
  EXPECT_EQ(Rewrite("revision, down_revision = 'x', 'a'\n", {.parents = Ids{"b"}}),
            "revision, down_revision = 'x', 'b'\n");
}

TEST(RewriteMigration, SharedValueIsRefused) {
  EXPECT_THAT(Rewrite("revision = 'x'\ndown_revision = depends_on = 'a'\n", {.parents = Ids{"b"}}),
              HasSubstr("!the file cannot be rewritten: depends_on would not be"));
}

TEST(RewriteMigration, IdAndDependsOn) {
  EXPECT_EQ(Rewrite("'''t\n\nRevision ID: x\nRevises: a\n'''\nrevision = 'x'\n"
                    "down_revision = 'a'\ndepends_on = ('d', 'x')\n",
                    {.id = "y", .depends_on = Ids{"d", "e"}}),
            "'''t\n\nRevision ID: y\nRevises: a\n'''\nrevision = 'y'\n"
            "down_revision = 'a'\ndepends_on = ('d', 'e')\n");
}

TEST(RewriteMigration, IdFromTheFileName) {
  EXPECT_EQ(Rewrite("down_revision = 'a'\n", {.parents = Ids{"b"}, .id = "12cd"}, "v/12ab.py"),
            "down_revision = 'b'\n");
}

TEST(RewriteMigration, ForeignEncodingIsEscaped) {
  EXPECT_EQ(Rewrite("# coding: latin-1\nrevision = 'x'\ndown_revision = 'a'  # \xE9\n",
                    {.parents = Ids{"\xC3\xA9"}}),
            "# coding: latin-1\nrevision = 'x'\ndown_revision = '\\xe9'  # \xE9\n");
}

TEST(RewriteMigration, AnIdThatTheDocstringCannotHoldIsRefused) {
  const std::string text =
      "'''t\n\nRevision ID: x\nRevises: a\n'''\nrevision = 'x'\ndown_revision = 'a'\n";
  EXPECT_THAT(Rewrite(text, {.id = "y\f"}), HasSubstr("!the file cannot be rewritten: its doc"));
  EXPECT_THAT(Rewrite(text, {.parents = Ids{"b "}}), HasSubstr("its docstring cannot hold that"));
}

TEST(RewriteMigration, WhatIsNoTextIsRefused) {
  EXPECT_THAT(Rewrite("revision = 'x'\ndown_revision = 'a'\n", {.parents = Ids{"\xFF"}}),
              HasSubstr("!"));
  EXPECT_THAT(Rewrite("revision = 'x'\n", {.parents = Ids{"a"}}), HasSubstr("!"));
}

// ---- Directories under tests/cases/rewrite: before.py, request, and after.py or error ----------

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// Lines "parents a b", "id x", "depends_on d"; the path is "path p" or versions/before.py.
RewriteRequest ParseRequest(const std::string& text, std::string* path) {
  RewriteRequest request;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string key, word;
    words >> key;
    Ids ids;
    while (words >> word) ids.push_back(word);
    if (key == "parents") request.parents = ids;
    if (key == "id") request.id = ids.at(0);
    if (key == "depends_on") request.depends_on = ids;
    if (key == "path") *path = ids.at(0);
  }
  return request;
}

TEST(RewriteMigration, Cases) {
  int count = 0;
  for (const auto& entry : fs::directory_iterator(ONEHEAD_SOURCE_DIR "/tests/cases/rewrite")) {
    if (!entry.is_directory()) continue;
    SCOPED_TRACE(entry.path().filename().string());
    std::string path = "versions/before.py";
    const RewriteRequest request = ParseRequest(ReadFile(entry.path() / "request"), &path);
    const std::string out = Rewrite(ReadFile(entry.path() / "before.py"), request, path);
    if (fs::exists(entry.path() / "error")) {
      const std::string error = ReadFile(entry.path() / "error");
      EXPECT_THAT(out, HasSubstr("!" + std::string(Trim(error))));
    } else {
      EXPECT_EQ(out, ReadFile(entry.path() / "after.py"));
    }
    ++count;
  }
  EXPECT_GE(count, 8);
}

}  // namespace
}  // namespace onehead

#include "git/repository/simple_config.h"

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "git/repository_fixture.h"

namespace onehead::git {
namespace {

using Entries = std::vector<ConfigEntry>;

TEST(SimpleConfig, WhatGitWrites) {
  EXPECT_EQ(ReadSimpleConfig(""), Entries{});
  EXPECT_EQ(ReadSimpleConfig("[core]\n\tfileMode = true\n\tbare = true\n"
                             "[remote \"Origin.x\"]\n\turl = https://a.b/c d.git\n"
                             "# a comment\n  ; another\n\n[oneHead]\n\tmaxHeads = 2"),
            (Entries{{"core.filemode", "true"},
                     {"core.bare", "true"},
                     {"remote.Origin.x.url", "https://a.b/c d.git"},
                     {"onehead.maxheads", "2"}}));
}

TEST(SimpleConfig, TheRestIsLeftToLibgit2) {
  for (const std::string_view text : {"a = b\n",
                                      "[a\n",
                                      "[]\n",
                                      "[ a]\n",
                                      "[a ]\n",
                                      "[a.b]\n",
                                      "[a] b = c\n",
                                      "[a \"b\\\"c\"]\n",
                                      "[a \"b]\n",
                                      "[a b]\n",
                                      "[a  \"b\"]\n",
                                      "[a \"b\"c\"]\n",
                                      "[include]\n",
                                      "[INCLUDE]\n",
                                      "[includeIf \"x\"]\n",
                                      "[a]\nb\n",
                                      "[a]\nb=c\n",
                                      "[a]\nb =c\n",
                                      "[a]\nb =\n",
                                      "[a]\nb = \n",
                                      "[a]\nb = \"c\"\n",
                                      "[a]\nb = c # d\n",
                                      "[a]\nb = c;d\n",
                                      "[a]\nb = c\\\n",
                                      "[a]\nb = c\r\n",
                                      "[a]\nb =  c\n",
                                      "[a]\nb = c \n",
                                      "[a]\nb = c  d\n",
                                      "[a]\nb = c\td\n",
                                      "[a]\n1b = c\n",
                                      "[a]\nb_c = d\n",
                                      "[a]\n = d\n",
                                      "[a]\n# \\\n",
                                      "\xEF\xBB\xBF[a]\n"}) {
    EXPECT_EQ(ReadSimpleConfig(text), std::nullopt) << text;
  }
  EXPECT_EQ(ReadSimpleConfig(std::string_view("[a]\nb = c\0d\n", 12)), std::nullopt);
}

class SimpleConfigTest : public RepositoryTest {
 protected:
  // What `git config --list` makes of the same file.
  Entries ByGit(const std::string& path) {
    const testing::RunResult list = box_.Git({"config", "--file", path, "--null", "--list"});
    EXPECT_EQ(list.exit_code, 0) << list.err;
    Entries entries;
    for (std::string_view rest = list.out; !rest.empty();) {
      const std::string_view entry = rest.substr(0, rest.find('\0'));
      rest.remove_prefix(std::min(entry.size() + 1, rest.size()));
      const std::size_t line = entry.find('\n');
      if (line == std::string_view::npos) {
        entries.push_back({std::string(entry), std::nullopt});
      } else {
        entries.push_back(
            {std::string(entry.substr(0, line)), std::string(entry.substr(line + 1))});
      }
    }
    return entries;
  }
};

TEST_F(SimpleConfigTest, SaysWhatGitSays) {
  const std::vector<std::string> pieces = {
      "[",  "]", "onehead", "OneHead", "refs",  "Mode", " = ", "=", " ",    "\t", "\n", "\n",
      "\n", "1", "a-b",     "\"",      "\" \"", "#",    ";",   ".", "\xC3", "x",  "\r", "\\"};
  const std::vector<std::string> lines = {
      "[onehead]",      "[Core]",     "[a \"B c\"]",     "\tmode = warn", "refs = refs/heads/* x",
      "  k = v=w [x] ", "k = [x]",    "\t# no",          "; = no",        "[a \"#\"]",
      "\tk = a b  c",   "\t K = 'x'", "[onehead \"x\"]", "\tk = \xC3\xA9"};
  std::mt19937 random(7);
  int simple = 0;
  for (int i = 0; i < 600; ++i) {
    std::string text = random() % 2 == 0 ? "[onehead]\n" : "";
    for (std::size_t n = random() % 6; n > 0; --n) text += lines[random() % lines.size()] + "\n";
    for (std::size_t n = random() % 2; n > 0; --n) {
      text.insert(random() % (text.size() + 1), pieces[random() % pieces.size()]);
    }
    const auto entries = ReadSimpleConfig(text);
    if (!entries) continue;
    box_.WriteFile("config", text);
    EXPECT_EQ(*entries, ByGit(box_.Path("config"))) << text;
    simple += entries->empty() ? 0 : 1;
  }
  EXPECT_GT(simple, 60);
}

}  // namespace
}  // namespace onehead::git

// Where settings come from, and where not.
#include "git/repository/config.h"

#include <unistd.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "git/repository_fixture.h"
#include "git/support/libgit2.h"

namespace onehead::git {
namespace {

using Entries = std::vector<ConfigEntry>;

class ConfigTest : public RepositoryTest {
 protected:
  void SetUp() override { box_.InitBare("s.git"); }
  void AppendLocal(const std::string& text) {
    box_.WriteFile("s.git/config", box_.ReadFile("s.git/config") + text);
  }
};

TEST_F(ConfigTest, KeysAreLowerCaseValuesAsTheyStand) {
  AppendLocal(
      "[oneHead]\n\tmaxHeads = 2\n\tadvice\n\trefs = refs/heads/A\n\trefs = \" b;c\"\n"
      "\toverride =\n[onehead \"Sub\"]\n\tKey = 1\n[oneheadother]\n\tx = 1\n[user]\n\tname = U\n");
  EXPECT_EQ(Open("s.git")->OneheadConfig().value(), (Entries{{"onehead.maxheads", "2"},
                                                             {"onehead.advice", std::nullopt},
                                                             {"onehead.refs", "refs/heads/A"},
                                                             {"onehead.refs", " b;c"},
                                                             {"onehead.override", ""},
                                                             {"onehead.Sub.key", "1"}}));
}

TEST_F(ConfigTest, IncludesAreFollowed) {
  AppendLocal("[include]\n\tpath = policy.inc\n[onehead]\n\tmode = warn\n");
  box_.WriteFile("s.git/policy.inc", "[onehead]\n\tmaxHeads = 4\n");
  EXPECT_EQ(Open("s.git")->OneheadConfig().value(),
            (Entries{{"onehead.maxheads", "4"}, {"onehead.mode", "warn"}}));
}

TEST_F(ConfigTest, GlobalFilesComeFirstWhenTheirOwnerOwnsTheRepository) {
  Unset("GIT_CONFIG_GLOBAL");
  AppendLocal("[onehead]\n\tmode = local\n");
  box_.WriteFile("home/.gitconfig", "[onehead]\n\tmode = home\n");
  box_.WriteFile("home/.config/git/config", "[onehead]\n\tmode = xdg\n");
  EXPECT_EQ(
      Open("s.git")->OneheadConfig().value(),
      (Entries{{"onehead.mode", "xdg"}, {"onehead.mode", "home"}, {"onehead.mode", "local"}}));
  if (geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  ASSERT_EQ(chown(box_.Path("home/.gitconfig").c_str(), 12345, 12345), 0);
  EXPECT_EQ(Open("s.git")->OneheadConfig().value(),
            (Entries{{"onehead.mode", "xdg"}, {"onehead.mode", "local"}}));
}

TEST_F(ConfigTest, TheEnvironmentSetsNoPolicy) {
  Set("GIT_CONFIG_COUNT", "1");
  Set("GIT_CONFIG_KEY_0", "onehead.mode");
  Set("GIT_CONFIG_VALUE_0", "warn");
  Set("GIT_CONFIG_PARAMETERS", "'onehead.mode'='warn'");
  EXPECT_EQ(Open("s.git")->OneheadConfig().value(), Entries{});
}

TEST_F(ConfigTest, ABrokenFileIsAnErrorWithoutAbsolutePaths) {
  const auto repository = Open("s.git");
  AppendLocal("[onehead\n");
  const auto config = repository->OneheadConfig();
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().kind, ErrorKind::kInvalid) << config.error().message;
  EXPECT_EQ(config.error().message.find(box_.root()), std::string::npos) << config.error().message;
  EXPECT_NE(config.error().message.find("the repository's config"), std::string::npos);
}

TEST_F(ConfigTest, ConfigValueIsWhatGitSays) {
  AppendLocal("[a]\n\tone = 1\n\tone = 2\n\tflag\n\tlines = x\\ny\n");
  const auto repository = Open("s.git");
  EXPECT_EQ(repository->ConfigValue("a.one").value(), "2");
  EXPECT_EQ(repository->ConfigValue("a.lines").value(), "x\ny");
  EXPECT_EQ(repository->ConfigValue("a.flag").value(), "");
  EXPECT_EQ(repository->ConfigValue("a.none").value(), std::nullopt);
  EXPECT_FALSE(repository->ConfigValue("nodot").value_or("?"));
}

// By what Git makes of the same file.
bool IsPlainBareByGit(testing::GitSandbox* box, const std::string& path) {
  const testing::RunResult list =
      box->Git({"config", "--file", path, "--includes", "--null", "--list"});
  bool bare = false;
  for (std::string_view rest = list.out; !rest.empty();) {
    const std::string_view entry = rest.substr(0, rest.find('\0'));
    rest.remove_prefix(std::min(entry.size() + 1, rest.size()));
    const std::size_t line = std::min(entry.find('\n'), entry.size());
    const std::string_view key = entry.substr(0, line);
    const std::string_view value = entry.substr(std::min(line + 1, entry.size()));
    if (key == "core.bare") bare = value == "true";
    if (key == "core.repositoryformatversion" && value != "0" && value != "1") return false;
    if (key.starts_with("extensions.")) return false;
  }
  return bare && list.exit_code == 0;
}

TEST_F(ConfigTest, WhatIsAPlainBareRepository) {
  const Libgit2 library;
  const std::string written =
      "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n";
  box_.WriteFile("plain", written);
  EXPECT_TRUE(IsPlainBareConfig(box_.Path("plain")));
  box_.WriteFile("more", written + "[extensions]\n\tworktreeConfig = true\n");
  EXPECT_FALSE(IsPlainBareConfig(box_.Path("more")));
  EXPECT_FALSE(IsPlainBareConfig(box_.Path("nothing")));
  const std::vector<std::string> lines = {"[core]",
                                          "[CORE]",
                                          "[core ]",
                                          "[core \"x\"]",
                                          "[Extensions]",
                                          "[extensions.x]",
                                          "[receive]",
                                          "[include]",
                                          "\tpath = more",
                                          "\tbare = true",
                                          "\tbare = false",
                                          "bare=true",
                                          " BARE = true",
                                          "\tbare",
                                          "\tbare = \"true\"",
                                          "\tbare = true ; no",
                                          "\tbare = true # no",
                                          "\tbare = tr\\",
                                          "ue",
                                          "\tbare =  true",
                                          "\tbare = true ",
                                          "[core] bare = true",
                                          "\trepositoryformatversion = 1",
                                          "\trepositoryformatversion = 2",
                                          "\tobjectFormat = sha1",
                                          "\tpartialClone",
                                          "\tfilemode = true",
                                          "\tlogAllRefUpdates = always",
                                          "; comment",
                                          "",
                                          "nonsense",
                                          "\tbare = true\r",
                                          "[]",
                                          "["};
  std::mt19937 random(3);
  int plain = 0;
  for (int i = 0; i < 400; ++i) {
    std::string text = random() % 2 == 0 ? written : "";
    for (std::size_t n = random() % 5; n > 0; --n) text += lines[random() % lines.size()] + "\n";
    if (random() % 8 == 0 && !text.empty()) text.pop_back();
    box_.WriteFile("config", text);
    const std::string path = box_.Path("config");
    const bool is_plain = IsPlainBareConfig(path);
    // The other way round it need not be: then the repository is opened as others are.
    if (is_plain) {
      EXPECT_TRUE(IsPlainBareByGit(&box_, path)) << text;
    }
    plain += is_plain ? 1 : 0;
  }
  EXPECT_GT(plain, 20);
}

}  // namespace
}  // namespace onehead::git

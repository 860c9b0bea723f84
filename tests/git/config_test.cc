// Where settings come from, and where not.
#include <unistd.h>

#include <string>
#include <vector>

#include "git/repository_fixture.h"

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

}  // namespace
}  // namespace onehead::git

#include "onehead/core/settings/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <tuple>
#include <vector>

namespace onehead {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Settings Parsed(const std::vector<Setting>& entries) {
  Result<Settings> settings = ParseSettings(entries);
  EXPECT_TRUE(settings.has_value()) << (settings ? "" : settings.error().message);
  return settings ? *settings : Settings{};
}

TEST(Settings, HaveTheDefaultsOfTheManual) {
  const Settings settings = Parsed({});
  EXPECT_EQ(settings.mode, Settings::Mode::kEnforce);
  EXPECT_THAT(settings.refs.sources(), ElementsAre("refs/heads/.*"));
  EXPECT_THAT(settings.script_locations, IsEmpty());
  EXPECT_THAT(settings.versions, IsEmpty());
  EXPECT_FALSE(settings.recursive);
  EXPECT_TRUE(settings.discovery);
  EXPECT_THAT(settings.ignore, IsEmpty());
  EXPECT_EQ(settings.strays, Settings::Response::kReject);
  EXPECT_EQ(settings.max_heads, 1u);
  EXPECT_FALSE(settings.labelled_heads);
  EXPECT_FALSE(settings.external_revisions);
  EXPECT_EQ(settings.published, Settings::Response::kWarn);
  EXPECT_EQ(settings.on_error, Settings::OnError::kReject);
  EXPECT_FALSE(settings.override_allowed);
  EXPECT_TRUE(settings.advice);
  EXPECT_EQ(settings.timeout_ms, 4000);
  EXPECT_EQ(settings.max_file_bytes, 64u * 1024 * 1024);
  EXPECT_EQ(settings.max_files, 200000u);
  EXPECT_EQ(settings.upstream, "");
  EXPECT_FALSE(settings.new_ids);
  EXPECT_FALSE(settings.renumber);
  EXPECT_THAT(settings.unknown_keys, IsEmpty());
}

TEST(Settings, EveryKeyIsRead) {
  const Settings settings = Parsed({{"onehead.mode", "warn"},
                                    {"onehead.refs", "refs/heads/main"},
                                    {"onehead.publishedrefs", "live/.*"},
                                    {"onehead.scriptlocation", "./a//b/"},
                                    {"onehead.versions", "v"},
                                    {"onehead.recursive", "yes"},
                                    {"onehead.discovery", "no"},
                                    {"onehead.ignore", "docs"},
                                    {"onehead.strays", "warn"},
                                    {"onehead.maxheads", "2"},
                                    {"onehead.labelledheads", "on"},
                                    {"onehead.externalrevisions", std::nullopt},
                                    {"onehead.published", "ignore"},
                                    {"onehead.onerror", "allow"},
                                    {"onehead.override", "1"},
                                    {"onehead.advice", "false"},
                                    {"onehead.timeout", "10k"},
                                    {"onehead.maxfilesize", "1m"},
                                    {"onehead.maxfiles", "7"},
                                    {"onehead.maxmemory", "64m"},
                                    {"onehead.upstream", "origin/dev"},
                                    {"onehead.newids", "true"},
                                    {"onehead.renumber", "true"}});
  EXPECT_EQ(settings.mode, Settings::Mode::kWarn);
  EXPECT_THAT(settings.refs.sources(), ElementsAre("refs/heads/main"));
  EXPECT_THAT(settings.published_refs.sources(), ElementsAre("live/.*"));
  EXPECT_THAT(settings.script_locations, ElementsAre("a/b"));
  EXPECT_FALSE(settings.discovery);
  EXPECT_THAT(settings.ignore, ElementsAre(Pathspec{"docs"}));
  EXPECT_EQ(settings.strays, Settings::Response::kWarn);
  EXPECT_THAT(settings.versions, ElementsAre("v"));
  EXPECT_TRUE(settings.recursive);
  EXPECT_EQ(settings.max_heads, 2u);
  EXPECT_TRUE(settings.labelled_heads);
  EXPECT_TRUE(settings.external_revisions);
  EXPECT_EQ(settings.published, Settings::Response::kIgnore);
  EXPECT_EQ(settings.on_error, Settings::OnError::kAllow);
  EXPECT_TRUE(settings.override_allowed);
  EXPECT_FALSE(settings.advice);
  EXPECT_EQ(settings.timeout_ms, 10240);
  EXPECT_EQ(settings.max_file_bytes, 1048576u);
  EXPECT_EQ(settings.max_files, 7u);
  EXPECT_EQ(settings.max_memory_bytes, 67108864u);
  EXPECT_EQ(settings.upstream, "origin/dev");
  EXPECT_TRUE(settings.new_ids);
  EXPECT_TRUE(settings.renumber);
  EXPECT_THAT(settings.unknown_keys, IsEmpty());
}

TEST(Settings, TheModeCanBeOff) {
  EXPECT_EQ(Parsed({{"onehead.mode", "off"}}).mode, Settings::Mode::kOff);
}

std::vector<std::string_view> Keys() {
  std::vector<std::string_view> keys;
  for (const SettingHelp& setting : KnownSettings()) keys.push_back(setting.key);
  return keys;
}

TEST(Settings, TheListIsSorted) {
  const std::vector<std::string_view> keys = Keys();
  EXPECT_FALSE(keys.empty());
  EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
}

// What `onehead help config` calls the default is what holds without the key.
TEST(Settings, TheListKnowsTheDefaults) {
  const auto values = [](const Settings& s) {
    return std::make_tuple(s.mode, s.refs.sources(), s.published_refs.sources(), s.script_locations,
                           s.versions, s.recursive, s.max_heads, s.labelled_heads,
                           s.external_revisions, s.published, s.strays, s.discovery, s.on_error,
                           s.override_allowed, s.advice, s.timeout_ms, s.max_file_bytes,
                           s.max_files, s.max_memory_bytes, s.upstream, s.new_ids, s.renumber);
  };
  for (const SettingHelp& setting : KnownSettings()) {
    EXPECT_FALSE(setting.meaning.empty()) << setting.key;
    if (setting.initial.empty()) continue;
    const Settings same = Parsed({{std::string(setting.key), std::string(setting.initial)}});
    EXPECT_TRUE(values(same) == values(Parsed({}))) << setting.key;
  }
}

// The manual and the README list the same keys as `onehead help config`.
TEST(Settings, EveryKeyIsInTheManual) {
  for (const char* file : {"/docs/onehead.1", "/README.md"}) {
    std::ifstream in(std::string(ONEHEAD_SOURCE_DIR) + file);
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    for (const std::string_view key : Keys()) {
      EXPECT_NE(text.find(key), std::string::npos) << key << " is not in " << file;
    }
  }
}

TEST(Settings, NumbersWithoutMeaningAreBounded) {
  EXPECT_EQ(Parsed({{"onehead.maxheads", "4g"}}).max_heads, 1'000'000u);
  EXPECT_EQ(Parsed({{"onehead.timeout", "9223372036854775807"}}).timeout_ms, 1'000'000'000);
}

TEST(Settings, TheLastOneWins) {
  EXPECT_EQ(Parsed({{"onehead.maxheads", "2"}, {"onehead.maxheads", "3"}}).max_heads, 3u);
  EXPECT_EQ(Parsed({{"onehead.mode", "warn"}, {"onehead.mode", "enforce"}}).mode,
            Settings::Mode::kEnforce);
}

TEST(Settings, RepeatableKeysAccumulateAndAnEmptyValueDropsWhatStoodBefore) {
  EXPECT_THAT(Parsed({{"onehead.refs", "a"}, {"onehead.refs", "b"}}).refs.sources(),
              ElementsAre("a", "b"));
  EXPECT_THAT(
      Parsed({{"onehead.refs", "a"}, {"onehead.refs", ""}, {"onehead.refs", "b"}}).refs.sources(),
      ElementsAre("b"));
  EXPECT_THAT(Parsed({{"onehead.refs", "a"}, {"onehead.refs", ""}}).refs.sources(),
              ElementsAre("refs/heads/.*"));
  EXPECT_THAT(Parsed({{"onehead.versions", "b"},
                      {"onehead.versions", "a"},
                      {"onehead.versions", "./b"},
                      {"onehead.versions", "."}})
                  .versions,
              ElementsAre("b", "a", ""));
}

TEST(Settings, UnknownKeysAreListedOnce) {
  EXPECT_THAT(Parsed({{"onehead.maxhead", "2"},
                      {"core.bare", "true"},
                      {"onehead.sub.mode", "warn"},
                      {"onehead.maxhead", "3"}})
                  .unknown_keys,
              ElementsAre("onehead.maxhead", "onehead.sub.mode"));
}

struct BoolCase {
  std::optional<std::string> value;
  bool result;
};

TEST(Settings, BooleansFollowGit) {
  const std::vector<BoolCase> cases = {
      {std::nullopt, true}, {"true", true}, {"TRUE", true}, {"yes", true}, {"on", true},
      {"1", true},          {"-1", true},   {"2k", true},   {"", false},   {"false", false},
      {"No", false},        {"off", false}, {"0", false},   {"0x0", false}};
  for (const BoolCase& c : cases) {
    EXPECT_EQ(Parsed({{"onehead.recursive", c.value}}).recursive, c.result)
        << c.value.value_or("(none)");
  }
}

TEST(Settings, IntegersFollowGit) {
  const std::vector<std::pair<std::string, std::size_t>> cases = {
      {"1", 1},         {"+5", 5},
      {" 5", 5},        {"2k", 2048},
      {"2K", 2048},     {"3m", 3u << 20},
      {"1g", 1u << 30}, {"0x10", 16},
      {"010", 8},       {"9223372036854775807", 9223372036854775807u}};
  for (const auto& [text, number] : cases) {
    EXPECT_EQ(Parsed({{"onehead.maxfilesize", text}}).max_file_bytes, number) << text;
  }
}

struct BadCase {
  const char* key;
  std::optional<std::string> value;
  const char* message;
  const char* hint;
};

TEST(Settings, ABadValueNamesKeyValueAndRemedy) {
  const char* kNumber = "is not a number from 1 on (k, m and g may follow it)";
  const std::vector<BadCase> cases = {
      {"onehead.maxheads", "two", kNumber, "git config onehead.maxHeads 1"},
      {"onehead.maxheads", "0", kNumber, "git config onehead.maxHeads 1"},
      {"onehead.maxheads", "-1", kNumber, "git config onehead.maxHeads 1"},
      {"onehead.maxheads", "", kNumber, "git config onehead.maxHeads 1"},
      {"onehead.maxheads", "1 k", kNumber, "git config onehead.maxHeads 1"},
      {"onehead.maxheads", "1kb", kNumber, "git config onehead.maxHeads 1"},
      {"onehead.maxheads", "08", kNumber, "git config onehead.maxHeads 1"},
      {"onehead.maxheads", "k", kNumber, "git config onehead.maxHeads 1"},
      {"onehead.timeout", "9223372036854775808", kNumber, "git config onehead.timeout 4000"},
      {"onehead.timeout", "9007199254740992k", kNumber, "git config onehead.timeout 4000"},
      {"onehead.timeout", std::nullopt, "onehead.timeout: no value is not a number",
       "git config onehead.timeout 4000"},
      {"onehead.recursive", "maybe", "onehead.recursive: 'maybe' is not true or false",
       "git config onehead.recursive true"},
      {"onehead.mode", "maybe", "onehead.mode: 'maybe' is not one of enforce, warn, off",
       "git config onehead.mode enforce"},
      {"onehead.published", "error",
       "onehead.published: 'error' is not one of reject, warn, ignore",
       "git config onehead.published reject"},
      {"onehead.onerror", std::nullopt, "onehead.onError: no value is not one of reject, allow",
       "git config onehead.onError reject"},
      {"onehead.refs", "(", "onehead.refs: the pattern '(' is not valid: missing )", "RE2"},
      {"onehead.refs", "(?=x)", "onehead.refs: the pattern '(?=x)' is not valid", "RE2"},
      {"onehead.refs", "((a{500}){500}){500}", "is not valid", "RE2"},
      {"onehead.publishedrefs", std::string(5000, 'a'), "is longer than 4096 bytes", ""},
      {"onehead.refs", std::nullopt, "onehead.refs: no value is not an RE2 pattern",
       "git config onehead.refs 'refs/heads/.*'"},
      {"onehead.scriptlocation", "/srv/x", "onehead.scriptLocation: '/srv/x' is not a directory",
       "git config onehead.scriptLocation path/to/directory"},
      {"onehead.versions", "a/../../b", "onehead.versions: 'a/../../b' is not a directory", ""},
      {"onehead.ignore", "../x", "onehead.ignore: '../x' is not a pathspec",
       "git config onehead.ignore tests/fixtures"},
      {"onehead.ignore", ":(glob)**/x", "exclude, icase, literal and top", ""},
      {"onehead.ignore", ":(icase", "is not a pathspec", ""},
      {"onehead.strays", "on", "onehead.strays: 'on' is not one of reject, warn, ignore",
       "git config onehead.strays reject"},
      {"onehead.jobs.maxheads", "2", "onehead.jobs: nothing says where this environment is",
       "git config onehead.jobs.scriptLocation path/to/directory"},
      {"onehead.jobs.maxheads", "0", "onehead.jobs.maxHeads: '0' is not a number", ""},
      {"onehead.upstream", std::nullopt, "onehead.upstream: no value is not a name",
       "git config onehead.upstream origin/main"},
      {"onehead.mode", "a\nb\x1b[1m", "'a\\x0ab\\x1b[1m'", ""},
  };
  for (const BadCase& c : cases) {
    const Result<Settings> settings = ParseSettings({{c.key, c.value}});
    ASSERT_FALSE(settings.has_value()) << c.key << " " << c.value.value_or("(none)");
    EXPECT_EQ(settings.error().kind, ErrorKind::kInvalid);
    EXPECT_THAT(settings.error().message, HasSubstr(c.message));
    EXPECT_THAT(settings.error().hint, HasSubstr(c.hint));
  }
}

TEST(Settings, OneEnvironmentHasItsOwn) {
  const Settings settings = Parsed({{"onehead.maxheads", "2"},
                                    {"onehead.scriptlocation", "alembic"},
                                    {"onehead.Jobs.a.scriptlocation", "jobs"},
                                    {"onehead.Jobs.a.versions", "jobs/*/v"},
                                    {"onehead.Jobs.a.versions", "jobs/w"},
                                    {"onehead.Jobs.a.maxheads", "3"},
                                    {"onehead.web.versions", "web"},
                                    {"onehead.web.labelledheads", "true"},
                                    {"onehead.web.externalrevisions", "true"},
                                    {"onehead.web.recursive", "true"},
                                    {"onehead.timeout", "7"}});
  EXPECT_THAT(settings.unknown_keys, IsEmpty());
  ASSERT_EQ(settings.named.size(), 2u);
  const Settings& jobs = *settings.named.at("Jobs.a");
  EXPECT_THAT(jobs.script_locations, ElementsAre("jobs"));
  EXPECT_THAT(jobs.versions, ElementsAre("jobs/*/v", "jobs/w"));
  EXPECT_EQ(jobs.max_heads, 3u);
  EXPECT_EQ(jobs.timeout_ms, 7);
  EXPECT_FALSE(jobs.recursive);
  const Settings& web = *settings.named.at("web");
  EXPECT_THAT(web.script_locations, IsEmpty());
  EXPECT_EQ(web.max_heads, 2u) << "what is said of all";
  EXPECT_TRUE(web.labelled_heads);
  EXPECT_TRUE(web.external_revisions);
  EXPECT_TRUE(web.recursive);

  Environment environment;
  EXPECT_EQ(&settings.For(environment), &settings);
  environment.name = "web";
  EXPECT_EQ(&settings.For(environment), &web);
  environment.name = "other";
  EXPECT_EQ(&settings.For(environment), &settings);
}

TEST(Settings, OnlySomeMayBeSaidOfOneEnvironment) {
  const Settings settings = Parsed(
      {{"onehead.jobs.timeout", "7"}, {"onehead.jobs.maxhaeds", "7"}, {"onehead..maxheads", "7"}});
  EXPECT_THAT(settings.unknown_keys,
              ElementsAre("onehead.jobs.timeout", "onehead.jobs.maxhaeds", "onehead..maxheads"));
  EXPECT_EQ(settings.max_heads, 1u);
  EXPECT_EQ(settings.timeout_ms, 4000);
  EXPECT_THAT(settings.named, IsEmpty());
}

TEST(Settings, Pathspecs) {
  const auto read = [](const char* text) {
    const Settings settings = Parsed({{"onehead.ignore", text}});
    return settings.ignore.empty() ? Pathspec{} : settings.ignore.front();
  };
  EXPECT_EQ(read("tests"), (Pathspec{"tests"}));
  EXPECT_EQ(read("./tests//x/"), (Pathspec{"tests/x"}));
  EXPECT_EQ(read("*.ini"), (Pathspec{"*.ini"}));
  EXPECT_EQ(read("."), (Pathspec{"*"}));
  EXPECT_EQ(read(":/tests"), (Pathspec{"tests"}));
  EXPECT_EQ(read(":!tests"), (Pathspec{"tests", true}));
  EXPECT_EQ(read(":^/tests"), (Pathspec{"tests", true}));
  EXPECT_EQ(read(":!:^x"), (Pathspec{"^x", true}));
  EXPECT_EQ(read(":(exclude,icase)tests"), (Pathspec{"tests", true, true}));
  EXPECT_EQ(read(":(top,literal)te*"), (Pathspec{"te*", false, false, true}));
  EXPECT_EQ(read(":()x"), (Pathspec{"x"}));
  EXPECT_THAT(
      Parsed({{"onehead.ignore", "a"}, {"onehead.ignore", ""}, {"onehead.ignore", "b"}}).ignore,
      ElementsAre(Pathspec{"b"}));
}

struct RefCase {
  const char* pattern;
  const char* ref;
  bool matches;
};

TEST(RefPatterns, MatchWholeNames) {
  const std::vector<RefCase> cases = {
      {"refs/heads/.*", "refs/heads/main", true},
      {"refs/heads/.*", "refs/heads/a/b", true},
      {"refs/heads/.*", "refs/tags/refs/heads/x", false},
      {"refs/heads/main", "refs/heads/main", true},
      {"refs/heads/main", "refs/heads/main2", false},
      {"refs/heads/main.*", "refs/heads/main", true},
      {"refs/heads/main.*", "refs/heads/main2\n", true},
      {"refs/heads/main.*", "refs/heads/mai", false},
      {"refs/heads/main..*", "refs/heads/main", false},
      {"refs/heads/main..*", "refs/heads/main2", true},
      {".*", "", true},
      {"refs/heads/v1.2", "refs/heads/v1x2", true},
      {"main", "refs/heads/main", false},
      {"refs/heads/(main|release-[0-9]+)", "refs/heads/release-12", true},
      {"refs/heads/.*", "refs/heads/caf\xC3\xA9", true},
      {"refs/heads/caf\xC3\xA9", "refs/heads/caf\xC3\xA9", true},
      {"refs/heads/.*", "refs/heads/\xFF\xFE", true},  // not UTF-8, and guarded all the same
  };
  for (const RefCase& c : cases) {
    const Result<RefPatterns> patterns = RefPatterns::Compile("key", {"nothing", c.pattern});
    ASSERT_TRUE(patterns.has_value());
    EXPECT_EQ(patterns->Matches(c.ref), c.matches) << c.pattern << " " << c.ref;
  }
  EXPECT_FALSE(RefPatterns().Matches("refs/heads/main"));
}

}  // namespace
}  // namespace onehead

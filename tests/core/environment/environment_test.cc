#include "onehead/core/environment/environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "support/failing_tree.h"

namespace onehead {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::MemoryTree;
using ::testing::Not;
using ::testing::SizeIs;

using Files = std::map<std::string, std::string>;

// "script: version version (config [section]) recursive"
std::string Shown(const Environment& environment) {
  std::string out = environment.script_location + ":";
  for (const std::string& location : environment.version_locations) out += " " + location;
  if (!environment.config_path.empty()) {
    out += " (" + environment.config_path;
    if (!environment.section.empty()) out += " [" + environment.section + "]";
    out += ")";
  }
  return out + (environment.recursive ? " recursive" : "");
}

// One line per environment, note ("note ...") and error ("error PATH:LINE ...").
std::vector<std::string> Found(const SourceTree& tree, const DiscoveryOptions& options = {}) {
  const Result<Discovery> found = DiscoverEnvironments(tree, options);
  if (!found) return {"failed: " + found.error().message};
  std::vector<std::string> lines;
  for (const Environment& environment : found->environments) lines.push_back(Shown(environment));
  for (const std::string& note : found->notes) lines.push_back("note " + note);
  for (const Error& error : found->errors) {
    lines.push_back("error " + error.path + ":" + std::to_string(error.line) + " " + error.message);
  }
  return lines;
}

std::vector<std::string> FoundIn(const Files& files) { return Found(MemoryTree(files)); }

// The one environment (or note, or error) of a repository with these directories and this
// backend/alembic.ini.
std::vector<std::string> FromIni(const std::string& options, const std::string& rest = "") {
  return FoundIn({{"backend/alembic.ini", "[alembic]\n" + options + rest},
                  {"backend/alembic/script.py.mako", ""},
                  {"backend/alembic/versions/1.py", ""},
                  {"backend/other/1.py", ""},
                  {"backend/app/db/migrations/versions/1.py", ""},
                  {"backend/src/pkg/sub/m/1.py", ""},
                  {"backend/lib/dep/m/1.py", ""},
                  {"migrations/versions/1.py", ""}});
}

TEST(Discovery, AnEmptyTreeHasNone) { EXPECT_THAT(FoundIn({}), IsEmpty()); }

TEST(Discovery, TheUsualLayout) {
  EXPECT_THAT(FoundIn({{"alembic.ini", "[alembic]\nscript_location = alembic\n"},
                       {"alembic/env.py", ""},
                       {"alembic/versions/1.py", ""}}),
              ElementsAre("alembic: alembic/versions (alembic.ini [alembic])"));
}

struct LocationCase {
  const char* options;
  const char* found;
};

TEST(Discovery, ScriptLocations) {
  const std::vector<LocationCase> cases = {
      {"script_location = alembic", "backend/alembic: backend/alembic/versions"},
      {"script_location = ./alembic/", "backend/alembic: backend/alembic/versions"},
      {"script_location = %(here)s/alembic", "backend/alembic: backend/alembic/versions"},
      {"script_location = %(here)s", "backend: backend/versions"},
      {"script_location = %(here)s/../migrations", "migrations: migrations/versions"},
      {"script_location = ../migrations", "migrations: migrations/versions"},
      {"script_location =", "backend: backend/versions"},
      {"script_location = .", "backend: backend/versions"},
      // From the directories above.
      {"script_location = migrations", "migrations: migrations/versions"},
      {"script_location = backend/alembic", "backend/alembic: backend/alembic/versions"},
      // package:dir
      {"script_location = app:db/migrations",
       "backend/app/db/migrations: backend/app/db/migrations/versions"},
      {"script_location = app.db:migrations",
       "backend/app/db/migrations: backend/app/db/migrations/versions"},
      {"script_location = app:db:migrations",
       "backend/app/db/migrations: backend/app/db/migrations/versions"},
      {"script_location = backend.app:db/migrations",
       "backend/app/db/migrations: backend/app/db/migrations/versions"},
      {"script_location = pkg:sub", "backend/src/pkg/sub: backend/src/pkg/sub/versions"},
      {"script_location = dep:m\nprepend_sys_path = . lib",
       "backend/lib/dep/m: backend/lib/dep/m/versions"},
      {"script_location = dep:m\nprepend_sys_path = x:%(here)s/lib",
       "backend/lib/dep/m: backend/lib/dep/m/versions"},
      {"script_location = dep:m\nprepend_sys_path = lib;x\npath_separator = ;",
       "backend/lib/dep/m: backend/lib/dep/m/versions"},
  };
  for (const LocationCase& c : cases) {
    EXPECT_THAT(FromIni(c.options),
                ElementsAre(std::string(c.found) + " (backend/alembic.ini [alembic])"))
        << c.options;
  }
}

TEST(Discovery, ScriptLocationsThatArePassedOver) {
  const std::vector<LocationCase> cases = {
      {"script_location = /srv/alembic",
       "script_location '/srv/alembic' is absolute, so it cannot be looked up in a repository"},
      {"script_location = nowhere", "script_location 'nowhere' is not a directory of this tree"},
      {"script_location = %(here)s/nowhere",
       "script_location '%(here)s/nowhere' is not a directory of this tree"},
      {"script_location = %(here)salembic",
       "script_location '%(here)salembic' is not a directory of this tree"},
      {"script_location = alembic/script.py.mako",
       "script_location 'alembic/script.py.mako' is not a directory of this tree"},
      {"script_location = ../../x", "script_location '../../x' lies outside of the repository"},
      {"script_location = %(here)s/../../x",
       "script_location '%(here)s/../../x' lies outside of the repository"},
      {"script_location = dep:m", "script_location 'dep:m' is not a directory of this tree"},
      {"script_location = .dep:m", "script_location '.dep:m' lies outside of the repository"},
      {"script_location = :m", "script_location ':m' lies outside of the repository"},
      {"script_location = a\x1b[1m\n  b",
       "script_location 'a\\x1b[1m\\x0ab' is not a directory of this tree"},
  };
  for (const LocationCase& c : cases) {
    EXPECT_THAT(
        FromIni(c.options),
        ElementsAre("note backend/alembic.ini:2: " + std::string(c.found) + "; passed over"))
        << c.options;
  }
}

TEST(Discovery, VersionLocations) {
  const std::vector<LocationCase> cases = {
      {"version_locations = alembic/versions other", "backend/alembic/versions backend/other"},
      {"version_locations = alembic/versions, other,alembic/versions/",
       "backend/alembic/versions backend/other"},
      {"version_locations = %(here)s/other", "backend/other"},
      {"version_locations = ../migrations/versions", "migrations/versions"},
      {"version_locations = migrations/versions", "migrations/versions"},
      {"version_locations =", "backend/alembic/versions"},
      {"version_locations = other,", "backend/other backend"},  // as Alembic: '' is where it runs
      {"version_locations = gone other", "backend/gone backend/other"},
      {"version_locations = other:gone\npath_separator = os", "backend/other backend/gone"},
      {"version_locations = other;gone\npath_separator = os", "backend/other backend/gone"},
      {"version_locations = other:gone\nversion_path_separator = :", "backend/other backend/gone"},
      {"version_locations = other;;gone \nversion_path_separator = ;",
       "backend/other backend/gone"},
      {"version_locations = other  gone\npath_separator = space", "backend/other backend/gone"},
      {"version_locations =\n  other\n  a b\npath_separator = newline",
       "backend/other backend/a b"},
      {"version_locations = a;b:c\npath_separator = :\nversion_path_separator = ;",
       "backend/a;b backend/c"},
      {"version_locations = ::\npath_separator = :", "backend/alembic/versions"},
      {"version_locations = dep:m\nprepend_sys_path = lib", "backend/lib/dep/m"},
      // An unknown separator matters only where it is used.
      {"path_separator = os  # comment", "backend/alembic/versions"},
      {"version_path_separator = os  # comment\nprepend_sys_path = .", "backend/alembic/versions"},
  };
  for (const LocationCase& c : cases) {
    EXPECT_THAT(FromIni("script_location = alembic\n" + std::string(c.options)),
                ElementsAre("backend/alembic: " + std::string(c.found) +
                            " (backend/alembic.ini [alembic])"))
        << c.options;
  }
}

TEST(Discovery, WhatIsMissingIsLookedForWhereTheScriptLocationIs) {
  EXPECT_THAT(FromIni("script_location = migrations\nversion_locations = migrations/gone"),
              ElementsAre("migrations: migrations/gone (backend/alembic.ini [alembic])"));
}

TEST(Discovery, VersionLocationsOutOfReachAreNoted) {
  EXPECT_THAT(
      FromIni("script_location = alembic\nversion_locations = /srv/v ../../x other"),
      ElementsAre("backend/alembic: backend/other (backend/alembic.ini [alembic])",
                  "note backend/alembic.ini:3: version_locations: '/srv/v' is absolute, so it "
                  "cannot be looked up in a repository; passed over",
                  "note backend/alembic.ini:3: version_locations: '../../x' lies outside of the "
                  "repository; passed over"));
}

TEST(Discovery, OtherKeysOfAnIni) {
  EXPECT_THAT(FromIni("script_location = alembic\nrecursive_version_locations = true"),
              ElementsAre("backend/alembic: backend/alembic/versions (backend/alembic.ini "
                          "[alembic]) recursive"));
  EXPECT_THAT(FromIni("script_location = alembic\nrecursive_version_locations = True"),
              ElementsAre(Not(HasSubstr("recursive"))));
  EXPECT_THAT(FromIni("script_location = alembic\nsourceless = true"),
              ElementsAre(HasSubstr("backend/alembic:"),
                          "note backend/alembic.ini:3: sourceless = true: compiled migrations "
                          "(.pyc) cannot be read"));
}

TEST(Discovery, TheFileTemplateIsKept) {
  const MemoryTree tree(
      {{"alembic.ini", "[alembic]\nscript_location=a\nfile_template = %%(year)d_%%(rev)s\n"},
       {"a/versions/1.py", ""}});
  const Result<Discovery> found = DiscoverEnvironments(tree, {});
  ASSERT_TRUE(found && found->environments.size() == 1);
  EXPECT_EQ(found->environments[0].file_template, "%(year)d_%(rev)s");
}

TEST(Discovery, ABrokenFileTemplateDoesNotHideTheGraph) {
  EXPECT_THAT(FromIni("script_location = alembic\nfile_template = %(year)d"),
              ElementsAre(HasSubstr("backend/alembic:"),
                          "note backend/alembic.ini:3: file_template: '%(year)d': a percent sign "
                          "must be written %%, or be part of %(name)s; new files get Alembic's "
                          "default name"));
}

TEST(Discovery, ConfigurationsThatCannotBeRead) {
  const std::vector<LocationCase> cases = {
      {"script_location = %(nothing)s",
       "2 script_location: %(nothing)s names an option that is not there"},
      {"script_location = alembic\nversion_locations = %",
       "3 version_locations: '%': a percent sign must be written %%, or be part of %(name)s"},
      {"script_location = alembic\nscript_location = b",
       "3 option 'script_location' of section 'alembic' is already in line 2"},
      {"script_location = alembic\nversion_locations = a\npath_separator = os  # x",
       "4 path_separator: 'os  # x' is none of space, newline, os, : and ; (a comment cannot "
       "follow a value on its line)"},
      {"script_location = alembic\nprepend_sys_path = .\npath_separator = x",
       "4 path_separator: 'x' is none of space, newline, os, : and ; (a comment cannot follow a "
       "value on its line)"},
      {"<<<<<<< ours", "2 '<<<<<<< ours' is neither 'key = value' nor a section"},
  };
  for (const LocationCase& c : cases) {
    EXPECT_THAT(FromIni(c.options),
                ElementsAre("error backend/alembic.ini:" + std::string(c.found)))
        << c.options;
  }
}

TEST(Discovery, OneBrokenConfigurationLeavesTheOthers) {
  EXPECT_THAT(FoundIn({{"a/alembic.ini", "broken"},
                       {"a/m/env.py", ""},
                       {"a/m/versions/1.py", ""},
                       {"b/alembic.ini", "[alembic]\nscript_location = m\n"},
                       {"b/m/versions/1.py", ""}}),
              ElementsAre("a/m: a/m/versions", "b/m: b/m/versions (b/alembic.ini [alembic])",
                          "error a/alembic.ini:1 'broken' stands before the first section header"));
}

TEST(Discovery, TooLargeAndUnreadableConfigurations) {
  MemoryTree tree(
      {{"a/alembic.ini", "[alembic]\n" + std::string(100, '#')}, {"b/alembic.ini", "[alembic]\n"}});
  tree.MakeUnreadable("b/alembic.ini");
  DiscoveryOptions options;
  options.max_config_bytes = 50;
  EXPECT_THAT(Found(tree, options),
              ElementsAre("error a/alembic.ini:0 larger than 50 bytes, which no configuration is",
                          "error b/alembic.ini:0 cannot be read"));
}

TEST(Discovery, SeveralSections) {
  const Files files = {{"alembic.ini",
                        "[DEFAULT]\nsourceless = false\n[one]\nscript_location = a\n"
                        "[two]\nscript_location = b\n[loggers]\nkeys = x\n"},
                       {"a/versions/1.py", ""},
                       {"b/versions/1.py", ""}};
  EXPECT_THAT(FoundIn(files), ElementsAre("a: a/versions (alembic.ini [one])",
                                          "b: b/versions (alembic.ini [two])"));
  DiscoveryOptions options;
  options.section = "two";
  EXPECT_THAT(Found(MemoryTree(files), options), ElementsAre("b: b/versions (alembic.ini [two])"));
  options.section = "three";
  EXPECT_THAT(Found(MemoryTree(files), options), ElementsAre(HasSubstr("section [three]")));
}

TEST(Discovery, AScriptLocationFromDefaultCountsForAlembicAndForSectionsWithVersions) {
  EXPECT_THAT(FoundIn({{"alembic.ini",
                        "[DEFAULT]\nscript_location = a\n[alembic]\n[loggers]\nkeys = x\n"
                        "[two]\nversion_locations = b\n"},
                       {"a/versions/1.py", ""},
                       {"b/1.py", ""}}),
              ElementsAre("a: a/versions (alembic.ini [alembic])", "a: b (alembic.ini [two])"));
}

TEST(Discovery, ASectionKeepsOutTheEnvPyRule) {
  const Files files = {{"m/env.py", ""}, {"m/versions/1.py", ""}};
  EXPECT_THAT(FoundIn(files), ElementsAre("m: m/versions"));
  DiscoveryOptions options;
  options.section = "alembic";
  EXPECT_THAT(Found(MemoryTree(files), options), ElementsAre(HasSubstr("section [alembic]")));
}

TEST(Discovery, FlaskMigrate) {
  const std::string ini = "# A generic configuration.\n[alembic]\nfile_template = x\n";
  EXPECT_THAT(FoundIn({{"app/migrations/alembic.ini", ini},
                       {"app/migrations/env.py", ""},
                       {"app/migrations/versions/1.py", ""}}),
              ElementsAre("app/migrations: app/migrations/versions (app/migrations/alembic.ini "
                          "[alembic])"));
  EXPECT_THAT(FoundIn({{"alembic.ini", ini}, {"env.py", ""}}),
              ElementsAre(": versions (alembic.ini [alembic])"));
  EXPECT_THAT(FoundIn({{"app/alembic.ini", ini}, {"app/main.py", ""}}),
              ElementsAre("note app/alembic.ini:2: section [alembic] has no script_location; "
                          "passed over"));
  EXPECT_THAT(FoundIn({{"app/alembic.ini", "[loggers]\n"}, {"app/env.py", ""}}), IsEmpty());
}

TEST(Discovery, EnvPyBesideVersions) {
  EXPECT_THAT(FoundIn({{"env.py", ""}, {"versions/1.py", ""}}), ElementsAre(": versions"));
  EXPECT_THAT(FoundIn({{"m/env.py", ""}, {"m/versions", "a file"}}), IsEmpty());
  EXPECT_THAT(FoundIn({{"m/env.py/x", ""}, {"m/versions/1.py", ""}}), IsEmpty());
  EXPECT_THAT(FoundIn({{"node_modules/m/env.py", ""}, {"node_modules/m/versions/.keep", ""}}),
              ElementsAre("node_modules/m: node_modules/m/versions"));
}

TEST(Discovery, AConfigurationOverridesTheEnvPyRule) {
  EXPECT_THAT(FoundIn({{"alembic.ini", "[alembic]\nscript_location=m\nversion_locations=v\n"},
                       {"m/env.py", ""},
                       {"m/versions/1.py", ""},
                       {"v/1.py", ""}}),
              ElementsAre("m: v (alembic.ini [alembic])"));
}

TEST(Discovery, TwoConfigurationsThatSayTheSameAreOne) {
  EXPECT_THAT(FoundIn({{"alembic.ini", "[alembic]\nscript_location=m\n"},
                       {"deploy/alembic.ini", "[alembic]\nscript_location=../m\n"},
                       {"m/versions/1.py", ""}}),
              ElementsAre("m: m/versions (alembic.ini [alembic])"));
}

TEST(Discovery, PyprojectToml) {
  const Files tree = {
      {"m/versions/1.py", ""}, {"lib/p/m/1.py", ""}, {"l/p/m/1.py", ""}, {"v/1.py", ""}};
  const std::vector<LocationCase> cases = {
      {"script_location = '%(here)s/m'", "m: m/versions (pyproject.toml)"},
      {"script_location = 'm'", "m: m/versions (pyproject.toml)"},
      {"script_location = 'm'\nversion_locations = ['v', '%(here)s/m/versions']",
       "m: v m/versions (pyproject.toml)"},
      // Of a string Alembic takes the letters.
      {"script_location = 'm'\nversion_locations = 'v'", "m: v (pyproject.toml)"},
      {"script_location = 'm'\nversion_locations = 'vm'",
       "error pyproject.toml:3 version_locations: a string, which Alembic takes apart into its "
       "letters; write an array: [\"vm\"]"},
      {"script_location = 'm'\nprepend_sys_path = 'lib'", "m: m/versions (pyproject.toml)"},
      {"script_location = 'p:m'\nprepend_sys_path = 'xl'",
       "l/p/m: l/p/m/versions (pyproject.toml)"},
      {"script_location = 'm'\nversion_locations = []", "m: m/versions (pyproject.toml)"},
      {"script_location = 'm'\nrecursive_version_locations = true",
       "m: m/versions (pyproject.toml) recursive"},
      {"script_location = 'p:m'\nprepend_sys_path = ['.', 'lib']",
       "lib/p/m: lib/p/m/versions (pyproject.toml)"},
      {"script_location = 'nowhere'",
       "note pyproject.toml:2: script_location 'nowhere' is not a directory of this tree; passed "
       "over"},
      {"script_location = 1", "error pyproject.toml:2 script_location: not a string"},
      {"script_location = '%(rev)s'",
       "error pyproject.toml:2 script_location: '%(rev)s': a percent sign must be written %%, or "
       "be part of %(here)s"},
      {"script_location = 'm'\nversion_locations = [1]",
       "error pyproject.toml:3 version_locations: neither a string nor an array of strings"},
      {"script_location = 'm'\nrecursive_version_locations = 'true'",
       "error pyproject.toml:3 recursive_version_locations: not a boolean"},
      {"script_location = ", "error pyproject.toml:2 not TOML"},
  };
  for (const LocationCase& c : cases) {
    Files files = tree;
    files["pyproject.toml"] = "[tool.alembic]\n" + std::string(c.options) + "\n";
    EXPECT_THAT(FoundIn(files), ElementsAre(::testing::StartsWith(c.found))) << c.options;
  }
  Files none = tree;
  none["pyproject.toml"] = "[tool.alembic]\nfile_template = 'x'\n";
  EXPECT_THAT(FoundIn(none), IsEmpty());
}

TEST(Discovery, IniAndTomlOfOneDirectoryAreReadTogether) {
  const auto both = [](const std::string& ini, const std::string& toml) {
    return FoundIn({{"alembic.ini", ini},
                    {"pyproject.toml", "[tool.alembic]\n" + toml},
                    {"a/versions/1.py", ""},
                    {"b/versions/1.py", ""}});
  };
  // The ini's values win; what it does not say comes from TOML.
  EXPECT_THAT(both("[alembic]\nscript_location = a\n", "script_location = 'b'\n"),
              ElementsAre("a: a/versions (alembic.ini [alembic])"));
  EXPECT_THAT(both("[alembic]\nscript_location = a\n", "version_locations = ['b']\n"),
              ElementsAre("a: b (alembic.ini [alembic])"));
  EXPECT_THAT(both("[alembic]\nsqlalchemy.url = x\n", "script_location = 'b'\n"),
              ElementsAre("b: b/versions (pyproject.toml)"));
  EXPECT_THAT(both("[alembic]\nrecursive_version_locations = false\n",
                   "script_location = 'b'\nrecursive_version_locations = true\n"),
              ElementsAre("b: b/versions (pyproject.toml)"));
  EXPECT_THAT(both("[loggers]\nkeys = x\n", "script_location = 'b'\n"),
              ElementsAre("b: b/versions (pyproject.toml)"));
  EXPECT_THAT(both("[one]\nscript_location = a\n", "script_location = 'b'\n"),
              ElementsAre("a: a/versions (alembic.ini [one])", "b: b/versions (pyproject.toml)"));
  EXPECT_THAT(both("broken", "script_location = 'b'\n"),
              ElementsAre("b: b/versions (pyproject.toml)",
                          "error alembic.ini:1 'broken' stands before the first section header"));
}

TEST(Discovery, LinksAreFollowedInsideOfTheTreeAndSubmodulesAreNotEntered) {
  MemoryTree tree({{"alembic.ini",
                    "[one]\nscript_location = link\n[two]\nscript_location = sub/m\n"
                    "[three]\nscript_location = link/x\n"
                    "[four]\nscript_location = m\nversion_locations = link v\n"},
                   {"m/versions/1.py", ""},
                   {"v/1.py", ""},
                   {"n/env.py", ""}});
  tree.AddSymlink("link", "m");
  tree.AddSymlink("n/versions", "../m/versions");
  tree.AddFile("o/env.py", "");
  tree.AddSymlink("o/versions", "../../outside");
  tree.AddSubmodule("sub");
  const std::string link =
      "is or lies behind a symbolic link that leads to no directory of this repository; passed "
      "over";
  EXPECT_THAT(
      Found(tree),
      ElementsAre("m: m v (alembic.ini [four])", "m: m/versions (alembic.ini [one])",
                  "n: m/versions", "o: o/versions",
                  "note alembic.ini:4: script_location 'sub/m' is or lies in a submodule, whose "
                  "files are not in this repository; passed over",
                  "note alembic.ini:6: script_location 'link/x' " + link,
                  "note o/env.py: 'o/versions' " + link));
}

TEST(Discovery, ALinkedConfigurationIsReadWithItsOwnPlace) {
  MemoryTree tree(
      {{"conf/base.ini", "[alembic]\nscript_location = %(here)s/m\n"}, {"a/m/versions/1.py", ""}});
  tree.AddSymlink("a/alembic.ini", "../conf/base.ini");
  tree.AddSymlink("b/alembic.ini", "/etc/alembic.ini");
  EXPECT_THAT(Found(tree),
              ElementsAre("a/m: a/m/versions (a/alembic.ini [alembic])",
                          "note b/alembic.ini: is not a file, nor a link to one in the "
                          "repository; passed over",
                          "note conf/base.ini:2: script_location '%(here)s/m' is not a directory "
                          "of this tree; passed over"));
}

TEST(Discovery, EveryDirectoryIsListedAndOnlyConfigurationsAreRead) {
  const MemoryTree tree({{"alembic.ini", "[alembic]\nscript_location = m\n"},
                         {"m/env.py", ""},
                         {"m/versions/1.py", ""},
                         {"x/pyproject.toml", ""}});
  Found(tree);
  EXPECT_THAT(tree.reads(), ElementsAre("alembic.ini", "x/pyproject.toml"));
}

TEST(Discovery, GivenLocationsReplaceIt) {
  const MemoryTree tree({{"alembic.ini", "[alembic]\nscript_location = m\n"},
                         {"m/versions/1.py", ""},
                         {"x/y/versions/1.py", ""},
                         {"z/1.py", ""}});
  struct GivenCase {
    std::vector<std::string> script_locations;
    std::vector<std::string> versions;
    std::vector<std::string> found;
  };
  const std::vector<GivenCase> cases = {
      {{"x/y"}, {}, {"x/y: x/y/versions"}},
      {{"./x//y/", "x/y"}, {}, {"x/y: x/y/versions"}},
      {{"x/y", "m"}, {}, {"m: m/versions", "x/y: x/y/versions"}},
      {{"x/y"}, {"z", "x/y/versions", "z/"}, {"x/y: z x/y/versions"}},
      {{}, {"x/y/versions", "z"}, {"x/y: x/y/versions z"}},
      {{}, {"."}, {": "}},
      {{"x/*"}, {}, {"x/y: x/y/versions"}},
      {{"gone"}, {}, {"error gone:0 there is no directory 'gone'"}},
      {{"gone", "m"}, {}, {"m: m/versions", "error gone:0 there is no directory 'gone'"}},
      {{}, {"gone"}, {"error gone:0 there is no directory 'gone'"}},
      {{"m"}, {"gone", "z"}, {"m: gone z", "error gone:0 there is no directory 'gone'"}},
      {{"/m"}, {}, {"error :0 '/m' is not a path inside the repository"}},
      {{"../m"}, {}, {"error :0 '../m' is not a path inside the repository"}},
  };
  for (const GivenCase& c : cases) {
    DiscoveryOptions options;
    options.script_locations = c.script_locations;
    options.versions = c.versions;
    EXPECT_EQ(Found(tree, options), c.found);
  }
  EXPECT_THAT(tree.reads(), IsEmpty());
  DiscoveryOptions options;
  options.versions = {"z"};
  options.recursive = true;
  EXPECT_THAT(Found(tree, options), ElementsAre(": z recursive"));
}

// Directories of plug-ins, and one directory for each kind of database.
const Files kNamed = {{"alembic.ini", "[alembic]\nscript_location = m\n"},
                      {"m/versions/1.py", ""},
                      {"app/modules/a/migrations/versions/1.py", ""},
                      {"app/modules/b/migrations/versions/1.py", ""},
                      {"app/modules/.c/migrations/versions/1.py", ""},
                      {"app/modules/d/other/1.py", ""},
                      {"app/modules/e", "a file"},
                      {"db/versions/sqlite/1.py", ""},
                      {"db/versions/postgres/1.py", ""}};

TEST(Discovery, NamedLocationsAreAdded) {
  struct NamedCase {
    NamedLocations named;
    std::vector<std::string> found;  // besides alembic.ini's
  };
  const std::vector<NamedCase> cases = {
      {{"", {"app/modules/*/migrations"}},
       {"app/modules/a/migrations: app/modules/a/migrations/versions",
        "app/modules/b/migrations: app/modules/b/migrations/versions"}},
      {{"plugins", {}, {"app/modules/*/migrations/versions"}},
       {"app/modules: app/modules/a/migrations/versions app/modules/b/migrations/versions"}},
      {{"plugins", {"db"}, {"app/*/a/migrations/versions", "db/versions/sqlite"}},
       {"db: app/modules/a/migrations/versions db/versions/sqlite"}},
      {{"sqlite", {"db"}, {"db/versions/sqlite"}}, {"db: db/versions/sqlite"}},
      {{"", {"db/v*s"}},
       {"db/versions: db/versions/versions", "note there is no directory 'db/versions/versions'"}},
      {{"", {"gone"}}, {"note there is no directory 'gone'"}},
      {{"", {"gone"}, {"db/versions/sqlite"}},
       {"gone: db/versions/sqlite", "note there is no directory 'gone'"}},
      {{"", {"g*"}}, {}},
      {{"", {}, {"g*"}}, {}},
      {{"", {"app/modules/*/migrations/versions/*"}}, {}},
      {{"deep", {}, {"db/versions"}, true}, {"db: db/versions recursive"}},
  };
  for (const NamedCase& c : cases) {
    DiscoveryOptions options;
    options.named = {c.named};
    std::vector<std::string> found = Found(MemoryTree(kNamed), options);
    const auto own = std::find(found.begin(), found.end(), "m: m/versions (alembic.ini [alembic])");
    ASSERT_NE(own, found.end());
    found.erase(own);
    EXPECT_EQ(found, c.found);
    options.search = false;
    EXPECT_EQ(Found(MemoryTree(kNamed), options), c.found);
    options.section = "alembic";
    EXPECT_THAT(Found(MemoryTree(kNamed), options), SizeIs(1)) << "a section is of an ini";
  }
}

TEST(Discovery, WhatIsNamedAndFoundIsOneEnvironmentWithThatName) {
  DiscoveryOptions options;
  options.named = {{"main", {"m"}}};
  const Result<Discovery> found = DiscoverEnvironments(MemoryTree(kNamed), options);
  ASSERT_TRUE(found);
  ASSERT_THAT(found->environments, SizeIs(1));
  EXPECT_EQ(found->environments[0].name, "main");
  EXPECT_EQ(found->environments[0].config_path, "alembic.ini");
}

std::vector<std::string> NamesOf(const Files& files, const DiscoveryOptions& options) {
  const Result<Discovery> found = DiscoverEnvironments(MemoryTree(files), options);
  if (!found) return {found.error().message};
  std::vector<std::string> names;
  for (const Environment& environment : found->environments) {
    std::string name = environment.name + "=";
    for (const std::string& location : environment.version_locations) name += " " + location;
    for (const auto& also : environment.also_locations) name += " or " + also.front();
    names.push_back(name + (environment.recursive ? " recursive" : ""));
  }
  return names;
}

TEST(Discovery, ANameIsThatOfWhatTheConfigurationDescribes) {
  const std::string ini = "[alembic]\nscript_location = m\nversion_locations = ";
  DiscoveryOptions options;
  options.named = {{"script", {"m"}}};
  EXPECT_THAT(
      NamesOf({{"alembic.ini", ini + "m/a m/b"}, {"m/a/1.py", ""}, {"m/b/1.py", ""}}, options),
      ElementsAre("script= m/a m/b"));
  // versions/ is guarded by itself too: what else is read may join its heads.
  EXPECT_THAT(
      NamesOf({{"alembic.ini", ini + "m/a m/versions"}, {"m/a/1.py", ""}, {"m/versions/1.py", ""}},
              options),
      ElementsAre("script= m/a m/versions or m/versions"));
  EXPECT_THAT(
      NamesOf({{"alembic.ini", ini + "m/a"}, {"m/a/1.py", ""}, {"m/versions/1.py", ""}}, options),
      ElementsAre("script= m/a", "script= m/versions"));
  EXPECT_THAT(NamesOf({{"alembic.ini", ini + "m/a m/versions"},
                       {"other.ini", ini + "m/a m/versions"},
                       {"m/a/1.py", ""},
                       {"m/versions/1.py", ""}},
                      options),
              ElementsAre("script= m/a m/versions or m/versions"))
      << "once, of two configurations that say the same";
  const Files two = {{"alembic.ini", ini + "m/a m/b"}, {"m/a/1.py", ""}, {"m/b/1.py", ""}};
  for (const std::vector<std::string>& scripts : {std::vector<std::string>{}, {"m"}}) {
    options.named = {{"a-script", {"m"}}, {"locations", scripts, {"m/b", "m/a"}}};
    EXPECT_THAT(NamesOf(two, options), ElementsAre("locations= m/a m/b")) << scripts.size();
  }
  options.named = {{"other", {"n"}, {"m/b", "m/a"}}};
  EXPECT_THAT(NamesOf(two, options), ElementsAre("= m/a m/b", "other= m/b m/a"));
}

TEST(Discovery, WhatIsSaidOfANameCountsBeforeWhatIsSaidOfAll) {
  const Files files = {{"alembic.ini", "[alembic]\nscript_location = m\n"},
                       {"m/versions/1.py", ""},
                       {"n/env.py", ""},
                       {"n/versions/1.py", ""}};
  DiscoveryOptions options;
  options.recursive = true;
  options.named = {{"main", {"m"}, {}, false}};
  EXPECT_THAT(NamesOf(files, options), ElementsAre("main= m/versions", "= n/versions recursive"));
  options.recursive = false;
  options.named.front().recursive = true;
  EXPECT_THAT(NamesOf(files, options), ElementsAre("main= m/versions recursive", "= n/versions"));
}

TEST(Discovery, ANameChoosesAsASectionDoes) {
  DiscoveryOptions options;
  options.named = {{"sqlite", {}, {"db/versions/sqlite"}}, {"other", {}, {"db/versions/postgres"}}};
  options.section = "sqlite";
  EXPECT_THAT(NamesOf(kNamed, options), ElementsAre("sqlite= db/versions/sqlite"));
  options.section.clear();
  options.script_locations = {"db"};
  options.versions = {"db/versions/postgres"};
  EXPECT_THAT(NamesOf(kNamed, options), ElementsAre("other= db/versions/postgres"));
}

TEST(Discovery, APatternThatMeansTooMuchIsAnError) {
  Files files;
  for (int i = 0; i < 10001; ++i) files["a/" + std::to_string(i) + "/x"] = "";
  DiscoveryOptions options;
  options.named = {{"", {"a/*"}}};
  EXPECT_THAT(Found(MemoryTree(files), options),
              ElementsAre("failed: 'a/*' means more than 10000 directories"));
}

TEST(Discovery, NothingIsAnEnvironmentWhereItIsToBeIgnored) {
  Files files = kNamed;
  files["tests/alembic.ini"] = "[alembic]\nscript_location = %(here)s/../m2\n";
  files["tests/pyproject.toml"] = "[tool.alembic]\nscript_location = \"%(here)s/t\"\n";
  files["tests/broken/alembic.ini"] = "[alembic\n";
  files["tests/t/env.py"] = files["tests/u/env.py"] = "";
  files["tests/t/versions/1.py"] = files["tests/u/versions/1.py"] = "";
  files["m2/versions/1.py"] = "";
  files["more.ini"] = "[alembic]\nscript_location = tests/u\n";
  DiscoveryOptions options;
  EXPECT_THAT(Found(MemoryTree(files), options), SizeIs(5));
  options.is_ignored = [](std::string_view path) { return path.starts_with("tests/"); };
  EXPECT_THAT(Found(MemoryTree(files), options),
              ElementsAre("m: m/versions (alembic.ini [alembic])"));
  options.named = {{"", {"tests/u"}}};
  EXPECT_THAT(Found(MemoryTree(files), options),
              ElementsAre("m: m/versions (alembic.ini [alembic])", "tests/u: tests/u/versions"))
      << "what is named is meant";
}

// As Python's import finds a package: one with __init__.py first, else all directories together.
TEST(Discovery, PackagesAreFoundAsPythonFindsThem) {
  struct PackageCase {
    std::string options;
    std::vector<std::string> files;
    std::string found;
  };
  const std::string ini = " (alembic.ini [alembic])";
  const std::string two = "\nprepend_sys_path = d1 d2";
  const std::vector<PackageCase> cases = {
      {"p:m" + two, {"d1/p/m/x", "d2/p/m/x"}, "d1/p/m: d1/p/m/versions" + ini},
      {"p:m" + two, {"d1/p/m/x", "d2/p/__init__.py", "d2/p/m/x"}, "d2/p/m: d2/p/m/versions" + ini},
      {"p:m" + two,
       {"d1/p/m/x", "src/p/__init__.py", "src/p/m/x"},
       "src/p/m: src/p/m/versions" + ini},
      {"p:m" + two,
       {"d1/p/__init__.py", "d1/p/m/x", "d2/p/__init__.py", "d2/p/m/x"},
       "d1/p/m: d1/p/m/versions" + ini},
      // Portions of one namespace package.
      {"p:m" + two, {"d1/p/other/x", "d2/p/m/x"}, "d2/p/m: d2/p/m/versions" + ini},
      {"p.q:m" + two,
       {"d1/p/q/m/x", "d2/p/q/__init__.py", "d2/p/q/m/x"},
       "d2/p/q/m: d2/p/q/m/versions" + ini},
      {"p.q:m" + two,
       {"d1/p/q/m/x", "d2/p/__init__.py", "d2/p/q/m/x"},
       "d2/p/q/m: d2/p/q/m/versions" + ini},
      // The regular package has no such directory, and no other one is asked.
      {"p:m" + two,
       {"d1/p/m/x", "d2/p/__init__.py"},
       "note alembic.ini:2: script_location 'p:m' is not a directory of this tree; passed over"},
      {"p:/m",
       {"p/m/x", "m/x"},
       "note alembic.ini:2: script_location 'p:/m' is absolute, so it cannot be looked up in a "
       "repository; passed over"},
      {"p:m\nprepend_sys_path = lib.zip",
       {"lib.zip", "p/m/x"},
       "error alembic.ini:2 prepend_sys_path: packages in a file cannot be read: lib.zip"},
      {"json:m",
       {"json/m/x"},
       "error alembic.ini:2 a package that Python or Alembic has, too: it is not known which is "
       "found: json"},
      {"sqlalchemy.x:m\nprepend_sys_path = lib",
       {"lib/sqlalchemy/x/__init__.py", "lib/sqlalchemy/x/m/x"},
       "error alembic.ini:2 a package that Python or Alembic has, too: it is not known which is "
       "found: lib/sqlalchemy"},
      {"json:m",
       {"json.py"},
       "note alembic.ini:2: script_location 'json:m' is not a directory of this tree; passed over"},
      {"jso:m", {"jso/m/x"}, "jso/m: jso/m/versions" + ini},
      {"m\nprepend_sys_path = lib.zip", {"lib.zip", "m/x"}, "m: m/versions" + ini},
  };
  for (const PackageCase& c : cases) {
    Files files = {{"alembic.ini", "[alembic]\nscript_location = " + c.options + "\n"}};
    for (const std::string& file : c.files) files[file] = "";
    EXPECT_THAT(FoundIn(files), ElementsAre(c.found)) << c.options;
  }
  EXPECT_THAT(FoundIn({{"alembic.ini",
                        "[alembic]\nscript_location = m\n"
                        "version_locations = p:/v\n"},
                       {"m/x", ""},
                       {"p/v/x", ""}}),
              ElementsAre("m: (alembic.ini [alembic])",
                          "note alembic.ini:3: version_locations: 'p:/v' is absolute, so it cannot "
                          "be looked up in a repository; passed over"));
  EXPECT_THAT(FoundIn({{"alembic.ini",
                        "[alembic]\nscript_location = m\n"
                        "version_locations = p:v\nprepend_sys_path = lib.zip\n"},
                       {"m/x", ""},
                       {"lib.zip", ""}}),
              ElementsAre("error alembic.ini:3 prepend_sys_path: packages in a file cannot be "
                          "read: lib.zip"));
}

// Newer Alembic lets the system go up, older one the text.
TEST(Discovery, GoingUpFromNoDirectoryIsAnError) {
  MemoryTree tree({{"m/x", ""}, {"more/x", ""}, {"there/x/y", ""}, {"p/__init__.py", ""}});
  tree.AddSymlink("link", "there/x");
  const auto found = [&](const std::string& options) {
    tree.AddFile("alembic.ini", "[alembic]\nscript_location = " + options + "\n");
    return Found(tree);
  };
  const std::string why =
      "goes up (..) from what is no directory, which versions of Alembic read differently";
  for (const char* location : {"gone/../more", "link/../more", "there/gone/../../more",
                               "./gone/./../more", "%(here)s/gone/../more", "p:gone/../../more"}) {
    EXPECT_THAT(found("m\nversion_locations = " + std::string(location)),
                ::testing::Contains("error alembic.ini:3 version_locations: '" +
                                    std::string(location) + "' " + why));
    EXPECT_THAT(found(location), ElementsAre("error alembic.ini:2 script_location '" +
                                             std::string(location) + "' " + why));
  }
  for (const char* location : {"there/../more", "there/x/../../more", "./more", "more/.",
                               "%(here)s/there/../more", "p:../more"}) {
    EXPECT_THAT(found("m\nversion_locations = " + std::string(location)),
                ElementsAre("m: more (alembic.ini [alembic])"))
        << location;
  }
  tree.AddFile("svc/there/x", "");
  tree.AddFile("svc/more/x", "");
  tree.AddFile("svc/m/x", "");
  tree.AddFile("svc/alembic.ini",
               "[alembic]\nscript_location = %(here)s/m\n"
               "version_locations = there/../more\n");
  EXPECT_THAT(found("m"), ElementsAre("m: m/versions (alembic.ini [alembic])",
                                      "svc/m: more (svc/alembic.ini [alembic])",
                                      "svc/m: svc/more (svc/alembic.ini [alembic])"))
      << "from both";
  tree.AddFile("svc/alembic.ini",
               "[alembic]\nscript_location = %(here)s/m\n"
               "version_locations = here/../more\n");
  tree.AddFile("svc/here/x", "");
  EXPECT_THAT(found("m"), ElementsAre("m: m/versions (alembic.ini [alembic])",
                                      "svc/m: svc/more (svc/alembic.ini [alembic])"))
      << "from svc";
  tree.AddFile("svc/alembic.ini", "");
  EXPECT_THAT(found("m\nversion_locations = gone/../nowhere m"),
              ElementsAre("m: nowhere m (alembic.ini [alembic])"));
  tree.AddFile("conf/alembic.ini",
               "[alembic]\nscript_location = q:m\nprepend_sys_path = %(here)s/../lib\n");
  tree.AddFile("lib/q/m/x", "");
  EXPECT_THAT(found("m"), ElementsAre("lib/q/m: lib/q/m/versions (conf/alembic.ini [alembic])",
                                      "m: m/versions (alembic.ini [alembic])"));
  tree.AddFile("conf/alembic.ini", "");
  EXPECT_THAT(found("p:m\nprepend_sys_path = link/../more"),
              ElementsAre(HasSubstr("prepend_sys_path: a directory that goes up")));
}

// What is not there from one directory is not taken from another: Alembic runs in one.
TEST(Discovery, RelativeLocationsCountFromOneDirectory) {
  struct BaseCase {
    std::string options;  // of svc/alembic.ini
    std::vector<std::string> directories;
    std::vector<std::string> found;
  };
  const std::string ini = " (svc/alembic.ini [alembic])";
  const std::vector<BaseCase> cases = {
      {"alembic\nversion_locations = alembic/versions joins\n",
       {"svc/alembic/versions", "joins"},
       {"svc/alembic: svc/alembic/versions svc/joins" + ini}},
      {"alembic\nversion_locations = alembic/versions joins\n",
       {"svc/alembic/versions", "svc/joins", "joins"},
       {"svc/alembic: svc/alembic/versions svc/joins" + ini}},
      // From the top everything is there as well.
      {"alembic\nversion_locations = alembic/versions joins\n",
       {"svc/alembic/versions", "svc/joins", "alembic/versions", "joins"},
       {"alembic: alembic/versions joins" + ini,
        "svc/alembic: svc/alembic/versions svc/joins" + ini}},
      {"alembic\nversion_locations = alembic/versions joins\n",
       {"svc/alembic/versions", "alembic/versions", "joins"},
       {"alembic: alembic/versions joins" + ini,
        "svc/alembic: svc/alembic/versions svc/joins" + ini}},
      // Where the script location does not say from where.
      {"%(here)s/alembic\nversion_locations = svc/alembic/versions joins\n",
       {"svc/alembic/versions", "joins"},
       {"svc/alembic: svc/alembic/versions joins" + ini}},
      {"%(here)s/alembic\nversion_locations = %(here)s/alembic/versions joins\n",
       {"svc/alembic/versions", "svc/joins", "joins"},
       {"svc/alembic: svc/alembic/versions joins" + ini,
        "svc/alembic: svc/alembic/versions svc/joins" + ini}},
      {"%(here)s/alembic\nversion_locations = one two\n",
       {"svc/alembic", "svc/one", "two"},
       {"svc/alembic: one two" + ini, "svc/alembic: svc/one svc/two" + ini}},
      {"%(here)s/alembic\nversion_locations = one two\n",
       {"svc/alembic"},
       {"svc/alembic: svc/one svc/two" + ini}},
      // Nothing is there from where the script location is.
      {"alembic\nversion_locations = svc/alembic/versions\n",
       {"svc/alembic/versions"},
       {"svc/alembic: svc/alembic/versions" + ini}},
  };
  for (const BaseCase& c : cases) {
    Files files = {{"svc/alembic.ini", "[alembic]\nscript_location = " + c.options}};
    for (const std::string& directory : c.directories) files[directory + "/x"] = "";
    EXPECT_EQ(FoundIn(files), c.found) << c.options;
  }
}

TEST(Discovery, AMissingGivenLocationIsNotFound) {
  DiscoveryOptions options;
  options.script_locations = {"gone"};
  const Result<Discovery> found = DiscoverEnvironments(MemoryTree(), options);
  ASSERT_TRUE(found.has_value());
  ASSERT_THAT(found->errors, SizeIs(1));
  EXPECT_EQ(found->errors[0].kind, ErrorKind::kNotFound);
}

TEST(Discovery, CandidatesThatAreNotThereSayNothing) {
  const Candidates candidates{{"alembic.ini"}, {"a/pyproject.toml"}, {}};
  const Result<Discovery> found = ResolveCandidates(MemoryTree(), candidates, {});
  ASSERT_TRUE(found.has_value());
  EXPECT_THAT(found->environments, IsEmpty());
  EXPECT_THAT(found->errors, IsEmpty());
}

TEST(Discovery, AHostileConfigurationIsBounded) {
  std::string deep;
  for (int i = 0; i < 60; ++i) deep += "d/";
  std::string locations;
  for (int i = 0; i < 900; ++i) locations += "x" + std::to_string(i) + " ";
  EXPECT_THAT(FoundIn({{deep + "alembic.ini",
                        "[alembic]\nscript_location = m\nversion_locations = " + locations},
                       {deep + "m/env.py", ""}}),
              ElementsAre(HasSubstr("m:"), HasSubstr("could be in too many places")));
  locations += locations;
  EXPECT_THAT(FromIni("script_location = alembic\nversion_locations = " + locations),
              ElementsAre("error backend/alembic.ini:3 version_locations: more than 1000 "
                          "locations"));
  std::string sections;
  for (int i = 0; i < 201; ++i) {
    sections += "[s" + std::to_string(i) + "]\nscript_location = alembic\n";
  }
  EXPECT_THAT(FromIni("script_location = alembic\n", sections),
              ElementsAre("error backend/alembic.ini:0 more than 200 sections"));
}

TEST(Discovery, ATreeThatCannotBeReadFails) {
  EXPECT_THAT(Found(testing::FailingTree({}, 0)),
              ElementsAre("failed: not finished in time (onehead.timeout)"));
  DiscoveryOptions options;
  options.script_locations = {"m"};
  EXPECT_THAT(Found(testing::FailingTree({}, 0), options),
              ElementsAre("failed: not finished in time (onehead.timeout)"));
}

TEST(Discovery, RecursiveHoldsForWhateverIsFound) {
  DiscoveryOptions options;
  options.recursive = true;
  EXPECT_THAT(
      Found(MemoryTree({{"alembic.ini", "[alembic]\nscript_location = a\n"},
                        {"a/versions/1.py", ""},
                        {"b/env.py", ""},
                        {"b/versions/1.py", ""}}),
            options),
      ElementsAre("a: a/versions (alembic.ini [alembic]) recursive", "b: b/versions recursive"));
}

// `alembic -c NAME.ini`
TEST(Discovery, AnyIniWithAScriptLocation) {
  const std::string other = "[alembic]\nscript_location = ";
  Files files = {{"alembic.ini", other + "a\n"},
                 {"alembic_nph.ini", "[alembic]\nSCRIPT_LOCATION = %(here)s/nph\n"},
                 {"deploy/prod.ini", "[app]\nx = 1\n[db]\nscript_location = d\n"},
                 {"a/versions/1.py", ""},
                 {"nph/versions/1.py", ""},
                 {"deploy/d/versions/1.py", ""}};
  const std::vector<std::string> three = {"a: a/versions (alembic.ini [alembic])",
                                          "deploy/d: deploy/d/versions (deploy/prod.ini [db])",
                                          "nph: nph/versions (alembic_nph.ini [alembic])"};
  EXPECT_EQ(FoundIn(files), three);
  // One environment: alembic.ini is what it is known by, though another comes before it.
  files["aaa.ini"] = other + "a\n";
  EXPECT_EQ(FoundIn(files), three);
  DiscoveryOptions db;
  db.section = "db";
  EXPECT_THAT(Found(MemoryTree(files), db), ElementsAre(three[1]));
}

TEST(Discovery, OtherInisAreNoTrouble) {
  const std::string large(2 << 20, 'x');
  EXPECT_THAT(FoundIn({{"tox.ini", "no ini at all"},
                       {"pytest.ini", "[pytest]\n"},
                       {"large.ini", large},
                       {"x.ini/y", ""},
                       {"migrations.ini", "[alembic]\nversion_locations = a\n"},
                       {"a/versions/1.py", ""}}),
              IsEmpty());
  Files files = {{"z.ini", "[alembic]\nscript_location = a\n"}, {"a/versions/1.py", ""}};
  for (int i = 0; i < 70; ++i) files[std::to_string(i) + ".ini"] = large.substr(0, 1 << 20);
  EXPECT_THAT(FoundIn(files), IsEmpty()) << "64 MiB are read";
}

TEST(Discovery, AnotherIniWithAScriptLocationThatCannotBeReadIsAnError) {
  EXPECT_THAT(FoundIn({{"b.ini", "[alembic]\nscript_location = a\nnothing\n"}}),
              ElementsAre(HasSubstr("error b.ini:3 ")));
}

TEST(Discovery, NotesWhatIsAskedForAndNotThere) {
  const MemoryTree tree({{"alembic.ini", "[alembic]\nscript_location = a\n"}, {"a/env.py", ""}});
  DiscoveryOptions section;
  section.section = "nope";
  EXPECT_THAT(Found(tree, section),
              ElementsAre("note no *.ini with a section [nope] describes an environment"));
  DiscoveryOptions location;
  location.script_locations = {"a"};
  EXPECT_THAT(Found(tree, location),
              ElementsAre("a: a/versions", "note there is no directory 'a/versions'"));
}

TEST(IsInVersions, LooksIntoTheCacheWhereCompiledFilesCount) {
  Environment environment{"m", {"v"}};
  EXPECT_FALSE(IsInVersions(environment, "v/__pycache__/1.pyc"));
  environment.sourceless = true;
  EXPECT_TRUE(IsInVersions(environment, "v/__pycache__/1.pyc"));
  EXPECT_FALSE(IsInVersions(environment, "v/x__pycache__/1.pyc"));
}

TEST(Discovery, OfTwoConfigurationsThatSayTheSameNoneTakesAnythingAway) {
  const MemoryTree tree({{"a/alembic.ini", "[alembic]\nscript_location = m\n"},
                         {"b/alembic.ini",
                          "[alembic]\nscript_location = m\nrecursive_version_locations = true\n"
                          "sourceless = true\n"},
                         {"m/versions/1.py", ""}});
  const Result<Discovery> found = DiscoverEnvironments(tree, {});
  ASSERT_TRUE(found);
  ASSERT_EQ(found->environments.size(), 1u);
  EXPECT_TRUE(found->environments[0].recursive);
  EXPECT_TRUE(found->environments[0].sourceless);
}

TEST(IsInVersions, FollowsRecursion) {
  Environment environment{"m", {"m/versions", "v"}};
  struct InCase {
    const char* path;
    bool flat;
    bool recursive;
  };
  const std::vector<InCase> cases = {
      {"m/versions/1.py", true, true},
      {"v/1.py", true, true},
      {"m/versions/a/1.py", false, true},
      {"m/versions/a/b/1.py", false, true},
      {"m/1.py", false, false},
      {"m/versions2/1.py", false, false},
      {"m/versions", false, false},
      {"m/versions/link", true, true},
      {"m/versions/__pycache__/1.py", false, false},
  };
  for (const InCase& c : cases) {
    environment.recursive = false;
    EXPECT_EQ(IsInVersions(environment, c.path), c.flat) << c.path;
    environment.recursive = true;
    EXPECT_EQ(IsInVersions(environment, c.path), c.recursive) << c.path;
  }
}

}  // namespace
}  // namespace onehead

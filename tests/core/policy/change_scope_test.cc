#include "onehead/core/policy/change_scope.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/memory_tree.h"

namespace onehead {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::MemoryTree;
using testing::MigrationText;

const char kIni[] = "[alembic]\nscript_location = db\n";

using Files = std::map<std::string, std::string>;

// "db [db/versions] <- db [db/versions]"
std::vector<std::string> Dump(const Scope& scope) {
  const auto show = [](const Environment& e) {
    std::string text = e.script_location + " [";
    for (const std::string& location : e.version_locations) {
      text += (text.back() == '[' ? "" : " ") + location;
    }
    return text + "]";
  };
  std::vector<std::string> lines;
  for (const ScopedEnvironment& e : scope.environments) {
    lines.push_back(show(e.after) + " <- " + (e.before ? show(*e.before) : "none"));
  }
  return lines;
}

std::vector<std::string> Paths(const std::vector<Stray>& strays) {
  std::vector<std::string> paths;
  for (const Stray& stray : strays) paths.push_back(stray.path);
  return paths;
}

Scope ScopeOf(const Files* before, const Files& after, const DiscoveryOptions& discovery = {}) {
  StateLoader loader({});
  const MemoryTree after_tree(after);
  const MemoryTree before_tree(before != nullptr ? *before : Files());
  auto scope = FindScope(before != nullptr ? &before_tree : nullptr, after_tree,
                         ScopeOptions{discovery}, &loader);
  EXPECT_TRUE(scope) << scope.error().message;
  // Whoever asks first whether there is anything finds the same.
  ScopeOptions asked{discovery};
  asked.check_for_change_first = true;
  const auto again =
      FindScope(before != nullptr ? &before_tree : nullptr, after_tree, asked, &loader);
  EXPECT_TRUE(again) << again.error().message;
  if (scope && again) {
    EXPECT_EQ(Dump(*again), Dump(*scope));
    EXPECT_EQ(Paths(again->strays), Paths(scope->strays));
    EXPECT_EQ(again->errors.size(), scope->errors.size());
  }
  return scope ? std::move(*scope) : Scope();
}

const Files kBase = {{"alembic.ini", kIni},
                     {"db/env.py", ""},
                     {"db/versions/a.py", MigrationText("a", {})},
                     {"src/app.py", "1"}};

Files With(Files files, const Files& more) {
  for (const auto& [path, text] : more) files[path] = text;
  return files;
}

Scope ScopeOfTrees(const MemoryTree& before, const MemoryTree& after,
                   std::size_t max_file_bytes = 4 << 20) {
  StateLoader loader({});
  ScopeOptions options;
  options.max_file_bytes = max_file_bytes;
  auto scope = FindScope(&before, after, options, &loader);
  EXPECT_TRUE(scope) << scope.error().message;
  return scope ? std::move(*scope) : Scope();
}

TEST(FindScope, NothingTouched) {
  EXPECT_THAT(Dump(ScopeOf(&kBase, With(kBase, {{"src/app.py", "2"}}))), IsEmpty());
  EXPECT_THAT(Dump(ScopeOf(&kBase, kBase)), IsEmpty());
}

TEST(FindScope, TouchedEnvironmentByItsConfiguration) {
  EXPECT_THAT(Dump(ScopeOf(&kBase, With(kBase, {{"db/versions/b.py", MigrationText("b", {"a"})}}))),
              ElementsAre("db [db/versions] <- db [db/versions]"));
}

TEST(FindScope, EverythingIsNewWithoutABefore) {
  EXPECT_THAT(Dump(ScopeOf(nullptr, kBase)), ElementsAre("db [db/versions] <- none"));
}

TEST(FindScope, OldLocationsAreReadAsLongAsTheyAreThere) {
  const Files after = With(kBase, {{"alembic.ini", std::string(kIni) + "version_locations = new\n"},
                                   {"new/x.py", MigrationText("x", {})}});
  EXPECT_THAT(Dump(ScopeOf(&kBase, after)),
              ElementsAre("db [new db/versions] <- db [db/versions]"));
}

TEST(FindScope, MovedEnvironmentIsMatchedByItsRevisions) {
  const Files after = {{"alembic.ini", "[alembic]\nscript_location = app/db\n"},
                       {"app/db/env.py", ""},
                       {"app/db/versions/a.py", MigrationText("a", {})}};
  EXPECT_THAT(Dump(ScopeOf(&kBase, after)),
              ElementsAre("app/db [app/db/versions] <- db [db/versions]"));
}

TEST(FindScope, EnvironmentWhoseConfigurationIsGoneIsStillRead) {
  const Files after = {{"db/versions/a.py", MigrationText("a", {})}, {"src/app.py", "1"}};
  EXPECT_THAT(Dump(ScopeOf(&kBase, after)), ElementsAre("db [db/versions] <- db [db/versions]"));
}

TEST(FindScope, ConfigurationAnywhereIsFoundWhenAMigrationIsNotExplained) {
  const Files before = {
      {"deploy/alembic.ini", "[alembic]\nscript_location = db\nversion_locations = db/a db/b\n"},
      {"db/env.py", ""},
      {"db/a/a.py", MigrationText("a", {})},
      {"db/b/b.py", MigrationText("b", {"a"})}};
  EXPECT_THAT(Dump(ScopeOf(&before, With(before, {{"db/a/c.py", MigrationText("c", {"b"})}}))),
              ElementsAre("db [db/a db/b] <- db [db/a db/b]"));
}

TEST(FindScope, ConfigurationAnywhereOverridesTheEnvRule) {
  const Files before = {
      {"deploy/alembic.ini",
       "[alembic]\nscript_location = db\nversion_locations = db/versions db/more\n"},
      {"db/env.py", ""},
      {"db/versions/a.py", MigrationText("a", {})},
      {"db/more/b.py", MigrationText("b", {"a"})}};
  EXPECT_THAT(
      Dump(ScopeOf(&before, With(before, {{"db/versions/c.py", MigrationText("c", {"b"})}}))),
      ElementsAre("db [db/versions db/more] <- db [db/versions db/more]"));
}

TEST(FindScope, StrayMigrationIsNamed) {
  const Scope scope = ScopeOf(&kBase, With(kBase, {{"x/m.py", MigrationText("m", {})}}));
  EXPECT_THAT(Paths(scope.strays), ElementsAre("x/m.py"));
  const Scope removed = ScopeOf(&kBase, With(kBase, {{"x/m.py", "down = 1"}}));
  EXPECT_THAT(removed.strays, IsEmpty());
}

TEST(FindScope, AStrayThatWasThereIsOld) {
  const Files stray = With(kBase, {{"x/m.py", MigrationText("m", {"a"})}});
  EXPECT_FALSE(ScopeOf(&kBase, stray).strays.at(0).is_old);
  const Files edited = With(stray, {{"x/m.py", MigrationText("m", {"a"}) + "# more\n"}});
  EXPECT_TRUE(ScopeOf(&stray, edited).strays.at(0).is_old);
  Files moved = With(kBase, {{"y/m.py", MigrationText("m", {"a"})}});
  EXPECT_TRUE(ScopeOf(&stray, moved).strays.at(0).is_old);
  const Files other = With(stray, {{"x/m.py", MigrationText("m", {"b"})}});
  EXPECT_FALSE(ScopeOf(&stray, other).strays.at(0).is_old);
}

TEST(FindScope, ToldWhetherLocationsChangeWithAStray) {
  const Files stray = {{"x/m.py", MigrationText("m", {})}};
  const Files with_stray = With(kBase, stray);
  EXPECT_FALSE(ScopeOf(nullptr, with_stray).locations_changed) << "all of it is new";
  EXPECT_FALSE(ScopeOf(&kBase, with_stray).locations_changed);
  const std::string same = std::string("# a comment\n") + kIni + "# and more\n";
  EXPECT_FALSE(ScopeOf(&kBase, With(with_stray, {{"alembic.ini", same}})).locations_changed);
  const std::string ini = "[alembic]\nscript_location = db\nversion_locations = ";
  for (const char* locations : {"db/versions y", "db/versions /srv/y"}) {
    const Files after = With(with_stray, {{"alembic.ini", ini + locations + "\n"}});
    EXPECT_TRUE(ScopeOf(&kBase, after).locations_changed) << locations;
  }
  // An environment that is added changes nothing of the other one; a second reading of it does.
  const Files added = With(with_stray, {{"web/alembic.ini", kIni}, {"web/db/versions/1.py", ""}});
  EXPECT_FALSE(ScopeOf(&kBase, added).locations_changed);
  const Files second = With(with_stray, {{"web.ini", ini + "db/versions y\n"}});
  EXPECT_TRUE(ScopeOf(&kBase, second).locations_changed);
  // A note alone, at another line.
  const Files absolute = With(kBase, {{"alembic.ini", ini + "db/versions /srv/y\n"}});
  const Files later = With(absolute, {{"alembic.ini", "#\n" + ini + "db/versions /srv/y\n"}});
  EXPECT_FALSE(ScopeOf(&absolute, With(later, stray)).locations_changed);
  const MemoryTree before(kBase);
  MemoryTree after(with_stray);
  after.AddSymlink("y", "x");
  EXPECT_TRUE(ScopeOfTrees(before, after).locations_changed);
}

TEST(FindScope, NothingIsAStrayWhereItIsIgnored) {
  DiscoveryOptions options;
  options.is_ignored = [](std::string_view path) { return path.starts_with("x/"); };
  const Files after = With(kBase, {{"x/m.py", MigrationText("m", {"a"})}});
  EXPECT_THAT(ScopeOf(&kBase, after, options).strays, IsEmpty());
}

TEST(FindScope, AnEnvironmentThatMovesToWhereNothingIsOneIsAnError) {
  DiscoveryOptions options;
  options.is_ignored = [](std::string_view path) { return path.starts_with("x/"); };
  Files moved = {
      {"x/alembic.ini", kIni}, {"x/db/env.py", ""}, {"x/db/versions/a.py", MigrationText("a", {})}};
  const Scope scope = ScopeOf(&kBase, moved, options);
  ASSERT_EQ(scope.errors.size(), 1u);
  EXPECT_EQ(scope.errors[0].error.path, "x/db");
  EXPECT_THAT(scope.errors[0].error.message, HasSubstr("the migrations of db have moved here"));
  EXPECT_THAT(scope.errors[0].error.message, HasSubstr("onehead.ignore"));
  // A copy that was there all along is no reason.
  const Files both = With(kBase, moved);
  EXPECT_THAT(ScopeOf(&both, moved, options).errors, IsEmpty());
}

TEST(FindScope, BrokenConfigurationIsAnErrorAndOldOnesAreMarked) {
  const Files broken = With(kBase, {{"alembic.ini", "[alembic\n"}});
  const Scope scope = ScopeOf(&kBase, broken);
  ASSERT_EQ(scope.errors.size(), 1u);
  EXPECT_FALSE(scope.errors[0].is_old);
  const Scope old = ScopeOf(&broken, With(broken, {{"db/versions/b.py", MigrationText("b", {})}}));
  ASSERT_EQ(old.errors.size(), 1u);
  EXPECT_TRUE(old.errors[0].is_old);
}

TEST(FindScope, MendingABrokenConfigurationIsNotBlamedForWhatWasThere) {
  const Files before = With(kBase, {{"alembic.ini", "[alembic\n"}, {"db/env.py", ""}});
  Files after = With(kBase, {{"db/env.py", ""}});
  EXPECT_THAT(Dump(ScopeOf(&before, after)), IsEmpty());
  after["db/versions/b.py"] = MigrationText("b", {"a"});
  EXPECT_THAT(Dump(ScopeOf(&before, after)), ElementsAre("db [db/versions] <- db [db/versions]"));
}

// It was nobody's configuration, and nobody looked at what was put below it.
TEST(FindScope, MendingABrokenConfigurationFarFromEveryEnvironment) {
  const Files before =
      With(kBase, {{"x/alembic.ini", "[alembic\n"}, {"x/y/versions/b.py", MigrationText("b", {})}});
  const Scope scope = ScopeOf(&kBase, before);
  ASSERT_EQ(scope.errors.size(), 1u);
  EXPECT_TRUE(scope.errors[0].is_far);
  const Files after = With(before, {{"x/alembic.ini", "[alembic]\nscript_location = y\n"}});
  EXPECT_THAT(Dump(ScopeOf(&before, after)), ElementsAre("x/y [x/y/versions] <- none"));
}

TEST(FindScope, LocationsGivenByHandReplaceDiscovery) {
  DiscoveryOptions options;
  options.versions = {"x"};
  const Files before = With(kBase, {{"x/a.py", MigrationText("a", {})}});
  EXPECT_THAT(
      Dump(ScopeOf(&before, With(before, {{"x/b.py", MigrationText("b", {"a"})}}), options)),
      ElementsAre(" [x] <-  [x]"));
}

TEST(FindScope, ALinkOfAnyNameTouchesItsEnvironment) {
  const Files files = With(kBase, {{"shared/c.py", MigrationText("c", {"a"})}});
  MemoryTree before(files);
  MemoryTree after(files);
  after.AddSymlink("db/versions/link", "../../shared/c.py");
  EXPECT_THAT(Dump(ScopeOfTrees(before, after)),
              ElementsAre("db [db/versions] <- db [db/versions]"));
  before.AddSymlink("db/versions/link", "../../shared/d.py");
  EXPECT_THAT(Dump(ScopeOfTrees(before, after)),
              ElementsAre("db [db/versions] <- db [db/versions]"));
}

TEST(FindScope, WhatALinkLeadsToTouchesItsEnvironment) {
  MemoryTree before(With(kBase, {{"shared/c.py", MigrationText("c", {"a"})}}));
  MemoryTree after(With(kBase, {{"shared/c.py", MigrationText("c", {})}}));
  before.AddSymlink("db/versions/link", "../../shared/c.py");
  after.AddSymlink("db/versions/link", "../../shared/c.py");
  EXPECT_THAT(Dump(ScopeOfTrees(before, after)),
              ElementsAre("db [db/versions] <- db [db/versions]"));
}

TEST(FindScope, ALinkBetweenTouchesItsEnvironment) {
  const Files files = With(
      kBase, {{"shared/c.py", MigrationText("c", {"a"})}, {"shared/d.py", MigrationText("d", {})}});
  MemoryTree before(files);
  MemoryTree after(files);
  for (MemoryTree* tree : {&before, &after}) {
    tree->AddSymlink("db/versions/link", "../../shared/now.py");
  }
  before.AddSymlink("shared/now.py", "c.py");
  after.AddSymlink("shared/now.py", "d.py");
  EXPECT_THAT(Dump(ScopeOfTrees(before, after)),
              ElementsAre("db [db/versions] <- db [db/versions]"));
}

TEST(FindScope, AFileThatIsTooLargeMayBeAMigration) {
  const MemoryTree before(kBase);
  const MemoryTree after(With(kBase, {{"x/m.py", std::string(5000, '#')}}));
  EXPECT_THAT(ScopeOfTrees(before, after).strays, IsEmpty());
  EXPECT_THAT(Paths(ScopeOfTrees(before, after, 4000).strays), ElementsAre("x/m.py"));
}

}  // namespace
}  // namespace onehead

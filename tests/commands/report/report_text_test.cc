#include "commands/report/report_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "commands/report/report_json.h"

namespace onehead {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::Le;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr std::size_t kMost = 20;

MigrationPtr Named(const std::string& id) {
  auto migration = std::make_shared<Migration>();
  migration->revision.state = Binding::State::kKnown;
  migration->revision.ids = {id};
  migration->down_revision.line = 7;
  migration->path = "versions/" + id + ".py";
  return migration;
}

// An environment with heads old1, old2, ... and new1, new2, ...
EnvironmentReport Forked(const std::string& location, int old_heads, int new_heads) {
  EnvironmentReport report;
  report.environment.script_location = location;
  Finding finding{"multiple-heads", Level::kError, "too many heads"};
  report.findings = {finding};
  HeadRepair& repair = report.repairs[""];
  for (int i = 1; i <= old_heads; ++i) {
    repair.heads.push_back({Named("old" + std::to_string(i)), false});
  }
  for (int i = 1; i <= new_heads; ++i) {
    repair.heads.push_back({Named("new" + std::to_string(i)), true});
    if (old_heads == 1) repair.edits.push_back({repair.heads.back().migration, {"old1"}});
  }
  repair.diverge = "base";
  repair.command = "onehead rebase --commit";
  return report;
}

CheckReport ReportOf(std::vector<EnvironmentReport> environments) {
  CheckReport report;
  report.subject = "refs/heads/main";
  report.environments = std::move(environments);
  return report;
}

TEST(RenderReport, KeepsTheOrderWhenAllFits) {
  const CheckReport report = ReportOf({Forked("alembic", 1, 1)});
  EXPECT_THAT(
      RenderReport(report, kMost),
      ElementsAre("error: multiple-heads: refs/heads/main: alembic: too many heads",
                  "error:   head old1, was there: versions/old1.py",
                  "error:   head new1, new: versions/new1.py", "error:   they diverge after base",
                  "hint: to repair it: onehead rebase --commit, or change these lines and commit; "
                  "then push again:",
                  "hint:   versions/new1.py:7: down_revision = 'old1'",
                  "hint: or join them with a merge revision: alembic merge -m "
                  "\"merge heads\" old1 new1"));
}

TEST(RenderReport, NamesEveryEnvironmentAndItsNewHead) {
  CheckReport report = ReportOf({});
  for (const char* name : {"one", "two", "three", "four"}) {
    report.environments.push_back(Forked(name, 1, 1));
  }
  const Lines lines = RenderReport(report, kMost);
  EXPECT_THAT(lines, SizeIs(kMost));
  for (const char* name : {"one", "two", "three", "four"}) {
    EXPECT_THAT(lines, Contains(EndsWith(std::string(name) + ": too many heads")));
  }
  EXPECT_THAT(lines, Contains(HasSubstr("head new1, new")).Times(4));
  EXPECT_THAT(lines.back(), StartsWith("hint: "));
  EXPECT_THAT(lines.back(), HasSubstr(" more lines; onehead check shows all of them"));
}

TEST(RenderReport, NeverCutsTheOverride) {
  CheckReport report = ReportOf({Forked("alembic", 1, 3)});
  for (int i = 0; i < 40; ++i) {
    report.environments[0].findings.push_back(
        {"cycle", Level::kWarning, "number " + std::to_string(i), "a.py", 1});
  }
  report.warnings = {"accepted all the same: overridden"};
  const Lines lines = RenderReport(report, kMost);
  EXPECT_THAT(lines, SizeIs(kMost));
  EXPECT_THAT(lines, Contains("warning: accepted all the same: overridden"));
  EXPECT_EQ(lines.front(), "error: multiple-heads: refs/heads/main: alembic: too many heads");
  EXPECT_EQ(lines.back(), "warning: and 23 more findings; onehead check shows all of them");
}

// `onehead check` looks at one commit, and what is a stray of a push is not known there.
TEST(RenderReport, CheckIsNotNamedForWhatOnlyAPushKnows) {
  CheckReport report = ReportOf({Forked("alembic", 1, 1)});
  for (int i = 0; i < 40; ++i) {
    report.environments[0].findings.push_back(
        {"stray-migration", Level::kError, "number " + std::to_string(i), "a.py", 1});
  }
  EXPECT_THAT(RenderReport(report, kMost).back(), EndsWith(" more findings"));
}

TEST(RenderReport, ErrorsAreCountedToo) {
  CheckReport report;
  for (int i = 0; i < 30; ++i) {
    report.errors.push_back({{ErrorKind::kIo, "no", "a hint", "", 0}, Level::kError});
  }
  const Lines lines = RenderReport(report, kMost);
  EXPECT_THAT(lines, SizeIs(kMost));
  EXPECT_EQ(lines.back(),
            "error: and 11 more errors and findings; onehead check shows all of them");
}

TEST(RenderReport, ManyHeadsNewOnesFirst) {
  const CheckReport report = ReportOf({Forked("alembic", 7, 2)});
  const Lines lines = RenderReport(report, kMost);
  ASSERT_GE(lines.size(), 7u);
  EXPECT_EQ(lines[1], "error:   head new1, new: versions/new1.py");
  EXPECT_EQ(lines[2], "error:   head new2, new: versions/new2.py");
  EXPECT_EQ(lines[3], "error:   head old1, was there: versions/old1.py");
  EXPECT_EQ(lines[6], "error:   and 4 more");
  EXPECT_THAT(lines.back(), EndsWith("alembic merge -m \"merge heads\" heads"));
  EXPECT_THAT(RenderReport(report, 0), Contains(HasSubstr("error:   head ")).Times(9));
}

TEST(RenderReport, ManyEditsAreCounted) {
  const CheckReport report = ReportOf({Forked("alembic", 1, 5)});
  EXPECT_THAT(RenderReport(report, kMost), Contains("hint:   and 2 more files"));
  EXPECT_THAT(RenderReport(report, 0), Contains(HasSubstr("down_revision = 'old1'")).Times(5));
}

TEST(RenderReport, NeverLongerThanAllowed) {
  CheckReport report = ReportOf({Forked("one", 1, 3), Forked("two", 2, 5), Forked("three", 0, 4)});
  report.hints = {"a", "b"};
  report.nothing_to_compare = true;
  const Lines all = RenderReport(report, 0);
  for (std::size_t most = 1; most <= all.size() + 1; ++most) {
    EXPECT_THAT(RenderReport(report, most), SizeIs(::testing::AllOf(Ge(1u), Le(most))));
  }
}

TEST(RenderReport, SaysNothingOfACommonAncestorThatWasNotLookedFor) {
  CheckReport report = ReportOf({Forked("alembic", 1, 1)});
  HeadRepair& repair = report.environments[0].repairs[""];
  repair.diverge.reset();
  EXPECT_THAT(RenderReport(report, kMost), Contains("error:   they have no common ancestor"));
  repair.diverge_known = false;
  EXPECT_THAT(RenderReport(report, kMost), Each(Not(HasSubstr("ancestor"))));
}

TEST(RenderReport, AnImportIsToldOfTheSettingsOnce) {
  CheckReport report = ReportOf({Forked("one", 0, 2), Forked("two", 0, 2)});
  report.environments[0].findings.push_back({"cycle", Level::kError, "a cycle", "a.py", 1});
  const auto about_import = AllOf(HasSubstr("onehead.maxHeads"), HasSubstr("onehead.override"));
  EXPECT_THAT(RenderReport(report, kMost), Each(Not(about_import)));
  report.nothing_to_compare = true;
  EXPECT_THAT(RenderReport(report, kMost), Contains(about_import).Times(1));
  EXPECT_THAT(RenderReport(report, 4), Contains(about_import).Times(1));
  EXPECT_THAT(CheckJson(report), HasSubstr("\"hints\":[\"there was nothing to compare with"));
  for (EnvironmentReport& environment : report.environments) environment.findings.clear();
  EXPECT_THAT(RenderReport(report, kMost), SizeIs(0));
}

TEST(CheckJson, TellsWhatOnlyWarns) {
  CheckReport report;
  report.ref = "main";
  report.errors.push_back({{ErrorKind::kIo, "cannot read it", "", "a.ini", 3}, Level::kWarning});
  report.warnings = {"overridden"};
  report.hints = {"rebase"};
  EXPECT_EQ(CheckJson(report),
            "{\"schema\":\"onehead.check/1\",\"ref\":\"main\",\"commit\":null,\"verdict\":\"pass\","
            "\"error\":null,\"environments\":[],\"warnings\":[\"a.ini:3: cannot read it\","
            "\"overridden\"],\"hints\":[\"rebase\"]}");
}

}  // namespace
}  // namespace onehead

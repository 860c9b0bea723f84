// Environments that count, and --renumber.
#include "core/reparent/numbers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "onehead/base/text.h"
#include "support/graph_builder.h"
#include "support/reparent_case.h"

namespace onehead {
namespace {

using reparent::LeadingNumber;
using reparent::Numbering;
using reparent::WithNumber;
using ::testing::HasSubstr;
using testing::Migrations;
using testing::Plan;
using testing::ReparentCase;
using testing::SecondPlan;

TEST(Numbers, AtTheFront) {
  for (const char* text : {"0044", "0044_audit", "0044-audit", "1", "9_x", "000044_x"}) {
    EXPECT_TRUE(LeadingNumber(text)) << text;
  }
  for (const char* text : {"", "audit", "_0044", "0044audit", "44a1", "v1", "20260622_x",
                           "123456789012", "1234567", "0044.x", "0044 x"}) {
    EXPECT_FALSE(LeadingNumber(text)) << text;
  }
  EXPECT_EQ(LeadingNumber("0044_audit")->value, 44u);
  EXPECT_EQ(WithNumber("0044_audit", 45), "0045_audit");
  EXPECT_EQ(WithNumber("0009", 10), "0010");
  EXPECT_EQ(WithNumber("9", 10), "10");
  EXPECT_EQ(WithNumber("999_x", 1000), "1000_x");
}

TEST(Numbers, WhatCounts) {
  using Of = Numbering::Of;
  struct Case {
    const char* published;
    Of of;
  };
  const Case cases[] = {
      {"0001; 0002 <- 0001", Of::kIds},
      {"0001_a; 0002_b <- 0001_a; 0002_c <- 0001_a; m <- 0002_b, 0002_c", Of::kIds},
      {"1; 2 <- 1", Of::kIds},
      {"a; 0002 <- a", Of::kIds},  // it begins with a zero, and there is nothing else to go by
      {"a; 2 <- a", Of::kNothing},
      {"a; b <- a", Of::kNothing},
      {"", Of::kNothing},
      // Old ones, and then others.
      {"0001; 0002 <- 0001; beef <- 0002; cafe <- beef", Of::kIds},
      // Steps of ten, or none.
      {"0010; 0020 <- 0010; 0030 <- 0020", Of::kNothing},
      {"001_a; 001_b <- 001_a; 001_c <- 001_b", Of::kNothing},
      // Dates: with a number of the day, by month, by year, and where each is the next one.
      {"20260622_001_x; 20260622_002_y <- 20260622_001_x", Of::kNothing},
      {"2024_06_22_a; 2024_06_23_b <- 2024_06_22_a; 2025_01_01_c <- 2024_06_23_b", Of::kNothing},
      {"2024_a; 2025_b <- 2024_a; 2026_c <- 2025_b", Of::kNothing},
      {"202401_a; 202402_b <- 202401_a; 202403_c <- 202402_b", Of::kNothing},
      {"2401_a; 2402_b <- 2401_a", Of::kNothing},
      {"240621_a; 240622_b <- 240621_a; 240623_c <- 240622_b", Of::kNothing},
      // Times and random ids.
      {"1718000000; 1718000001 <- 1718000000", Of::kNothing},
      {"123456789012; 123456789013 <- 123456789012", Of::kNothing},
      // Past a year's number.
      {"1998; 1999 <- 1998; 0001; 0002 <- 0001; 0003 <- 0002; 0004 <- 0003", Of::kIds},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Numbering::Find(Migrations(c.published)).of(), c.of) << c.published;
  }
}

struct NumberCase {
  const char* name;
  const char* published;
  const char* local;
  const char* expected;
};

const NumberCase kNumbers[] = {
    {"Chain", "0003; 0004 <- 0003; 0005 <- 0004", "0004 <- 0003; 0005 <- 0004",
     "0004 > 0006 <- 0005 @ local/0006.py; 0005 > 0007 <- 0006 @ local/0007.py"},
    // 0004 has been the name of another one: it is given to none.
    {"ChainThatIsLonger", "0001; 0002 <- 0001; 0003 <- 0002",
     "0002 <- 0001; 0003 <- 0002; 0004 <- 0003 + 0002",
     "0002 > 0005 <- 0003 @ local/0005.py; 0003 > 0006 <- 0005 @ local/0006.py; "
     "0004 > 0007 <- 0006 + 0005 @ local/0007.py"},
    {"OnlyTheNumberClashes", "0043_x; 0044_other <- 0043_x", "0044_audit <- 0043_x",
     "0044_audit > 0045_audit <- 0044_other @ local/0045_audit.py"},
    {"SlugsFollow", "0043_x; 0044_other <- 0043_x", "0044_audit <- 0043_x; 0045_b <- 0044_audit",
     "0044_audit > 0045_audit <- 0044_other @ local/0045_audit.py; "
     "0045_b > 0046_b <- 0045_audit @ local/0046_b.py"},
    {"TheSameSlug", "0043_x; 0044_y <- 0043_x", "0044_y <- 0043_x",
     "0044_y > 0045_y <- 0044_y @ local/0045_y.py"},
    {"NotAbove", "0043_x; 0044_o <- 0043_x; 0045_p <- 0044_o", "0044_audit <- 0043_x",
     "0044_audit > 0046_audit <- 0045_p @ local/0046_audit.py"},
    {"InUseFurtherDown", "0041; 0042 <- 0041; 0043 <- 0042; 0046_p <- 0043; 0045_q <- 0046_p",
     "0046_audit <- 0043", "0046_audit > 0047_audit <- 0045_q @ local/0047_audit.py"},
    {"Above", "0043_x; 0044_o <- 0043_x", "0045_audit <- 0043_x", "0045_audit <- 0044_o"},
    {"InItsPlace", "0043_x; 0044_o <- 0043_x", "0044_audit <- 0044_o",
     "0044_audit > 0045_audit <- 0044_o @ local/0045_audit.py"},
    {"NothingToDo", "0043_x; 0044_o <- 0043_x", "0045_audit <- 0044_o; 0046_b <- 0045_audit", "-"},
    {"Roots", "0043_x; 0044_o <- 0043_x", "0044_b <- 0043_x; 0044_a <- 0043_x",
     "0044_a > 0045_a <- 0044_o @ local/0045_a.py; 0044_b > 0046_b <- 0045_a @ local/0046_b.py"},
    {"Width", "0008; 0009 <- 0008", "0009 <- 0008", "0009 > 0010 <- 0009 @ local/0010.py"},
    {"NoWidth", "8; 9 <- 8", "9 <- 8", "9 > 10 <- 9 @ local/10.py"},
    {"OverAMergeWithoutNumber", "0043; 0044 <- 0043; beef <- 0044", "0044_x <- 0043",
     "0044_x > 0045_x <- beef @ local/0045_x.py"},
    {"RandomIdsAreNoNumbers", "0099; 0100_b <- 0099; 123456789012 <- 0100_b", "0100_b <- 0099",
     "0100_b > 0101_b <- 123456789012 @ local/0101_b.py"},
    {"AnotherKindOfId", "0043; 0044 <- 0043", "beef <- 0043; 202406_x <- beef", "beef <- 0044"},
    {"Dates", "20260620_001_a; 20260621_001_b <- 20260620_001_a",
     "20260621_001_x <- 20260620_001_a", "20260621_001_x <- 20260621_001_b"},
    {"LabelledBranchesCountByThemselves",
     "r; 0001_e <- r = expand; 0001_c <- r = contract; 0002_e <- 0001_e",
     "0002_c <- 0001_c; 0002_x <- 0001_e", "0002_x > 0003_x <- 0002_e @ local/0003_x.py"},
    {"MergesGo", "0001; 0002_x <- 0001; 0003_y <- 0001; 0004_u <- 0002_x, 0003_y",
     "0004_t~ <- 0002_x, 0003_y; 0005_s <- 0004_t", "0004_t gone; 0005_s <- 0004_u"},
};

class Renumber : public ::testing::TestWithParam<NumberCase> {};

TEST_P(Renumber, GivesTheNextNumber) {
  const NumberCase& c = GetParam();
  ReparentCase input = ReparentCase::Of(c.published, c.local);
  input.options.renumber = true;
  EXPECT_EQ(Plan(input), c.expected);
  EXPECT_EQ(SecondPlan(input), "-");
}

INSTANTIATE_TEST_SUITE_P(Issue, Renumber, ::testing::ValuesIn(kNumbers),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(RenumberTest, OnlyWhereItIsAskedFor) {
  const ReparentCase c = ReparentCase::Of("0043_x; 0044_o <- 0043_x", "0044_audit <- 0043_x");
  EXPECT_EQ(Plan(c), "0044_audit <- 0044_o");
}

TEST(RenumberTest, LaterPicksKeepTheirNumbers) {
  ReparentCase c = ReparentCase::Of("0003; 0004 <- 0003", "0004 <- 0003");
  c.options.renumber = true;
  c.input.taken_ids = {"0005", "0006_more"};
  EXPECT_EQ(Plan(c), "0004 > 0007 <- 0004 @ local/0007.py");
  c.input.taken_ids = {};
  c.input.taken_paths = {"local/0005.py"};
  EXPECT_EQ(Plan(c), "0004 > 0006 <- 0004 @ local/0006.py");
}

// The picks of 0004 and 0005 onto a main that has both.
TEST(RenumberTest, PickByPick) {
  ReparentCase first = ReparentCase::Of("0003; 0004 <- 0003; 0005 <- 0004", "0004 <- 0003");
  first.options.renumber = true;
  first.input.taken_ids = {"0005"};
  EXPECT_EQ(Plan(first), "0004 > 0006 <- 0005 @ local/0006.py");
  ReparentCase second =
      ReparentCase::Of("0003; 0004 <- 0003; 0005 <- 0004; 0006 <- 0005", "0005 <- 0004");
  second.options.renumber = true;
  second.input.known_ids = {{"0004", "0006"}};
  EXPECT_EQ(Plan(second), "0005 > 0007 <- 0006 @ local/0007.py");
}

TEST(RenumberTest, KnownNumbersAreUsed) {
  ReparentCase c = ReparentCase::Of("0003; 0004 <- 0003", "0004 <- 0003; 0005_b <- 0004");
  c.options.renumber = true;
  c.input.known_ids = {{"0004", "0008"}};
  EXPECT_EQ(Plan(c),
            "0004 > 0008 <- 0004 @ local/0008.py; 0005_b > 0009_b <- 0008 @ "
            "local/0009_b.py");
}

TEST(RenumberTest, WithNewIdsToo) {
  ReparentCase c = ReparentCase::Of("0043; 0044 <- 0043", "0045_x <- 0043; beef <- 0045_x");
  c.options.renumber = true;
  c.options.new_id = [] { return std::string("n1"); };
  EXPECT_EQ(Plan(c),
            "0045_x > 0046_x <- 0044 @ local/0046_x.py; beef > n1 <- 0046_x @ "
            "local/n1.py");
  EXPECT_EQ(SecondPlan(c), "-");
}

// Paths of their own, one for each migration.
ReparentCase InFiles(const char* published, const char* local,
                     const std::vector<std::string>& paths) {
  ReparentCase c = ReparentCase::Of(published, local);
  c.options.renumber = true;
  std::set<std::string> local_paths;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    auto copy = std::make_shared<Migration>(*c.input.migrations[i]);
    if (c.input.local_paths.count(copy->path) != 0) local_paths.insert(paths[i]);
    copy->path = paths[i];
    c.input.migrations[i] = std::move(copy);
  }
  c.input.local_paths = local_paths;
  return c;
}

TEST(RenumberTest, FileNamesThatHoldMoreOrLessThanTheId) {
  EXPECT_EQ(Plan(InFiles("0001; 0002 <- 0001", "0002 <- 0001",
                         {"v/0001_a.py", "v/0002_b.py", "v/0002_audit.py"})),
            "0002 > 0003 <- 0002 @ v/0003_audit.py");
  // An id that was cut off.
  EXPECT_EQ(Plan(InFiles("0001_a; 0002_b <- 0001_a", "0002_aud <- 0001_a",
                         {"v/0001_a.py", "v/0002_b.py", "v/0002_audit_log.py"})),
            "0002_aud > 0003_aud <- 0002_b @ v/0003_audit_log.py");
  EXPECT_EQ(Plan(InFiles("0001; 0002 <- 0001", "0002 <- 0001",
                         {"v/a.py", "v/b.py", "v/2026_06_22_0002_x.py"})),
            "0002 > 0003 <- 0002 @ v/2026_06_22_0003_x.py");
  EXPECT_EQ(Plan(InFiles("0001; 0002 <- 0001", "0002 <- 0001", {"v/a.py", "v/b.py", "v/x.py"})),
            "0002 > 0003 <- 0002");
}

// What has the same bytes is a copy, unless number and names say that there are two.
TEST(RenumberTest, CopiesAreNotNumbered) {
  EXPECT_EQ(Plan(InFiles("0001; 0002 <- 0001", "0002% <- 0001",
                         {"v/0001_a.py", "v/0002_yours.py", "v/0002_mine.py"})),
            "0002 > 0003 <- 0002 @ v/0003_mine.py");
  EXPECT_EQ(Plan(InFiles("0001; 0002 <- 0001", "0002% <- 0001",
                         {"v/0001_a.py", "v/0002_b.py", "w/0002_b.py"})),
            "0002 gone");
  EXPECT_EQ(Plan(InFiles("0001_a; 0002_b <- 0001_a", "0002_b% <- 0001_a",
                         {"v/0001_a.py", "v/0002_b.py", "v/0002_b_too.py"})),
            "0002_b gone");
}

TEST(RenumberTest, OnlyFileNamesAreNumbered) {
  const std::vector<std::string> paths = {"v/0043_x.py", "v/0044_o.py", "v/0044_audit.py",
                                          "v/0045_more.py"};
  ReparentCase c = InFiles("aa; bb <- aa", "cc <- aa; dd <- cc", paths);
  EXPECT_EQ(Plan(c), "cc <- bb @ v/0045_audit.py; dd <- cc @ v/0046_more.py");
  EXPECT_EQ(SecondPlan(c), "-");
  c.input.taken_paths = {"v/0045_later.py"};
  EXPECT_EQ(Plan(c), "cc <- bb @ v/0046_audit.py; dd <- cc @ v/0047_more.py");
  c.input.known_paths = {{"v/0044_audit.py", "v/0048_audit.py"}};
  EXPECT_EQ(Plan(c), "cc <- bb @ v/0048_audit.py; dd <- cc @ v/0049_more.py");
  c.options.renumber = false;
  EXPECT_EQ(Plan(c), "cc <- bb");
  // New ids as well, where the name holds the id too.
  ReparentCase both =
      InFiles("aa; bb <- aa", "cc <- aa", {"v/0043_x.py", "v/0044_o.py", "v/0044_cc_audit.py"});
  both.options.new_id = [] { return std::string("n1"); };
  EXPECT_EQ(Plan(both), "cc > n1 <- bb @ v/0045_n1_audit.py");
}

TEST(RenumberTest, FileNamesThatBeginWithADateStay) {
  const std::vector<std::string> paths = {"v/2026_06_20_x.py", "v/2026_06_21_o.py",
                                          "v/2026_06_21_audit.py"};
  EXPECT_EQ(Plan(InFiles("aa; bb <- aa", "cc <- aa", paths)), "cc <- bb");
}

}  // namespace
}  // namespace onehead

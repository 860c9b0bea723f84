#include "onehead/core/reparent/publication.h"

#include <gtest/gtest.h>

namespace onehead {
namespace {

Settings With(const std::vector<Setting>& entries) {
  Result<Settings> settings = ParseSettings(entries);
  EXPECT_TRUE(settings) << settings.error().message;
  return *settings;
}

TEST(PublishedBranches, AreThoseThatUsuallyAreDeployed) {
  const Settings settings = With({});
  for (const char* name :
       {"main", "master", "trunk", "develop", "dev", "staging", "production", "prod", "release/2.0",
        "releases/x/y", "stable/1", "maint/2", "release-3", "stable-4"}) {
    EXPECT_TRUE(settings.IsPublishedBranch(name)) << name;
  }
  for (const char* name :
       {"feature", "hotfix/1", "maintenance", "dev2", "releases", "my/main", ""}) {
    EXPECT_FALSE(settings.IsPublishedBranch(name)) << name;
  }
}

TEST(PublishedBranches, FirstValueReplacesTheDefault) {
  const Settings live = With({{"onehead.publishedrefs", "live/.*"}});
  EXPECT_TRUE(live.IsPublishedBranch("live/x"));
  EXPECT_FALSE(live.IsPublishedBranch("dev"));
  const Settings none = With({{"onehead.publishedrefs", ""}});
  EXPECT_FALSE(none.IsPublishedBranch("dev"));
}

TEST(PublishedBranches, PatternMayBeWrittenForWholeRefs) {
  const Settings settings = With({{"onehead.publishedrefs", "refs/heads/(a|b)"},
                                  {"onehead.publishedrefs", "refs/heads/c|refs/heads/d"}});
  for (const char* name : {"a", "b", "c", "d"}) EXPECT_TRUE(settings.IsPublishedBranch(name));
  EXPECT_FALSE(settings.IsPublishedBranch("e"));
}

TEST(PublishedNames, EachSourceCounts) {
  const Settings settings = With({{"onehead.publishedrefs", "live"}});
  BranchFacts facts;
  facts.remotes = {{"origin", "trunk1"}, {"team/up", "trunk2"}};
  facts.init_default_branch = "trunk3";
  facts.current = "feature";
  const PublishedNames names(settings, facts);
  for (const char* branch : {"main", "master", "trunk1", "trunk2", "trunk3", "live"}) {
    EXPECT_TRUE(names.IsPublished("refs/heads/" + std::string(branch))) << branch;
    EXPECT_TRUE(names.IsPublished("refs/remotes/origin/" + std::string(branch))) << branch;
    EXPECT_TRUE(names.IsPublished("refs/remotes/team/up/" + std::string(branch))) << branch;
  }
  for (const char* ref :
       {"refs/heads/feature", "refs/remotes/origin/feature", "refs/heads/dev", "refs/tags/main",
        "refs/remotes/origin/HEAD", "refs/heads/x/main", "refs/remotes/origin", "HEAD"}) {
    EXPECT_FALSE(names.IsPublished(ref)) << ref;
  }
}

TEST(PublishedNames, BranchThatIsWorkedOnIsNotPublishedButItsCopyIsByItsName) {
  const Settings settings = With({});
  BranchFacts facts;
  facts.current = "main";
  const PublishedNames names(settings, facts);
  EXPECT_FALSE(names.IsPublished("refs/heads/main"));
  EXPECT_TRUE(names.IsPublished("refs/remotes/origin/main"));
  EXPECT_TRUE(names.CurrentIsPublished());
}

TEST(PublishedNames, LongestRemoteNameIsTheRemote) {
  const Settings settings = With({});
  BranchFacts facts;
  facts.remotes = {{"a", "main"}, {"a/b", "main"}};
  const PublishedNames names(settings, facts);
  EXPECT_EQ(names.Parse("refs/remotes/a/b/c").remote, "a/b");
  EXPECT_EQ(names.Parse("refs/remotes/a/c/d").name, "c/d");
  EXPECT_EQ(names.Parse("refs/remotes/x/c/d").name, "c/d");
}

TEST(Stays, FirstRuleThatApplies) {
  struct Case {
    RevisionPlaces places;
    MergeOperation operation;
    bool stays;
  };
  using Op = MergeOperation;
  const RevisionPlaces both{true, true}, ours{true, false}, theirs{false, true};
  const RevisionPlaces published{false, true, true}, published_ours{true, false, true};
  const Case cases[] = {
      {both, Op::kReplay, true},
      {both, Op::kMergeOfPublished, true},
      {ours, Op::kReplay, true},
      {theirs, Op::kReplay, false},
      {ours, Op::kMerge, true},
      {theirs, Op::kMerge, false},
      {ours, Op::kMergeOfPublished, false},
      {theirs, Op::kMergeOfPublished, true},
      {published, Op::kReplay, true},
      {published, Op::kMerge, true},
      {published_ours, Op::kMergeOfPublished, true},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(IsPinned(c.places, c.operation), c.stays) << (&c - cases);
  }
}

}  // namespace
}  // namespace onehead

// Which refs are published, what a merge is, and which migrations of it are local: with real
// repositories, each source of the answer alone.
#include "commands/published/published.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "commands/app/workspace.h"
#include "commands/hook/judge.h"
#include "commands/published/published_past.h"
#include "commands/published/upstream.h"
#include "git/repository_fixture.h"
#include "support/memory_tree.h"
#include "support/state_builder.h"

namespace onehead {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::StateOf;
using ::testing::UnorderedElementsAre;

class PublishedTest : public git::RepositoryTest {
 protected:
  PublishedTest() {
    box_.InitWork("work");
    Commit("base");
    Git({"branch", "-q", "-m", "trunk1"});
    Git({"checkout", "-q", "-b", "feature"});
  }

  std::string Git(const std::vector<std::string>& args) { return box_.MustGit(args, "work"); }
  std::string Commit(const std::string& name) {
    return box_.CommitFile("work", name + ".txt", name + "\n");
  }
  // A ref with a commit of its own.
  void Ref(const std::string& name) {
    const std::string tree = Git({"rev-parse", "HEAD^{tree}"});
    Git({"update-ref", name, Git({"commit-tree", "-p", "HEAD", "-m", name, tree})});
  }
  ContentId At(const std::string& rev) { return Id(Git({"rev-parse", rev})); }

  struct Opened {
    std::unique_ptr<git::Repository> repository;
    Settings settings;
  };
  Opened OpenAll() {
    Opened opened{Open("work"), {}};
    Result<Settings> settings = ReadSettings(*opened.repository);
    EXPECT_TRUE(settings) << settings.error().message;
    if (settings) opened.settings = *settings;
    return opened;
  }

  std::vector<std::string> Names() {
    const Opened opened = OpenAll();
    const auto found = PublishedRefs::Find(*opened.repository, opened.settings);
    if (!found) return {"error: " + found.error().message};
    std::vector<std::string> names;
    for (const PublishedRef& ref : found->refs()) names.push_back(ref.name);
    return names;
  }
  bool TheirsStay(const std::string& theirs, const std::string& name) {
    const Opened opened = OpenAll();
    const auto found = PublishedRefs::Find(*opened.repository, opened.settings);
    EXPECT_TRUE(found) << found.error().message;
    const auto operation = found->OperationOf(*opened.repository, At(theirs), name);
    EXPECT_TRUE(operation) << operation.error().message;
    return operation && *operation == MergeOperation::kMergeOfPublished;
  }
  std::string DefaultName() {
    const Opened opened = OpenAll();
    const auto refs = PublishedRefs::Find(*opened.repository, opened.settings);
    EXPECT_TRUE(refs) << refs.error().message;
    const auto found = DefaultUpstream(*opened.repository, opened.settings, *refs);
    EXPECT_TRUE(found) << found.error().message;
    return found && *found ? (*found)->name : "none";
  }
};

TEST_F(PublishedTest, EachSourceIsPublished) {
  EXPECT_THAT(Names(), IsEmpty());
  for (const char* ref : {"refs/heads/main", "refs/heads/master", "refs/heads/release/1",
                          "refs/heads/topic", "refs/remotes/origin/dev", "refs/remotes/origin/x",
                          "refs/remotes/up/trunk9", "refs/heads/named", "refs/tags/main"}) {
    Ref(ref);
  }
  EXPECT_THAT(Names(), UnorderedElementsAre("main", "master", "release/1", "origin/dev"));
  Git({"symbolic-ref", "refs/remotes/up/HEAD", "refs/remotes/up/trunk9"});
  EXPECT_THAT(Names(), ::testing::Contains("up/trunk9"));
  Git({"config", "init.defaultBranch", "topic"});
  EXPECT_THAT(Names(), ::testing::Contains("topic"));
  Git({"config", "onehead.upstream", "named"});
  EXPECT_EQ(Names().front(), "named");
  Git({"config", "onehead.publishedRefs", "x"});
  EXPECT_THAT(Names(),
              UnorderedElementsAre("named", "main", "master", "topic", "up/trunk9", "origin/x"));
}

TEST_F(PublishedTest, BranchThatIsWorkedOnAndItsCopyAreNot) {
  Ref("refs/remotes/origin/feature");
  Ref("refs/remotes/origin/main");
  Git({"branch", "-q", "main", "origin/main~1"});
  Git({"checkout", "-q", "main"});
  EXPECT_THAT(Names(), ElementsAre("origin/main"));
  Git({"config", "onehead.upstream", "main"});
  EXPECT_THAT(Names(), ElementsAre("origin/main"));
}

TEST_F(PublishedTest, SettingThatLeadsNowhereIsNamed) {
  Git({"config", "onehead.upstream", "gone"});
  EXPECT_THAT(Names(), ElementsAre(HasSubstr("error: onehead.upstream: ")));
}

TEST_F(PublishedTest, TheirsStayInAMergeOfAPublishedOrARemotesBranch) {
  for (const char* ref : {"refs/heads/main", "refs/heads/local", "refs/remotes/origin/main",
                          "refs/remotes/origin/colleague", "refs/remotes/origin/feature"}) {
    Ref(ref);
  }
  EXPECT_TRUE(TheirsStay("main", "main"));
  EXPECT_TRUE(TheirsStay("main", Git({"rev-parse", "main"})));
  EXPECT_TRUE(TheirsStay("main~1", "main~1"));
  EXPECT_TRUE(TheirsStay("origin/main", "origin/main"));
  EXPECT_TRUE(TheirsStay("origin/colleague", "origin/colleague"));
  EXPECT_TRUE(TheirsStay("origin/colleague", "refs/remotes/origin/colleague"));
  EXPECT_TRUE(TheirsStay("origin/feature", "origin/feature"));
  EXPECT_FALSE(TheirsStay("local", "local"));
  EXPECT_FALSE(TheirsStay("local", "refs/heads/local"));
}

TEST_F(PublishedTest, OursStayOnAPublishedBranchButForItsOwnCopy) {
  for (const char* ref : {"refs/heads/main", "refs/heads/release/1", "refs/remotes/origin/main",
                          "refs/remotes/origin/release/1", "refs/remotes/origin/colleague"}) {
    Ref(ref);
  }
  Git({"checkout", "-q", "main"});
  EXPECT_FALSE(TheirsStay("origin/release/1", "origin/release/1"));
  EXPECT_FALSE(TheirsStay("release/1", "release/1"));
  EXPECT_FALSE(TheirsStay("origin/colleague", "origin/colleague"));
  EXPECT_TRUE(TheirsStay("origin/main", "origin/main"));
  EXPECT_TRUE(TheirsStay("origin/main", Git({"rev-parse", "origin/main"})));
}

TEST_F(PublishedTest, WhatIsPulledFromAnotherRepositoryIsARemotesBranch) {
  Ref("refs/heads/elsewhere");
  const std::string id = Git({"rev-parse", "elsewhere"});
  Git({"branch", "-q", "-D", "elsewhere"});
  box_.WriteFile("work/.git/FETCH_HEAD", id + "\t\tbranch 'their' of ../other\n");
  EXPECT_TRUE(TheirsStay(id, std::string(kFetched)));
  Git({"branch", "-q", "main", "HEAD"});
  Git({"checkout", "-q", "main"});
  EXPECT_FALSE(TheirsStay(id, std::string(kFetched)));
  box_.WriteFile("work/.git/FETCH_HEAD", id + "\t\tbranch 'main' of ../other\n");
  EXPECT_TRUE(TheirsStay(id, std::string(kFetched)));
}

TEST_F(PublishedTest, DefaultUpstream) {
  EXPECT_EQ(DefaultName(), "none");
  Ref("refs/heads/main");
  EXPECT_EQ(DefaultName(), "main");
  Ref("refs/remotes/up/master");
  EXPECT_EQ(DefaultName(), "up/master");  // the only remote
  Ref("refs/remotes/origin/main");
  EXPECT_EQ(DefaultName(), "origin/main");
  Git({"config", "branch.feature.remote", "up"});
  EXPECT_EQ(DefaultName(), "up/master");
  Ref("refs/remotes/up/next");
  Git({"symbolic-ref", "refs/remotes/up/HEAD", "refs/remotes/up/next"});
  EXPECT_EQ(DefaultName(), "up/next");
  Git({"config", "onehead.upstream", "origin/main"});
  EXPECT_EQ(DefaultName(), "origin/main");
}

TEST_F(PublishedTest, PastHasWhatWasRemoved) {
  const std::string path = "v/x.py";
  box_.CommitFile("work", path, testing::MigrationText("x", {"a"}));
  box_.CommitFile("work", "v/keep.py", testing::MigrationText("keep", {"a"}));
  Git({"rm", "-q", path});
  box_.CommitAll("work", "revert");
  Git({"branch", "-q", "main"});
  const Opened opened = OpenAll();
  const auto refs = PublishedRefs::Find(*opened.repository, opened.settings);
  ASSERT_TRUE(refs);
  Environment environment;
  environment.version_locations = {"v"};
  const auto past = PublishedPast::Read(*opened.repository, *refs, environment);
  ASSERT_TRUE(past) << past.error().message;
  EXPECT_EQ(past->ParentsOf("x"), std::vector<std::string>{"a"});
  EXPECT_FALSE(past->ParentsOf("keep"));
  EXPECT_TRUE(past->Had(ReadMigration(path, testing::MigrationText("x", {"other"}))));
  EXPECT_FALSE(past->Had(ReadMigration("v/y.py", testing::MigrationText("x", {"other"}))));
  EXPECT_FALSE(past->Had(ReadMigration(path, testing::MigrationText("y", {"a"}))));
}

TEST(LocalPaths, IdsDecideAndPathsForDoubledOnes) {
  const StatePtr ours = StateOf({{"a", {}}, {"o", {"a"}}});
  const StatePtr theirs = StateOf({{"a", {}}, {"t", {"a"}}});
  const StatePtr result = StateOf({{"a", {}}, {"o", {"a"}}, {"t", {"a"}}});
  const PublishedRevisions none;
  const auto local = [&](MergeOperation operation) {
    return LocalPaths({ours, theirs, result, operation}, none);
  };
  const std::string o = result->graph.Find("o")->migration->path;
  const std::string t = result->graph.Find("t")->migration->path;
  EXPECT_THAT(local(MergeOperation::kReplay), ElementsAre(t));
  EXPECT_THAT(local(MergeOperation::kMerge), ElementsAre(t));
  EXPECT_THAT(local(MergeOperation::kMergeOfPublished), ElementsAre(o));
  EXPECT_THAT(LocalPaths({nullptr, result, result, MergeOperation::kReplay}, none).size(), 3u);
}

}  // namespace
}  // namespace onehead

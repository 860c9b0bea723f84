// Revisions, refs, commits and objects.
#include <filesystem>
#include <string>
#include <vector>

#include "git/repository_fixture.h"
#include "onehead/base/text.h"

namespace onehead::git {
namespace {

class ResolveTest : public RepositoryTest {
 protected:
  void SetUp() override {
    box_.InitWork("w");
    first_ = box_.CommitFile("w", "a", "1");
    second_ = box_.CommitFile("w", "a", "2");
    box_.MustGit({"tag", "-a", "-m", "one", "v1", first_}, "w");
    box_.MustGit({"tag", "-a", "-m", "two", "v2", "v1"}, "w");
    box_.MustGit({"tag", "light"}, "w");
    box_.MustGit({"tag", "-a", "-m", "blob", "blobtag", "HEAD:a"}, "w");
    box_.MustGit({"update-ref", "refs/remotes/origin/main", first_}, "w");
    repository_ = Open("w");
    ASSERT_TRUE(repository_);
  }

  std::string Resolve(const std::string& rev) {
    const Result<ContentId> id = repository_->ResolveCommit(rev);
    return id ? id->Hex() : id.error().message;
  }
  ContentId Named(const std::string& rev) { return Id(box_.MustGit({"rev-parse", rev}, "w")); }

  std::string first_;
  std::string second_;
  std::unique_ptr<Repository> repository_;
};

TEST_F(ResolveTest, WhatGitTakes) {
  for (const char* rev : {"HEAD", "@", "main", "heads/main", "refs/heads/main", "light"}) {
    EXPECT_EQ(Resolve(rev), second_) << rev;
  }
  for (const char* rev : {"HEAD~", "HEAD~1", "HEAD^", "v1", "v2", "v2^{commit}", "origin/main"}) {
    EXPECT_EQ(Resolve(rev), first_) << rev;
  }
  EXPECT_EQ(Resolve(first_), first_);
  EXPECT_EQ(Resolve(first_.substr(0, 7)), first_);
}

TEST_F(ResolveTest, WhatNamesNoCommit) {
  for (const char* rev : {"nope", "HEAD~9", "", "-x", "main..v1", "a b", "refs/heads/"}) {
    const Result<ContentId> id = repository_->ResolveCommit(rev);
    ASSERT_FALSE(id) << rev;
    EXPECT_EQ(id.error().message, "unknown revision '" + std::string(rev) + "'");
    EXPECT_EQ(id.error().kind, ErrorKind::kNotFound) << rev;
  }
  EXPECT_EQ(Resolve("bad\nname"), "unknown revision 'bad\\x0aname'");
  EXPECT_EQ(Resolve("HEAD:a"), "'HEAD:a' is a blob, not a commit");
  EXPECT_EQ(Resolve("HEAD^{tree}"), "'HEAD^{tree}' is a tree, not a commit");
  EXPECT_EQ(repository_->ResolveCommit("HEAD:a").error().kind, ErrorKind::kInvalid);
}

TEST_F(ResolveTest, AmbiguousAbbreviation) {
  // Write blobs until two share their first four digits.
  std::map<std::string, int> seen;
  std::string prefix;
  for (int i = 0; prefix.empty() && i < 2000; i += 100) {
    std::vector<std::string> args = {"hash-object", "-w"};
    for (int k = i; k < i + 100; ++k) {
      box_.WriteFile("blobs/" + std::to_string(k), std::to_string(k));
      args.push_back(box_.Path("blobs/" + std::to_string(k)));
    }
    const std::string ids = box_.MustGit(args, "w");
    for (const std::string_view id : Split(ids, '\n')) {
      const std::string four(id.substr(0, 4));
      if (++seen[four] == 2) prefix = four;
    }
  }
  ASSERT_FALSE(prefix.empty());
  const Result<ContentId> id = repository_->ResolveCommit(prefix);
  ASSERT_FALSE(id);
  EXPECT_EQ(id.error().kind, ErrorKind::kInvalid);
  EXPECT_NE(id.error().message.find("ambiguous"), std::string::npos) << id.error().message;
}

TEST_F(ResolveTest, PeelToCommit) {
  EXPECT_EQ(repository_->PeelToCommit(Named("v2")).value().value().Hex(), first_);
  EXPECT_EQ(repository_->PeelToCommit(Id(second_)).value().value().Hex(), second_);
  EXPECT_EQ(repository_->PeelToCommit(Named("blobtag")).value(), std::nullopt);
  EXPECT_EQ(repository_->PeelToCommit(Named("HEAD^{tree}")).value(), std::nullopt);
  const auto missing = repository_->PeelToCommit(Id(std::string(40, '7')));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::kNotFound);
}

TEST_F(ResolveTest, ATowerOfTagsIsBounded) {
  std::string below = first_;
  std::string type = "commit";
  for (int i = 0; i < 70; ++i) {
    below = box_.MustGit({"mktag"}, "w",
                         "object " + below + "\ntype " + type + "\ntag t" + std::to_string(i) +
                             "\ntagger T <t@x> 1 +0000\n\nm\n");
    type = "tag";
    if (i == 9) {
      EXPECT_EQ(repository_->PeelToCommit(Id(below)).value().value().Hex(), first_);
    }
  }
  const auto peeled = repository_->PeelToCommit(Id(below));
  ASSERT_FALSE(peeled);
  EXPECT_EQ(peeled.error().kind, ErrorKind::kInvalid);
}

TEST_F(ResolveTest, CommitInfo) {
  box_.MustGit({"commit", "-q", "--allow-empty", "-m", "\n\nSubject here\n\nbody"}, "w", "",
               {{"GIT_AUTHOR_DATE", "1700000000 -0330"}, {"GIT_AUTHOR_NAME", "J\xC3\xB6rg X"}});
  const CommitInfo info = repository_->Commit(Named("HEAD")).value();
  EXPECT_EQ(info.subject, "Subject here");
  EXPECT_EQ(info.author_name, "J\xC3\xB6rg X");
  EXPECT_EQ(info.author_time, 1'700'000'000);
  EXPECT_EQ(info.author_offset, -210);
  EXPECT_EQ(info.parents, std::vector<ContentId>{Id(second_)});
  EXPECT_EQ(info.tree, Named("HEAD^{tree}"));
  EXPECT_EQ(repository_->Commit(Named("HEAD:a")).error().kind, ErrorKind::kInvalid);
}

TEST_F(ResolveTest, HeadAttachedDetachedAndThroughASymbolicBranch) {
  EXPECT_EQ(repository_->HeadRef().value(), "refs/heads/main");
  box_.MustGit({"symbolic-ref", "refs/heads/alias", "refs/heads/trunk"}, "w");
  box_.MustGit({"symbolic-ref", "HEAD", "refs/heads/alias"}, "w");
  EXPECT_EQ(repository_->HeadRef().value(), "refs/heads/trunk");
  box_.MustGit({"update-ref", "--no-deref", "HEAD", first_}, "w");
  EXPECT_EQ(repository_->HeadRef().value(), std::nullopt);
}

TEST_F(ResolveTest, UnbornHeadListsTheBranches) {
  box_.MustGit({"branch", "dev"}, "w");
  box_.MustGit({"symbolic-ref", "HEAD", "refs/heads/none"}, "w");
  EXPECT_EQ(repository_->HeadRef().value(), "refs/heads/none");
  const Result<ContentId> id = repository_->ResolveCommit("HEAD");
  ASSERT_FALSE(id);
  EXPECT_EQ(id.error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(id.error().message, "'HEAD' has no commit yet");
  EXPECT_EQ(id.error().hint, "branches: dev, main");
  box_.InitWork("fresh");
  EXPECT_EQ(Open("fresh")->ResolveCommit("HEAD").error().hint, "there are no branches yet");
}

TEST_F(ResolveTest, RefsAreSortedResolvedAndWithoutBrokenOnes) {
  box_.MustGit({"pack-refs", "--all"}, "w");
  box_.MustGit({"symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"}, "w");
  box_.MustGit({"symbolic-ref", "refs/heads/dangling", "refs/heads/gone"}, "w");
  box_.WriteFile("w/.git/refs/heads/garbage", "xyz\n");
  box_.MustGit({"update-ref", "refs/heads/zeta", first_}, "w");
  std::vector<std::string> names;
  const std::vector<Ref> refs = repository_->Refs().value();
  for (const Ref& ref : refs) {
    names.push_back(ref.name);
    EXPECT_EQ(ref.target, Named(ref.name)) << ref.name;
  }
  EXPECT_EQ(names, (std::vector<std::string>{"refs/heads/main", "refs/heads/zeta",
                                             "refs/remotes/origin/HEAD", "refs/remotes/origin/main",
                                             "refs/tags/blobtag", "refs/tags/light", "refs/tags/v1",
                                             "refs/tags/v2"}));
  EXPECT_EQ(repository_->RefTarget("refs/remotes/origin/HEAD").value().value().Hex(), first_);
  EXPECT_EQ(repository_->RefTarget("refs/heads/gone").value(), std::nullopt);
  EXPECT_EQ(repository_->RefTarget("refs/heads/dangling").value(), std::nullopt);
  EXPECT_EQ(repository_->RefTarget("not a name").value(), std::nullopt);
}

// libgit2 cannot list the files then, and lists the packed ref although a file hides it.
TEST_F(ResolveTest, APackedRefBehindASymbolicOneIsResolved) {
  box_.MustGit({"pack-refs", "--all"}, "w");
  box_.MustGit({"update-ref", "refs/heads/zeta", first_}, "w");
  box_.MustGit({"symbolic-ref", "refs/heads/main", "refs/heads/zeta"}, "w");
  std::filesystem::create_symlink("nowhere", box_.Path("w/.git/refs/heads/a"));
  const auto refs = Open("w")->Refs();
  ASSERT_TRUE(refs) << refs.error().message;
  for (const Ref& ref : *refs) {
    if (ref.name != "refs/heads/main") continue;
    EXPECT_EQ(ref.target.Hex(), first_);
  }
}

TEST_F(ResolveTest, HistoryQuestionsAgreeWithGit) {
  box_.MustGit({"checkout", "-q", "-b", "side", first_}, "w");
  const std::string side = box_.CommitFile("w", "b", "1");
  EXPECT_EQ(repository_->MergeBase(Id(side), Id(second_)).value(), Id(first_));
  EXPECT_TRUE(repository_->IsAncestor(Id(first_), Id(side)).value());
  EXPECT_FALSE(repository_->IsAncestor(Id(second_), Id(side)).value());
  // Refs to blobs and missing objects do not disturb.
  box_.WriteFile("w/.git/refs/heads/lost", std::string(40, '5') + "\n");
  box_.MustGit({"checkout", "-q", "--detach"}, "w");
  const std::string loose = box_.CommitFile("w", "c", "1");
  EXPECT_EQ(repository_->KnownBoundary(Id(loose)).value(), std::vector<ContentId>{Id(side)});
  EXPECT_EQ(repository_->KnownBoundary(Id(side)).value(), std::vector<ContentId>{Id(side)});
  box_.MustGit({"checkout", "-q", "--orphan", "island"}, "w");
  const std::string island = box_.CommitFile("w", "d", "1");
  EXPECT_EQ(repository_->MergeBase(Id(island), Id(side)).value(), std::nullopt);
}

TEST_F(ResolveTest, ReplaceRefsAreNotApplied) {
  box_.MustGit({"replace", second_, first_}, "w");
  EXPECT_EQ(repository_->Commit(Id(second_)).value().parents.size(), 1u);
}

TEST_F(ResolveTest, ShallowHistoryEndsQuietly) {
  box_.MustGit({"clone", "-q", "--depth=1", "file://" + box_.Path("w"), box_.Path("shallow")});
  const auto shallow = Open("shallow");
  ASSERT_TRUE(shallow);
  const std::string tip = box_.CommitFile("shallow", "z", "1");
  EXPECT_EQ(shallow->KnownBoundary(Id(tip)).value(), std::vector<ContentId>{Id(tip)});
  EXPECT_TRUE(shallow->IsAncestor(Id(second_), Id(tip)).value());
  EXPECT_EQ(shallow->MergeBase(Id(second_), Id(tip)).value(), Id(second_));
}

TEST_F(ResolveTest, AfterTheTimeoutEverythingFails) {
  repository_->SetTimeout(std::chrono::milliseconds(0));
  const auto commit = repository_->Commit(Id(first_));
  ASSERT_FALSE(commit);
  EXPECT_EQ(commit.error().kind, ErrorKind::kTimeout);
  EXPECT_NE(commit.error().message.find("onehead.timeout"), std::string::npos);
  EXPECT_EQ(repository_->KnownBoundary(Id(first_)).error().kind, ErrorKind::kTimeout);
  const auto files = repository_->WorkTree();  // SHA-256: Git is asked for the index first
  EXPECT_EQ(files ? (*files)->List("").error().kind : files.error().kind, ErrorKind::kTimeout);
}

}  // namespace
}  // namespace onehead::git

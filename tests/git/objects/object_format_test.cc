#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "onehead/git/objects/object_store.h"

namespace onehead::git {
namespace {

const std::string kId(20, '\x11');
const std::string kHex(40, '1');

std::string Entry(const std::string& mode, const std::string& name, const std::string& id = kId) {
  return mode + " " + name + std::string(1, '\0') + id;
}

// "f:name d:name ..." or the message of the error.
std::string Dump(const Result<TreeListing>& listing) {
  if (!listing) return listing.error().message;
  std::string out;
  for (const TreeEntry& entry : *listing) {
    if (!out.empty()) out += ' ';
    out += "fdls"[static_cast<int>(entry.kind)];
    out += ":" + entry.name;
  }
  return out;
}

struct TreeCase {
  std::string bytes;
  std::string dump;
};

TEST(ParseTree, Table) {
  const std::vector<TreeCase> cases = {
      {"", ""},
      {Entry("100644", "a") + Entry("100755", "b"), "f:a f:b"},
      {Entry("100664", "old"), "f:old"},
      {Entry("40000", "d"), "d:d"},
      {Entry("040000", "d"), "d:d"},
      {Entry("120000", "l"), "l:l"},
      {Entry("160000", "s"), "s:s"},
      {Entry("100644", "new\nline"), "f:new\nline"},
      // "a" as a directory sorts as "a/", behind "a.b"; the listing is by plain name.
      {Entry("100644", "a.b") + Entry("40000", "a") + Entry("100644", "a0"), "d:a f:a.b f:a0"},
      {Entry("40000", "a") + Entry("100644", "a.b"), "malformed tree: not sorted at 'a.b'"},
      {Entry("100644", "b") + Entry("100644", "a"), "malformed tree: not sorted at 'a'"},
      {Entry("100644", "a") + Entry("100644", "a"), "malformed tree: not sorted at 'a'"},
      {Entry("100644", "a") + Entry("100644", "a.b") + Entry("40000", "a"),
       "malformed tree: 'a' is there twice"},
      {Entry("100644", ""), "malformed tree: illegal name ''"},
      {Entry("100644", "."), "malformed tree: illegal name '.'"},
      {Entry("40000", ".."), "malformed tree: illegal name '..'"},
      {Entry("100644", "a/b"), "malformed tree: illegal name 'a/b'"},
      {Entry("0", "a"), "malformed tree: unknown mode '0'"},
      {Entry("", "a"), "malformed tree: unknown mode ''"},
      {Entry("10064x", "a"), "malformed tree: unknown mode '10064x'"},
      {Entry("100648", "a"), "malformed tree: unknown mode '100648'"},
      {Entry("170000", "a"), "malformed tree: unknown mode '170000'"},
      {Entry("777777100644", "a"), "malformed tree: unknown mode '777777100644'"},
      {"100644", "malformed tree: an entry ends before its name"},
      {"100644 a", "malformed tree: a name has no end"},
      {Entry("100644", "a").substr(0, 15), "malformed tree: an object id is cut off"},
  };
  for (const TreeCase& one : cases) EXPECT_EQ(Dump(ParseTree(one.bytes, 20)), one.dump);
}

TEST(ParseTree, BytesAboveAsciiSortAsUnsigned) {
  EXPECT_EQ(Dump(ParseTree(Entry("100644", "z") + Entry("100644", "\xC3\xA9"), 20)),
            "f:z f:\xC3\xA9");
}

// "-name" is only in the first, "+name" only in the second, "~name" not the same, "=name" the same.
std::string Compared(const std::string& before, const std::string& after) {
  const TreeListing b = ParseTree(before, 20).value();
  const TreeListing a = ParseTree(after, 20).value();
  std::string out;
  CompareListings(
      b, a,
      [&](std::size_t i, std::size_t j) {
        out += i == b.size() ? "+" : j == a.size() ? "-" : "~";
        out += i == b.size() ? a.NameOf(j) : b.NameOf(i);
      },
      [&](std::size_t i, std::size_t j) {
        EXPECT_EQ(b.NameOf(i), a.NameOf(j));
        out += "=" + std::string(b.NameOf(i));
      });
  return out;
}

// The names "a" and "a.b" stand in the object the other way round when "a" is a directory.
TEST(ParseTree, ListingsInAnotherOrderThanTheirObjectCompare) {
  const std::string front = Entry("100644", "A") + Entry("100644", "a.b");
  const std::string directory = Entry("40000", "a");
  const std::string file = Entry("100644", "c");
  EXPECT_EQ(Compared(front + file, front + directory), "=A+a=a.b-c");
  EXPECT_EQ(Compared(front + directory, front + file), "=A-a=a.b+c");
  EXPECT_EQ(Compared(front + directory + file, front + directory + file), "=A=a=a.b=c");
  EXPECT_EQ(Compared(Entry("100644", "a.b") + directory + file, directory + file), "=a-a.b=c");
  EXPECT_EQ(Compared(directory + file, Entry("100644", "a.b") + directory + file), "=a+a.b=c");
  const std::string other(20, '\x22');
  EXPECT_EQ(
      Compared(front + directory, Entry("100644", "A") + Entry("100644", "a.b", other) + directory),
      "=A=a~a.b");
}

TEST(ParseTree, IdsOfOtherSizesAreOthers) {
  const TreeListing sha1 = ParseTree(Entry("100644", "a", std::string(20, 'x')), 20).value();
  const TreeListing sha256 = ParseTree(Entry("100644", "a", std::string(32, 'x')), 32).value();
  EXPECT_EQ(sha1.SameFrom(0, sha1, 0), 1U);
  EXPECT_EQ(sha1.SameFrom(0, sha256, 0), 0U);
}

TEST(ParseTree, Sha256) {
  const std::string id(32, '\x22');
  const Result<TreeListing> listing = ParseTree(Entry("100644", "a", id), 32);
  ASSERT_TRUE(listing);
  EXPECT_EQ((*listing)[0].content.Hex(), std::string(64, '2'));
  EXPECT_FALSE(ParseTree(Entry("100644", "a", id), 20));
  EXPECT_FALSE(ParseTree("", 21));
}

TEST(ParseCommit, EverythingIsTaken) {
  const std::string bytes = "tree " + kHex + "\nparent " + std::string(40, '2') + "\nparent " +
                            std::string(40, '3') +
                            "\nauthor A <a@x> 5 +0000\ncommitter C <c@x> 6 +0100\ngpgsig -----\n"
                            " author X <x@x> 9 +0000\n\nsubject\n\nauthor B\n";
  const Result<ParsedCommit> commit = ParseCommit(bytes);
  ASSERT_TRUE(commit) << commit.error().message;
  EXPECT_EQ(commit->tree.Hex(), kHex);
  ASSERT_EQ(commit->parents.size(), 2u);
  EXPECT_EQ(commit->parents[1].Hex(), std::string(40, '3'));
  EXPECT_EQ(commit->author, "A <a@x> 5 +0000");
  EXPECT_EQ(commit->committer, "C <c@x> 6 +0100");
  EXPECT_EQ(commit->message, "subject\n\nauthor B\n");
}

TEST(ParseCommit, AParentBehindTheAuthorIsNoParent) {
  const Result<ParsedCommit> commit =
      ParseCommit("tree " + kHex + "\nauthor A <a> 5 +0000\nparent " + kHex + "\n\n");
  ASSERT_TRUE(commit);
  EXPECT_TRUE(commit->parents.empty());
}

TEST(ParseCommit, WhatGitReadsWithoutAuthorOrMessageIsRead) {
  EXPECT_TRUE(ParseCommit("tree " + kHex + "\n"));
  EXPECT_TRUE(ParseCommit("tree " + kHex + "\n\n"));
}

TEST(ParseCommit, Malformed) {
  const std::vector<std::string> cases = {
      "",
      "\n",
      "parent " + kHex + "\n",
      "tree " + kHex,
      "tree " + kHex + " \n",
      "tree 12\n",
      "tree  " + kHex + "\n",
      "tree " + kHex + "\nparent xyz\n",
      "tree " + kHex + "\nparent " + std::string(64, '1') + "\n",
      "tree " + kHex + "\nauthor A",
  };
  for (const std::string& bytes : cases) {
    const Result<ParsedCommit> commit = ParseCommit(bytes);
    ASSERT_FALSE(commit) << bytes;
    EXPECT_EQ(commit.error().kind, ErrorKind::kInvalid) << bytes;
  }
}

TEST(ParseTagTarget, TheFirstLineCounts) {
  const Result<ContentId> id = ParseTagTarget("object " + kHex + "\ntype commit\ntag v1\n");
  ASSERT_TRUE(id);
  EXPECT_EQ(id->Hex(), kHex);
  for (const char* bytes : {"", "object\n", "object 11\n", "tag v1\nobject "}) {
    EXPECT_FALSE(ParseTagTarget(bytes)) << bytes;
  }
}

}  // namespace
}  // namespace onehead::git

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "onehead/core/source_tree.h"

namespace onehead {
namespace {

TreeEntry Entry(const std::string& name, char id, EntryKind kind = EntryKind::kFile) {
  TreeEntry entry{name, kind, {}};
  if (id == '?') return entry;  // a content that is not known
  entry.content.size = 20;
  entry.content.bytes.fill(0);
  entry.content.bytes[19] = static_cast<std::uint8_t>(id);
  return entry;
}

TEST(TreeListing, IsInOrderAndTheFirstOfANameCounts) {
  const TreeListing listing({Entry("b", '1'), Entry("a.b", '2'), Entry("b", '3'),
                             Entry("a", '4', EntryKind::kDirectory)});
  std::string names;
  for (const TreeEntryView entry : listing) names += std::string(entry.name) + " ";
  EXPECT_EQ(names, "a a.b b ");
  EXPECT_EQ(TreeEntry(listing[2]), Entry("b", '1'));
  EXPECT_EQ(listing.KindOf(0), EntryKind::kDirectory);
}

TEST(TreeListing, Find) {
  std::vector<TreeEntry> entries;
  for (char c = 'a'; c <= 'm'; ++c) entries.push_back(Entry(std::string(2, c), c));
  const TreeListing listing(entries);
  for (const TreeEntry& entry : entries) {
    ASSERT_TRUE(listing.Find(entry.name)) << entry.name;
    EXPECT_EQ(TreeEntry(*listing.Find(entry.name)), entry);
  }
  for (const char* name : {"", "a", "aaa", "ab", "zz"}) EXPECT_FALSE(listing.Find(name)) << name;
  EXPECT_FALSE(TreeListing().Find("a"));
}

// "-name" is only in the first, "+name" only in the second, "~name" not the same, "=name" the same.
std::string Compared(const std::vector<TreeEntry>& before, const std::vector<TreeEntry>& after) {
  const TreeListing b(before);
  const TreeListing a(after);
  std::string out;
  CompareListings(
      b, a,
      [&](std::size_t i, std::size_t j) {
        out += i == b.size() ? "+" : j == a.size() ? "-" : "~";
        out += std::string(i == b.size() ? a.NameOf(j) : b.NameOf(i)) + " ";
      },
      [&](std::size_t i, std::size_t j) {
        EXPECT_EQ(b.NameOf(i), a.NameOf(j));
        out += "=" + std::string(b.NameOf(i)) + " ";
      });
  return out;
}

TEST(TreeListing, Compare) {
  const std::vector<TreeEntry> some = {Entry("a", '1'), Entry("c", '2')};
  EXPECT_EQ(Compared({}, {}), "");
  EXPECT_EQ(Compared(some, some), "=a =c ");
  EXPECT_EQ(Compared(some, {}), "-a -c ");
  EXPECT_EQ(Compared({}, some), "+a +c ");
  EXPECT_EQ(Compared(some, {Entry("b", '9'), Entry("c", '3')}), "-a +b ~c ");
  EXPECT_EQ(Compared(some, {Entry("a", '1'), Entry("b", '2'), Entry("c", '2')}), "=a +b =c ");
  EXPECT_EQ(Compared({Entry("a", '1')}, {Entry("a", '1', EntryKind::kSymlink)}), "~a ");
  EXPECT_EQ(Compared({Entry("a", '?')}, {Entry("a", '?')}), "~a ") << "nobody knows";
  EXPECT_EQ(Compared({Entry("a", '1')}, {Entry("a", '?')}), "~a ");
  EXPECT_EQ(Compared({Entry("a", '1')}, {Entry("ab", '1')}), "-a +ab ");
}

}  // namespace
}  // namespace onehead

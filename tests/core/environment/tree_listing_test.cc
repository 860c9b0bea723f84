#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "onehead/core/tree/source_tree.h"

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
std::string ComparedListings(const TreeListing& b, const TreeListing& a) {
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
std::string Compared(const std::vector<TreeEntry>& before, const std::vector<TreeEntry>& after) {
  return ComparedListings(TreeListing(before), TreeListing(after));
}

// As a tree object has them: in front of each name the mode.
TreeListing InOneText(const std::vector<TreeEntry>& entries) {
  std::string text;
  std::vector<TreeListing::Slot> slots;
  for (const TreeEntry& entry : entries) {
    text += entry.kind == EntryKind::kFile ? "100644 " : "120000 ";
    slots.push_back({static_cast<std::uint32_t>(text.size()),
                     static_cast<std::uint32_t>(entry.name.size()), entry.kind, true});
    text += entry.name + '\0';
    text.append(reinterpret_cast<const char*>(entry.content.bytes.data()), entry.content.size);
  }
  return {text, slots, 20, true};
}

TEST(TreeListing, RunsOfOneTextAreComparedAtOnce) {
  std::mt19937 random(11);
  const auto some = [&](std::vector<TreeEntry> entries) {
    for (std::size_t n = random() % 4; n > 0 && !entries.empty(); --n) {
      const std::size_t at = random() % entries.size();
      switch (random() % 4) {
        case 0:
          entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(at));
          break;
        case 1:
          entries[at].content.bytes[random() % 20] ^= 1;
          break;
        case 2:
          entries[at].kind = EntryKind::kSymlink;
          break;
        default:
          entries[at].name += "x";
      }
    }
    return entries;
  };
  for (int i = 0; i < 500; ++i) {
    std::vector<TreeEntry> entries;
    for (std::size_t n = random() % 60; n > 0; --n) {
      // With bytes in the ids that look like modes, names and their ends.
      TreeEntry entry = Entry("m" + std::to_string(100 + n) + std::string(random() % 3, 'y'), 'i');
      const std::string look("100644 m1\0", 10);
      for (std::size_t k = 0; k < 19; ++k) {
        entry.content.bytes[k] = static_cast<std::uint8_t>(look[random() % look.size()]);
      }
      entries.insert(entries.begin(), entry);
    }
    const std::vector<TreeEntry> before = some(entries);
    const std::vector<TreeEntry> after = some(entries);
    const std::string expected = Compared(before, after);
    EXPECT_EQ(ComparedListings(InOneText(before), InOneText(after)), expected);
    EXPECT_EQ(ComparedListings(InOneText(before), TreeListing(after)), expected);
    EXPECT_EQ(ComparedListings(TreeListing(before), InOneText(after)), expected);
  }
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

// Two versions of a small tree of files as one text, for the fuzz target of whole trees.
//
//     == alembic.ini               the lines that follow, up to the next of these, are this file
//     [alembic]
//     =m versions/b.py b a         a migration b on top of a, as Alembic writes it
//     =l versions/c.py ../d.py     a symbolic link
//     =s vendor                    a submodule
//     =h                           heads are counted per set of labels
//     =2                           from here on the second version: the first one, and
//     =x alembic.ini               without this file
//
// "\n" in a path is a line feed. A path that no tree can have is passed over.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "support/memory_tree.h"

namespace onehead::fuzz {

struct TreeItem {
  EntryKind kind = EntryKind::kFile;
  std::string text;  // of a link, its target
};
using TreeItems = std::map<std::string, TreeItem>;

struct TreeVersions {
  TreeItems before;
  TreeItems after;
  bool labelled_heads = false;
};

TreeVersions DecodeTrees(std::string_view text);

void AddItems(const TreeItems& items, testing::MemoryTree* tree);

}  // namespace onehead::fuzz

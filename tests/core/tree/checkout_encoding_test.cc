#include "onehead/core/tree/checkout_encoding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "core/tree/links.h"
#include "support/memory_tree.h"

namespace onehead {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::MemoryTree;

std::vector<std::string> Places(const MemoryTree& tree,
                                const std::set<std::string>& directories = {"db/versions"}) {
  ListingCache listings(tree);
  const Result<std::vector<Error>> errors = EncodingErrors(&listings, directories, 1000);
  if (!errors) return {errors.error().message};
  std::vector<std::string> places;
  for (const Error& error : *errors) {
    EXPECT_EQ(error.kind, ErrorKind::kUnsupported);
    places.push_back(error.path + ":" + std::to_string(error.line));
  }
  return places;
}

std::vector<std::string> PlacesOf(const std::string& text,
                                  const std::string& path = ".gitattributes") {
  const std::map<std::string, std::string> files = {{path, text}};
  return Places(MemoryTree(files));
}

TEST(EncodingErrors, OfPatternsThatMayMatchAMigration) {
  const std::string encoding = " working-tree-encoding=ISO646-SE\n";
  for (const char* pattern : {"*.py",
                              "*",
                              "**",
                              "*.PY",
                              "*.[p]y",
                              "*.p[y]",
                              "*.p?",
                              "*y",
                              "x.py",
                              "0123_x.py",
                              "*.p\\y",
                              "db/versions/*.py",
                              "/db/versions/x.py",
                              "DB/versions/*",
                              "db/**",
                              "**/versions/*.py",
                              "d?/versions/x.py",
                              "\"*.py\"",
                              "\"a b*.py\"",
                              "\"\\052.py\"",
                              "\xEF\xBB\xBF*.py",
                              "\xEF\xBB\xBF"
                              "db/versions/*.py",
                              "  *.py",
                              "\t*.py"}) {
    EXPECT_THAT(PlacesOf(pattern + encoding), ElementsAre(".gitattributes:1")) << pattern;
  }
  for (const char* pattern :
       {"*.ps1", "*.txt", "x.txt", "legacy/*.py", "legacy/**", "/x.py", "db/x.py", "#*.py", "!*.py",
        "db/versions/", "*.pyc", "db/**/*.rc", "\"*.rc\"", "*.[p]yx", "db/versions/sub/*.py"}) {
    EXPECT_THAT(PlacesOf(pattern + encoding), IsEmpty()) << pattern;
  }
}

TEST(EncodingErrors, OfValuesThatChangeSomething) {
  for (const char* words :
       {"working-tree-encoding=UTF-16", "text working-tree-encoding=latin1",
        "-working-tree-encoding", "working-tree-encoding",
        "working-tree-encoding=UTF-8 working-tree-encoding=UTF-7", "\tworking-tree-encoding=x\r"}) {
    EXPECT_THAT(PlacesOf(std::string("*.py ") + words + "\n"), ElementsAre(".gitattributes:1"))
        << words;
  }
  for (const char* words : {"text", "working-tree-encoding=UTF-8", "working-tree-encoding=utf8",
                            "working-tree-encoding=", "!working-tree-encoding", "eol=lf",
                            "working-tree-encodings=x", "xworking-tree-encoding=x"}) {
    EXPECT_THAT(PlacesOf(std::string("*.py ") + words + "\n"), IsEmpty()) << words;
  }
}

TEST(EncodingErrors, TheLastLineCountsAndTheNearestFile) {
  const std::string bad = "*.py working-tree-encoding=x\n";
  const std::string good = "*.py !working-tree-encoding\n";
  EXPECT_THAT(PlacesOf(bad + good), IsEmpty());
  EXPECT_THAT(PlacesOf("\n" + good + bad), ElementsAre(".gitattributes:3"));
  EXPECT_THAT(PlacesOf(bad + "x*.py !working-tree-encoding\n"), ElementsAre(".gitattributes:1"))
      << "not of all that are migrations";
  EXPECT_THAT(PlacesOf(bad, "db/.gitattributes"), ElementsAre("db/.gitattributes:1"));
  EXPECT_THAT(PlacesOf(bad, "db/versions/.gitattributes"),
              ElementsAre("db/versions/.gitattributes:1"));
  EXPECT_THAT(PlacesOf(bad, "db/versions/sub/.gitattributes"), IsEmpty());
  EXPECT_THAT(PlacesOf(bad, "other/.gitattributes"), IsEmpty());
  EXPECT_THAT(PlacesOf("versions/*.py working-tree-encoding=x\n", "db/.gitattributes"),
              ElementsAre("db/.gitattributes:1"));
  EXPECT_THAT(Places(MemoryTree({{".gitattributes", bad}, {"db/.gitattributes", good}})),
              IsEmpty());
  EXPECT_THAT(Places(MemoryTree({{".gitattributes", good}, {"db/.gitattributes", bad}})),
              ElementsAre("db/.gitattributes:1"));
  EXPECT_THAT(Places(MemoryTree({{".gitattributes", bad}}), {"", "a", "db/versions"}),
              ElementsAre(".gitattributes:1"))
      << "each line once";
  EXPECT_THAT(Places(MemoryTree({{".gitattributes", bad}}), {}), IsEmpty());
}

TEST(EncodingErrors, OfMacros) {
  const std::string macro = "[attr]odd working-tree-encoding=x\n";
  EXPECT_THAT(PlacesOf(macro + "*.py odd\n"), ElementsAre(".gitattributes:2"));
  EXPECT_THAT(PlacesOf("[attr]twice odd\n" + macro + "*.py twice\n"),
              ElementsAre(".gitattributes:3"));
  EXPECT_THAT(PlacesOf(macro + "*.rc odd\n*.py text\n"), IsEmpty());
  EXPECT_THAT(PlacesOf("[attr]odd text\n*.py odd\n*.rc working-tree-encoding=x\n"), IsEmpty());
  EXPECT_THAT(Places(MemoryTree({{".gitattributes", macro}, {"db/.gitattributes", "*.py odd\n"}})),
              ElementsAre("db/.gitattributes:1"));
}

TEST(EncodingErrors, ALinkMayLeadAnywhere) {
  MemoryTree tree;
  tree.AddSymlink("db/.gitattributes", "../x");
  EXPECT_THAT(Places(tree), ElementsAre("db/.gitattributes:0"));
}

TEST(EncodingErrors, WhatCannotBeReadMaySayAnything) {
  EXPECT_THAT(PlacesOf(std::string(1001, '#')), ElementsAre(".gitattributes:0"));
  EXPECT_THAT(PlacesOf(std::string(1000, '#')), IsEmpty());
}

TEST(AttributeFilesOf, FromTheTopDown) {
  EXPECT_THAT(AttributeFilesOf("a/b"),
              ElementsAre(".gitattributes", "a/.gitattributes", "a/b/.gitattributes"));
  EXPECT_THAT(AttributeFilesOf(""), ElementsAre(".gitattributes"));
}

}  // namespace
}  // namespace onehead

// Wherever Git would check a migration out in another encoding, that is known.
#include <gmock/gmock.h>

#include <random>
#include <set>
#include <string>
#include <vector>

#include "core/tree/links.h"
#include "onehead/base/text.h"
#include "onehead/core/tree/checkout_encoding.h"
#include "support/git_sandbox.h"
#include "support/memory_tree.h"

namespace onehead::testing {
namespace {

// A few lines of attributes, of pieces that matter.
std::string RandomAttributes(std::mt19937* random) {
  static const std::vector<std::string> kPieces = {
      "*", "**", "*.py", "x.py", ".py", "x", "?", "[x]", "[!y]", "\\x", "db", "versions", "/",
      "/", "py", ".",    "DB",   "\"",  "!", "#", " ",   "**/",  "/**", "y",  "]",        "[",
  };
  static const std::vector<std::string> kAttributes = {
      "working-tree-encoding=UTF-16", "working-tree-encoding=x", "!working-tree-encoding",
      "working-tree-encoding=UTF-8",  "working-tree-encoding=",  "text",
      "-working-tree-encoding",       "working-tree-encoding",
  };
  const auto any = [&](const std::vector<std::string>& of) { return of[(*random)() % of.size()]; };
  std::string text;
  for (unsigned lines = 1 + (*random)() % 3; lines > 0; --lines) {
    for (unsigned pieces = 1 + (*random)() % 5; pieces > 0; --pieces) text += any(kPieces);
    text += " " + any(kAttributes) + "\n";
  }
  return text;
}

TEST(AttributesOracle, WhatGitEncodesIsKnown) {
  constexpr int kCases = 3000;
  GitSandbox box;
  box.MustGit({"init", "-q", "work"});
  std::mt19937 random(20260101);
  std::vector<MemoryTree> trees(kCases);
  std::string paths;
  for (int i = 0; i < kCases; ++i) {
    const std::string top = "c" + std::to_string(i);
    const std::string where = top + (i % 3 == 0 ? "/db/.gitattributes" : "/.gitattributes");
    const std::string text = RandomAttributes(&random);
    box.WriteFile("work/" + where, text);
    MemoryTree& tree = trees[static_cast<std::size_t>(i)];
    tree.AddFile(where, text);
    tree.AddFile(top + "/db/versions/x.py", "");
    paths += top + "/db/versions/x.py\n";
  }
  box.WriteFile("paths", paths);
  const RunResult checked = box.Run(
      {"sh", "-c", "git check-attr --stdin working-tree-encoding <../paths 2>/dev/null"}, "work");
  const std::vector<std::string_view> lines = Split(checked.out, '\n');
  ASSERT_EQ(lines.size(), kCases + 1u);
  int encoded = 0;
  int suspected = 0;
  for (int i = 0; i < kCases; ++i) {
    const std::string top = "c" + std::to_string(i);
    const std::string_view value = lines[static_cast<std::size_t>(i)].substr(
        lines[static_cast<std::size_t>(i)].rfind(": ") + 2);
    const bool harmless = value == "unspecified" || value == "UTF-8" || value.empty();
    ListingCache listings(trees[static_cast<std::size_t>(i)]);
    const auto errors = EncodingErrors(&listings, {top + "/db/versions"}, 10000);
    ASSERT_TRUE(errors);
    encoded += harmless ? 0 : 1;
    suspected += errors->empty() ? 0 : 1;
    EXPECT_TRUE(harmless || !errors->empty()) << value << "\n"
                                              << box.ReadFile("work/" + top + "/.gitattributes");
  }
  EXPECT_GT(encoded, kCases / 20);
  EXPECT_LT(suspected, kCases / 2);
}

}  // namespace
}  // namespace onehead::testing

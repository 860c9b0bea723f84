// Dependencies go down only: main -> commands -> git -> core -> base, and between the rooms of a
// layer in the order below.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

const std::map<std::string, int>& Layers() {
  static const auto* layers =
      new std::map<std::string, int>{{"base", 0}, {"core", 1}, {"git", 2}, {"commands", 3}};
  return *layers;
}

// A room may include itself and what stands above it here (src/README.md).
const std::vector<std::string>& Rooms() {
  static const auto* rooms = new std::vector<std::string>{
      "base",
      "core/tree",
      "core/python",
      "core/migration",
      "core/environment",
      "core/settings",
      "core/history",
      "core/reparent",
      "core/policy",
      "core/policy/rules",
      "git/support",
      "git/files",
      "git/process",
      "git/objects",
      "git/repository",
      "git/merge",
      "git/install",
      "git/static",
      "commands/edits",
      "commands/report",
      "commands/app",
      "commands/rewrite",
      "commands/published",
      "commands/hook",
      "commands/rebase",
      "commands/merge",
      "commands/inspect",
      "commands/install",
      "commands/top",
  };
  return *rooms;
}

// Its number; that of no room is the number of rooms.
std::size_t RoomOf(const fs::path& path) {
  const auto& rooms = Rooms();
  const auto room = std::find(rooms.begin(), rooms.end(), path.parent_path().string());
  return static_cast<std::size_t>(room - rooms.begin());
}

struct Include {
  std::string file;
  std::string layer;     // of the file
  std::size_t room = 0;  // of the file
  std::string target;
};

std::vector<Include> AllIncludes() {
  std::vector<Include> includes;
  const std::regex pattern("^\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"]");
  for (const char* root : {"src", "include/onehead"}) {
    const fs::path top = fs::path(ONEHEAD_SOURCE_DIR) / root;
    for (const auto& entry : fs::recursive_directory_iterator(top)) {
      if (!entry.is_regular_file()) continue;
      const fs::path relative = fs::relative(entry.path(), top);
      if (relative.begin() == --relative.end()) continue;  // main.cc, README.md
      std::ifstream in(entry.path());
      std::string line;
      std::smatch match;
      while (std::getline(in, line)) {
        if (std::regex_search(line, match, pattern)) {
          includes.push_back(
              {entry.path().string(), relative.begin()->string(), RoomOf(relative), match[1]});
        }
      }
    }
  }
  return includes;
}

std::string LayerOf(std::string target) {
  const std::string prefix = "onehead/";
  if (target.rfind(prefix, 0) == 0) target.erase(0, prefix.size());
  const std::string first = target.substr(0, target.find('/'));
  if (first == "git2" || target == "git2.h") return "libgit2";
  return Layers().count(first) != 0 && first.size() != target.size() ? first : "";
}

TEST(Layers, NoIncludeGoesUp) {
  const std::vector<Include> includes = AllIncludes();
  ASSERT_GT(includes.size(), 20u);
  for (const Include& include : includes) {
    const std::string layer = LayerOf(include.target);
    if (layer.empty() || layer == "libgit2") continue;
    EXPECT_LE(Layers().at(layer), Layers().at(include.layer))
        << include.file << " includes " << include.target;
  }
}

// What stands in src/ belongs to its layer alone.
TEST(Layers, OthersIncludeWhatIsInInclude) {
  for (const Include& include : AllIncludes()) {
    if (include.target.starts_with("onehead/")) continue;
    const std::string layer = LayerOf(include.target);
    if (layer.empty() || layer == "libgit2") continue;
    EXPECT_EQ(layer, include.layer) << include.file << " includes " << include.target;
  }
}

TEST(Rooms, NoIncludeGoesUp) {
  for (const Include& include : AllIncludes()) {
    EXPECT_LT(include.room, Rooms().size()) << include.file << " stands in no room";
    std::string target = include.target;
    if (target.starts_with("onehead/")) target.erase(0, 8);
    if (LayerOf(target).empty() || LayerOf(target) == "libgit2") continue;
    const std::size_t room = RoomOf(target);
    ASSERT_LT(room, Rooms().size()) << include.file << " includes " << include.target;
    EXPECT_LE(room, include.room) << include.file << " includes " << include.target;
  }
}

TEST(Rooms, NoneIsTooLarge) {
  for (const std::string& room : Rooms()) {
    std::set<std::string> names;
    for (const char* root : {"src", "include/onehead"}) {
      const fs::path directory = fs::path(ONEHEAD_SOURCE_DIR) / root / room;
      if (!fs::is_directory(directory)) continue;
      for (const auto& entry : fs::directory_iterator(directory)) {
        const std::string ending = entry.path().extension().string();
        if (ending == ".h" || ending == ".cc") names.insert(entry.path().stem().string());
      }
    }
    EXPECT_GT(names.size(), 0u) << room;
    EXPECT_LE(names.size(), 25u) << room;
  }
}

TEST(Rooms, NoFileIsTooLong) {
  for (const char* root : {"src", "include/onehead"}) {
    const fs::path top = fs::path(ONEHEAD_SOURCE_DIR) / root;
    for (const auto& entry : fs::recursive_directory_iterator(top)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path());
      const auto lines = std::count(std::istreambuf_iterator<char>(in), {}, '\n');
      EXPECT_LE(lines, 450) << entry.path();
    }
  }
}

TEST(Layers, OnlyTheGitLayerKnowsLibgit2) {
  for (const Include& include : AllIncludes()) {
    if (LayerOf(include.target) != "libgit2") continue;
    EXPECT_EQ(include.layer, "git") << include.file;
  }
}

TEST(Layers, CoreKnowsNeitherFilesNorTheClockNorStreams) {
  const std::vector<std::string> forbidden = {"chrono",  "cstdio",    "ctime",  "filesystem",
                                              "fstream", "iostream",  "thread", "unistd.h",
                                              "stdio.h", "sys/stat.h"};
  for (const Include& include : AllIncludes()) {
    if (include.layer != "core" && include.layer != "base") continue;
    for (const std::string& header : forbidden) {
      EXPECT_NE(include.target, header) << include.file;
    }
  }
}

// Two types of one name in one namespace are undefined behaviour that no linker reports.
TEST(Headers, NoTypeIsDefinedTwice) {
  const std::regex name_space("^namespace ([a-z0-9_:]+) \\{");
  const std::regex type("^(?:struct|class|enum class) (\\w+)[^;]*\\{");
  std::map<std::string, std::string> defined_in;
  for (const char* root : {"src", "include/onehead"}) {
    const fs::path top = fs::path(ONEHEAD_SOURCE_DIR) / root;
    for (const auto& entry : fs::recursive_directory_iterator(top)) {
      if (entry.path().extension() != ".h") continue;
      std::ifstream in(entry.path());
      std::string scope;
      std::string line;
      std::smatch match;
      while (std::getline(in, line)) {
        if (std::regex_search(line, match, name_space)) scope = match[1];
        if (!std::regex_search(line, match, type)) continue;
        const auto [found, is_new] =
            defined_in.emplace(scope + "::" + match[1].str(), entry.path().string());
        EXPECT_TRUE(is_new) << found->first << " in " << found->second << " and " << entry.path();
      }
    }
  }
  EXPECT_GT(defined_in.size(), 50u);
}

}  // namespace

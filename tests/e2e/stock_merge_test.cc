// Conflicts of every kind, merged by the strategy and by stock Git in two copies of a repository:
// afterwards nobody can tell the copies apart.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>

#include "e2e/strategy_fixture.h"
#include "support/merge_generator.h"

namespace onehead::testing {
namespace {

namespace fs = std::filesystem;

// What there is to see of a repository, by name.
using Seen = std::map<std::string, std::string>;

class StockMergeTest : public ::testing::Test {
 protected:
  StockMergeTest() { box_.PutOnPath(ONEHEAD_PROGRAM, {"onehead", "git-merge-onehead"}); }

  // The same in both copies; the first difference, or nothing.
  std::string Difference(unsigned seed) {
    const std::string base = "base" + std::to_string(seed);
    MergeGenerator generator(&box_, base, seed);
    generator.Make();
    std::vector<Seen> seen[2];
    for (int i = 0; i < 2; ++i) {
      const std::string copy = base + (i == 0 ? "-stock" : "-ours");
      fs::copy(box_.Path(base), box_.Path(copy),
               fs::copy_options::recursive | fs::copy_options::copy_symlinks);
      box_.MustGit({"config", "pull.twohead", i == 0 ? "ort" : "onehead"}, copy);
      box_.MustGit({"update-index", "-q", "--refresh"}, copy);
      generator.MakeDirty(copy);
      seen[i] = Merge(copy, generator.command());
      if (seen[i].size() > 1) ++stopped_[i];
    }
    std::string difference = Compare(seen[0], seen[1]);
    if (difference.empty()) {
      for (const char* copy : {"", "-stock", "-ours"}) fs::remove_all(box_.Path(base + copy));
      return "";
    }
    return "seed " + std::to_string(seed) + " (" + generator.description() + ") " + difference;
  }

  int stopped_[2] = {0, 0};

 private:
  static constexpr int kMaxStops = 4;

  // What it looks like after the command, and after each --continue.
  std::vector<Seen> Merge(const std::string& copy, const std::vector<std::string>& command) {
    std::vector<Seen> seen;
    RunResult run = box_.Git(command, copy);
    seen.push_back(Look(copy, run));
    const std::string& verb = command.front();
    for (int stop = 0; stop < kMaxStops && run.exit_code != 0; ++stop) {
      box_.Git({"add", "-A"}, copy);
      const std::string how =
          verb == "pull" ? (Exists(copy, "rebase-merge") ? "rebase" : "merge") : verb;
      if (how == "merge" && !Exists(copy, "MERGE_HEAD")) break;
      run = box_.Git({how, "--continue"}, copy);
      seen.push_back(Look(copy, run));
    }
    return seen;
  }

  bool Exists(const std::string& copy, const std::string& file) {
    return box_.Exists(copy + "/.git/" + file);
  }

  Seen Look(const std::string& copy, const RunResult& run) {
    Seen seen;
    // Of a strategy Git takes "refused" by another exit code (2) than of its own (128).
    seen["exit code"] = run.exit_code > 1 ? "refused" : std::to_string(run.exit_code);
    seen["output"] = Lines(run.out);
    for (const auto& [name, args] : std::map<std::string, std::vector<std::string>>{
             {"status", {"status", "--porcelain=v2", "-uall"}},
             {"index", {"ls-files", "-s", "-t"}},
             {"log", {"log", "--format=%T %an %B", "-6"}}}) {
      seen[name] = box_.Git(args, copy).out;
    }
    // The ids of commits differ, because the copies are made one after the other.
    for (const char* file : {"MERGE_MSG", "AUTO_MERGE", "SQUASH_MSG", "MERGE_MODE"}) {
      seen[file] = Exists(copy, file) ? box_.ReadFile(copy + "/.git/" + file) : "(none)";
    }
    for (const char* file : {"MERGE_HEAD", "CHERRY_PICK_HEAD", "REBASE_HEAD", "MERGE_RR",
                             "MERGE_MSG.onehead", "index.lock", "rebase-merge",
                             "rebase-merge/git-rebase-todo.onehead", "sequencer", "refs/stash"}) {
      seen[file] = Exists(copy, file) ? "there" : "(none)";
    }
    const std::string todo = copy + "/.git/rebase-merge/git-rebase-todo";
    if (box_.Exists(todo)) seen["todo"] = box_.ReadFile(todo);
    AddFiles(copy, &seen);
    return seen;
  }

  // Messages about paths are sorted by them, but differ in where Git says what it does itself.
  static std::string Lines(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      const std::string line = text.substr(at, end - at);
      // Names the strategy; "[topic 1a2b3c4]": an id of this copy.
      if (line.rfind("Merge made by", 0) != 0 && line.rfind("[", 0) != 0) lines.push_back(line);
      at = end + 1;
    }
    std::sort(lines.begin(), lines.end());
    std::string all;
    for (const std::string& line : lines) all += line + "\n";
    return all;
  }

  void AddFiles(const std::string& copy, Seen* seen) {
    const fs::path top = box_.Path(copy);
    for (auto entry = fs::recursive_directory_iterator(top);
         entry != fs::recursive_directory_iterator(); ++entry) {
      const std::string name = entry->path().lexically_relative(top).string();
      if (name == ".git") {
        entry.disable_recursion_pending();
        continue;
      }
      std::string& what = (*seen)["file " + name];
      if (entry->is_symlink()) {
        what = "link to " + fs::read_symlink(entry->path()).string();
      } else if (entry->is_directory()) {
        what = "directory";
      } else {
        const bool runs =
            (entry->status().permissions() & fs::perms::owner_exec) != fs::perms::none;
        what = (runs ? "executable " : "file ") + box_.ReadFile(copy + "/" + name);
      }
    }
  }

  static std::string Compare(const std::vector<Seen>& stock, const std::vector<Seen>& ours) {
    std::string text;
    for (std::size_t i = 0; i < std::min(stock.size(), ours.size()) && text.empty(); ++i) {
      Seen all = stock[i];
      all.insert(ours[i].begin(), ours[i].end());
      for (const auto& [name, value] : all) {
        const std::string a = Value(stock[i], name);
        const std::string b = Value(ours[i], name);
        if (a == b) continue;
        text += "stop " + std::to_string(i) + ": " + name + "\n--- stock\n" + a + "\n--- ours\n" +
                b + "\n";
      }
    }
    if (text.empty() && stock.size() != ours.size()) text = "another number of stops";
    return text;
  }

  static std::string Value(const Seen& seen, const std::string& name) {
    const auto found = seen.find(name);
    return found == seen.end() ? "(not there)" : found->second;
  }

 protected:
  GitSandbox box_;
};

unsigned FromEnvironment(const char* name, unsigned otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr ? static_cast<unsigned>(std::atoi(value)) : otherwise;
}

TEST_F(StockMergeTest, ConflictsAreThoseOfStockGit) {
  const unsigned first = FromEnvironment("ONEHEAD_MERGE_SEED", 0);
  const unsigned count = FromEnvironment("ONEHEAD_MERGE_COUNT", 24);
  unsigned different = 0;
  for (unsigned seed = first; seed < first + count && different < 5; ++seed) {
    const std::string difference = Difference(seed);
    if (difference.empty()) continue;
    ++different;
    ADD_FAILURE() << difference;
  }
  // Or else it would prove nothing.
  if (count >= 24) {
    EXPECT_GT(stopped_[0], static_cast<int>(count / 3));
  }
  EXPECT_EQ(stopped_[0], stopped_[1]);
}

}  // namespace
}  // namespace onehead::testing

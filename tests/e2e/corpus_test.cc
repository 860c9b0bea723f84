// Every real incident is refused and every state before it is accepted; every real merge that
// forked is foreseen.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "e2e/push_test_fixture.h"

namespace onehead::testing {
namespace {

using Json = nlohmann::json;
using Files = std::map<std::string, std::string>;  // name -> text

Json ReadCases(const std::string& name) {
  std::ifstream in(std::string(ONEHEAD_SOURCE_DIR) + "/tests/cases/corpus/" + name);
  return Json::parse(in);
}

void Put(const Json& entries, Files* files) {
  for (const auto& [name, value] : entries.items()) {
    (*files)[name] = MigrationText(value[0], value[1].get<std::vector<std::string>>());
  }
}

Files Apply(Files files, const Json& change) {
  Put(change.at("added"), &files);
  Put(change.at("modified"), &files);
  for (const auto& name : change.at("deleted")) files.erase(name.get<std::string>());
  return files;
}

// A stream for git fast-import: commits with the files of one versions directory.
class ImportStream {
 public:
  // Adds a commit; its mark.
  int Commit(const std::string& ref, const std::vector<int>& parents, const std::string& directory,
             const Files& files) {
    std::vector<std::pair<std::string, int>> blobs;
    for (const auto& [name, text] : files) blobs.emplace_back(name, Blob(text));
    const std::string script = directory.substr(0, directory.rfind('/'));
    const int ini = Blob("[alembic]\nscript_location = " + script +
                         "\nversion_locations = " + directory + "\nversion_path_separator = os\n");
    const int mark = next_++;
    out_ << "commit " << ref << "\nmark :" << mark
         << "\ncommitter T <t@example.com> 1700000000 +0000\ndata 1\nc\n";
    for (std::size_t i = 0; i < parents.size(); ++i) {
      out_ << (i == 0 ? "from :" : "merge :") << parents[i] << "\n";
    }
    out_ << "deleteall\nM 100644 :" << ini << " alembic.ini\n";
    for (const auto& [name, blob] : blobs) {
      out_ << "M 100644 :" << blob << " " << directory << "/" << name << "\n";
    }
    return mark;
  }
  std::string text() const { return out_.str(); }

 private:
  int Blob(const std::string& text) {
    const auto [found, is_new] = blobs_.emplace(text, next_);
    if (!is_new) return found->second;
    out_ << "blob\nmark :" << next_ << "\ndata " << text.size() << "\n" << text << "\n";
    return next_++;
  }
  std::map<std::string, int> blobs_;
  int next_ = 1;
  std::ostringstream out_;
};

class Corpus : public ::testing::Test {
 protected:
  Corpus() { box_.InitBare("server.git"); }

  std::map<int, std::string> Import(const ImportStream& stream) {
    box_.MustGit({"fast-import", "--quiet", "--export-marks=" + box_.Path("marks")}, "server.git",
                 stream.text());
    std::map<int, std::string> ids;
    std::istringstream in(box_.ReadFile("marks"));
    std::string mark;
    std::string id;
    while (in >> mark >> id) ids[std::stoi(mark.substr(1))] = id;
    return ids;
  }

  RunResult Hook(const std::string& before, const std::string& after, const std::string& ref) {
    return box_.Run({ONEHEAD_PROGRAM, "pre-receive"}, "server.git",
                    before + " " + after + " " + ref + "\n", {{"GIT_DIR", "."}});
  }

  GitSandbox box_;
};

const char kHeads[] = "multiple-heads";

// In these a file of the line is missing, and nothing else makes a second head.
std::string RuleOf(const Json& incident) {
  static const std::set<std::string> for_want_of_a_file = {
      "open-event-server-39f52be9e1", "open-event-server-555d44f33b",
      "open-event-server-d5c87eb792", "tasking-manager-9bc59f6b0e"};
  const bool lacks_one = for_want_of_a_file.count(incident.at("id").get<std::string>()) != 0;
  return lacks_one ? "missing-parent" : kHeads;
}

TEST_F(Corpus, EveryIncidentIsRefusedAndItsStateBeforeIsNotBlamed) {
  const Json incidents = ReadCases("incidents.json");
  ASSERT_EQ(incidents.size(), 91u);
  ImportStream stream;
  std::vector<std::pair<int, int>> marks;
  for (const Json& incident : incidents) {
    Files before;
    Put(incident.at("before"), &before);
    const std::string ref = "refs/incidents/" + incident.at("id").get<std::string>();
    const std::string directory = incident.at("versions");
    const int old_commit = stream.Commit(ref, {}, directory, before);
    const Files after = Apply(before, incident.at("change"));
    marks.emplace_back(old_commit, stream.Commit(ref, {old_commit}, directory, after));
  }
  std::map<int, std::string> ids = Import(stream);
  for (std::size_t i = 0; i < marks.size(); ++i) {
    SCOPED_TRACE(incidents[i].at("id").get<std::string>());
    const std::string before = ids[marks[i].first];
    const std::string after = ids[marks[i].second];
    const RunResult run = Hook(before, after, "refs/heads/main");
    EXPECT_EQ(run.exit_code, 1) << run.err;
    EXPECT_NE(run.err.find("error: " + RuleOf(incidents[i]) + ": refs/heads/main"),
              std::string::npos)
        << run.err;
    for (const auto& head : incidents[i].at("heads_after")) {
      if (RuleOf(incidents[i]) != kHeads) continue;
      EXPECT_NE(run.err.find("head " + head.get<std::string>()), std::string::npos) << run.err;
    }
    const RunResult undo = Hook(after, before, "refs/heads/main");
    EXPECT_EQ(undo.exit_code, 0) << undo.err;
  }
}

TEST_F(Corpus, EveryMergeThatForkedIsRefusedAndForeseen) {
  const Json merges = ReadCases("merges.json");
  ASSERT_EQ(merges.size(), 24u);
  struct Marks {
    int base, ours, theirs, merge;
  };
  ImportStream stream;
  std::vector<Marks> marks;
  for (const Json& merge : merges) {
    Files base;
    Put(merge.at("base"), &base);
    const std::string ref = "refs/merges/" + merge.at("id").get<std::string>();
    const std::string directory = merge.at("versions");
    Marks m{};
    m.base = stream.Commit(ref + "/base", {}, directory, base);
    const Files ours = Apply(base, merge.at("ours"));
    m.ours = stream.Commit(ref + "/ours", {m.base}, directory, ours);
    m.theirs = stream.Commit(ref + "/theirs", {m.base}, directory, Apply(base, merge.at("theirs")));
    m.merge = stream.Commit(ref + "/merge", {m.ours, m.theirs}, directory,
                            Apply(ours, merge.at("theirs")));
    marks.push_back(m);
  }
  std::map<int, std::string> ids = Import(stream);
  for (std::size_t i = 0; i < marks.size(); ++i) {
    SCOPED_TRACE(merges[i].at("id").get<std::string>());
    const RunResult run = Hook(ids[marks[i].ours], ids[marks[i].merge], "refs/heads/main");
    EXPECT_EQ(run.exit_code, 1) << run.err;
    EXPECT_NE(run.err.find(RuleOf(merges[i])), std::string::npos) << run.err;
    const RunResult check =
        box_.Run({ONEHEAD_PROGRAM, "check", ids[marks[i].theirs], "--against", ids[marks[i].ours]},
                 "server.git");
    EXPECT_EQ(check.exit_code, 1) << check.out << check.err;
    EXPECT_NE(check.out.find(RuleOf(merges[i])), std::string::npos) << check.out;
  }
}

}  // namespace
}  // namespace onehead::testing

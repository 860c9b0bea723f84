// `heads`, `branches` and `history` print what Alembic prints, for real graphs and for random ones.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "e2e/push_test_fixture.h"

namespace onehead::testing {
namespace {

using Json = nlohmann::json;

// Python's own tuple syntax for ids.
std::string Tuple(const std::vector<std::string>& ids) {
  std::string text = "(";
  for (const std::string& id : ids) text += "\"" + id + "\", ";
  return text + ")";
}

std::vector<std::string> SortedNames(const std::string& list) {
  std::vector<std::string> names;
  std::istringstream in(list);
  for (std::string name; std::getline(in, name, ',');) {
    names.push_back(name.substr(std::min(name.find_first_not_of(' '), name.size())));
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string WithSortedLabels(std::string line) {
  std::size_t open = 0;
  while ((open = line.find('(', open)) != std::string::npos) {
    const std::size_t close = line.find(')', open);
    if (close == std::string::npos) break;
    std::string sorted;
    for (const std::string& name : SortedNames(line.substr(open + 1, close - open - 1))) {
      sorted += (sorted.empty() ? "" : ", ") + name;
    }
    line.replace(open + 1, close - open - 1, sorted);
    open = close;
  }
  return line;
}

// Lines, with what Alembic takes out of a Python set (in an order that changes from run to run)
// sorted: the children of a branch point, and lists of names in verbose text.
std::vector<std::string> Normalized(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  std::size_t children = 0;
  for (std::string line; std::getline(in, line);) {
    const std::size_t colon = line.find(": ");
    if (line.rfind("Branches into: ", 0) == 0 || line.rfind("Branch names: ", 0) == 0) {
      const std::vector<std::string> names = SortedNames(line.substr(colon + 2));
      line.resize(colon + 1);
      for (const std::string& name : names) line += " " + name;
    }
    line = WithSortedLabels(line);
    const bool is_child = line.find_first_not_of(' ') == line.find("-> ") && line[0] == ' ';
    lines.push_back(line);
    children = is_child ? children + 1 : 0;
    std::sort(lines.end() - static_cast<std::ptrdiff_t>(children), lines.end());
  }
  return lines;
}

// What titles can look like; a migration may have none. One line each, since lines get sorted.
std::string Docstring(unsigned number, const std::string& id) {
  constexpr const char* kDocstrings[] = {
      "\"\"\"title of ID\n\nmore\n\"\"\"\n",
      "\"\"\"title of ID\"\"\"\n",
      "",
      "\"\"\"\n\n  \"\"\"\n",
      "'été ' \"\\u7248 ID\"\n",
      "'''\xE2\x80\x83ID\xC2\xA0\xE2\x80\xA8''' ; x = 1\n",
      "__doc__ = 'bound ID'\n",
      "b'no docstring of ID'\n",
  };
  std::string text = kDocstrings[number % std::size(kDocstrings)];
  if (const std::size_t at = text.find("ID"); at != std::string::npos) text.replace(at, 2, id);
  return text;
}

class AlembicOracle : public ::testing::Test {
 protected:
  AlembicOracle() { box_.InitWork("work"); }

  void Write(const std::string& environment, const std::string& name, const std::string& text) {
    box_.WriteFile("work/" + environment + "/env.py", "");
    box_.WriteFile("work/" + environment + "/versions/" + name, text);
  }

  // One random environment: several bases, merges, labels, dependencies on ids and on labels.
  void WriteRandom(const std::string& environment, unsigned seed) {
    std::mt19937 random(seed);
    const auto one_in = [&](unsigned n) { return random() % n == 0; };
    std::vector<std::string> ids;
    std::vector<std::string> names;  // ids and labels, for depends_on
    const unsigned count = 1 + random() % 12;
    for (unsigned i = 0; i < count; ++i) {
      const std::string id = "r" + std::to_string(random() % 9000 + 1000) + std::to_string(i);
      std::vector<std::string> down;
      if (!ids.empty() && !one_in(9)) down.push_back(ids[random() % ids.size()]);
      if (!down.empty() && one_in(5)) {
        const std::string& other = ids[random() % ids.size()];
        if (other != down[0]) down.push_back(other);
      }
      std::string text = Docstring(random(), id) + "revision = '" + id +
                         "'\ndown_revision = " + (down.empty() ? "None" : Tuple(down)) + "\n";
      const std::string dependency =
          names.empty() || !one_in(7) ? "" : names[random() % names.size()];
      if (one_in(8)) {
        const std::string label = "label" + std::to_string(i);
        text += "branch_labels = " + Tuple({label}) + "\n";
        names.push_back(label);
      }
      if (!dependency.empty()) text += "depends_on = '" + dependency + "'\n";
      ids.push_back(id);
      names.push_back(id);
      Write(environment, id + ".py", text);
    }
  }

  void ExpectSameText(const std::string& command, bool verbose) {
    const std::string script = std::string(ONEHEAD_SOURCE_DIR) + "/tests/e2e/alembic_oracle.py";
    std::vector<std::string> ours = {ONEHEAD_PROGRAM, command, "--worktree"};
    if (verbose) ours.emplace_back("-v");
    const RunResult alembic = box_.Run(
        {"/usr/bin/python3", "-B", script, command, box_.Path("work"), verbose ? "1" : "0"});
    ASSERT_EQ(alembic.exit_code, 0) << alembic.err;
    const RunResult onehead = box_.Run(ours, "work");
    EXPECT_EQ(onehead.exit_code, 0) << onehead.err;
    const std::vector<std::string> got = Normalized(onehead.out);
    const std::vector<std::string> want = Normalized(alembic.out);
    ASSERT_GT(want.size(), 10u);
    for (std::size_t i = 0; i < want.size() && i < got.size(); ++i) {
      ASSERT_EQ(got[i], want[i]) << "line " << i << " of the normalised text";
    }
    EXPECT_EQ(got.size(), want.size());
  }

  void ExpectAllTextsTheSame() {
    for (const char* command : {"heads", "branches", "history"}) {
      for (const bool verbose : {false, true}) {
        SCOPED_TRACE(std::string(command) + (verbose ? " -v" : ""));
        ExpectSameText(command, verbose);
      }
    }
  }

  GitSandbox box_;
};

TEST_F(AlembicOracle, RandomGraphs) {
  for (unsigned seed = 0; seed < 150; ++seed) WriteRandom("e" + std::to_string(1000 + seed), seed);
  ExpectAllTextsTheSame();
}

TEST_F(AlembicOracle, RealGraphs) {
  std::ifstream in(std::string(ONEHEAD_SOURCE_DIR) + "/tests/cases/corpus/incidents.json");
  const Json incidents = Json::parse(in);
  int loadable = 0;
  for (std::size_t i = 0; i < incidents.size(); i += 6) {  // Alembic takes a second for each
    const Json& incident = incidents[i];
    std::set<std::string> ids;
    bool dangling = false;
    for (const auto& [name, value] : incident.at("before").items()) {
      dangling = dangling || !ids.insert(value[0].get<std::string>()).second;
    }
    for (const auto& [name, value] : incident.at("before").items()) {
      for (const auto& parent : value[1]) {
        dangling = dangling || ids.count(parent.get<std::string>()) == 0;
      }
    }
    if (dangling) continue;  // Alembic stops there: see the tests of the rules
    ++loadable;
    for (const auto& [name, value] : incident.at("before").items()) {
      Write("e" + std::to_string(100 + loadable), name,
            MigrationText(value[0], value[1].get<std::vector<std::string>>()));
    }
  }
  EXPECT_GT(loadable, 10);
  ExpectAllTextsTheSame();
}

// A directory that Alembic cannot load is an error here, at the command line too.
TEST_F(AlembicOracle, WhatAlembicCannotLoad) {
  const std::vector<std::string> versions = {
      "revision = 'a'\ndown_revision = 'a'\n",
      "revision = 'a'\ndown_revision = None\ndepends_on = 'a'\n",
      "revision = 'a'\ndown_revision = 'gone'\n",
      "revision = 'a'\ndown_revision = None\ndepends_on = 'gone'\n",
      "revision = 'a-b'\ndown_revision = None\n",
      "revision = 5\ndown_revision = None\n",
      "revision = 'a'\ndown_revision = 5\n",
      "revision = 'a'\n",
      "down_revision = None\n",
      "revision = 'a'\ndown_revision = None\nbranch_labels = 'b'\n",
      "revision = 'a'\ndown_revision = 'b'\n",
      "revision = 'a'\ndown_revision = None\n(\n",
  };
  std::string expected;
  for (std::size_t i = 0; i < versions.size(); ++i) {
    const std::string environment = "e" + std::to_string(100 + i);
    Write(environment, "a_x.py", versions[i]);
    Write(environment, "b_x.py", "revision = 'b'\ndown_revision = 'a'\n");
    expected += "# " + environment + "\nerror\n";
    const RunResult ours = box_.Run(
        {ONEHEAD_PROGRAM, "heads", "--worktree", "--script-location", environment}, "work");
    EXPECT_EQ(ours.exit_code, 1) << versions[i] << ours.out << ours.err;
    EXPECT_NE(ours.err.find("error: "), std::string::npos) << versions[i] << ours.err;
  }
  const std::string script = std::string(ONEHEAD_SOURCE_DIR) + "/tests/e2e/alembic_oracle.py";
  const RunResult alembic =
      box_.Run({"/usr/bin/python3", "-B", script, "heads", box_.Path("work"), "0"});
  EXPECT_EQ(alembic.out, expected) << alembic.err;
}

}  // namespace
}  // namespace onehead::testing

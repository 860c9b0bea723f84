// What a module binds is read as CPython and Alembic read it, for random modules in every form.
//
// By hand, for many of them: ONEHEAD_ORACLE_COUNT=200000 ONEHEAD_ORACLE_SEED=7 e2e_test
// --gtest_filter='ModuleOracle*'. A failure names the module; module_oracle.py INDEX 1 SEED makes
// it.
#include <algorithm>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "e2e/oracle_fixture.h"
#include "onehead/core/migration/migration.h"

namespace onehead::testing {
namespace {

using State = Binding::State;

constexpr int kBatch = 5000;  // modules that one process of Python makes

struct PythonValue {
  std::string type;  // "absent", "none", "str", "tuple", "list", "set", "frozenset", "other"
  std::vector<std::string> ids;
};

PythonValue ValueOf(const Json& values, const std::string& name) {
  if (!values.contains(name)) return {"absent", {}};
  PythonValue value{values[name]["type"], {}};
  for (const Json& id : values[name]["ids"]) value.ids.push_back(BytesOf(id));
  return value;
}

std::vector<std::string> WithoutDuplicates(const std::vector<std::string>& ids) {
  std::vector<std::string> distinct;
  for (const std::string& id : ids) {
    if (std::find(distinct.begin(), distinct.end(), id) == distinct.end()) distinct.push_back(id);
  }
  return distinct;
}

std::string Shown(const std::vector<std::string>& ids) {
  std::string text = "(";
  for (const std::string& id : ids) text += "'" + id + "',";
  return text + ")";
}

// Empty: they agree.
std::string CompareKnown(const Binding& ours, const PythonValue& python) {
  std::vector<std::string> got = ours.ids;
  std::vector<std::string> want = WithoutDuplicates(python.ids);
  if (python.type == "set") {
    std::sort(got.begin(), got.end());
    std::sort(want.begin(), want.end());
  }
  const bool collection = python.type == "tuple" || python.type == "list" || python.type == "set";
  const bool same_kind =
      collection ? ours.is_collection
                 : !ours.is_collection && (python.type == "none" || python.type == "str");
  if (same_kind && got == want) return "";
  return Shown(got) + " is " + python.type + " " + Shown(want);
}

class Comparison {
 public:
  Comparison(const Json& record, const Migration& migration)
      : record_(record), migration_(migration) {}

  // What is wrong; empty: nothing.
  std::string Run() {
    if (!record_.contains("values")) return "";
    if (migration_.refused) Wrong("Python does not refuse it");
    Check("revision", migration_.revision);
    Check("down_revision", migration_.down_revision);
    Check("branch_labels", migration_.branch_labels);
    Check("depends_on", migration_.depends_on);
    CheckReadable();
    CheckTitle();
    return problem_;
  }

 private:
  void Wrong(const std::string& problem) { problem_ += problem + "\n"; }

  void Check(const std::string& name, const Binding& ours) {
    const PythonValue python = ValueOf(record_["values"], name);
    const bool of_strings = python.type != "other" && python.type != "absent";
    if (ours.doubtful) return CheckDoubt(name, ours);
    switch (ours.state) {
      case State::kUnknown:
        if (migration_.defects.empty()) Wrong(name + " is unknown without a defect");
        break;
      case State::kAbsent:
        if (python.type != "absent") Wrong(name + " is absent here, and bound for Python");
        break;
      case State::kIllegal:
        if (name == "revision" ? python.type == "str" : of_strings) Wrong(name + " is legal");
        break;
      case State::kKnown:
        if (python.type == "absent" && name == "revision" && ours.line == 0) {
          CheckLegacyRule();
        } else if (const std::string problem = CompareKnown(ours, python); !problem.empty()) {
          Wrong(name + ": " + problem);
        }
        break;
    }
  }

  // Python decides whether what is written holds.
  void CheckDoubt(const std::string& name, const Binding& ours) {
    if (ours.state == State::kUnknown) Wrong(name + " is unknown and doubtful");
    if (migration_.doubts.empty()) Wrong(name + " is doubtful for no reason");
  }

  void CheckLegacyRule() {
    const Json& alembic = record_["alembic"];
    const bool absent_parent = !record_["values"].contains("down_revision");
    // Alembic says nothing about the id then, nor when it stumbles over another value.
    if (absent_parent || alembic.value("error", "CommandError") != "CommandError") return;
    if (!alembic.contains("revision") ||
        ValueOf(alembic, "revision").ids != migration_.revision.ids) {
      Wrong("the id from the file's name: " + alembic.dump());
    }
  }

  // Only what needs Python may be called unreadable or doubtful.
  void CheckReadable() {
    if (record_["mutated"] || !record_["computed"].empty()) return;
    for (const ReadDefect& doubt : migration_.doubts) {
      Wrong("doubtful: " + std::to_string(doubt.line) + ": " + doubt.reason + ": " +
            doubt.expression);
    }
    for (const ReadDefect& defect : migration_.defects) {
      const bool absent = !record_["values"].contains("down_revision");
      if (absent && defect.reason == "down_revision is not set") continue;
      Wrong("unreadable: " + std::to_string(defect.line) + ": " + defect.reason + ": " +
            defect.expression);
    }
  }

  void CheckTitle() {
    const Json& alembic = record_["alembic"];
    if (!alembic.contains("title") || !migration_.defects.empty()) return;
    if (record_["mutated"]) return;
    for (const Json& form : record_["computed"]) {
      if (form == "source encoding that is not looked up") return;
    }
    if (BytesOf(alembic["title"]) != migration_.title) Wrong("title: " + migration_.title);
    if (BytesOf(alembic["doc"]) != migration_.doc) Wrong("doc: " + migration_.doc);
  }

  const Json& record_;
  const Migration& migration_;
  std::string problem_;
};

class ModuleOracle : public OracleTest {
 protected:
  void Take(const Json& record) {
    const std::string source = BytesOf(record["source"]);
    const Migration migration = ReadMigration(record["file"].get<std::string>(), source);
    ++modules_;
    Count(record, migration);
    Judge(record, Comparison(record, migration).Run(), source.substr(0, 3000));
  }

  void Count(const Json& record, const Migration& migration) {
    if (!record.contains("values")) {
      ++refused_;
      return;
    }
    const bool mutated = record["mutated"];
    for (const Json& form : record["forms"]) forms_.insert(form.get<std::string>());
    const bool unreadable = !migration.defects.empty();
    (mutated                ? unreadable ? mutants_unreadable_ : mutants_equal_
     : unreadable           ? unreadable_
     : migration.doubtful() ? doubtful_
                            : equal_)++;
    if (!mutated && unreadable) {
      for (const ReadDefect& defect : migration.defects)
        ++reasons_[defect.reason.substr(0, defect.reason.find(" of the name "))];
    }
  }

  void Report() const {
    std::cout << modules_ << " modules of " << forms_.size() << " forms: " << equal_ << " equal, "
              << doubtful_ << " doubtful, " << unreadable_ << " unreadable, " << refused_
              << " that Python refuses; changed ones: " << mutants_equal_ << " equal, "
              << mutants_unreadable_ << " unreadable\n";
    if (!AsksForMore()) return;
    for (const auto& [reason, count] : reasons_)
      std::cout << "  " << count << " " << reason << "\n";
  }

  int modules_ = 0, equal_ = 0, doubtful_ = 0, unreadable_ = 0, refused_ = 0;
  int mutants_equal_ = 0, mutants_unreadable_ = 0;
  std::set<std::string> forms_;
  std::map<std::string, int> reasons_;
};

TEST_F(ModuleOracle, ValuesAreWhatPythonBinds) {
  AskForAll("module_oracle.py", {}, kBatch, [this](const Json& record) { Take(record); });
  Report();
  EXPECT_GT(equal_, Cases() / 2);
  EXPECT_GT(forms_.size(), 150u);
}

}  // namespace
}  // namespace onehead::testing

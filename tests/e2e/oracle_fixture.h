// Python as the authority: how it is asked, how often, and how its answers are read.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "support/git_sandbox.h"
#include "support/hex.h"

namespace onehead::testing {

using Json = nlohmann::json;

class OracleTest : public ::testing::Test {
 protected:
  explicit OracleTest(int ordinary = 3000) : ordinary_(ordinary) {}

  static constexpr int kMaxFailures = 10;

  // What somebody asks for by hand, as tests/README.md says.
  static bool AsksForMore() { return std::getenv("ONEHEAD_ORACLE_COUNT") != nullptr; }
  int Cases() const { return FromEnvironment("ONEHEAD_ORACLE_COUNT", ordinary_); }
  static int Seed() { return FromEnvironment("ONEHEAD_ORACLE_SEED", 1); }

  // The standard output of tests/e2e/<script>; anything but exit 0 fails the test.
  std::string Ask(const std::string& script, const std::vector<std::string>& args,
                  const std::string& input = "") {
    std::vector<std::string> argv = {"/usr/bin/python3", "-B",
                                     std::string(ONEHEAD_SOURCE_DIR) + "/tests/e2e/" + script};
    argv.insert(argv.end(), args.begin(), args.end());
    const RunResult result = box_.Run(argv, "", input);
    EXPECT_EQ(result.exit_code, 0) << result.err.substr(0, 2000);
    return result.out;
  }

  // Lets the script make Cases() cases, at most `batch` in one process, and takes the record of
  // each.
  template <typename Take>
  void AskForAll(const std::string& script, const std::vector<std::string>& args, int batch,
                 Take take) {
    for (int first = 0; first < Cases() && !HasFatalFailure(); first += batch) {
      std::vector<std::string> all = args;
      for (const int number : {first, std::min(batch, Cases() - first), Seed()}) {
        all.push_back(std::to_string(number));
      }
      std::istringstream lines(Ask(script, all));
      for (std::string line; std::getline(lines, line);) take(Json::parse(line));
    }
  }

  // A failed test unless `problem` is empty; only the first ones are told.
  void Judge(const Json& record, const std::string& problem, const std::string& shown) {
    if (problem.empty() || ++failures_ > kMaxFailures) return;
    ADD_FAILURE() << "number " << record["index"] << ": " << problem << "\n" << shown;
  }

  void TearDown() override { EXPECT_LE(failures_, kMaxFailures) << "and more"; }

  GitSandbox box_;

 private:
  const int ordinary_;  // cases of the ordinary run
  static int FromEnvironment(const char* name, int otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::atoi(text);
  }

  int failures_ = 0;
};

}  // namespace onehead::testing

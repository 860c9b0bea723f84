// The locations that a configuration names are found where Python finds them, in whichever
// directory Alembic is run.
//
// By hand, for more: ONEHEAD_ORACLE_COUNT=100000 ONEHEAD_ORACLE_SEED=7 e2e_test
// --gtest_filter='LocationOracle*'.
#include <algorithm>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/environment/location.h"
#include "e2e/oracle_fixture.h"
#include "onehead/core/environment/environment.h"
#include "support/memory_tree.h"

namespace onehead::testing {
namespace {

constexpr int kBatch = 3000;

// The version locations of an environment that are there.
using Place = std::set<std::string>;

std::set<Place> Found(const MemoryTree& tree) {
  const Result<Discovery> discovery = DiscoverEnvironments(tree, {});
  std::set<Place> places;
  if (!discovery) return places;
  for (const ::onehead::Environment& environment : discovery->environments) {
    Place place;
    for (const std::string& location : environment.version_locations) {
      const auto entry = tree.Find(location);
      if (entry && *entry && (*entry)->kind == EntryKind::kDirectory) {
        place.insert(location);
      }
    }
    places.insert(std::move(place));
  }
  return places;
}

// Of what counts from the directory in which Alembic runs, how much is there; null: Alembic finds
// no script directory.
struct Reading {
  Place place;
  bool whole = true;
};

std::optional<Reading> ReadingOf(const Json& record, const std::string& directory) {
  const Json& found = record["found"][directory];
  if (found.is_null()) return std::nullopt;
  Reading reading;
  for (const Json& path : found[1]) reading.place.insert(path.get<std::string>());
  reading.whole = found[1].size() == record["versions"].size();
  return reading;
}

class LocationOracle : public OracleTest {
 protected:
  LocationOracle() : OracleTest(600) {}  // each makes some 30 files
};

TEST_F(LocationOracle, LocationsAreWherePythonFindsThem) {
  int compared = 0;
  AskForAll("location_oracle.py", {}, kBatch, [&](const Json& record) {
    std::map<std::string, std::string> files = {{"svc/alembic.ini", record["ini"]}};
    for (const Json& path : record["files"]) files[path.get<std::string>()] = "";
    const std::set<Place> places = Found(MemoryTree(files));
    for (const char* directory : {"svc", ""}) {
      const std::optional<Reading> reading = ReadingOf(record, directory);
      // Where something is missing, another directory may be the one that is meant.
      if (!reading || !reading->whole) continue;
      ++compared;
      std::string problem;
      if (places.count(reading->place) == 0) {
        problem = "not found as from '" + std::string(directory) + "':";
        for (const std::string& location : reading->place) problem += " " + location;
      }
      Judge(record, problem, record.dump());
    }
  });
  std::cout << compared << " compared\n";
  EXPECT_GT(compared, Cases() / 20);
}

}  // namespace
}  // namespace onehead::testing

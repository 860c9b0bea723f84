// How fast migrations are read: a thousand of them, as a push with nothing cached reads them.
#include <benchmark/benchmark.h>

#include <memory>

#include "bench/migration_texts.h"
#include "onehead/core/history/graph.h"
#include "onehead/core/migration/migration.h"

namespace onehead::bench {
namespace {

void ReadHistory(benchmark::State& state) {
  const std::vector<MigrationText> history = MakeHistory(1000);
  std::size_t bytes = 0;
  for (const MigrationText& file : history) bytes += file.text.size();
  for (auto _ : state) {
    for (const MigrationText& file : history) {
      benchmark::DoNotOptimize(ReadMigration(file.path, file.text));
    }
  }
  const auto iterations = static_cast<std::int64_t>(state.iterations());
  state.SetBytesProcessed(iterations * static_cast<std::int64_t>(bytes));
  state.SetItemsProcessed(iterations * static_cast<std::int64_t>(history.size()));
}
BENCHMARK(ReadHistory)->Unit(benchmark::kMillisecond);

void BuildGraph(benchmark::State& state) {
  std::vector<MigrationPtr> migrations;
  for (const MigrationText& file : MakeHistory(1000)) {
    migrations.push_back(std::make_shared<const Migration>(ReadMigration(file.path, file.text)));
  }
  for (auto _ : state) benchmark::DoNotOptimize(Graph::Build(migrations));
}
BENCHMARK(BuildGraph)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace onehead::bench

BENCHMARK_MAIN();

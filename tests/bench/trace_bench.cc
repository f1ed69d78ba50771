// Bench: appending to a trace
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <filesystem>

#include "adapters/trace/ring.h"

namespace hnbemu::trace {
namespace {

// What writing through costs: each record opens, writes and closes its file.
void append(benchmark::State& state) {
  const std::string directory = std::filesystem::temp_directory_path() / "hnbemu-trace-bench";
  std::filesystem::create_directory(directory);
  {
    Ring ring(directory + "/ring", std::size_t{512} << 10);
    const std::string record(static_cast<std::size_t>(state.range(0)), 'x');
    for ([[maybe_unused]] auto _ : state) ring.append(record);
  }
  std::filesystem::remove_all(directory);
}
BENCHMARK(append)->Arg(100)->Arg(5'000)->Arg(60'000);

}  // namespace
}  // namespace hnbemu::trace

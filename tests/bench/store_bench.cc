// Bench: commits to the memory of a fleet, and its start
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>

#include "adapters/store/database.h"

namespace hnbemu::store {
namespace {

struct Place {
  Place() { std::filesystem::create_directory(directory); }
  ~Place() { std::filesystem::remove_all(directory); }
  std::string directory = std::filesystem::temp_directory_path() / "hnbemu-store-bench";
  std::string file = directory + "/memory.db";
};

Task<void> commit_once(Store& store, std::vector<StoreWrite> writes, benchmark::State& state) {
  const auto done = co_await store.commit(std::move(writes), std::chrono::steady_clock::now() + Seconds{60});
  if (!done) state.SkipWithError(done.error().to_string().c_str());
}

// A commit of four keys, as after a SetParameterValues, from each of `devices` at the same time.
void commits(benchmark::State& state, Durability durability) {
  const Place place;
  const auto database = Database::open(place.file, durability);
  if (!database) return state.SkipWithError(database.error().to_string().c_str());
  boost::asio::io_context io;
  std::vector<std::unique_ptr<Store>> stores;
  stores.reserve(static_cast<std::size_t>(state.range(0)));
  for (int i = 0; i < state.range(0); ++i) {
    stores.push_back((*database)->store_of(io.get_executor(), fmt::format("hnb-{:05}", i)));
  }
  long round = 0;
  for ([[maybe_unused]] auto _ : state) {
    ++round;
    for (const auto& store : stores) {
      std::vector<StoreWrite> writes;
      writes.reserve(4);
      for (int key = 0; key < 4; ++key) {
        writes.push_back({fmt::format("value Device.Services.FAPService.1.X.{}", key), std::to_string(round)});
      }
      boost::asio::co_spawn(io, commit_once(*store, std::move(writes), state), boost::asio::detached);
    }
    io.restart();
    io.run();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK_CAPTURE(commits, process_crash, Durability::process_crash)->Arg(1)->Arg(100)->Arg(1000)->UseRealTime();
BENCHMARK_CAPTURE(commits, power_loss, Durability::power_loss)->Arg(1)->Arg(100)->Arg(1000)->UseRealTime();

// The start of a fleet of `devices` with 300 keys each: the check of the file, then every device's memory.
void start_of_a_fleet(benchmark::State& state) {
  const Place place;
  {
    auto database = Database::open(place.file, Durability::process_crash);
    boost::asio::io_context io;
    for (int i = 0; i < state.range(0); ++i) {
      const auto store = (*database)->store_of(io.get_executor(), fmt::format("hnb-{:05}", i));
      std::vector<StoreWrite> writes;
      writes.reserve(300);
      for (int key = 0; key < 300; ++key) {
        writes.push_back({fmt::format("value Device.Services.FAPService.1.CellConfig.X.{}", key), "some value"});
      }
      boost::asio::co_spawn(io, commit_once(*store, std::move(writes), state), boost::asio::detached);
      io.restart();
      io.run();
    }
  }
  for ([[maybe_unused]] auto _ : state) {
    const auto database = Database::open(place.file, Durability::process_crash);
    if (!database) return state.SkipWithError(database.error().to_string().c_str());
    for (int i = 0; i < state.range(0); ++i) benchmark::DoNotOptimize((*database)->load(fmt::format("hnb-{:05}", i)));
  }
  state.counters["file_MiB"] = static_cast<double>(std::filesystem::file_size(place.file)) / (1 << 20);
}
BENCHMARK(start_of_a_fleet)->Arg(1000)->Arg(20'000)->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace hnbemu::store

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <malloc.h>

#include <cstdlib>
#include <memory>
#include <new>
#include <vector>

#include "datamodel/data_model.h"
#include "datamodel/model_builder.h"

namespace hnbemu::datamodel {
namespace {

constexpr std::uint32_t kParametersOfARow = 10;

std::size_t bytes_in_use = 0;  // one thread allocates here

// Rows of ten parameters, the last of which is the table's key; fewer than ten are one row's.
std::shared_ptr<const Model> model_of(std::uint32_t parameters) {
  ModelBuilder builder;
  const std::uint32_t in_row = std::min(parameters, kParametersOfARow);
  const auto name = [&](std::uint32_t i) { return fmt::format("Device.Services.T.{{i}}.P{}", i); };
  if (!builder.add_object({.path = "Device.Services.T.{i}.",
                           .writable = true,
                           .unique_keys = {{{fmt::format("P{}", in_row - 1)}, false}}}))
    std::abort();
  for (std::uint32_t i = 0; i < in_row; ++i) {
    if (!builder.add_parameter({.path = name(i), .writable = true})) std::abort();
  }
  for (std::uint32_t row = 1; row <= parameters / in_row; ++row) {
    if (!builder.add_row(fmt::format("Device.Services.T.{}.", row))) std::abort();
  }
  if (!builder.check()) std::abort();
  return builder.build();
}

std::vector<std::string> some_paths(const DataModel& data, std::string_view suffix) {
  std::vector<std::string> paths;
  const auto all = data.values("").value();
  for (std::size_t i = 0; paths.size() < 64; i = (i + 7919) % all.size()) {
    if (all[i].path.ends_with(suffix)) paths.push_back(all[i].path);
    if (all.size() == 1) break;
  }
  return paths;
}

void sizes(benchmark::internal::Benchmark* bench) {
  for (const int parameters : {1, 100, 1'000, 10'000, 100'000}) bench->Arg(parameters);
}

void look_up(benchmark::State& state) {
  const DataModel data(model_of(static_cast<std::uint32_t>(state.range(0))));
  const auto paths = some_paths(data, "P0");
  std::size_t i = 0;
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(data.value(paths[++i % paths.size()]));
}
BENCHMARK(look_up)->Apply(sizes);

void read_row(benchmark::State& state) {
  const DataModel data(model_of(static_cast<std::uint32_t>(state.range(0))));
  auto paths = some_paths(data, "P0");
  for (auto& path : paths) path.resize(path.rfind('.') + 1);
  std::size_t i = 0;
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(data.values(paths[++i % paths.size()]));
}
BENCHMARK(read_row)->Apply(sizes);

void read_all(benchmark::State& state) {
  const DataModel data(model_of(static_cast<std::uint32_t>(state.range(0))));
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(data.values("Device."));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(read_all)->Apply(sizes);

void set_values(benchmark::State& state, const std::string& suffix) {
  DataModel data(model_of(static_cast<std::uint32_t>(state.range(0))));
  const auto paths = some_paths(data, suffix);
  std::size_t i = 0;
  for ([[maybe_unused]] auto _ : state) {
    const Assignment assignment{paths[++i % paths.size()], fmt::format("{}", i), "xsd:string"};
    benchmark::DoNotOptimize(data.set({&assignment, 1}));
  }
}
void set_value(benchmark::State& state) {
  set_values(state, "P0");
}
BENCHMARK(set_value)->Apply(sizes);
void set_key(benchmark::State& state) {
  set_values(state, state.range(0) == 1 ? "P0" : "P9");
}
BENCHMARK(set_key)->Apply(sizes);

void add_and_delete_row(benchmark::State& state) {
  DataModel data(model_of(static_cast<std::uint32_t>(state.range(0))));
  for ([[maybe_unused]] auto _ : state) {
    const auto row = data.add_object("Device.Services.T.");
    benchmark::DoNotOptimize(data.delete_object(fmt::format("Device.Services.T.{}.", *row)));
  }
}
BENCHMARK(add_and_delete_row)->Apply(sizes);

// Bytes of a device beside the shared model: as it is made, and with every tenth parameter set.
void bytes_of_device(benchmark::State& state) {
  const auto model = model_of(static_cast<std::uint32_t>(state.range(0)));
  for ([[maybe_unused]] auto _ : state) {
    const auto before = bytes_in_use;
    DataModel data(model);
    state.counters["fresh_bytes"] = static_cast<double>(bytes_in_use - before);
    const auto rows = static_cast<std::uint32_t>(state.range(0)) / kParametersOfARow;
    for (std::uint32_t row = 1; row <= rows; ++row)
      data.update(fmt::format("Device.Services.T.{}.P1", row), "twenty characters xx");
    state.counters["tenth_set_bytes"] = static_cast<double>(bytes_in_use - before);
  }
}
BENCHMARK(bytes_of_device)->Arg(1'500)->Arg(100'000)->Iterations(1);

}  // namespace
}  // namespace hnbemu::datamodel

void* operator new(std::size_t size) {
  void* const memory = std::malloc(size);
  if (memory == nullptr) std::abort();
  hnbemu::datamodel::bytes_in_use += malloc_usable_size(memory);
  return memory;
}

void operator delete(void* memory) noexcept {
  hnbemu::datamodel::bytes_in_use -= malloc_usable_size(memory);
  std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
  operator delete(memory);
}

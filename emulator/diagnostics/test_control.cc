#include "diagnostics/test_control.h"

#include <utility>

namespace hnbemu::diagnostics {
namespace {

constexpr std::string_view kState = "DiagnosticsState";

}  // namespace

TestControl::TestControl(datamodel::DataModel& model, std::function<void(std::size_t)> end)
    : model_(model), end_(std::move(end)), objects_(test_objects(model)), states_(objects_.size()) {
  for (const auto& object : objects_) {
    limit_settings(model_, object);
    model_.tell_each_write(object.path + std::string(kState));
  }
  if (!objects_.empty()) model_.observe([this](std::span<const datamodel::Change> changes) { on_changes(changes); });
}

// One SetParameterValues may set the settings and request the test: then it is requested with these.
void TestControl::on_changes(std::span<const datamodel::Change> changes) {
  for (std::size_t test = 0; test < objects_.size(); ++test) {
    const auto& path = objects_[test].path;
    bool modified = false;
    const datamodel::Change* state = nullptr;
    for (const auto& change : changes) {
      const bool written = change.kind == datamodel::Change::Kind::value && change.origin != datamodel::Origin::device;
      if (!written || !change.path.starts_with(path)) continue;
      if (std::string_view(change.path).substr(path.size()) == kState) state = &change;
      modified = true;
    }
    if (!modified) continue;
    cancel(test);
    if (state == nullptr || state->value != "Requested") {
      clear(model_, objects_[test]);
      continue;
    }
    clear_results(model_, objects_[test]);
    states_[test].wanted = true;
    states_[test].for_acs = state->origin == datamodel::Origin::acs;
  }
}

void TestControl::cancel(std::size_t test) {
  auto& state = states_[test];
  state.wanted = false;
  if (state.running && !std::exchange(state.useless, true)) end_(test);
}

void TestControl::power_up() {
  for (const auto& object : objects_) clear(model_, object);
}

void TestControl::power_down() {
  for (std::size_t test = 0; test < objects_.size(); ++test) cancel(test);
}

std::optional<std::size_t> TestControl::begin() {
  for (std::size_t test = 0; test < states_.size(); ++test) {
    auto& state = states_[test];
    if (!state.wanted || state.running) continue;
    state.wanted = false;
    state.running = true;
    state.useless = false;
    return test;
  }
  return std::nullopt;
}

bool TestControl::ended(std::size_t test, const Report& report) {
  auto& state = states_[test];
  state.running = false;
  if (state.useless) return false;
  write(model_, objects_[test], report);
  return state.for_acs;
}

}  // namespace hnbemu::diagnostics

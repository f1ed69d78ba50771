#include "statistics/periodic_statistics.h"

#include "datamodel/path.h"

namespace hnbemu::statistics {
namespace {

constexpr std::string_view kRoots[] = {"Device.", "InternetGatewayDevice."};
constexpr std::string_view kForceSample = "ForceSample";

}  // namespace

PeriodicStatistics::PeriodicStatistics(datamodel::DataModel& model, std::function<void()> changed)
    : model_(model), changed_(std::move(changed)) {
  for (const auto root : kRoots) {
    const auto object = std::string(root) + "PeriodicStatistics.";
    if (!model_.table_state(object + "SampleSet.")) continue;
    table_ = object + "SampleSet.";
    model_.update(object + "MinSampleInterval", std::to_string(kMinSampleInterval.count()));
    model_.update(object + "MaxReportSamples", std::to_string(SampleSet::kMaxReportSamples));
  }
  if (table_.empty()) return;
  model_.observe([this](std::span<const datamodel::Change> changes) { on_changes(changes); });
}

void PeriodicStatistics::power_up() {
  sets_.clear();
  forced_.clear();
}

// Its own writes among them, so that only what others did wakes anybody.
void PeriodicStatistics::on_changes(std::span<const datamodel::Change> changes) {
  bool wake = false;
  for (const auto& change : changes) {
    if (!std::string_view(change.path).starts_with(table_)) continue;
    if (change.origin == datamodel::Origin::device) continue;
    auto below = std::string_view(change.path).substr(table_.size());
    const auto instance = datamodel::instance_number(datamodel::take_name(below));
    if (change.kind == datamodel::Change::Kind::command && below == kForceSample && instance) forced_.insert(*instance);
    wake = true;
  }
  if (wake) changed_();
}

Deadline PeriodicStatistics::advance(const Now& now) {
  if (table_.empty()) return Deadline::max();
  const auto state = model_.table_state(table_).value_or(datamodel::TableState{});
  std::erase_if(sets_, [&](const auto& set) { return !std::ranges::binary_search(state.rows, set.first); });
  for (const auto instance : state.rows) {
    if (sets_.size() == kMaxSampleSets) break;
    sets_.try_emplace(instance, model_, fmt::format("{}{}.", table_, instance));
  }
  auto next = Deadline::max();
  for (auto& [instance, set] : sets_) {
    next = std::min(next, set.advance(now));
    if (forced_.contains(instance)) set.force(now);
  }
  forced_.clear();
  return next;
}

}  // namespace hnbemu::statistics

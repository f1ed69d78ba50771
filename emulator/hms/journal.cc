#include "hms/journal.h"

#include <utility>

namespace hnbemu::hms {

std::string_view to_string(SessionOutcome outcome) {
  switch (outcome) {
    case SessionOutcome::open:
      return "open";
    case SessionOutcome::clean:
      return "clean";
    case SessionOutcome::refused:
      return "refused";
    case SessionOutcome::failed:
      return "failed";
  }
  return {};
}

void Journal::update(const std::string& device, const std::function<void(DeviceRecord&)>& change) {
  {
    const std::scoped_lock lock(mutex_);
    const bool known = contents_.devices.contains(device);
    if (!known && contents_.devices.size() >= kMaxDevices) return;
    DeviceRecord& record = contents_.devices[device];
    record.id = device;
    change(record);
    while (record.recent.size() > kMaxSessionsKept) record.recent.pop_front();
  }
  changed_.notify_all();
}

void Journal::add(Violation violation) {
  {
    const std::scoped_lock lock(mutex_);
    const auto device = contents_.devices.find(violation.device);
    if (device != contents_.devices.end()) ++device->second.violations;
    ++contents_.violation_count;
    contents_.violations.push_back(std::move(violation));
    if (contents_.violations.size() > kMaxViolationsKept) contents_.violations.pop_front();
  }
  changed_.notify_all();
}

std::optional<DeviceRecord> Journal::device(std::string_view id) const {
  const std::scoped_lock lock(mutex_);
  const auto found = contents_.devices.find(id);
  if (found == contents_.devices.end()) return std::nullopt;
  return found->second;
}

std::vector<DeviceRecord> Journal::devices() const {
  const std::scoped_lock lock(mutex_);
  std::vector<DeviceRecord> all;
  all.reserve(contents_.devices.size());
  for (const auto& [id, record] : contents_.devices) all.push_back(record);
  return all;
}

std::vector<Violation> Journal::violations() const {
  const std::scoped_lock lock(mutex_);
  return {contents_.violations.begin(), contents_.violations.end()};
}

std::uint64_t Journal::violation_count() const {
  const std::scoped_lock lock(mutex_);
  return contents_.violation_count;
}

bool Journal::wait(const Predicate& holds, Millis timeout) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, timeout, [&] { return holds(contents_); });
}

}  // namespace hnbemu::hms

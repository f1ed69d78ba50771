#include "device/self_watch.h"

#include "base/number.h"
#include "procedures/causes.h"

namespace hnbemu::device {

Task<void> SelfWatch::run() {
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  auto& clock = context_.ports.clock;
  while (!stopping()) {
    if (powered_) look();
    co_await wake_.pop(clock, powered_ ? clock.after(kPeriod) : Deadline::max());
  }
}

void SelfWatch::power_up() {
  powered_ = true;
  storage_low_ = false;
  wake_.push({});
}

void SelfWatch::note_commit(const std::optional<Error>& error) {
  if (error.has_value() == commit_error_.has_value()) return;
  commit_error_ = error;
  if (powered_) look_at_storage();
}

void SelfWatch::look() {
  if (const auto expires = facts_.certificate_expires) {
    if (context_.ports.clock.wall_now() + kExpiryNotice > *expires) {
      procedures::raise_cause(context_, "certificate_expires", fmt::format("at {}", to_date_time(*expires)));
    } else {
      procedures::clear_cause(context_, "certificate_expires");
    }
  }
  look_at_memory();
  look_at_storage();
}

void SelfWatch::look_at_memory() {
  const auto status = std::string(context_.profile.root()) + "DeviceInfo.MemoryStatus.";
  const auto number = [&](const char* name) {
    return parse_number<std::uint64_t>(context_.model.value(status + name).value_or("")).value_or(0);
  };
  const auto total = static_cast<double>(number("Total"));
  if (total <= 0) return;
  const auto free = number("Free");
  const auto part = static_cast<double>(free) / total;
  // The text is of the moment when it was raised: what moves by itself is no change of the alarm.
  const auto* const alarm = context_.alarms.for_cause("memory_low");
  const bool raised =
      alarm != nullptr && context_.alarms.raised().contains({alarm->identifier, procedures::alarm_object(context_)});
  if (part < kMemoryLow && !raised) procedures::raise_cause(context_, "memory_low", fmt::format("{} KiB free", free));
  if (part > kMemoryFine) procedures::clear_cause(context_, "memory_low");
}

void SelfWatch::look_at_storage() {
  if (commit_error_) {
    procedures::raise_cause(context_, "storage_full", commit_error_->detail);
    return;
  }
  const auto free = facts_.storage_free ? facts_.storage_free() : std::nullopt;
  if (free) storage_low_ = *free < (storage_low_ ? kStorageFine : kStorageLow);
  if (storage_low_) {
    procedures::raise_cause(context_, "storage_full", "nearly no room for files");
  } else {
    procedures::clear_cause(context_, "storage_full");
  }
}

}  // namespace hnbemu::device

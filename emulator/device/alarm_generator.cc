#include "device/alarm_generator.h"

#include "procedures/causes.h"

namespace hnbemu::device {
namespace {

constexpr std::string_view kServices = "Services.FAPService.";
constexpr std::uint64_t kStream = 0xa1a2;  // of the seed: other random choices of the device stay as they are

// "Device.Services.FAPService.1" of what is in it; else the same.
std::string whole_service(std::string object) {
  const auto at = object.find(kServices);
  if (at == std::string::npos) return object;
  return object.substr(0, object.find('.', at + kServices.size()));
}

}  // namespace

AlarmGenerator::AlarmGenerator(boost::asio::any_io_executor executor, procedures::Context& context, std::uint64_t seed)
    : context_(context), wake_(std::move(executor)) {
  if (const auto& how = context.profile.alarm_generation)
    generator_.emplace(context.profile.alarms, *how, seed ^ kStream);
}

Task<void> AlarmGenerator::run() {
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  auto& clock = context_.ports.clock;
  while (!stopping()) {
    auto next = Deadline::max();
    if (generator_) {
      for (const auto& act : generator_->take(clock.device_now(), clock.wall_now())) {
        const auto key = key_of(*act.alarm);
        act.raise ? context_.alarms.raise(key, clock.wall_now(), act.text)
                  : context_.alarms.clear(key, clock.wall_now());
      }
      next = clock.machine_time(generator_->next());
    }
    co_await wake_.pop(clock, next);
  }
}

void AlarmGenerator::power_up() {
  if (!generator_) return;
  generator_->power_up(context_.ports.clock.device_now());
  wake_.push({});
}

void AlarmGenerator::power_down() {
  if (generator_) generator_->power_down();
}

alarms::AlarmKey AlarmGenerator::key_of(const config::AlarmDefinition& alarm) const {
  auto object = procedures::alarm_object(context_);
  return {alarm.identifier, alarm.cause.empty() ? std::move(object) : whole_service(std::move(object))};
}

}  // namespace hnbemu::device

#include "procedures/context.h"

#include "procedures/optional_memory.h"
#include "procedures/transfer_memory.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>
#include <boost/json/value_to.hpp>

namespace hnbemu::procedures {
namespace {

constexpr const char* kEvents = "events";  // [[code, CommandKey], …], the oldest first
constexpr const char* kBootstrappedUrl = "bootstrapped_url";
constexpr const char* kRebootKeys = "reboot_keys";              // [CommandKey, …]: one may be empty
constexpr const char* kScheduledInforms = "scheduled_informs";  // [[dateTime, CommandKey], …]
constexpr const char* kAlarmPosition = "alarm_position";        // of the rolling tables
constexpr const char* kTransfers = "transfers";
constexpr const char* kDeploymentUnits = "deployment_units";
constexpr const char* kOptions = "options";
constexpr const char* kSilentTowards = "silent_towards";  // a domain
constexpr const char* kSoftware = "software";  // [image, image, which boots, told]; "" if nothing was installed
constexpr const char* kConfiguration = "configuration";  // [version, date, description]

using Texts = std::vector<std::string>;

template <class T>
std::string to_text(const T& list) {
  return list.empty() ? "" : boost::json::serialize(boost::json::value_from(list));
}

template <class T>
T from_text(const std::string& text) {
  boost::system::error_code error;
  const auto json = boost::json::parse(text, error);
  if (text.empty() || error) return {};
  auto list = boost::json::try_value_to<T>(json);
  return list ? std::move(*list) : T{};
}

// What the factory gave need not be remembered.
std::string to_text(const Software& software) {
  if (software.told.empty()) return "";
  return to_text(Texts{software.images[0], software.images[1], fmt::to_string(software.boots), software.told});
}

Software software_from(const std::string& text) {
  auto texts = from_text<Texts>(text);
  if (texts.size() != 4) return {};
  const unsigned boots = texts[2] == "1" ? 1 : 0;
  return {{std::move(texts[0]), std::move(texts[1])}, boots, boots, std::move(texts[3])};
}

std::string to_text(const ConfigurationNote& note) {
  return note.date.empty() ? "" : to_text(Texts{note.version, note.date, note.description});
}

ConfigurationNote configuration_from(const std::string& text) {
  auto texts = from_text<Texts>(text);
  if (texts.size() != 3) return {};
  return {std::move(texts[0]), std::move(texts[1]), std::move(texts[2])};
}

}  // namespace

void bootstrap(Context& context) {
  context.events.push("0 BOOTSTRAP");
  for (const auto id : context.transfers.untold()) context.transfers.take(id);
  context.deployment_units.clear();
  context.notifications.forget();
  context.notifications.listen_to_device(false);
}

Task<Result<>> remember(Context& context) {
  auto& memory = context.memory;
  std::vector<Texts> events;
  for (const auto& event : context.events.pending()) events.push_back({event.event_code, event.command_key});
  memory.set_fact(kEvents, to_text(events));
  memory.set_fact(kBootstrappedUrl, context.bootstrapped_url);
  memory.set_fact(kRebootKeys, to_text(context.reboot_keys));
  std::vector<Texts> scheduled;
  for (const auto& one : context.scheduled_informs) scheduled.push_back({to_date_time(one.at), one.command_key});
  memory.set_fact(kScheduledInforms, to_text(scheduled));
  memory.set_fact(kAlarmPosition, context.alarms.position());
  memory.set_fact(kTransfers, transfers_to_text(context.transfers));
  memory.set_fact(kDeploymentUnits, deployment_units_to_text(context.deployment_units));
  memory.set_fact(kOptions, options_to_text(context.options));
  memory.set_fact(kSilentTowards, context.silent_towards);
  memory.set_fact(kSoftware, to_text(context.software));
  memory.set_fact(kConfiguration, to_text(context.configuration));
  return memory.commit();
}

std::vector<std::string> recall(Context& context, const Memory& memory) {
  auto useless = context.memory.restore(memory, context.model);
  for (const auto& event : from_text<std::vector<Texts>>(context.memory.fact(kEvents))) {
    if (event.size() == 2) context.events.push({event[0], event[1]});
  }
  context.bootstrapped_url = context.memory.fact(kBootstrappedUrl);
  context.reboot_keys = from_text<Texts>(context.memory.fact(kRebootKeys));
  for (auto& one : from_text<std::vector<Texts>>(context.memory.fact(kScheduledInforms))) {
    const auto at = one.size() == 2 ? parse_date_time(one[0]) : std::nullopt;
    if (at) context.scheduled_informs.push_back({*at, std::move(one[1])});
  }
  context.alarms.restore(context.memory.fact(kAlarmPosition));
  context.transfers.restore(transfers_from_text(context.memory.fact(kTransfers)));
  context.deployment_units.restore(deployment_units_from_text(context.memory.fact(kDeploymentUnits)));
  context.options.restore(options_from_text(context.memory.fact(kOptions)));
  context.silent_towards = context.memory.fact(kSilentTowards);
  context.software = software_from(context.memory.fact(kSoftware));
  context.configuration = configuration_from(context.memory.fact(kConfiguration));
  context.memory.watch(context.model);
  return useless;
}

}  // namespace hnbemu::procedures

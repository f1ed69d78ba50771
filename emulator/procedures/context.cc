#include "procedures/context.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>
#include <boost/json/value_to.hpp>

namespace hnbemu::procedures {
namespace {

constexpr const char* kEvents = "events";                         // [[code, CommandKey], …], the oldest first
constexpr const char* kChangedParameters = "changed_parameters";  // [path, …]
constexpr const char* kBootstrappedUrl = "bootstrapped_url";
constexpr const char* kRebootKey = "reboot_key";  // [CommandKey]: it may be empty

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

}  // namespace

Task<Result<>> remember(Context& context) {
  auto& memory = context.memory;
  std::vector<Texts> events;
  for (const auto& event : context.events.pending()) events.push_back({event.event_code, event.command_key});
  memory.set_fact(kEvents, to_text(events));
  memory.set_fact(kChangedParameters, to_text(context.changed_parameters));
  memory.set_fact(kBootstrappedUrl, context.bootstrapped_url);
  memory.set_fact(kRebootKey, context.reboot_key ? to_text(Texts{*context.reboot_key}) : "");
  return memory.commit();
}

std::vector<std::string> recall(Context& context, const Memory& memory) {
  auto useless = context.memory.restore(memory, context.model);
  for (const auto& event : from_text<std::vector<Texts>>(context.memory.fact(kEvents))) {
    if (event.size() == 2) context.events.push({event[0], event[1]});
  }
  for (auto& path : from_text<Texts>(context.memory.fact(kChangedParameters))) {
    context.changed_parameters.insert(std::move(path));
  }
  context.bootstrapped_url = context.memory.fact(kBootstrappedUrl);
  const auto key = from_text<Texts>(context.memory.fact(kRebootKey));
  if (key.size() == 1) context.reboot_key = key.front();
  context.memory.watch(context.model);
  return useless;
}

}  // namespace hnbemu::procedures

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "fleet/alarm_api.h"
#include "fleet/device_calls.h"

// What is asked about a device.
namespace hnbemu::fleet {
namespace {

using boost::json::array;
using boost::json::object;

constexpr std::size_t kMaxPaths = 1'000;  // of one request

}  // namespace

using control::refuse;
using control::Reply;
using control::reply;

Reply show(const Call& call) {
  auto device = device_json(*call.fleet.report(call.id));
  const auto more = call.fleet.on_device(call.id, [](Unit& unit) {
    object facts{{"ike_daemon", unit.ike_daemon()}};
    const auto& forgotten = unit.device().forgotten();
    facts["forgotten"] = array(forgotten.begin(), forgotten.end());
    facts["alarm_counts"] = counts_json(unit.device());
    auto& events = facts["pending_events"].emplace_array();
    for (const auto& event : unit.device().events().pending()) events.emplace_back(event.event_code);
    return facts;
  });
  if (more) device.insert(more->begin(), more->end());
  return reply(device);
}

Reply get_parameters(const Call& call) {
  std::vector<std::string> paths;
  for (const auto& [key, value] : call.request.query) {
    if (key != "path") return refuse(400, fmt::format("unknown query '{}': path=…", key));
    paths.push_back(value);
  }
  if (paths.size() > kMaxPaths) return refuse(400, fmt::format("more than {} paths", kMaxPaths));
  using Values = tl::expected<std::vector<datamodel::ParameterValue>, std::string>;
  const auto values = call.fleet.on_device(call.id, [paths](Unit& unit) -> Values {
    std::vector<datamodel::ParameterValue> all;
    for (const auto& path : paths) {
      auto some = unit.device().model().values(path);
      if (!some) return tl::unexpected(path);
      // The ACS reads a hidden value as empty (TR-106); the device's owner does not.
      for (auto& value : *some) value.value = unit.device().model().value(value.path).value_or(value.value);
      std::move(some->begin(), some->end(), std::back_inserter(all));
    }
    return all;
  });
  if (!values) return refusal_of(values.error());
  if (!*values)
    return refuse(404, fmt::format("{} has no parameter '{}' (a partial path ends in '.')", call.id, values->error()));
  array list;
  for (const auto& value : **values) {
    list.push_back(object{{"path", value.path}, {"value", value.value}, {"type", xsd_name(value.type)}});
  }
  return reply({{"parameters", std::move(list)}});
}

Reply set_parameters(const Call& call) {
  const auto* parameters = call.body.if_contains("parameters");
  if (parameters == nullptr || !parameters->is_object() || parameters->as_object().empty()) {
    return refuse(400, R"({"parameters": {"path": "value"}} is wanted)");
  }
  std::vector<datamodel::Assignment> assignments;
  for (const auto& [path, value] : parameters->as_object()) {
    if (!value.is_string()) return refuse(400, fmt::format("the value of '{}' is no text", std::string(path)));
    assignments.push_back({std::string(path), std::string(value.as_string()), ""});
  }
  const auto done = call.fleet.on_device(call.id, [assignments](Unit& unit) {
    auto set = unit.device().model().set(assignments, datamodel::Origin::command);
    if (set) unit.device().save();
    return set;
  });
  if (!done) return refusal_of(done.error());
  if (*done) return reply({{"id", call.id}});
  std::vector<std::string> faults;
  for (const auto& fault : done->error()) faults.push_back(fmt::format("{}: {}", fault.path, fault.text));
  return refuse(400, fmt::format("nothing was set: {}", fmt::join(faults, "; ")));
}

Reply alarms(const Call& call) {
  const auto shown = call.fleet.on_device(call.id, [](Unit& unit) { return alarms_json(unit.device()); });
  return shown ? reply(*shown) : refusal_of(shown.error());
}

Reply trace(const Call& call) {
  array records;
  for (const auto& line : call.fleet.trace(call.id)) {
    boost::system::error_code error;
    auto record = boost::json::parse(line, error);
    if (!error) records.push_back(std::move(record));
  }
  return reply({{"id", call.id}, {"records", std::move(records)}});
}

}  // namespace hnbemu::fleet

#include "fleet/device_api.h"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "cwmp/event_queue.h"
#include "fleet/alarm_api.h"
#include "fleet/hms_requests.h"
#include "procedures/step_table.h"

namespace hnbemu::fleet {
namespace {

using boost::json::array;
using boost::json::object;
using control::refuse;
using control::reply;
using control::Reply;

constexpr std::size_t kMaxPaths = 1'000;  // of one request

struct Call {
  Fleet& fleet;
  const std::string& id;
  const control::Request& request;
  object body;  // of a POST or PATCH; empty if there was none
};

// The text at `key`; nothing if it is missing or no text.
std::optional<std::string> text_at(const object& body, std::string_view key) {
  const auto* value = body.if_contains(key);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string(value->as_string());
}

template <class Work>
Reply tell(const Call& call, Work work) {
  const auto done = call.fleet.on_device(call.id, [work = std::move(work)](Unit& unit) {
    work(unit.device());
    return true;
  });
  return done ? reply({{"id", call.id}}) : refusal_of(done.error());
}

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

Reply inform(const Call& call) {
  const auto event = call.body.contains("event") ? text_at(call.body, "event") : std::string("6 CONNECTION REQUEST");
  if (!event || event->empty() || event->size() > cwmp::kMaxEventCode) {
    return refuse(400, fmt::format("'event' is an event code of 1 to {} characters", cwmp::kMaxEventCode));
  }
  if (!cwmp::is_event_code(*event)) {
    return refuse(400, fmt::format("'{}' is no event code of TR-069 3.7.1.5, nor 'X <OUI> …'", *event));
  }
  return tell(call, [event = *event](device::Device& device) { device.inform(event); });
}

Reply reboot(const Call& call) {
  return tell(call, [](device::Device& device) { device.reboot(); });
}

Reply factory_reset(const Call& call) {
  return tell(call, [](device::Device& device) { device.factory_reset(); });
}

Reply allow(const Call& call) {
  return tell(call, [](device::Device& device) { device.allow(); });
}

// TR-069 A.4.2.1. The lengths are the schema's.
Reply kick(const Call& call) {
  const auto text = [&](std::string_view key, std::size_t max) -> std::optional<std::string> {
    auto found = call.body.contains(key) ? text_at(call.body, key) : std::string();
    return found && found->size() <= max ? found : std::nullopt;
  };
  const auto command = text("command", 32);
  const auto referer = text("referer", 64);
  const auto arg = text("arg", 256);
  const auto next = text("next", 1024);
  if (!command || !referer || !arg || !next) {
    return refuse(400, "texts of at most: command 32, referer 64, arg 256, next 1024 characters");
  }
  return tell(call, [kicked = cwmp::Kicked{*command, *referer, *arg, *next}](device::Device& device) {
    device.request(kicked);
  });
}

Reply ask_rpc_methods(const Call& call) {
  return tell(call, [](device::Device& device) { device.request(cwmp::GetRpcMethods{}); });
}

// A transfer that the ACS has not asked for (TR-069 A.3.3.3).
Reply transfer(const Call& call) {
  const auto text = [&](std::string_view key) {
    return call.body.contains(key) ? text_at(call.body, key) : std::string();
  };
  const auto direction = text("direction");
  const auto type = text("type");
  const auto url = text("url");
  const auto username = text("username");
  const auto password = text("password");
  const bool known = direction == "download" || direction == "upload";
  if (!known || !type || !url || !username || !password || url->empty()) {
    return refuse(400, R"({"direction": "download" or "upload", "type", "url", "username", "password"} is wanted)");
  }
  cwmp::Transfer one;
  one.method = direction == "upload" ? cwmp::Transfer::Method::upload : cwmp::Transfer::Method::download;
  one.file_type = *type;
  one.url = *url;
  one.username = *username;
  one.password = *password;
  const auto started = call.fleet.on_device(call.id, [one](Unit& unit) { return unit.device().transfer(one); });
  if (!started) return refusal_of(started.error());
  return *started ? refuse(400, **started) : reply({{"id", call.id}});
}

Reply upload_measurements(const Call& call) {
  const auto names = call.fleet.on_device(call.id, [](Unit& unit) { return unit.device().send_measurements(); });
  if (!names) return refusal_of(names.error());
  if (!*names) return refuse(409, fmt::format("{}: {}", call.id, names->error()));
  return reply({{"id", call.id}, {"pm_files", array((*names)->begin(), (*names)->end())}});
}

// TR-069 A.4.2.2.
Reply request_download(const Call& call) {
  const auto type = text_at(call.body, "type");
  if (!type || type->empty() || type->size() > 64) return refuse(400, "'type' is a FileType of 1 to 64 characters");
  return tell(call, [type = *type](device::Device& device) { device.request(cwmp::RequestDownload{type, {}}); });
}

// As the ACS does that knows nothing but what the device says of itself.
Reply udp_request(const Call& call) {
  const auto request = call.fleet.on_device(call.id, [&profile = call.fleet.profile(call.id)](Unit& unit) {
    const auto value = [&](std::string_view role) {
      return unit.device().model().value(profile.path(role)).value_or("");
    };
    return StunService::Request{unit.device().path().plane == Plane::inner, value("udp_connection_request_address"),
                                value("connection_request_username"), value("connection_request_password")};
  });
  if (!request) return refusal_of(request.error());
  const auto sent = call.fleet.network().stun().request(*request);
  return sent ? reply({{"id", call.id}}) : refuse(409, fmt::format("{}: {}", call.id, sent.error().detail));
}

Reply renew(const Call& call) {
  using Renewal = ipsec::IkeTunnel::Renewal;
  const auto what = text_at(call.body, "what");
  const bool known = what == "reauth" || what == "ike" || what == "child";
  if (!known) return refuse(400, "'what' is reauth, ike or child");
  const auto how = what == "reauth" ? Renewal::reauthenticate
                   : what == "ike"  ? Renewal::rekey_ike
                                    : Renewal::rekey_child;
  const auto begun = call.fleet.on_device(call.id, [how](Unit& unit) { return unit.renew_tunnels(how); });
  if (!begun) return refusal_of(begun.error());
  return *begun ? reply({{"id", call.id}}) : refuse(409, call.id + " has no tunnel");
}

Reply ask_through_hms(const Call& call) {
  return hms_reply(call.fleet, call.id, call.body);
}

Reply hold(const Call& call) {
  const auto at = text_at(call.body, "at");
  const auto steps = procedures::steps_of(call.fleet.profile(call.id).technology);
  const bool known = at && std::ranges::any_of(steps, [&](const auto& step) { return is_at(step, *at); });
  if (!known) {
    std::vector<std::string> names;
    names.reserve(steps.size());
    for (const auto& step : steps) {
      names.push_back(fmt::format("{}/{}", step.clause.substr(step.clause.rfind(' ') + 1), step.id));
    }
    return refuse(400, fmt::format("'at' is a step of {}: {}", call.id, fmt::join(names, " ")));
  }
  return tell(call, [at = *at](device::Device& device) { device.steps().hold_at(at); });
}

Reply go_on(const Call& call) {
  return tell(call, [](device::Device& device) { device.steps().go_on(); });
}

Reply alarms(const Call& call) {
  const auto shown = call.fleet.on_device(call.id, [](Unit& unit) { return alarms_json(unit.device()); });
  return shown ? reply(*shown) : refusal_of(shown.error());
}

Reply order_alarm(const Call& call) {
  const auto order = read_order(call.body);
  if (!order) return refuse(400, order.error().detail);
  const auto refused =
      call.fleet.on_device(call.id, [order = *order](Unit& unit) { return unit.device().order(order); });
  if (!refused) return refusal_of(refused.error());
  return *refused ? refuse(400, fmt::format("{}: {}", call.id, **refused)) : reply({{"id", call.id}});
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

struct Route {
  std::string_view method;
  std::string_view path;  // after /devices/ID
  Reply (*handle)(const Call& call);
};
constexpr std::array kRoutes{
    Route{"GET", "", show},
    Route{"GET", "parameters", get_parameters},
    Route{"PATCH", "parameters", set_parameters},
    Route{"POST", "inform", inform},
    Route{"POST", "reboot", reboot},
    Route{"POST", "factory-reset", factory_reset},
    Route{"POST", "allow", allow},
    Route{"POST", "kick", kick},
    Route{"POST", "rpc-methods", ask_rpc_methods},
    Route{"POST", "transfer", transfer},
    Route{"POST", "upload-pm", upload_measurements},
    Route{"POST", "request-download", request_download},
    Route{"POST", "udp-request", udp_request},
    Route{"POST", "renew", renew},
    Route{"POST", "hms", ask_through_hms},
    Route{"POST", "hold", hold},
    Route{"POST", "continue", go_on},
    Route{"GET", "alarms", alarms},
    Route{"POST", "alarms", order_alarm},
    Route{"GET", "trace", trace},
};

}  // namespace

Reply device_reply(Fleet& fleet, const std::string& id, const control::Request& request) {
  const auto path = request.path.size() > 2 ? request.path[2] : "";
  const auto here = [&](const Route& route) { return route.path == path && request.path.size() <= 3; };
  const auto route =
      std::ranges::find_if(kRoutes, [&](const Route& one) { return here(one) && one.method == request.method; });
  if (route == kRoutes.end()) {
    return std::ranges::any_of(kRoutes, here) ? refuse(405, "not with " + request.method)
                                              : refuse(404, "no such thing of a device: " + path);
  }
  Call call{fleet, id, request, {}};
  if (!request.body.empty()) {
    boost::system::error_code error;
    auto body = boost::json::parse(request.body, error);
    if (error || !body.is_object()) {
      return refuse(400, "the body is no JSON object" + (error ? ": " + error.message() : std::string()));
    }
    call.body = std::move(body.as_object());
  }
  return route->handle(call);
}

Reply refusal_of(const Error& error) {
  const int status = error.cause == Cause::configuration ? 404 : error.cause == Cause::timeout ? 504 : 409;
  return refuse(status, error.detail);
}

}  // namespace hnbemu::fleet

#include <algorithm>
#include <boost/json/array.hpp>

#include "cwmp/event_queue.h"
#include "fleet/alarm_api.h"
#include "fleet/device_calls.h"
#include "procedures/step_table.h"

// What a device is told to do.
namespace hnbemu::fleet {

using control::refuse;
using control::Reply;
using control::reply;

namespace {

using boost::json::array;

// The text at `key`; nothing if it is missing or no text.
std::optional<std::string> text_at(const boost::json::object& body, std::string_view key) {
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

}  // namespace

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

// TR-069 A.4.2.2.
Reply request_download(const Call& call) {
  const auto type = text_at(call.body, "type");
  if (!type || type->empty() || type->size() > 64) return refuse(400, "'type' is a FileType of 1 to 64 characters");
  return tell(call, [type = *type](device::Device& device) { device.request(cwmp::RequestDownload{type, {}}); });
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

Reply order_alarm(const Call& call) {
  const auto order = read_order(call.body);
  if (!order) return refuse(400, order.error().detail);
  const auto refused =
      call.fleet.on_device(call.id, [order = *order](Unit& unit) { return unit.device().order(order); });
  if (!refused) return refusal_of(refused.error());
  return *refused ? refuse(400, fmt::format("{}: {}", call.id, **refused)) : reply({{"id", call.id}});
}

}  // namespace hnbemu::fleet

#include "app/client.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>

#include "app/command_line.h"
#include "control/client.h"

namespace hnbemu::app {

Result<fleet::Layout> find_fleet(const Where& where) {
  if (!where.fleet.empty()) return fleet::Layout(where.state_directory, where.fleet);
  std::vector<std::string> running;
  for (const auto& name : fleet::fleets_in(where.state_directory)) {
    if (fleet::is_running({where.state_directory, name})) running.push_back(name);
  }
  if (running.size() == 1) return fleet::Layout(where.state_directory, running.front());
  if (running.empty()) {
    return fail(Cause::network, fmt::format("no fleet is running under {}: start one with 'hnbemu up FLEET.yaml'",
                                            where.state_directory));
  }
  return fail(Cause::configuration,
              fmt::format("several fleets are running, say which: --fleet {}", fmt::join(running, " or --fleet ")));
}

Result<boost::json::object> ask(const Where& where, const std::string& method, const std::string& target,
                                const boost::json::object& body) {
  const auto layout = find_fleet(where);
  if (!layout) return tl::unexpected(layout.error());
  const auto reply = control::call(layout->socket(), method, target, body.empty() ? "" : boost::json::serialize(body));
  if (!reply && reply.error().cause == Cause::network) {
    return fail(Cause::network, fmt::format("fleet '{}' is not running under {}", where.fleet, where.state_directory));
  }
  if (!reply) return tl::unexpected(reply.error());
  boost::system::error_code error;
  auto json = boost::json::parse(reply->body, error);
  if (error || !json.is_object()) return fail(Cause::protocol, "the emulator's answer is no JSON object");
  if (reply->status < 400) return std::move(json.as_object());
  const auto* text = json.as_object().if_contains("error");
  const auto cause = reply->status < 409 ? Cause::configuration : Cause::system;
  return fail(cause, text != nullptr && text->is_string() ? std::string(text->as_string()) : reply->body);
}

Result<std::pair<std::string, std::string>> parse_assignment(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    return fail(Cause::configuration, fmt::format("'{}' is not PATH=VALUE", text));
  }
  return std::pair(text.substr(0, equals), text.substr(equals + 1));
}

Result<boost::json::object> parse_assignments(const std::vector<std::string>& texts) {
  boost::json::object parameters;
  for (const auto& text : texts) {
    const auto parsed = parse_assignment(text);
    if (!parsed) return tl::unexpected(parsed.error());
    parameters[parsed->first] = parsed->second;
  }
  return parameters;
}

int complain(const Error& error) {
  fmt::print(stderr, "{}\n", error.detail);
  return error.cause == Cause::configuration ? kUsage : kFailed;
}

}  // namespace hnbemu::app

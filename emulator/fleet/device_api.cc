#include "fleet/device_api.h"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>

#include "fleet/device_calls.h"
#include "fleet/hms_requests.h"

namespace hnbemu::fleet {
namespace {

using control::refuse;
using control::Reply;

Reply ask_through_hms(const Call& call) {
  return hms_reply(call.fleet, call.id, call.body);
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

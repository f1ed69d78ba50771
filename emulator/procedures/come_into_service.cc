#include "procedures/come_into_service.h"

#include "procedures/assigned_elements.h"
#include "procedures/henb_direct_connection.h"
#include "procedures/henb_discovery.h"
#include "procedures/henb_public_discovery.h"
#include "procedures/henb_registration.h"
#include "procedures/hnb_discovery.h"
#include "procedures/hnb_public_discovery.h"
#include "procedures/hnb_registration.h"

namespace hnbemu::procedures {
namespace {

bool is_hnb(const Context& context) {
  return context.profile.technology == config::Technology::hnb;
}

Task<Result<Service>> connect_henb(Context& context, ServingElements elements) {
  if (context.factory.initial_hms.empty()) return connect_factory_hems(context, std::move(elements));
  if (context.factory.initial_segw.empty()) return connect_publicly_found_hems(context, std::move(elements));
  return connect_serving_hems(context, std::move(elements));
}

void restore_elements(Context& context, const std::string& url, const std::vector<std::string>& segws) {
  context.set_value_of("acs_url", url);
  std::string path(context.profile.path("serving_segw"));
  for (const auto& segw : segws) {
    context.model.update(path, segw);
    ++path.back();  // SecGWServer1, 2, 3
  }
}

}  // namespace

Task<Result<ServingElements>> discover(Context& context) {
  const bool is_public = context.factory.initial_segw.empty();
  if (is_hnb(context)) return is_public ? discover_hnb_publicly(context) : discover_hnb(context);
  return is_public ? discover_henb_publicly(context) : discover_henb(context);
}

Task<Result<ServingElements>> discover_again(Context& context) {
  const auto url = context.value_of("acs_url");
  const auto segws = numbered_values(context, "serving_segw");
  const auto events = context.events;
  context.set_value_of("acs_url", context.factory.initial_hms);
  clear_numbered_values(context, "serving_segw");
  context.events.push("0 BOOTSTRAP");  // TR-069 3.7.1.5: the ACS URL has changed
  auto discovery = discover(context);
  auto elements = co_await std::move(discovery);
  const bool assigned =
      context.value_of("acs_url") != context.factory.initial_hms || !numbered_values(context, "serving_segw").empty();
  if (assigned) co_return elements;
  restore_elements(context, url, segws);
  auto since = std::exchange(context.events, events).pending();
  std::erase_if(since, [](const auto& event) { return event.event_code == "0 BOOTSTRAP"; });
  for (auto& event : since) context.events.push(std::move(event));
  co_return elements;
}

Task<Result<Service>> register_device(Context& context, ServingElements elements) {
  if (is_hnb(context)) co_return co_await register_hnb(context, std::move(elements));
  const bool registered = elements.registered;
  auto connecting = connect_henb(context, std::move(elements));
  auto service = co_await std::move(connecting);
  if (!service) co_return service;
  const auto result = co_await register_henb(context, *service, registered);
  if (!result) co_return tl::unexpected(result.error());
  co_return service;
}

Task<Result<>> register_again_with_gateway(Context& context, Service& service) {
  return is_hnb(context) ? register_with_hnb_gateway(context, service) : set_s1_up(context, service);
}

bool is_gone(const Error& error) {
  switch (error.cause) {
    case Cause::timeout:
    case Cause::network:
    case Cause::dns_no_such_name:
    case Cause::dns_failure:
    case Cause::ike_no_answer:
    case Cause::ike_authentication:
    case Cause::ike_negotiation:
    case Cause::tunnel_lost:
    case Cause::tls_certificate:
    case Cause::tls_handshake:
      return true;
    default:
      return false;
  }
}

}  // namespace hnbemu::procedures

#include "fleet/traced_ports.h"

#include "cwmp/mask.h"
#include "dhcp/message.h"

namespace hnbemu::fleet {
namespace {

std::string texts(const std::vector<IpAddress>& addresses) {
  std::vector<std::string> list;
  for (const auto& address : addresses) list.push_back(address.to_string());
  return fmt::format("{}", fmt::join(list, " "));
}

std::string_view name_of(Plane plane) {
  return plane == Plane::outer ? "outer" : "inner";
}

std::string describe(const TunnelState& tunnel) {
  return fmt::format("{}: inner address {}, DNS {}", tunnel.name, tunnel.inner_address.to_string(),
                     texts(tunnel.dns_servers));
}

}  // namespace

Task<Result<std::vector<IpAddress>>> TracedResolver::resolve(std::string name, Path path, Deadline deadline) {
  sink_("dns", fmt::format("{} query to {}: {} A?", name_of(path.plane), texts(path.dns_servers), name));
  auto addresses = co_await behind_.resolve(name, std::move(path), deadline);
  sink_("dns", fmt::format("{}: {}", name, addresses ? texts(*addresses) : addresses.error().to_string()));
  co_return addresses;
}

Task<Result<TunnelState>> TracedTunnel::establish(TunnelRequest request, Deadline deadline) {
  const auto name = request.name;
  sink_("ike", fmt::format("{}: initiating to {} ({})", name, request.gateway_identity, request.gateway.to_string()));
  auto tunnel = co_await behind_.establish(std::move(request), deadline);
  if (tunnel) on_address_(tunnel->inner_address);
  sink_("ike", tunnel ? "established " + describe(*tunnel) : fmt::format("{}: {}", name, tunnel.error().to_string()));
  co_return tunnel;
}

Task<Result<>> TracedTunnel::release(std::string name, Deadline deadline) {
  auto released = co_await behind_.release(name, deadline);
  sink_("ike", fmt::format("{}: released{}", name, released ? "" : ", " + released.error().to_string()));
  co_return released;
}

void TracedTunnel::on_event(std::function<void(const TunnelEvent&)> handler) {
  behind_.on_event([sink = sink_, on_address = on_address_, handler = std::move(handler)](const TunnelEvent& event) {
    const bool lost = event.kind == TunnelEvent::Kind::lost;
    if (!lost) on_address(event.tunnel.inner_address);
    sink("ike", lost ? fmt::format("{}: lost: {}", event.tunnel.name, event.error.to_string())
                     : "changed " + describe(event.tunnel));
    handler(event);
  });
}

Task<Result<AcsResponse>> TracedAcsHttp::post(AcsRequest request, Path path, Deadline deadline) {
  const auto where =
      fmt::format("POST {} ({}, {})", request.url.to_string(), request.address.to_string(), name_of(path.plane));
  sink_("soap-out", request.body.empty() ? where + ", empty" : where + "\n" + cwmp::mask_secrets(request.body));
  auto response = co_await behind_.post(std::move(request), std::move(path), deadline);
  if (!response) {
    sink_("soap-in", response.error().to_string());
  } else {
    auto line = fmt::format("HTTP {}", response->status);
    if (!response->location.empty()) line += ", Location: " + response->location;
    sink_("soap-in", response->body.empty() ? line + ", empty" : line + "\n" + cwmp::mask_secrets(response->body));
  }
  co_return response;
}

Task<Result<FileReply>> TracedFileTransfer::transfer(FileRequest request, Path path, Deadline deadline) {
  const bool get = request.method == FileRequest::Method::get;
  auto line = fmt::format("{} {} ({}, {})", get ? "fetching" : "sending", request.url.to_string(),
                          request.address.to_string(), name_of(path.plane));
  if (request.resume > 0) line += fmt::format(", from byte {} on", request.resume);
  if (!request.username.empty()) line += ", user " + request.username;
  sink_("file", line);
  const auto where = request.url.to_string();
  auto reply = co_await behind_.transfer(std::move(request), std::move(path), deadline);
  if (!reply) {
    sink_("file", fmt::format("{}: {}", where, reply.error().to_string()));
  } else if (!reply->location.empty()) {
    sink_("file", fmt::format("{}: {}, Location: {}", where, reply->status, reply->location));
  } else {
    sink_("file", fmt::format("{}: {} bytes", where, reply->bytes));
  }
  co_return reply;
}

Result<> TracedAccessLink::send(const std::string& message, const IpAddress& from, const IpAddress& to) {
  if (const auto said = dhcp::parse(message)) sink_("dhcp", dhcp::to_string(*said));
  return behind_.send(message, from, to);
}

Task<Result<std::string>> TracedAccessLink::receive(Deadline deadline) {
  auto message = co_await behind_.receive(deadline);
  if (const auto said = message ? dhcp::parse(*message) : std::nullopt) sink_("dhcp", dhcp::to_string(*said));
  co_return message;
}

}  // namespace hnbemu::fleet

#include "device/diagnostic_tests.h"

#include <boost/asio/this_coro.hpp>

#include "diagnostics/name_lookup.h"
#include "diagnostics/response_times.h"

namespace hnbemu::device {
namespace {

using diagnostics::Failure;
using diagnostics::Report;

// What all kinds of tests work on.
struct Site {
  procedures::Context& context;
  const DiagnosticPorts& ports;
  diagnostics::TestObject object;
  diagnostics::Settings settings;
  Path path;
  Deadline deadline;  // of the whole test

  Deadline now() const { return context.ports.clock.now(); }
  bool late() const { return now() >= deadline; }
  Deadline within(Millis time) const { return std::min(deadline, now() + time); }
  Millis timeout() const { return Millis{std::max<std::uint64_t>(1, settings.number("Timeout"))}; }
};

Task<Result<IpAddress>> address_of(const Site& site, std::string host) {
  if (host.empty()) co_return fail(Cause::dns_no_such_name, "no host is set");
  if (const auto literal = IpAddress::parse(host)) co_return *literal;
  const auto& hosts = site.context.surroundings.hosts;
  if (const auto known = hosts.find(host); known != hosts.end()) co_return known->second;
  const auto deadline = site.within(procedures::Deadlines::dns);
  const auto found = co_await site.context.ports.resolver.resolve(std::move(host), site.path, deadline);
  if (!found) co_return tl::unexpected(found.error());
  co_return found->front();
}

EchoRequest echo_request(const Site& site, const IpAddress& target, std::uint8_t ttl) {
  return {target, static_cast<std::uint16_t>(site.settings.number("DataBlockSize")),
          static_cast<std::uint8_t>(site.settings.number("DSCP")), ttl};
}

// Whether a probe's failure says something on the way, not on the device itself.
bool is_of_the_way(const Error& error) {
  return error.cause == Cause::timeout || error.cause == Cause::network;
}

Task<Report> ping(const Site& site) {
  const auto target = co_await address_of(site, site.settings.text("Host"));
  if (!target) co_return diagnostics::failed(Failure::cannot_resolve_host_name);
  const auto request = echo_request(site, *target, 0);
  const auto repetitions = std::min(site.settings.number("NumberOfRepetitions", 1), diagnostics::kMaxRepetitions);
  diagnostics::ResponseTimes times;
  unsigned unreachable = 0;
  for (std::uint64_t i = 0; i < repetitions; ++i) {
    const auto next = site.now() + kPingInterval;
    const auto reply = co_await site.ports.echo.echo(request, site.path, site.within(site.timeout()));
    if (co_await is_cancelled()) co_return Report{};
    if (!reply && !is_of_the_way(reply.error())) co_return diagnostics::failed(Failure::internal);
    if (site.late()) co_return diagnostics::failed(Failure::other);
    const bool answered = reply && reply->kind == EchoReply::Kind::echo;
    if (answered) times.answered(reply->time);
    if (!answered) times.missed();
    if (!answered && (reply || reply.error().cause == Cause::network)) ++unreachable;
    if (i + 1 < repetitions) co_await site.context.ports.clock.sleep_until(next);
    if (co_await is_cancelled()) co_return Report{};
  }
  auto report = diagnostics::completed();
  if (unreachable == repetitions) report.states.insert(report.states.begin(), "Error_NoRouteToHost");
  report.values = diagnostics::fields_of(times);
  report.values.push_back({"IPAddressUsed", site.path.source.to_string()});
  co_return report;
}

struct HopFound {
  diagnostics::Hop hop;
  std::optional<EchoReply> last{};  // nothing: it was silent
};

Task<Result<HopFound>> try_hop(const Site& site, EchoRequest request) {
  HopFound found;
  const auto tries = std::max<std::uint64_t>(1, site.settings.number("NumberOfTries", 3));
  for (std::uint64_t i = 0; i < tries; ++i) {
    const auto reply = co_await site.ports.echo.echo(request, site.path, site.within(site.timeout()));
    if (co_await is_cancelled()) co_return fail(Cause::cancelled, "the test was cancelled");
    if (!reply && reply.error().cause != Cause::timeout) co_return tl::unexpected(reply.error());
    if (site.late()) co_return fail(Cause::timeout, "the test takes too long");
    found.hop.times.push_back(reply ? reply->time : std::chrono::microseconds{0});
    if (!reply) continue;
    found.last = *reply;
    found.hop.address = reply->from.to_string();
    found.hop.code = reply->code;
  }
  co_return found;
}

// Hops whose names nobody knows keep their addresses.
Task<void> name_hops(const Site& site, std::vector<diagnostics::Hop>& hops) {
  unsigned silent = 0;
  for (auto& hop : hops) {
    const auto address = IpAddress::parse(hop.address);
    if (!address || silent == kMaxSilentLookups) continue;
    auto name = co_await site.ports.lookup.name_of(*address, site.path, site.within(kReverseLookup));
    if (co_await is_cancelled()) co_return;
    if (!name && name.error().cause == Cause::timeout) ++silent;
    if (name) hop.name = std::move(*name);
  }
}

Failure failure_of_hop(const Error& error) {
  if (error.cause == Cause::network) return Failure::no_route_to_host;
  return error.cause == Cause::timeout ? Failure::other : Failure::internal;
}

Task<Report> trace_route(const Site& site) {
  const auto target = co_await address_of(site, site.settings.text("Host"));
  if (!target) co_return diagnostics::failed(Failure::cannot_resolve_host_name);
  const auto most = std::min<std::uint64_t>(kMaxHops, site.settings.number("MaxHopCount", 30));
  std::vector<diagnostics::Hop> hops;
  for (std::uint64_t ttl = 1; ttl <= most; ++ttl) {
    auto found = co_await try_hop(site, echo_request(site, *target, static_cast<std::uint8_t>(ttl)));
    if (!found) co_return diagnostics::failed(failure_of_hop(found.error()));
    hops.push_back(std::move(found->hop));
    if (!found->last || found->last->kind == EchoReply::Kind::time_exceeded) continue;
    if (found->last->kind == EchoReply::Kind::unreachable) co_return diagnostics::failed(Failure::no_route_to_host);
    co_await name_hops(site, hops);
    auto report = diagnostics::route_report(hops);
    report.values.push_back({"IPAddressUsed", site.path.source.to_string()});
    co_return report;
  }
  co_return diagnostics::failed(Failure::max_hop_count_exceeded);
}

diagnostics::Lookup lookup_of(const Result<NameAnswer>& answer, const IpAddress& server) {
  using Status = diagnostics::LookupStatus;
  diagnostics::Lookup lookup;
  lookup.server = server;
  if (!answer) {
    lookup.status = answer.error().cause == Cause::timeout   ? Status::timeout
                    : answer.error().cause == Cause::network ? Status::server_not_available
                                                             : Status::other;
    return lookup;
  }
  lookup.time = answer->time;
  lookup.authoritative = answer->authoritative;
  lookup.name = answer->name;
  lookup.addresses = answer->addresses;
  lookup.status = answer->code == NameAnswer::Code::answered       ? Status::success
                  : answer->code == NameAnswer::Code::no_such_name ? Status::host_name_not_resolved
                                                                   : Status::other;
  return lookup;
}

Task<Report> ns_lookup(const Site& site) {
  auto servers = site.path.dns_servers;
  if (auto server = site.settings.text("DNSServer"); !server.empty()) {
    const auto address = co_await address_of(site, std::move(server));
    if (!address) co_return diagnostics::failed(Failure::dns_server_not_resolved);
    servers = {*address};
  }
  const auto name = site.settings.text("HostName");
  if (servers.empty() || name.empty()) co_return diagnostics::failed(Failure::other);
  const auto wanted = std::max<std::uint64_t>(1, site.settings.number("NumberOfRepetitions"));
  std::vector<diagnostics::Lookup> lookups;
  for (std::uint64_t i = 0; i < std::min(wanted, diagnostics::kMaxLookups); ++i) {
    for (const auto& server : servers) {  // one that does not answer leaves it to the next
      const auto answer = co_await site.ports.lookup.look_up(name, server, site.path, site.within(site.timeout()));
      if (co_await is_cancelled()) co_return Report{};
      if (server == servers.front()) lookups.emplace_back();
      lookups.back() = lookup_of(answer, server);
      if (answer) break;
    }
    if (site.late()) co_return diagnostics::failed(Failure::other);
  }
  co_return diagnostics::lookup_report(lookups);
}

ThroughputRequest throughput_request(const Site& site, Url url, const IpAddress& address) {
  const auto& settings = site.settings;
  ThroughputRequest request;
  request.upload = site.object.kind == diagnostics::Kind::upload;
  request.url = std::move(url);
  request.address = address;
  request.dscp = static_cast<std::uint8_t>(settings.number("DSCP"));
  request.upload_bytes = std::min(settings.number("TestFileLength"), diagnostics::kMaxTestFileLength);
  const auto connections =
      std::clamp<std::uint64_t>(settings.number("NumberOfConnections"), 1, diagnostics::kMaxConnections);
  request.connections = static_cast<unsigned>(connections);
  request.duration = Seconds{settings.number("TimeBasedTestDuration")};
  request.increment = Seconds{settings.number("TimeBasedTestMeasurementInterval")};
  request.increment_offset = Seconds{settings.number("TimeBasedTestMeasurementOffset")};
  return request;
}

// TR-181 says of an empty Interface that the totals cannot be determined; TR-098 takes the default one.
diagnostics::ThroughputReporting reporting(const Site& site) {
  const bool by_interface = site.settings.has("NumberOfConnections");
  return {site.object.kind, !by_interface || !site.settings.text("Interface").empty(),
          site.settings.text("EnablePerConnectionResults") == "true"};
}

Task<Report> throughput(const Site& site) {
  const bool upload = site.object.kind == diagnostics::Kind::upload;
  const auto url = Url::parse(site.settings.text(upload ? "UploadURL" : "DownloadURL"));
  if (!url || (url->scheme != "http" && url->scheme != "ftp")) co_return diagnostics::failed(Failure::other);
  const auto address = co_await address_of(site, url->host);
  if (!address) co_return diagnostics::failed(Failure::cannot_resolve_host_name);
  auto request = throughput_request(site, *url, *address);
  const auto outcome =
      co_await site.ports.throughput.run(std::move(request), site.path, site.within(diagnostics::kMaxTransferTime));
  if (!outcome) co_return diagnostics::failed(Failure::internal);
  if (outcome->failure) co_return diagnostics::failed(*outcome->failure);
  auto report = diagnostics::throughput_report(outcome->measured, reporting(site));
  report.values.push_back({"IPAddressUsed", site.path.source.to_string()});
  co_return report;
}

}  // namespace

std::optional<Path> path_of(const procedures::Context& context, const Path& service, std::string_view interface) {
  if (interface.empty()) return service;
  std::string below(interface);
  if (!below.ends_with('.')) below += '.';
  if (context.profile.path("outer_address").starts_with(below)) return context.outer;
  const bool inner = context.profile.path("inner_address").starts_with(below);
  return inner && service.plane == Plane::inner ? std::optional(service) : std::nullopt;
}

Task<Report> run_test(procedures::Context& context, diagnostics::TestObject object, Path service) {
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  const diagnostics::Settings settings(context.model, object.path);
  const auto path = path_of(context, service, settings.text("Interface"));
  if (context.ports.diagnostics == nullptr || !path) co_return diagnostics::failed(Failure::internal);
  const Site site{context, *context.ports.diagnostics,
                  object,  settings,
                  *path,   context.ports.clock.now() + diagnostics::kMaxTestTime};
  switch (object.kind) {
    case diagnostics::Kind::ping:
      co_return co_await ping(site);
    case diagnostics::Kind::trace_route:
      co_return co_await trace_route(site);
    case diagnostics::Kind::ns_lookup:
      co_return co_await ns_lookup(site);
    case diagnostics::Kind::download:
    case diagnostics::Kind::upload:
      break;
  }
  co_return co_await throughput(site);
}

}  // namespace hnbemu::device

#include "lab/dhcp_server.h"

#include <fcntl.h>
#include <fmt/ranges.h>

#include <cerrno>
#include <fstream>
#include <thread>

#include "lab/file.h"

namespace hnbemu::lab {
namespace {

constexpr const char* kProgram = "/usr/sbin/dnsmasq";
constexpr const char* kCwmpClass = "dslforum.org";
constexpr Millis kPause{5};
// Of the log's beginning: a line of each has the server's state.
constexpr std::string_view kReady = "read ";

std::string hex(std::string_view bytes) {
  std::vector<std::string> pairs;
  for (const char byte : bytes) pairs.push_back(fmt::format("{:02x}", static_cast<unsigned char>(byte)));
  return fmt::format("{}", fmt::join(pairs, ":"));
}

// RFC 2132 8.4.
void put(std::string& out, char code, std::string_view value) {
  if (value.empty()) return;
  out.push_back(code);
  out.push_back(static_cast<char>(value.size()));
  out.append(value);
}

// TR-069 3.1, table 2.
std::string acs_options(const DhcpSettings& settings) {
  std::string out;
  put(out, 1, settings.acs_url);
  put(out, 2, settings.provisioning_code);
  if (settings.retry_minimum_wait_interval) put(out, 3, fmt::to_string(*settings.retry_minimum_wait_interval));
  if (settings.retry_interval_multiplier) put(out, 4, fmt::to_string(*settings.retry_interval_multiplier));
  return out;
}

// user and group: a change of either would clear PR_SET_PDEATHSIG, and the server would outlive the emulator.
// no-ping: a host of a static range is asked for its address by nobody else. leasefile-ro: the hosts file says it all.
std::string configuration(const DhcpServerConfig& config, const std::string& hosts) {
  const auto& settings = config.settings;
  const auto netmask = IpAddress::v4(~std::uint32_t{0} << (32 - config.pool.length));
  auto text = fmt::format(
      "port=0\ninterface={}\nexcept-interface=lo\nuser=root\ngroup=root\npid-file=\nno-resolv\nno-hosts\nno-ping\n"
      "dhcp-authoritative\nleasefile-ro\ndhcp-lease-max={}\ndhcp-range={},static,{},{}\ndhcp-hostsfile={}\n"
      "dhcp-option=option:netmask,255.255.255.254\ndhcp-option=option:dns-server,{}\nlog-facility=-\n",
      config.interfaces, config.hosts.size() + 1, config.pool.address.to_string(), netmask.to_string(),
      settings.lease.count(), hosts, config.dns_server.to_string());
  if (settings.renew) text += fmt::format("dhcp-option=option:T1,{}\n", settings.renew->count());
  if (settings.rebind) text += fmt::format("dhcp-option=option:T2,{}\n", settings.rebind->count());
  if (const auto acs = acs_options(settings); !acs.empty()) {
    text += fmt::format("dhcp-vendorclass=set:cwmp,{}\ndhcp-option=tag:cwmp,43,{}\n", kCwmpClass, hex(acs));
  }
  return text;
}

// It answers nobody but a client on a link, so its log is looked at: the hosts are read last, behind the sockets.
Result<> wait_until_ready(const DhcpServerConfig& config, const netns::Process& process, const std::string& log,
                          Deadline deadline) {
  while (process.running()) {
    std::ifstream file(log);
    for (std::string line; std::getline(file, line);) {
      if (line.find(kReady) != std::string::npos) return {};
    }
    if (Deadline::clock::now() >= deadline) {
      return fail(Cause::timeout, fmt::format("{}: dnsmasq does not get ready; {} says why", config.label, log));
    }
    std::this_thread::sleep_for(kPause);
  }
  return fail(Cause::system, fmt::format("{}: dnsmasq ended at once; {} says why", config.label, log));
}

}  // namespace

Result<DhcpServer> DhcpServer::start(const netns::Namespace& home, const DhcpServerConfig& config, Deadline deadline) {
  const auto stem = config.directory + "/" + config.label;
  std::string hosts;
  for (const auto& host : config.hosts) {
    hosts += fmt::format("{:02x},{}\n", fmt::join(host.mac, ":"), host.address.to_string());
  }
  auto written = write_file(stem + ".hosts", hosts)
                     .and_then([&] { return write_file(stem + ".conf", configuration(config, stem + ".hosts")); })
                     .and_then([&] { return write_file(stem + ".log", ""); });
  if (!written) return tl::unexpected(written.error());
  auto process = netns::Process::spawn(
      home, {{kProgram, "--keep-in-foreground", "--conf-file=" + stem + ".conf"}, {}, stem + ".log"});
  if (!process) {
    auto error = process.error();
    if (error.native == ENOENT) error.detail += " (the lab needs the package dnsmasq-base)";
    return tl::unexpected(std::move(error));
  }
  if (auto ready = wait_until_ready(config, *process, stem + ".log", deadline); !ready) {
    return tl::unexpected(ready.error());
  }
  return DhcpServer(std::move(*process));
}

}  // namespace hnbemu::lab

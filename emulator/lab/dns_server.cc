#include "lab/dns_server.h"

#include <sys/socket.h>

#include <array>

#include "lab/file.h"
#include "lab/readiness.h"

namespace hnbemu::lab {
namespace {

constexpr const char* kDnsmasq = "/usr/sbin/dnsmasq";
constexpr std::uint16_t kDnsPort = 53;

std::string configuration(const DnsConfig& config, const std::string& hosts) {
  // user and group: a change of either would clear PR_SET_PDEATHSIG, and the server would outlive the emulator.
  // address=/#/: NXDOMAIN for what the hosts file does not have.
  return fmt::format(
      "port={}\nlisten-address={}\nbind-interfaces\nuser=root\ngroup=root\npid-file=\nno-resolv\nno-poll\nno-hosts\n"
      "addn-hosts={}\naddress=/#/\nlocal-ttl=60\nlog-facility=-\n",
      kDnsPort, config.address.to_string(), hosts);
}

// RFC 1035 4.1: recursion desired, one question, "ready. IN A".
constexpr std::array<char, 23> kQuestion{0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 5, 'r', 'e', 'a', 'd', 'y', 0, 0, 1, 0, 1};

Result<> wait_until_ready(const netns::Namespace& home, const DnsConfig& config, const netns::Process& process,
                          Deadline deadline) {
  const auto socket = netns::socket_in(home, AF_INET, SOCK_DGRAM);
  if (!socket) return tl::unexpected(socket.error());
  return wait_until_answering({config.label, config.directory, "dnsmasq", config.address, kDnsPort}, *socket, kQuestion,
                              process, deadline);
}

}  // namespace

Result<DnsServer> DnsServer::start(const netns::Namespace& home, const DnsConfig& config, Deadline deadline) {
  const auto stem = config.directory + "/" + config.label;
  std::string hosts;
  for (const auto& record : config.records) hosts += fmt::format("{} {}\n", record.address.to_string(), record.name);
  auto written = write_file(stem + ".hosts", hosts).and_then([&] {
    return write_file(stem + ".conf", configuration(config, stem + ".hosts"));
  });
  if (!written) return tl::unexpected(written.error());

  auto process = netns::Process::spawn(
      home, {{kDnsmasq, "--keep-in-foreground", "--conf-file=" + stem + ".conf"}, {}, stem + ".log"});
  if (!process) {
    auto error = process.error();
    if (error.native == ENOENT) error.detail += " (the lab needs the package dnsmasq-base)";
    return tl::unexpected(std::move(error));
  }
  if (auto ready = wait_until_ready(home, config, *process, deadline); !ready) {
    return tl::unexpected(ready.error());
  }
  return DnsServer(std::move(*process));
}

}  // namespace hnbemu::lab

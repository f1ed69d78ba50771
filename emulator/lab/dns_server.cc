#include "lab/dns_server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <thread>

#include "lab/file.h"

namespace hnbemu::lab {
namespace {

constexpr const char* kProgram = "/usr/sbin/dnsmasq";
constexpr std::uint16_t kDnsPort = 53;
constexpr Millis kAskAgain{20};
constexpr Millis kPause{2};

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

Result<> wait_until_answering(const netns::Namespace& home, const DnsConfig& config, const netns::Process& process,
                              Deadline deadline) {
  const auto fd = netns::socket_in(home, AF_INET, SOCK_DGRAM);
  if (!fd) return tl::unexpected(fd.error());
  sockaddr_in server{};
  server.sin_family = AF_INET;
  server.sin_port = htons(kDnsPort);
  server.sin_addr.s_addr = htonl(config.address.to_v4());
  if (::connect(fd->get(), reinterpret_cast<const sockaddr*>(&server), sizeof server) != 0) {
    return fail_errno(fmt::format("{}: {}", config.label, config.address.to_string()), errno);
  }
  std::array<char, 512> answer;
  while (process.running()) {
    if (Deadline::clock::now() >= deadline) {
      return fail(Cause::timeout, fmt::format("{}: dnsmasq does not answer", config.label));
    }
    // Refused (ECONNREFUSED, on either call) until it listens.
    static_cast<void>(::send(fd->get(), kQuestion.data(), kQuestion.size(), 0));
    pollfd waiting{fd->get(), POLLIN, 0};
    ::poll(&waiting, 1, static_cast<int>(kAskAgain.count()));
    if (::recv(fd->get(), answer.data(), answer.size(), 0) > 0) return {};
    std::this_thread::sleep_for(kPause);
  }
  return fail(Cause::system,
              fmt::format("{0}: dnsmasq ended at once; {1}/{0}.log says why", config.label, config.directory));
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
      home, {{kProgram, "--keep-in-foreground", "--conf-file=" + stem + ".conf"}, {}, stem + ".log"});
  if (!process) {
    auto error = process.error();
    if (error.native == ENOENT) error.detail += " (the lab needs the package dnsmasq-base)";
    return tl::unexpected(std::move(error));
  }
  if (auto ready = wait_until_answering(home, config, *process, deadline); !ready) {
    return tl::unexpected(ready.error());
  }
  return DnsServer(std::move(*process));
}

}  // namespace hnbemu::lab

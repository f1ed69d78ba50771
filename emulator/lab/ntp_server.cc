#include "lab/ntp_server.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "lab/file.h"
#include "lab/readiness.h"
#include "netns/device_socket.h"

namespace hnbemu::lab {
namespace {

// The second one is where scripts/setup unpacks it: a host has one time daemon, and it may be another.
constexpr std::array kPrograms{"/usr/sbin/chronyd", "/var/cache/hnbemu/chrony/usr/sbin/chronyd"};
constexpr std::uint16_t kPort = 123;
constexpr std::array<char, 48> kQuestion{0x23};  // RFC 5905 7.3: version 4, client

// local: it serves the host's time though it follows nobody. user: a change of it would clear PR_SET_PDEATHSIG.
std::string configuration(const NtpConfig& config, const std::string& stem) {
  return fmt::format(
      "bindaddress {}\nport {}\nlocal stratum 8\nallow all\ncmdport 0\nbindcmdaddress /\npidfile {}.pid\n"
      "user root\n",
      config.address.to_string(), kPort, stem);
}

Result<> wait_until_ready(const netns::Namespace& home, const NtpConfig& config, const netns::Process& process,
                          Deadline deadline) {
  const auto socket = netns::device_datagram_socket(home, false, config.address, 0);
  if (!socket) return tl::unexpected(socket.error());
  return wait_until_answering({config.label, config.directory, "chronyd", config.address, kPort}, *socket, kQuestion,
                              process, deadline);
}

}  // namespace

Result<NtpServer> NtpServer::start(const netns::Namespace& home, const NtpConfig& config, Deadline deadline) {
  const auto stem = config.directory + "/" + config.label;
  if (auto written = write_file(stem + ".conf", configuration(config, stem)); !written) {
    return tl::unexpected(written.error());
  }
  const bool installed = ::access(kPrograms[0], X_OK) == 0;
  // -x: it leaves the clock alone; -d: in the foreground.
  auto process = netns::Process::spawn(
      home, {{kPrograms[installed ? 0 : 1], "-x", "-d", "-f", stem + ".conf"}, {}, stem + ".log"});
  if (!process) {
    auto error = process.error();
    if (error.native == ENOENT) error.detail += " (scripts/setup unpacks chronyd for the lab)";
    return tl::unexpected(std::move(error));
  }
  if (auto ready = wait_until_ready(home, config, *process, deadline); !ready) {
    return tl::unexpected(ready.error());
  }
  return NtpServer(std::move(*process));
}

}  // namespace hnbemu::lab

#include "lab/ntp_server.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <thread>

#include "lab/file.h"
#include "netns/device_socket.h"

namespace hnbemu::lab {
namespace {

// The second one is where scripts/setup unpacks it: a host has one time daemon, and it may be another.
constexpr std::array kPrograms{"/usr/sbin/chronyd", "/var/cache/hnbemu/chrony/usr/sbin/chronyd"};
constexpr std::uint16_t kPort = 123;
constexpr std::array<char, 48> kQuestion{0x23};  // RFC 5905 7.3: version 4, client
constexpr Millis kAskAgain{20};
constexpr Millis kPause{2};

// local: it serves the host's time though it follows nobody. user: a change of it would clear PR_SET_PDEATHSIG.
std::string configuration(const NtpConfig& config, const std::string& stem) {
  return fmt::format(
      "bindaddress {}\nport {}\nlocal stratum 8\nallow all\ncmdport 0\nbindcmdaddress /\npidfile {}.pid\n"
      "user root\n",
      config.address.to_string(), kPort, stem);
}

Result<> wait_until_answering(const netns::Namespace& home, const NtpConfig& config, const netns::Process& process,
                              Deadline deadline) {
  const auto fd = netns::device_datagram_socket(home, false, config.address, 0);
  if (!fd) return tl::unexpected(fd.error());
  sockaddr_in server{};
  server.sin_family = AF_INET;
  server.sin_port = htons(kPort);
  server.sin_addr.s_addr = htonl(config.address.to_v4());
  if (::connect(fd->get(), reinterpret_cast<const sockaddr*>(&server), sizeof server) != 0) {
    return fail_errno(fmt::format("{}: {}", config.label, config.address.to_string()), errno);
  }
  std::array<char, 512> answer;
  while (process.running()) {
    if (Deadline::clock::now() >= deadline) {
      return fail(Cause::timeout, fmt::format("{}: chronyd does not answer", config.label));
    }
    static_cast<void>(::send(fd->get(), kQuestion.data(), kQuestion.size(), 0));  // refused until it listens
    pollfd waiting{fd->get(), POLLIN, 0};
    ::poll(&waiting, 1, static_cast<int>(kAskAgain.count()));
    if (::recv(fd->get(), answer.data(), answer.size(), 0) > 0) return {};
    std::this_thread::sleep_for(kPause);
  }
  return fail(Cause::system,
              fmt::format("{0}: chronyd ended at once; {1}/{0}.log says why", config.label, config.directory));
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
  if (auto ready = wait_until_answering(home, config, *process, deadline); !ready) {
    return tl::unexpected(ready.error());
  }
  return NtpServer(std::move(*process));
}

}  // namespace hnbemu::lab

#include "adapters/ipsec/charon.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <map>

#include "base/address.h"
#include "base/number.h"
#include "base/time.h"

namespace hnbemu::ipsec {
namespace {

constexpr const char* kBinary = "/usr/sbin/charon-systemd";
constexpr Millis kStopGrace{300};
constexpr std::size_t kMaxDnsServers = 8;
constexpr std::size_t kMaxSocketPath = 107;  // sockaddr_un

// A short list starts fast; without kdf no keys are derived. With kernel-libipsec fewer than 12 threads deadlock: its
// own blocking jobs use up the pool. The mark keeps IKE out of the tunnel's catch-all route. 2 s, 2.8 s, 3.9 s: a
// silent peer is given up after 14 s instead of 165 s.
constexpr std::string_view kConfiguration = R"(charon-systemd {{
  load = random nonce openssl pem x509 pkcs1 pubkey revocation constraints kdf{libipsec} kernel-netlink socket-default updown vici
  threads = {threads}
  retransmit_tries = 3
  retransmit_timeout = 2.0
  retransmit_base = 1.4
  close_ike_on_child_failure = yes
  reuse_ikesa = no
  cert_cache = no
  dos_protection = {dos_protection}
  journal {{ default = -1 }}
  syslog {{ }}
  filelog {{
    log {{ path = {directory}/charon.log
      time_format = %F %T
      default = 1
      flush_line = yes
    }}
  }}
  plugins {{
    vici {{ socket = unix://{directory}/vici }}
    updown {{ dns_handler = yes }}
    kernel-libipsec {{ allow_peer_ts = yes }}
    kernel-netlink {{ fwmark = !0x42 }}
    socket-default {{ fwmark = 0x42 }}
    revocation {{ enable_crl = no
      enable_ocsp = no
    }}
  }}
}}
)";

constexpr std::string_view kUpdownHelper = R"(#!/bin/sh
case "$PLUTO_VERB" in up-*) env | grep '^PLUTO_' > "$1/updown.$PLUTO_UNIQUEID.new" &&
  mv "$1/updown.$PLUTO_UNIQUEID.new" "$1/updown.$PLUTO_UNIQUEID" ;; esac
exit 0
)";

// The AppArmor profile that binds a process, which may have ended; "" if none does.
std::string apparmor_profile(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/attr/apparmor/current", pid));
  std::string label;
  std::getline(file, label);
  const auto mode = label.rfind(" (enforce)");
  return mode == std::string::npos ? std::string{} : label.substr(0, mode);
}

Result<> write_file(const std::string& path, const std::string& text, mode_t mode) {
  std::ofstream file(path, std::ios::trunc);
  file << text;
  file.close();
  if (!file || ::chmod(path.c_str(), mode) != 0) return fail_errno("write " + path, errno);
  return {};
}

}  // namespace

Result<Charon> Charon::start(const netns::Namespace& home, std::string directory, CharonRole role, EspBackend esp) {
  if (::access(kBinary, X_OK) != 0) {
    return fail(Cause::system, fmt::format("{} is missing: run scripts/setup, or install charon-systemd", kBinary));
  }
  const bool user_space = esp == EspBackend::user_space;
  auto text = fmt::format(kConfiguration, fmt::arg("libipsec", user_space ? " kernel-libipsec" : ""),
                          fmt::arg("threads", user_space ? 12 : 16), fmt::arg("directory", directory),
                          fmt::arg("dos_protection", role == CharonRole::responder ? "no" : "yes"));
  const auto configuration = directory + "/strongswan.conf";
  if (auto written = write_file(configuration, text, 0600); !written) return tl::unexpected(written.error());
  if (auto written = write_file(directory + "/updown.sh", std::string(kUpdownHelper), 0700); !written) {
    return tl::unexpected(written.error());
  }
  const auto socket = directory + "/vici";
  if (socket.size() > kMaxSocketPath) {
    return fail(Cause::configuration,
                fmt::format("'{}' is too long for a socket: use a shorter state directory", socket));
  }
  ::unlink(socket.c_str());

  netns::Command command;
  command.argv = {kBinary};
  command.environment = {"STRONGSWAN_CONF=" + configuration, "PATH=/usr/sbin:/usr/bin:/sbin:/bin"};
  command.output_file = directory + "/charon.out";
  auto process = netns::Process::spawn(home, command);
  if (!process) return tl::unexpected(process.error());
  return Charon(std::move(directory), std::move(*process));
}

Task<Result<>> Charon::connect(vici::Client& client, std::vector<std::string> events, Deadline deadline) const {
  std::function<bool()> is_running = [this] { return running(); };
  const auto connected = co_await client.connect(socket_path(), std::move(events), deadline, std::move(is_running));
  if (connected) co_return connected;
  if (!running()) co_return tl::unexpected(explain("charon ended as it started"));
  if (connected.error().cause != Cause::timeout) co_return connected;
  co_return tl::unexpected(explain("charon does not answer on " + socket_path()));
}

Error Charon::explain(std::string what) const {
  const auto profile = apparmor_profile(process_.pid());
  if (profile.empty()) return {Cause::system, fmt::format("{}: {}/charon.log says why", what, directory_)};
  return {Cause::system,
          fmt::format("{}: it is confined by the AppArmor profile '{}' and cannot use its files in {}. Run hnbemu "
                      "unconfined; or allow it by the lines '/var/lib/hnbemu/** rw,' (the state directory) and "
                      "'signal (receive),' in /etc/apparmor.d/local/usr.sbin.charon-systemd, then run "
                      "apparmor_parser -r /etc/apparmor.d/usr.sbin.charon-systemd",
                      what, profile, directory_)};
}

std::string Charon::updown_command() const {
  return fmt::format("{0}/updown.sh {0}", directory_);
}

std::vector<IpAddress> Charon::take_dns_servers(std::string_view unique_id) const {
  constexpr std::string_view prefix = "PLUTO_DNS4_";
  const auto path = fmt::format("{}/updown.{}", directory_, unique_id);
  std::ifstream file(path);
  std::map<unsigned, IpAddress> servers;  // the shell lists its environment in an order of its own
  for (std::string line; std::getline(file, line) && servers.size() < kMaxDnsServers;) {
    const auto equals = line.find('=');
    if (!line.starts_with(prefix) || equals == std::string::npos) continue;
    const auto place = parse_number<unsigned>(std::string_view(line).substr(prefix.size(), equals - prefix.size()));
    const auto address = IpAddress::parse(std::string_view(line).substr(equals + 1));
    if (place && address) servers.emplace(*place, *address);
  }
  ::unlink(path.c_str());
  std::vector<IpAddress> out;
  out.reserve(servers.size());
  for (const auto& [place, address] : servers) out.push_back(address);
  return out;
}

void Charon::stop() {
  process_.stop(kStopGrace);
}

}  // namespace hnbemu::ipsec

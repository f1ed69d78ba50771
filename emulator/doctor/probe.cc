#include "doctor/probe.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "adapters/ipsec/esp.h"
#include "base/read_up_to.h"
#include "netns/netlink.h"

namespace hnbemu::doctor {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFileBytes = std::size_t{32} << 20;  // dpkg's status is a few megabytes

struct Capability {
  unsigned bit;
  const char* name;
};
// Namespaces and mounts; links, routes, XFRM; raw sockets; port 500; files and identities of the daemons.
constexpr std::array kCapabilities{
    Capability{CAP_SYS_ADMIN, "CAP_SYS_ADMIN"}, Capability{CAP_NET_ADMIN, "CAP_NET_ADMIN"},
    Capability{CAP_NET_RAW, "CAP_NET_RAW"},     Capability{CAP_NET_BIND_SERVICE, "CAP_NET_BIND_SERVICE"},
    Capability{CAP_SETUID, "CAP_SETUID"},       Capability{CAP_SETGID, "CAP_SETGID"},
    Capability{CAP_KILL, "CAP_KILL"},           Capability{CAP_DAC_OVERRIDE, "CAP_DAC_OVERRIDE"}};

constexpr std::array kPrograms{"/usr/sbin/charon-systemd", "/usr/sbin/dnsmasq"};
constexpr std::array kPlugins{"openssl", "pem",  "x509",           "pkcs1",          "pubkey", "constraints",
                              "kdf",     "vici", "kernel-netlink", "socket-default", "updown", "kernel-libipsec"};

std::string read(const std::string& file) {
  std::ifstream in(file);
  return read_up_to(in, kMaxFileBytes);
}

std::optional<std::uint64_t> number_in(std::string_view text, int base = 10) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data() + begin, text.data() + text.size(), number, base);
  if (error != std::errc{}) return std::nullopt;
  return number;
}

// What stands behind "Name:" at the beginning of a line.
std::string_view field(std::string_view text, std::string_view name) {
  for (std::size_t at = 0; at < text.size();) {
    const auto line = text.substr(at, text.find('\n', at) - at);
    if (line.size() > name.size() && line.starts_with(name) && line[name.size()] == ':')
      return line.substr(name.size() + 1);
    at += line.size() + 1;
  }
  return {};
}

void probe_programs(Facts& facts) {
  for (const auto* const program : kPrograms) {
    if (::access(program, X_OK) != 0) facts.missing_programs.emplace_back(program);
  }
  for (const auto* const plugin : kPlugins) {
    const auto file = fmt::format("/usr/lib/ipsec/plugins/libstrongswan-{}.so", plugin);
    if (::access(file.c_str(), R_OK) != 0) facts.missing_programs.push_back(file);
  }
  facts.strongswan = installed_version(read("/var/lib/dpkg/status"), "charon-systemd");
}

void probe_kernel(Facts& facts) {
  facts.tun = UniqueFd(::open("/dev/net/tun", O_RDWR | O_CLOEXEC)).get() >= 0;
  facts.sctp = UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_SCTP)).get() >= 0;
  const auto esp = ipsec::find_esp_backend();
  facts.kernel_esp = esp && *esp == ipsec::EspBackend::kernel;
  if (!esp) facts.no_esp = esp.error().detail;
  auto home = netns::Namespace::create();
  auto peer = netns::Namespace::create();
  if (!home || !peer) {
    facts.namespaces = (home ? peer : home).error().detail;
    return;
  }
  auto netlink = netns::Netlink::open(*home);
  const auto linked = netlink ? netlink->add_veth({"a", {2, 0, 0, 0, 0, 1}}, *peer, {"b", {2, 0, 0, 0, 0, 2}}, 1500)
                              : Result<>(tl::unexpected(netlink.error()));
  if (!linked) {
    facts.namespaces = linked.error().detail;
    return;
  }
  facts.netem = netlink->add_netem("a").has_value();
}

void probe_apparmor(Facts& facts) {
  facts.apparmor = read("/sys/module/apparmor/parameters/enabled").starts_with('Y');
  if (!facts.apparmor) return;
  auto own = read("/proc/self/attr/apparmor/current");
  own.erase(std::min(own.find('\n'), own.size()));
  if (own != "unconfined") facts.confined_by = own;
  std::istringstream profiles(read("/sys/kernel/security/apparmor/profiles"));
  for (std::string line; std::getline(profiles, line);) {
    if (line.find("charon") != std::string::npos) facts.charon_profiles.push_back(line);
  }
}

// cgroup 2: what the tightest of this group and those around it leaves. Tasks of other groups do not count there.
std::optional<std::uint64_t> free_tasks_of_cgroup() {
  const auto membership = read("/proc/self/cgroup");
  const auto at = membership.find("0::/");
  if (at == std::string::npos) return std::nullopt;
  std::optional<std::uint64_t> least;
  const fs::path root = "/sys/fs/cgroup";
  for (auto path = root / membership.substr(at + 4, membership.find('\n', at) - at - 4);; path = path.parent_path()) {
    if (const auto limit = number_in(read(path / "pids.max"))) {
      const auto left = *limit - std::min(*limit, number_in(read(path / "pids.current")).value_or(0));
      least = std::min(least.value_or(left), left);
    }
    if (path == root || !path.has_relative_path()) return least;
  }
}

std::optional<std::uint64_t> free_tasks() {
  auto least = free_tasks_of_cgroup();
  const auto load = read("/proc/loadavg");  // "0.00 0.01 0.05 2/345 6789": 345 tasks
  const auto slash = load.find('/');
  const auto now = slash == std::string::npos ? std::nullopt : number_in(load.substr(slash + 1));
  if (const auto most = number_in(read("/proc/sys/kernel/pid_max"))) {
    const auto left = *most - std::min(*most, now.value_or(0));
    least = std::min(least.value_or(left), left);
  }
  return least;
}

void probe_limits(Facts& facts, const std::string& state_directory) {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_max != RLIM_INFINITY) facts.open_files = files.rlim_max;
  facts.free_tasks = free_tasks();
  facts.neighbours = number_in(read("/proc/sys/net/ipv4/neigh/default/gc_thresh3"));
  if (const auto kilobytes = number_in(field(read("/proc/meminfo"), "MemAvailable")))
    facts.memory_free = *kilobytes * 1024;
  std::error_code error;
  fs::path place = fs::absolute(state_directory, error);
  while (!place.empty() && !fs::exists(place, error) && place != place.root_path()) place = place.parent_path();
  if (const auto space = fs::space(place, error); !error) facts.disk_free = space.available;
}

void probe_host_network(Facts& facts) {
  facts.ip_forward = read("/proc/sys/net/ipv4/ip_forward").starts_with('1');
  const auto host = netns::Namespace::current();
  if (!host) return;
  auto netlink = netns::Netlink::open(*host);
  if (!netlink) return;
  const auto routes = netlink->routes();
  if (!routes) return;
  for (const auto& route : *routes) {
    if (route.destination.length > 0) facts.routes.push_back(route.destination);
  }
}

}  // namespace

std::string installed_version(std::string_view dpkg_status, std::string_view package) {
  const auto heading = fmt::format("Package: {}\n", package);
  auto at = dpkg_status.starts_with(heading) ? 0 : dpkg_status.find("\n" + heading);
  if (at == std::string_view::npos) return "";
  at = dpkg_status.find(heading, at);
  const auto paragraph = dpkg_status.substr(at, dpkg_status.find("\n\n", at) - at);
  if (field(paragraph, "Status").find("installed") == std::string_view::npos) return "";
  const auto version = field(paragraph, "Version");
  return std::string(version.substr(std::min(version.find_first_not_of(' '), version.size())));
}

std::vector<std::string> missing_capabilities(std::uint64_t effective) {
  std::vector<std::string> missing;
  for (const auto& capability : kCapabilities) {
    if ((effective >> capability.bit & 1) == 0) missing.emplace_back(capability.name);
  }
  return missing;
}

Facts probe(const std::string& state_directory) {
  Facts facts;
  facts.root = ::geteuid() == 0;
  facts.missing_capabilities =
      missing_capabilities(number_in(field(read("/proc/self/status"), "CapEff"), 16).value_or(0));
  probe_programs(facts);
  probe_kernel(facts);
  probe_apparmor(facts);
  probe_limits(facts, state_directory);
  probe_host_network(facts);
  return facts;
}

}  // namespace hnbemu::doctor

#include "doctor/examine.h"

#include <algorithm>

namespace hnbemu::doctor {
namespace {

constexpr std::uint64_t kUnlimited = UINT64_MAX;

struct Limit {
  const char* subject;
  std::uint64_t limit;
  std::uint64_t for_lab;
  std::uint64_t for_device;
  const char* unit;
  std::uint64_t scale;  // of the unit, in what the numbers count
  const char* advice;
};

std::vector<Limit> limits(const Facts& facts) {
  return {{"open files", facts.open_files.value_or(kUnlimited), kLabFiles, kFilesOfDevice, "", 1,
           "raise the hard limit: ulimit -Hn, LimitNOFILE"},
          {"tasks", facts.free_tasks.value_or(kUnlimited), kLabTasks, kTasksOfDevice, "", 1,
           "raise kernel.pid_max; in a container, its limit of tasks (podman run --pids-limit)"},
          {"memory", facts.memory_free.value_or(kUnlimited), kLabMemory, kMemoryOfDevice, " MiB", 1u << 20,
           "fewer devices, or more memory"},
          {"disk", facts.disk_free.value_or(kUnlimited), 0, kDiskOfDevice, " MiB", 1u << 20,
           "make room, or use another --state-dir"}};
}

Finding privileges(const Facts& facts) {
  if (facts.missing_capabilities.empty()) return {Verdict::good, "privileges", "all capabilities that a run needs", ""};
  return {Verdict::missing, "privileges",
          fmt::format("{}without {}", facts.root ? "root, but " : "", fmt::join(facts.missing_capabilities, ", ")),
          facts.root ? "give the container these capabilities (podman run --cap-add)" : "run as root"};
}

Finding esp(const Facts& facts) {
  if (!facts.no_esp.empty()) return {Verdict::missing, "ESP", facts.no_esp, "without it only 'ipsec: none' works"};
  if (facts.kernel_esp) return {Verdict::good, "ESP", "in the kernel", ""};
  return {Verdict::limited, "ESP",
          "this kernel has none: in user space (kernel-libipsec), slower, and UDP-encapsulated always", ""};
}

Finding optional_feature(bool there, const char* subject, const char* without) {
  if (there) return {Verdict::good, subject, "the kernel has it", ""};
  return {Verdict::limited, subject, fmt::format("the kernel has none: {}", without), ""};
}

Finding programs(const Facts& facts) {
  if (!facts.missing_programs.empty()) {
    return {Verdict::missing, "strongSwan, dnsmasq", fmt::format("no {}", fmt::join(facts.missing_programs, ", ")),
            "run scripts/setup"};
  }
  return {Verdict::good, "strongSwan, dnsmasq",
          facts.strongswan.empty() ? "installed, version unknown" : "strongSwan " + facts.strongswan, ""};
}

Finding apparmor(const Facts& facts) {
  if (!facts.apparmor) return {Verdict::good, "AppArmor", "not in this kernel, or off", ""};
  if (!facts.confined_by.empty()) {
    return {Verdict::limited, "AppArmor",
            fmt::format("hnbemu itself is confined by '{}': charon may not get at its files", facts.confined_by),
            "run hnbemu unconfined, or put '/var/lib/hnbemu/** rw,' (the state directory) and 'signal (receive),' into "
            "/etc/apparmor.d/local/usr.sbin.charon-systemd and run apparmor_parser -r "
            "/etc/apparmor.d/usr.sbin.charon-systemd"};
  }
  if (facts.charon_profiles.empty()) return {Verdict::good, "AppArmor", "on, no profile for charon", ""};
  return {Verdict::good, "AppArmor",
          fmt::format("on, {}: hnbemu starts its charons unconfined", fmt::join(facts.charon_profiles, ", ")), ""};
}

Finding neighbours(const Facts& facts) {
  return {Verdict::good, "neighbour table",
          fmt::format("gc_thresh3 is {}: the devices' entries are permanent and do not count",
                      facts.neighbours.value_or(0)),
          ""};
}

Finding uplink(const Facts& facts) {
  if (facts.ip_forward)
    return {Verdict::good, "forwarding", "on, as --uplink wants it for an ACS that is not on this host", ""};
  return {Verdict::limited, "forwarding", "off: with --uplink the devices reach this host alone",
          "sysctl -w net.ipv4.ip_forward=1"};
}

Finding room(const Facts& facts) {
  const auto most = capacity(facts);
  const auto tightest = std::ranges::min(limits(facts), {}, [](const Limit& limit) {
    return limit.limit == kUnlimited ? kUnlimited
                                     : (limit.limit - std::min(limit.limit, limit.for_lab)) / limit.for_device;
  });
  return {most == 0 ? Verdict::missing : Verdict::good, "room",
          fmt::format("about {} devices; the first limit is {}", most, tightest.subject),
          most < 100 ? tightest.advice : ""};
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  return verdict == Verdict::good ? "ok" : verdict == Verdict::limited ? "limits" : "missing";
}

std::uint64_t capacity(const Facts& facts) {
  std::uint64_t most = config::kMaxDevices;
  for (const auto& limit : limits(facts)) {
    if (limit.limit == kUnlimited) continue;
    most = std::min(most, (limit.limit - std::min(limit.limit, limit.for_lab)) / limit.for_device);
  }
  return most;
}

std::vector<Finding> examine(const Facts& facts) {
  std::vector<Finding> findings{privileges(facts)};
  const auto possible = [&](bool good, const char* subject, const std::string& fact, const char* advice) {
    findings.push_back({good ? Verdict::good : Verdict::missing, subject, fact, good ? "" : advice});
  };
  possible(facts.namespaces.empty(), "namespaces",
           facts.namespaces.empty() ? "can be made and linked" : facts.namespaces,
           "run as root; in a container with SYS_ADMIN and NET_ADMIN");
  possible(facts.tun || facts.kernel_esp, "/dev/net/tun", facts.tun ? "opens" : "does not open: no ESP in user space",
           "modprobe tun; in a container --device /dev/net/tun");
  findings.push_back(esp(facts));
  findings.push_back(optional_feature(facts.sctp, "SCTP", "no S1 or Iuh signalling by the kernel"));
  findings.push_back(optional_feature(facts.netem, "netem", "no delay and loss on the devices' links"));
  findings.push_back(programs(facts));
  findings.push_back(apparmor(facts));
  findings.push_back(neighbours(facts));
  findings.push_back(uplink(facts));
  findings.push_back(room(facts));
  return findings;
}

std::vector<Finding> fits(const Facts& facts, const config::Fleet& fleet) {
  std::vector<Finding> findings;
  for (const auto& limit : limits(facts)) {
    const auto needed = limit.for_lab + limit.for_device * fleet.devices.size();
    const bool good = needed <= limit.limit;
    const auto have =
        limit.limit == kUnlimited ? "any number" : fmt::format("{}{}", limit.limit / limit.scale, limit.unit);
    findings.push_back({good ? Verdict::good : Verdict::missing, limit.subject,
                        fmt::format("needs {}{} of {}: {}", (needed + limit.scale - 1) / limit.scale, limit.unit, have,
                                    good ? "fits" : "does not fit"),
                        good ? "" : limit.advice});
  }
  if (!fleet.uplink) return findings;
  for (const auto& [key, pool] :
       {std::pair("outer_pool", fleet.lab.outer_pool), std::pair("inner_pool", fleet.lab.inner_pool)}) {
    for (const auto& route : facts.routes) {
      if (!pool.contains(route.address) && !route.contains(pool.address)) continue;
      findings.push_back({Verdict::missing, key,
                          fmt::format("{} overlaps this host's route to {}", pool.to_string(), route.to_string()),
                          "another pool, in 'lab' of the fleet file"});
    }
  }
  return findings;
}

}  // namespace hnbemu::doctor

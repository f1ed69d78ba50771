#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"

namespace hnbemu::doctor {

// What was found out about this machine. Nothing: it could not be found out.
struct Facts {
  bool root = false;
  std::vector<std::string> missing_capabilities;  // of those that a run needs
  bool tun = false;                               // /dev/net/tun opens
  std::string namespaces;                         // why none can be made; "": they can, with links
  bool kernel_esp = false;
  std::string no_esp;  // why neither the kernel nor user space does it; "": one does
  bool sctp = false;
  bool netem = false;
  std::string strongswan;                     // version of the package; "": unknown
  std::vector<std::string> missing_programs;  // and plugins, by file
  bool apparmor = false;
  std::string confined_by;                   // the AppArmor profile of this very process; "": none
  std::vector<std::string> charon_profiles;  // "/usr/sbin/charon-systemd (enforce)"
  std::optional<std::uint64_t> open_files;   // hard limit
  std::optional<std::uint64_t> free_tasks;   // of kernel.pid_max and of each cgroup around, the least
  std::optional<std::uint64_t> neighbours;   // gc_thresh3
  std::optional<std::uint64_t> memory_free;  // bytes
  std::optional<std::uint64_t> disk_free;    // bytes, of the state directory
  bool ip_forward = false;
  std::vector<Prefix> routes;  // of the host, without the default route
};

}  // namespace hnbemu::doctor

#pragma once

#include "config/fleet.h"
#include "doctor/facts.h"

namespace hnbemu::doctor {

// What a device and the lab spend: the difference between fleets of 1 and 41 lte-henb devices in service, by
// /proc/PID/fd, /proc/PID/task and MemAvailable, with kernel-libipsec; rounded up. With kernel ESP charon has 4 threads
// more.
inline constexpr std::uint64_t kLabFiles = 64;
inline constexpr std::uint64_t kFilesOfDevice = 5;  // measured 4.1; one more in a session
inline constexpr std::uint64_t kLabTasks = 64;
inline constexpr std::uint64_t kTasksOfDevice = 17;  // measured 13
inline constexpr std::uint64_t kLabMemory = 64u << 20;
inline constexpr std::uint64_t kMemoryOfDevice = 4u << 20;  // measured 3.9 MB, the kernel's part included
inline constexpr std::uint64_t kDiskOfDevice = 768u << 10;  // trace 512 KiB, memory, charon's configuration and log

enum class Verdict { good, limited, missing };
std::string_view to_string(Verdict verdict);  // "ok", "limits", "missing"

struct Finding {
  Verdict verdict = Verdict::good;
  std::string subject;  // "kernel ESP"
  std::string fact;     // what is, and what follows for a run
  std::string advice;   // what to do; "" if nothing
};

std::vector<Finding> examine(const Facts& facts);
// Whether this machine holds the fleet; a finding for each limit, with the numbers.
std::vector<Finding> fits(const Facts& facts, const config::Fleet& fleet);
// How many devices fit here, by the tightest limit.
std::uint64_t capacity(const Facts& facts);

}  // namespace hnbemu::doctor

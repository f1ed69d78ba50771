#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>

#include "base/time.h"
#include "generators/facts.h"
#include "netns/namespace.h"
#include "ports/clock.h"

namespace hnbemu::fleet {

inline constexpr Seconds kFactsPeriod{1};  // how long what was found is good

// What the kernel knows of a device: the counters of its interface to the access network, and the memory of its IKE
// daemon (0 without one). `home` and `clock` outlive the facts.
generators::Facts facts_of(const netns::Namespace& home, Clock& clock, std::string interface,
                           std::function<pid_t()> ike_daemon);

// The part of the file system that the directory is on which is free, from 0 to 1.
std::function<std::optional<double>()> storage_facts(std::string directory);

}  // namespace hnbemu::fleet

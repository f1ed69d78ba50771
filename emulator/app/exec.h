#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "app/client.h"

namespace hnbemu::app {

// Where a device's network namespace can be found, and what it would have in /etc/resolv.conf.
struct DeviceView {
  pid_t pid = 0;  // of the emulator …
  int fd = -1;    // … and its descriptor of the namespace
  std::vector<std::string> dns_servers;
};

// Of a device of the fleet, "wan" or "core".
Result<DeviceView> find_network(const Where& where, const std::string& id);

// This thread goes into the namespace. Error: system.
Result<> enter_network(const DeviceView& view);

// Becomes the command, in the device's network namespace and in a mount namespace of its own with the device's
// /etc/resolv.conf and /sys, which end with it. Returns only to say why it could not.
Error exec_in(const DeviceView& view, const std::vector<std::string>& command);

}  // namespace hnbemu::app

#pragma once

#include <string>
#include <vector>

namespace hnbemu::app {

struct RunOptions {
  std::string fleet_file;
  std::string state_directory = "/run/hnbemu";
  bool json = false;
  bool exit_when_in_service = false;
  int timeout_s = 120;
};

// Brings a fleet up and keeps it until a signal, or until all are in service if that is wanted. Returns the exit
// status.
int run_fleet(const RunOptions& options, const std::vector<std::string>& profile_directories);

}  // namespace hnbemu::app

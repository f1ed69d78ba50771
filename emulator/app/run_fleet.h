#pragma once

#include <string>
#include <vector>

#include "app/client.h"

namespace hnbemu::app {

// A fleet without a file: devices of one profile for an ACS of the user's own.
struct AcsOptions {
  std::string url;  // "": there is a file
  std::string ca;   // file
  std::string profile = "lte-henb";
  unsigned count = 1;
  std::string ipsec = "none";
  bool uplink = false;
};

struct RunOptions {
  std::string fleet_file;
  AcsOptions acs;
  Where where;  // `fleet` replaces the name in the file
  bool json = false;
  bool exit_when_in_service = false;
  bool detach = false;
  bool dry_run = false;
  bool lab_only = false;   // no devices
  bool shows_oam = false;  // once all are in service, each raises and clears an alarm and sends a measurement file
  bool forgetful = false;  // nothing stays on disk
  int timeout_s = 120;     // for the devices to come into service, if that ends it
};

// Brings a fleet up and keeps it until a signal, `hnbemu down`, or until all are in service if that is wanted. Returns
// the exit status.
int run_fleet(const RunOptions& options, const std::vector<std::string>& profile_directories);

}  // namespace hnbemu::app

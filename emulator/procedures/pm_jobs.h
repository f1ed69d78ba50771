#pragma once

#include <string>
#include <vector>

#include "pm/collection.h"
#include "procedures/context.h"

// TS 32.583 5.6, TS 32.593 5.4: what the data model says of performance measurement.
namespace hnbemu::procedures {

// One object that asks for files: FAP.PerfMgmt.Config.{i}. (TR-262, TR-181), or PerfMgmt.FileMgmt. of a FAPService:1.
struct PmTarget {
  pm::JobConfig job;
  bool enabled = false;  // and it has a URL
  std::string url;
  std::string username;
  std::string password;
};
std::vector<PmTarget> pm_targets(const Context& context);

// Intervals that this device cannot keep, and URLs that it cannot send to, are refused with 9007: of the rows that are
// there now; and of those that come from now on.
void guard_pm_rows(Context& context, const pm::Plan& plan);
void guard_new_pm_rows(Context& context, const pm::Plan& plan);

// Where a file goes: the URL with its name behind it.
std::string pm_file_url(const std::string& url, const std::string& name);

// A cell of the data model, and where it says that it is on the air.
struct PmCell {
  pm::CellName name;
  std::string service;       // "Device.Services.FAPService.1."
  std::string rf_tx_status;  // path
};
std::vector<PmCell> pm_cells(const Context& context);
pm::Origin pm_origin(const Context& context);

}  // namespace hnbemu::procedures

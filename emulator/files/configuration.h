#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "datamodel/data_model.h"

// Configuration files (TR-069 A.3.2.8, "3 Vendor Configuration File"), as a device writes them and takes them back:
//
//   hnbemu vendor configuration 1
//   oui: 02A1B2                                             whose it is; another's device refuses it
//   product_class: LTE-HeNB
//   serial_number: HENB000001                               without this line it is for every device of the kind
//   version: 7                                              of the configuration; this and the rest may be left out
//   description: before the upgrade
//   software_version: 2.3.0                                 of the device that wrote it, and when: nobody looks at them
//   date: 2026-01-01T00:00:00Z
//
//   Device.IP.Interface.1.IPv4Address. = 1 2                the numbers of a table's rows
//   Device.ManagementServer.PeriodicInformInterval = 3600   a parameter's value: \n, \r, \\ and \xHH are escapes
//   end
//
// Empty lines, and lines that begin with '#', say nothing.
namespace hnbemu::files {

inline constexpr std::size_t kMaxConfigurationBytes = std::size_t{4} << 20;
inline constexpr std::size_t kMaxSettings = 50'000;

struct Configuration {
  std::string oui;
  std::string product_class;
  std::string serial_number{};
  std::string version{};      // at most 16 bytes, VendorConfigFile.{i}.Version
  std::string description{};  // at most 256 bytes
  std::string software_version{};
  std::string date{};
  std::vector<datamodel::Setting> settings{};
  bool operator==(const Configuration&) const = default;
};

std::string to_text(const Configuration& configuration);
// The error is of Cause::configuration and says in which line.
Result<Configuration> parse_configuration(std::string_view file);

}  // namespace hnbemu::files

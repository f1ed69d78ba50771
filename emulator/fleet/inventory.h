#pragma once

#include <array>
#include <string>
#include <vector>

#include "config/fleet.h"

namespace hnbemu::fleet {

// What an ACS or a SeGW must be loaded with to know a device. The values are those that the device has.
inline constexpr std::array<std::string_view, 14> kInventoryColumns{"id",
                                                                    "profile",
                                                                    "manufacturer",
                                                                    "oui",
                                                                    "product_class",
                                                                    "serial",
                                                                    "mac",
                                                                    "cwmp_username",
                                                                    "cwmp_password",
                                                                    "connection_request_username",
                                                                    "connection_request_password",
                                                                    "ike_identity",
                                                                    "psk",
                                                                    "certificate"};
using InventoryRow = std::array<std::string, kInventoryColumns.size()>;  // "certificate" is a file, or "factory"

Result<std::vector<InventoryRow>> inventory(const config::Fleet& fleet,
                                            const std::vector<std::string>& profile_directories);
std::string csv_field(const std::string& text);              // quoted where RFC 4180 asks for it
std::string to_csv(const std::vector<InventoryRow>& rows);   // RFC 4180, with a header; lines end with LF
std::string to_json(const std::vector<InventoryRow>& rows);  // {"devices": [{column: text}]}

struct ImportOptions {
  std::string profile{};  // of rows without one
  std::string group = "device";
  std::string segw{};  // of the user's own; "": the lab's
};
// The fleet file that makes the devices of a list: CSV (comma or semicolon, with a header) or JSON as to_json writes
// it. Columns beside those above: key, ca, latitude, longitude. Only `serial` must be there. Errors are of
// Cause::configuration and name the place in `name`, which is the list's file.
Result<std::string> import_inventory(std::string_view text, const std::string& name, const ImportOptions& options);

}  // namespace hnbemu::fleet

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hnbemu {

// What a CWMP URL is made of (TR-069 3.1: http or https; file transfers add ftp, ftps, sftp).
struct Url {
  std::string scheme;  // lower case
  std::string host;    // a name or an address literal, without brackets
  std::uint16_t port = 0;
  std::string target;  // path and query, at least "/"

  static Result<Url> parse(std::string_view text);
  // What `reference` means on this page, absolute or relative (RFC 3986 5.2).
  Result<Url> resolve(std::string_view reference) const;
  std::string to_string() const;
  // One that files are transferred by (TR-069 A.3.2.8).
  bool is_for_files() const;
  bool operator==(const Url&) const = default;
};

}  // namespace hnbemu

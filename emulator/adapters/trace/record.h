#pragma once

#include <string>
#include <string_view>

#include "base/time.h"

namespace hnbemu::trace {

// A record of a device's ring: {"time", "kind", "text"} in one line of JSON, kMaxRecordBytes at most: of a longer text
// the beginning is kept, and it says so. Bytes that are no UTF-8 (a peer may send any) become U+FFFD.
std::string to_record(WallTime time, std::string_view kind, std::string_view text);

}  // namespace hnbemu::trace

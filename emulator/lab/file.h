#pragma once

#include <sys/types.h>

#include <string>

#include "base/result.h"

namespace hnbemu::lab {

// Replaces what was there. Errors name the path.
Result<> write_file(const std::string& path, const std::string& text, mode_t mode = 0644);

// The same, but a regular file is either the old or the new one at any time, whatever happens.
Result<> replace_file(const std::string& path, const std::string& text, mode_t mode = 0644);

// A text file of at most kMaxTextBytes. Errors name the path.
inline constexpr std::size_t kMaxTextBytes = std::size_t{16} << 20;
Result<std::string> read_file(const std::string& path);

}  // namespace hnbemu::lab

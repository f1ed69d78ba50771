#pragma once

#include <sys/types.h>

#include <string>

#include "base/result.h"

namespace hnbemu::lab {

// Replaces what was there. Errors name the path.
Result<> write_file(const std::string& path, const std::string& text, mode_t mode = 0644);

}  // namespace hnbemu::lab

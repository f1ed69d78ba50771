#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "base/result.h"

namespace hnbemu::tr106 {

// The whole of a file of at most `most` bytes. Errors name it.
Result<std::string> read_text_file(const std::filesystem::path& file, std::size_t most);

}  // namespace hnbemu::tr106

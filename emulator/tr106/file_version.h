#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace hnbemu::tr106 {

// The file of `folder` that an import means by `name`: that very file, or the highest version of
// tr-<number>-<issue>-<amendment>-<corrigendum>-<label>.xml whose numbers begin with those of `name` and whose label is
// its label. "tr-104-2-common.xml" means "tr-104-2-0-3-common.xml".
std::optional<std::string> matching_file(const std::filesystem::path& folder, std::string_view name);

}  // namespace hnbemu::tr106

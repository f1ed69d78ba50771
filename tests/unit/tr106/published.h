#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "tr106/import.h"

namespace hnbemu::tr106 {

// The Broadband Forum's documents are data from outside the source tree.
inline std::filesystem::path published_folder() {
  const char* shared = std::getenv("HNBEMU_SHARED");
  return std::filesystem::path(shared != nullptr ? shared : HNBEMU_SOURCE_DIR "/../shared") / "datamodels";
}

inline constexpr auto kMissing = "the Broadband Forum's data models are not here; set HNBEMU_SHARED";

// Those whose names end so, sorted; none where the folder is not there.
inline std::vector<std::string> published(const std::string& ending) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(published_folder(), error)) {
    const auto name = entry.path().filename().string();
    if (name.starts_with("tr-") && name.ends_with(ending)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

// Where a document's models stand in a device.
inline Document in_device(const Document& document) {
  if (document.models.front().service) return with_root(document, "Device.Services.");
  return document.models.front().objects.front().path.starts_with("FAP.") ? with_root(document, "Device.") : document;
}

}  // namespace hnbemu::tr106

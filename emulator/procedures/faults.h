#pragma once

#include "procedures/device_files.h"

// TR-069 A.5.1, of files that have come and of those that are to be made.
namespace hnbemu::procedures {

inline constexpr int kDownloadFailure = 9010;
inline constexpr int kUploadFailure = 9011;
inline constexpr int kFileCorrupted = 9018;

inline tl::unexpected<FileFault> corrupted(std::string why) {
  return tl::unexpected(FileFault{kFileCorrupted, std::move(why)});
}
// What is wrong with the file itself is Cause::configuration.
inline tl::unexpected<FileFault> download_fault(const Error& error) {
  const bool file = error.cause == Cause::configuration;
  return tl::unexpected(FileFault{file ? kFileCorrupted : kDownloadFailure, error.detail});
}

}  // namespace hnbemu::procedures

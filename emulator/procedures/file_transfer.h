#pragma once

#include <string>
#include <string_view>

#include "procedures/context.h"

namespace hnbemu::procedures {

inline constexpr std::uint64_t kMaxFileBytes = std::uint64_t{256} << 20;  // that a device has room for
inline constexpr unsigned kMaxFileRedirects = 5;                          // in a row, as in a session
inline constexpr unsigned kMaxResumes = 5;                                // of one file that breaks off on the way
inline constexpr Seconds kBeforeResume{2};                                // doubled each time
inline constexpr std::chrono::minutes kMaxFileTime{30};

// One file on its way, from the URL of a request or to it.
struct FileJob {
  FileRequest::Method method = FileRequest::Method::get;
  std::string url;
  std::string username;
  std::string password;
  std::string file;  // on this machine
  std::string content_type{};
};

// The whole way of a file: names are resolved on `path`, redirects are followed, what breaks off goes on where it was
// (a file to send begins again). Gives the bytes of the file. Errors as in ports/file_transfer.h and of the resolver.
Task<Result<std::uint64_t>> move_file(Context& context, FileJob job, Path path, Deadline deadline);

// TR-069 A.5.1: what an error of move_file() is to an ACS.
int fault_code_of(const Error& error, bool upload);

}  // namespace hnbemu::procedures

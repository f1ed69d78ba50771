#pragma once

#include <cstdint>
#include <string>

#include "base/url.h"
#include "ports/path.h"
#include "ports/task.h"

namespace hnbemu {

// One file from a server, or to it: http, https, ftp, ftps or sftp. Address and name come apart as in AcsRequest.
struct FileRequest {
  enum class Method : std::uint8_t { get, put, post };  // the last two differ in HTTP alone
  Method method = Method::get;
  Url url;
  IpAddress address;
  std::string username;  // "": none; given when the server asks for it
  std::string password;
  std::string file;          // on this machine: written from its end on (get), or read (put, post)
  std::uint64_t resume = 0;  // get: bytes of `file` that are there already; a server that cannot continue begins again
  std::uint64_t limit = 0;   // get: bytes that `file` may have at most
  std::string content_type;  // put, post; "": application/octet-stream
};

struct FileReply {
  int status = 0;           // HTTP's; 200 of the others
  std::string location;     // of a 3xx: nothing was moved, the caller goes on there
  std::uint64_t bytes = 0;  // that `file` has now (get), or that were sent
};

// The device's client for files. It follows no redirect by itself, and resolves no name.
class FileTransfer {
 public:
  virtual ~FileTransfer() = default;
  // An HTTP status other than 2xx and 3xx is an error. Errors: network (no connection), authentication (the server
  // takes no such user), not_found (no such file, or no right to it), interrupted (it broke off or stalled on the way;
  // what has come is in `file`), resources (over `limit`, disk full, here or there), tls_certificate, tls_handshake,
  // http_status (any other), protocol, unsupported (the scheme), configuration (the request, the device's certificate),
  // system (`file` cannot be used), timeout (the server said nothing, or the deadline came; likewise in `file`),
  // cancelled. When the call has completed, nothing is written to `file` any more.
  virtual Task<Result<FileReply>> transfer(FileRequest request, Path path, Deadline deadline) = 0;
};

}  // namespace hnbemu

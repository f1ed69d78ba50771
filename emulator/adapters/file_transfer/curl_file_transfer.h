#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>

#include "adapters/http/curl_acs_http.h"
#include "netns/namespace.h"
#include "ports/file_transfer.h"

namespace hnbemu::file_transfer {

// Of what a server may send beside the file, in one transfer: headers of HTTP, lines of an FTP server …
inline constexpr std::size_t kMaxHeaderBytes = std::size_t{128} * 1024;
// … and what follows the header of an answer that is no file.
inline constexpr std::int64_t kMaxErrorBodyBytes = std::int64_t{256} * 1024;

// When a server is given up before the deadline.
struct Patience {
  Seconds connect{30};                // until the connection stands, TLS or SSH included
  Seconds stall{60};                  // with less than this a second
  long slowest_bytes_per_second = 8;  // a drip that never ends counts as a stall
};

// The FileTransfer port on libcurl. What it does beyond the port:
// - http, https: Basic and Digest, when challenged. A resumed download asks for a range, on condition that the file is
//   still the one (If-Range) where the server had given an ETag or a date for it.
// - ftp, ftps: passive data connections, to the address of the control connection alone, whatever the server says.
//   ftps at port 21 is explicit (AUTH TLS, RFC 4217), at any other port implicit, 990 by default. The target is
//   relative to the user's directory (RFC 1738 3.2.2), "/%2F…" is absolute; ";type=a" is heeded.
// - sftp: password or keyboard-interactive. A CPE is given no way to know host keys (TR-069 A.3.2.8 has no argument for
//   them), so any is accepted. The target is absolute, "/~/…" is relative to the user's directory.
// https and ftps servers are checked against `tls`, which also has the certificate that the device offers.
class CurlFileTransfer : public FileTransfer {
 public:
  // `home`, the device's namespace, outlives it.
  CurlFileTransfer(boost::asio::any_io_executor executor, const netns::Namespace& home, http::TlsConfig tls,
                   Patience patience = {});
  ~CurlFileTransfer() override;
  Task<Result<FileReply>> transfer(FileRequest request, Path path, Deadline deadline) override;

 private:
  class Client;
  std::shared_ptr<Client> client_;
};

}  // namespace hnbemu::file_transfer

#pragma once

#include <curl/curl.h>

#include <boost/asio/any_io_executor.hpp>
#include <memory>

#include "netns/namespace.h"
#include "ports/path.h"
#include "ports/task.h"

namespace hnbemu::http {

// Drives libcurl over Asio for one device: the sockets are opened in the device's namespace, with the mark and the
// source address of the path. Nothing is held open while there is neither a transfer nor a connection kept alive.
class CurlMulti {
 public:
  // `home`, the device's namespace, outlives it.
  CurlMulti(boost::asio::any_io_executor executor, const netns::Namespace& home);
  ~CurlMulti();  // as close_all()
  CurlMulti(const CurlMulti&) = delete;
  CurlMulti& operator=(const CurlMulti&) = delete;

  // The transfer that `easy` describes; several may run at once, each with a handle of its own. The value is libcurl's
  // own verdict (CURLE_OK or not); an error says that it came to none: network (close_all()), timeout, cancelled,
  // resources, system (no socket). `easy` belongs to the caller, who keeps it until the call has completed or
  // close_all() has returned. It is set here: CURLOPT_OPENSOCKET…, CLOSESOCKET…, NOSIGNAL, PROXY, FRESH_CONNECT and
  // FORBID_REUSE. A connection is reused for its own path alone.
  Task<Result<CURLcode>> perform(CURL* easy, Path path, Deadline deadline);
  // Ends what is under way, closes all connections. Not from inside a callback of libcurl.
  void close_all();

 private:
  class Driver;
  std::shared_ptr<Driver> driver_;
};

}  // namespace hnbemu::http

#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <string>

#include "netns/namespace.h"
#include "ports/acs_http.h"

namespace hnbemu::http {

// Of what an ACS may send. Over a limit the post fails with Cause::resources.
inline constexpr std::size_t kMaxBodyBytes = std::size_t{8} * 1024 * 1024;
inline constexpr std::size_t kMaxHeaderBytes =
    std::size_t{128} * 1024;                 // of all answers to one post, trailers included
inline constexpr unsigned kMaxAnswers = 16;  // to one post: 100 Continue and challenges (401) come before the last one
inline constexpr std::size_t kMaxCookies = 100;  // of one session

// PEM texts. Without `ca` no server is trusted.
struct TlsConfig {
  std::string ca;           // roots that the ACS's certificate must chain to
  std::string certificate;  // the device's own, offered when the ACS asks; empty: none
  std::string private_key;
};

// The AcsHttp port on libcurl's multi interface. Each device has a cache of connections of its own: libcurl's does not
// know namespaces, and a shared one would send one device's request over another's connection.
class CurlAcsHttp : public AcsHttp {
 public:
  // `home`, the device's namespace, outlives it.
  CurlAcsHttp(boost::asio::any_io_executor executor, const netns::Namespace& home, TlsConfig tls);
  ~CurlAcsHttp() override;
  Task<Result<AcsResponse>> post(AcsRequest request, Path path, Deadline deadline) override;
  void reset() override;

 private:
  class Transfer;
  std::shared_ptr<Transfer> transfer_;
};

}  // namespace hnbemu::http

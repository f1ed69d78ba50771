#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"

// HTTP as the reference HMS sees it: what Beast received and what Beast is to send, without Beast.
namespace hnbemu::hms {

using Headers = std::vector<std::pair<std::string, std::string>>;

// The value of the first header of that name, whatever its case; nullopt if there is none.
std::optional<std::string_view> find_header(const Headers& headers, std::string_view name);

bool equal_ignoring_case(std::string_view a, std::string_view b);

// What a TLS client certificate says about its owner.
struct ClientCertificate {
  std::vector<std::string> names;  // the subject's CN and the DNS names of subjectAltName
  bool trusted = false;            // signed by the factory CA and within its time
};

struct HttpRequest {
  std::string method;
  std::string target;
  int version = 11;  // 10 or 11
  Headers headers;
  std::string body;
  std::uint64_t connection = 0;  // tells the TCP connections of one server apart
  std::string peer;              // address of the other end, for people
  bool tls = false;
  std::optional<ClientCertificate> certificate;

  std::optional<std::string_view> header(std::string_view name) const { return find_header(headers, name); }
};

struct HttpReply {
  enum class Ending { keep_alive, close, drop };  // drop: the connection goes down and no byte is sent

  int status = 204;
  Headers headers;
  std::string body;
  Ending ending = Ending::keep_alive;
  bool chunked = false;
  Millis delay{0};  // before the first byte
};

// Whoever answers the requests of a listener. Called on the server's thread; it may not block.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  virtual HttpReply handle(const HttpRequest& request) = 0;
  virtual void connection_closed(std::uint64_t connection) = 0;
};

}  // namespace hnbemu::hms

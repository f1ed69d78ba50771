#pragma once

#include <functional>
#include <optional>
#include <string>

#include "stun/message.h"

namespace hnbemu::stun {

struct Reply {
  UdpEndpoint to;
  std::string bytes;
};

// A STUN server as TR-069 Annex G wants it of an ACS (G.2.2): Binding Requests of RFC 3489 and RFC 5389, answered where
// RESPONSE-ADDRESS says. It remembers nothing.
class Server {
 public:
  using Passwords = std::function<std::optional<std::string>(std::string_view username)>;

  // With `passwords`, who does not know his is answered 401.
  explicit Server(const Crypto& crypto, Passwords passwords = {}) : crypto_(crypto), passwords_(std::move(passwords)) {}
  // Nothing to what is no Binding Request.
  std::optional<Reply> receive(const UdpEndpoint& from, std::string_view bytes) const;

 private:
  Crypto crypto_;
  Passwords passwords_;
};

}  // namespace hnbemu::stun

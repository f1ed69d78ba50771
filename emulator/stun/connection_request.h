#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "stun/crypto.h"

namespace hnbemu::stun {

inline constexpr std::size_t kMaxConnectionRequestBytes = 2048;

// TR-069 G.2.2.3: one datagram, "GET http://host:port?ts=…&id=…&un=…&cn=…&sig=… HTTP/1.1"; nothing answers it.
struct ConnectionRequest {
  std::uint64_t timestamp = 0;  // ts: seconds since 1970
  std::string timestamp_text;   // as it is signed
  std::string id;
  std::string username;
  std::string cnonce;
  std::string signature;  // 40 hexadecimal digits in upper case

  std::string signed_text() const { return timestamp_text + id + username + cnonce; }
};

// Nothing if it is none. Header fields and a body are ignored.
std::optional<ConnectionRequest> parse_connection_request(std::string_view datagram);
// The signature is made.
std::string to_datagram(ConnectionRequest request, std::string_view authority, const Crypto& crypto,
                        std::string_view password);

// G.2.1.4: an ACS sends each request several times, and anybody may send it again; it counts once.
class ConnectionRequestCheck {
 public:
  // An empty user name: nobody may.
  bool accepts(std::string_view datagram, const Crypto& crypto, std::string_view username, std::string_view password);

 private:
  std::optional<std::uint64_t> last_timestamp_;  // of those that were accepted
  std::string last_id_;
};

}  // namespace hnbemu::stun

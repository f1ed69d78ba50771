#include <cstdint>
#include <cstdlib>

#include "httpauth/hmac.h"
#include "stun/connection_request.h"

// Whatever comes as a connection request by UDP, from somebody without the password.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hnbemu::stun;
  constexpr Crypto kCrypto{hnbemu::httpauth::hmac_sha1, hnbemu::httpauth::md5};
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const auto request = parse_connection_request(bytes);
  ConnectionRequestCheck check;
  if (check.accepts(bytes, kCrypto, request ? request->username : "acs", "nobody's password")) std::abort();
  if (!request || request->username.empty()) return 0;
  // What is read is what would be written, but for how the timestamp is spelled.
  const auto again = parse_connection_request(to_datagram(*request, "h", kCrypto, "secret"));
  if (bytes.size() > kMaxConnectionRequestBytes / 4) return 0;  // written anew it may be too long
  if (!again || again->id != request->id || again->username != request->username || again->cnonce != request->cnonce ||
      again->timestamp != request->timestamp) {
    std::abort();
  }
  return 0;
}

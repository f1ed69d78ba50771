#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

// The server's side of HTTP Digest authentication (RFC 7616; with MD5 and qop=auth also RFC 2617), as an ACS asks it of
// devices and a device asks it of connection requests.
namespace hnbemu::httpauth {

enum class Algorithm : std::uint8_t { md5, sha256 };

// The value of an Authorization header.
struct DigestCredentials {
  std::string username;
  std::string nonce;
  std::string uri;
  std::string qop;
  std::string nonce_count;
  std::string client_nonce;
  std::string response;
};

// Without the scheme's name, if the header is of that scheme.
std::optional<std::string_view> credentials_of_scheme(std::string_view authorization, std::string_view scheme);
// Nothing if the scheme is another one; what is missing or misspelt is empty.
std::optional<DigestCredentials> digest_credentials(std::string_view authorization);

// Takes as long for a wrong text as for the right one of its length.
bool equal_secrets(std::string_view a, std::string_view b);

class DigestServer {
 public:
  DigestServer(std::string realm, Algorithm algorithm, Seconds nonce_life);

  // The value of WWW-Authenticate. `stale`: the credentials were of an old nonce, and may be right otherwise.
  std::string challenge(Deadline now, bool stale) const;
  // Whether this server issued the nonce, and not too long ago.
  bool is_fresh(std::string_view nonce, Deadline now) const;
  // Whether who made these credentials for a request with this method knew the password. Whether `uri` and `qop` are
  // those of the request is the caller's to check.
  bool proves(const DigestCredentials& credentials, std::string_view method, std::string_view password) const;

 private:
  std::string nonce_of(std::uint64_t second) const;
  std::string hash(std::string_view text) const;  // in lower-case hexadecimal

  std::string realm_;
  Algorithm algorithm_;
  Seconds nonce_life_;
  std::string secret_;  // of this object: makes the nonces unguessable
};

}  // namespace hnbemu::httpauth

#include "httpauth/hmac.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace hnbemu::httpauth {
namespace {

using Digest = std::array<unsigned char, EVP_MAX_MD_SIZE>;

std::string text_of(const Digest& digest, unsigned size) {
  return {reinterpret_cast<const char*>(digest.data()), size};
}

}  // namespace

std::string hmac_sha1(std::string_view key, std::string_view text) {
  Digest digest{};
  unsigned size = 0;
  HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), digest.data(), &size);
  return text_of(digest, size);
}

std::string md5(std::string_view text) {
  Digest digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_md5(), nullptr);
  return text_of(digest, size);
}

}  // namespace hnbemu::httpauth

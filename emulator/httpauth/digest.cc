#include "httpauth/digest.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <strings.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/number.h"

namespace hnbemu::httpauth {
namespace {

std::string hex(const unsigned char* bytes, std::size_t size) {
  std::string text;
  text.reserve(size * 2);
  for (std::size_t i = 0; i < size; ++i) text += fmt::format("{:02x}", bytes[i]);
  return text;
}

std::string digest_of(const EVP_MD* algorithm, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), out.data(), &size, algorithm, nullptr);
  return hex(out.data(), size);
}

// The parameters behind the scheme's name: name=token, name="quoted \" string".
using Parameters = std::map<std::string, std::string, std::less<>>;

Parameters parameters_of(std::string_view text) {
  Parameters parameters;
  std::size_t at = 0;
  while (at < text.size()) {
    at = text.find_first_not_of(" ,\t", at);
    const std::size_t equals = text.find('=', at);
    if (at == std::string_view::npos || equals == std::string_view::npos) break;
    const std::string name(text.substr(at, equals - at));
    std::string value;
    at = equals + 1;
    if (at < text.size() && text[at] == '"') {
      for (++at; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\' && at + 1 < text.size()) ++at;
        value += text[at];
      }
      ++at;
    } else {
      const std::size_t end = std::min(text.find_first_of(", \t", at), text.size());
      value = text.substr(at, end - at);
      at = end;
    }
    parameters.emplace(name, std::move(value));
  }
  return parameters;
}

std::uint64_t seconds_of(Deadline now) {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<Seconds>(now.time_since_epoch()).count());
}

}  // namespace

std::optional<std::string_view> credentials_of_scheme(std::string_view authorization, std::string_view scheme) {
  if (authorization.size() <= scheme.size() || authorization[scheme.size()] != ' ' ||
      ::strncasecmp(authorization.data(), scheme.data(), scheme.size()) != 0) {
    return std::nullopt;
  }
  authorization.remove_prefix(scheme.size());
  authorization.remove_prefix(std::min(authorization.find_first_not_of(' '), authorization.size()));
  return authorization;
}

std::optional<DigestCredentials> digest_credentials(std::string_view authorization) {
  const auto given = credentials_of_scheme(authorization, "Digest");
  if (!given) return std::nullopt;
  Parameters parameters = parameters_of(*given);
  const auto take = [&](const char* name) { return std::move(parameters[name]); };
  DigestCredentials credentials;
  credentials.username = take("username");
  credentials.nonce = take("nonce");
  credentials.uri = take("uri");
  credentials.qop = take("qop");
  credentials.nonce_count = take("nc");
  credentials.client_nonce = take("cnonce");
  credentials.response = take("response");
  return credentials;
}

bool equal_secrets(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

DigestServer::DigestServer(std::string realm, Algorithm algorithm, Seconds nonce_life)
    : realm_(std::move(realm)), algorithm_(algorithm), nonce_life_(nonce_life) {
  std::array<unsigned char, 32> random{};
  RAND_bytes(random.data(), static_cast<int>(random.size()));
  secret_ = hex(random.data(), random.size());
}

std::string DigestServer::challenge(Deadline now, bool stale) const {
  return fmt::format("Digest realm=\"{}\", qop=\"auth\", algorithm={}, nonce=\"{}\"{}", realm_,
                     algorithm_ == Algorithm::md5 ? "MD5" : "SHA-256", nonce_of(seconds_of(now)),
                     stale ? ", stale=true" : "");
}

bool DigestServer::is_fresh(std::string_view nonce, Deadline now) const {
  const auto issued = parse_number<std::uint64_t>(nonce.substr(0, nonce.find('-')), 16).value_or(0);
  return equal_secrets(nonce, nonce_of(issued)) &&
         seconds_of(now) - issued <= static_cast<std::uint64_t>(nonce_life_.count());
}

bool DigestServer::proves(const DigestCredentials& credentials, std::string_view method,
                          std::string_view password) const {
  const std::string secret = hash(fmt::format("{}:{}:{}", credentials.username, realm_, password));
  const std::string what = hash(fmt::format("{}:{}", method, credentials.uri));
  const std::string expected = hash(fmt::format("{}:{}:{}:{}:{}:{}", secret, credentials.nonce, credentials.nonce_count,
                                                credentials.client_nonce, credentials.qop, what));
  return equal_secrets(expected, credentials.response);
}

// The second of issue and a proof that this server issued it: nothing to remember, so nothing that grows.
std::string DigestServer::nonce_of(std::uint64_t second) const {
  return fmt::format("{:x}-{}", second, digest_of(EVP_sha256(), fmt::format("{}:{}", secret_, second)));
}

std::string DigestServer::hash(std::string_view text) const {
  return digest_of(algorithm_ == Algorithm::md5 ? EVP_md5() : EVP_sha256(), text);
}

}  // namespace hnbemu::httpauth

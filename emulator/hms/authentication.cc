#include "hms/authentication.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace hnbemu::hms {
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

bool equal(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string base64(std::string_view text) {
  std::string out((text.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
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

std::string get(const Parameters& parameters, std::string_view name) {
  const auto found = parameters.find(name);
  return found == parameters.end() ? std::string{} : found->second;
}

// What follows the scheme's name, if the header is of that scheme.
std::optional<std::string_view> credentials(std::string_view header, std::string_view scheme) {
  if (header.size() <= scheme.size() || !equal_ignoring_case(header.substr(0, scheme.size()), scheme)) {
    return std::nullopt;
  }
  header.remove_prefix(scheme.size());
  if (!header.starts_with(' ')) return std::nullopt;
  header.remove_prefix(std::min(header.find_first_not_of(' '), header.size()));
  return header;
}

std::uint64_t seconds_of(Deadline now) {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<Seconds>(now.time_since_epoch()).count());
}

}  // namespace

Authenticator::Authenticator(Authentication settings) : settings_(std::move(settings)) {
  std::array<unsigned char, 32> random{};
  RAND_bytes(random.data(), static_cast<int>(random.size()));
  secret_ = hex(random.data(), random.size());
}

std::optional<std::string> Authenticator::challenge(const HttpRequest& request, Deadline now,
                                                    Findings& findings) const {
  const std::string_view header = request.header("Authorization").value_or("");
  switch (settings_.scheme) {
    case Authentication::Scheme::none:
      return std::nullopt;
    case Authentication::Scheme::basic:
      return challenge_basic(header, findings);
    case Authentication::Scheme::digest:
      return challenge_digest(header, request, now, findings);
  }
  return std::nullopt;
}

std::optional<std::string> Authenticator::challenge_basic(std::string_view header, Findings& findings) const {
  const std::string again = fmt::format("Basic realm=\"{}\", charset=\"UTF-8\"", settings_.realm);
  const auto given = credentials(header, "Basic");
  if (!given) return again;
  for (const auto& [user, password] : settings_.accounts) {
    if (equal(*given, base64(fmt::format("{}:{}", user, password)))) return std::nullopt;
  }
  findings.add(Rule::authentication, "wrong user name or password (Basic)");
  return again;
}

std::optional<std::string> Authenticator::challenge_digest(std::string_view header, const HttpRequest& request,
                                                           Deadline now, Findings& findings) const {
  const auto given = credentials(header, "Digest");
  if (!given) {
    if (!header.empty()) findings.add(Rule::authentication, "credentials of another scheme than Digest");
    return digest_challenge(now, false);
  }
  const Parameters parameters = parameters_of(*given);
  const std::string nonce = get(parameters, "nonce");
  std::uint64_t issued = 0;
  std::from_chars(nonce.data(), nonce.data() + nonce.size(), issued, 16);  // up to the dash
  if (!equal(nonce, nonce_of(issued))) return digest_challenge(now, true);
  if (seconds_of(now) - issued > static_cast<std::uint64_t>(kNonceLife.count())) return digest_challenge(now, true);

  const std::string uri = get(parameters, "uri");
  if (uri != request.target) {
    findings.add(Rule::authentication, fmt::format("digest-uri is '{}', the request is for '{}'", uri, request.target));
  }
  const std::string qop = get(parameters, "qop");
  if (qop != "auth") findings.add(Rule::authentication, fmt::format("qop is '{}'; TR-069 asks for auth", qop));
  const std::string user = get(parameters, "username");
  const auto account = settings_.accounts.find(user);
  if (account != settings_.accounts.end()) {
    const std::string secret = hash(fmt::format("{}:{}:{}", user, settings_.realm, account->second));
    const std::string what = hash(fmt::format("{}:{}", request.method, uri));
    const std::string expected = hash(
        fmt::format("{}:{}:{}:{}:{}:{}", secret, nonce, get(parameters, "nc"), get(parameters, "cnonce"), qop, what));
    if (equal(expected, get(parameters, "response"))) return std::nullopt;
  }
  findings.add(Rule::authentication, fmt::format("wrong user name or password (Digest, user '{}')", user));
  return digest_challenge(now, false);
}

std::string Authenticator::digest_challenge(Deadline now, bool stale) const {
  return fmt::format("Digest realm=\"{}\", qop=\"auth\", algorithm={}, nonce=\"{}\"{}", settings_.realm,
                     settings_.algorithm == Authentication::Algorithm::md5 ? "MD5" : "SHA-256",
                     nonce_of(seconds_of(now)), stale ? ", stale=true" : "");
}

// The second of issue and a proof that this server issued it: nothing to remember, so nothing that grows.
std::string Authenticator::nonce_of(std::uint64_t second) const {
  return fmt::format("{:x}-{}", second, digest_of(EVP_sha256(), fmt::format("{}:{}", secret_, second)));
}

std::string Authenticator::hash(std::string_view text) const {
  return digest_of(settings_.algorithm == Authentication::Algorithm::md5 ? EVP_md5() : EVP_sha256(), text);
}

}  // namespace hnbemu::hms

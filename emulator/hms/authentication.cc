#include "hms/authentication.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <utility>

namespace hnbemu::hms {
namespace {

std::string base64(std::string_view text) {
  std::string out((text.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

}  // namespace

Authenticator::Authenticator(Authentication settings)
    : settings_(std::move(settings)), digest_(settings_.realm, settings_.algorithm, kNonceLife) {}

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
  const auto given = httpauth::credentials_of_scheme(header, "Basic");
  if (!given) return again;
  for (const auto& [user, password] : settings_.accounts) {
    if (httpauth::equal_secrets(*given, base64(fmt::format("{}:{}", user, password)))) return std::nullopt;
  }
  findings.add(Rule::authentication, "wrong user name or password (Basic)");
  return again;
}

std::optional<std::string> Authenticator::challenge_digest(std::string_view header, const HttpRequest& request,
                                                           Deadline now, Findings& findings) const {
  const auto given = httpauth::digest_credentials(header);
  if (!given) {
    if (!header.empty()) findings.add(Rule::authentication, "credentials of another scheme than Digest");
    return digest_.challenge(now, false);
  }
  if (!digest_.is_fresh(given->nonce, now)) return digest_.challenge(now, true);
  if (given->uri != request.target) {
    findings.add(Rule::authentication,
                 fmt::format("digest-uri is '{}', the request is for '{}'", given->uri, request.target));
  }
  if (given->qop != "auth") {
    findings.add(Rule::authentication, fmt::format("qop is '{}'; TR-069 asks for auth", given->qop));
  }
  const auto account = settings_.accounts.find(given->username);
  if (account != settings_.accounts.end() && digest_.proves(*given, request.method, account->second)) {
    return std::nullopt;
  }
  findings.add(Rule::authentication, fmt::format("wrong user name or password (Digest, user '{}')", given->username));
  return digest_.challenge(now, false);
}

}  // namespace hnbemu::hms

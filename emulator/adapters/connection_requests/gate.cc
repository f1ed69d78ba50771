#include "adapters/connection_requests/gate.h"

#include <algorithm>

namespace hnbemu::connection_requests {

Answer Gate::answer(const Request& request, const ConnectionRequestAccess& access, const std::function<bool()>& ready,
                    Deadline now) {
  if (access.target.empty() || !httpauth::equal_secrets(request.target, access.target)) return {404, {}};
  if (request.method != "GET") return {405, {}};
  const auto credentials = httpauth::digest_credentials(request.authorization);
  if (!credentials) return {401, digest_.challenge(now, false)};
  if (!digest_.is_fresh(credentials->nonce, now) || is_repeated(*credentials))
    return {401, digest_.challenge(now, true)};
  if (!is_authentic(*credentials, request, access)) return {401, digest_.challenge(now, false)};
  if (used_.size() == kRememberedCredentials) used_.pop_front();
  used_.push_back(credentials->response);
  return {ready() ? 200U : 503U, {}};
}

bool Gate::is_authentic(const httpauth::DigestCredentials& credentials, const Request& request,
                        const ConnectionRequestAccess& access) const {
  return !access.username.empty() && credentials.username == access.username && credentials.uri == request.target &&
         credentials.qop == "auth" && digest_.proves(credentials, request.method, access.password);
}

bool Gate::is_repeated(const httpauth::DigestCredentials& credentials) const {
  return std::ranges::find(used_, credentials.response) != used_.end();
}

}  // namespace hnbemu::connection_requests

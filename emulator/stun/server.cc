#include "stun/server.h"

namespace hnbemu::stun {
namespace {

Message error_to(const Message& request, unsigned code, std::string reason) {
  Message error;
  error.type = Type::binding_error;
  error.id = request.id;
  error.error = ErrorCode{code, std::move(reason)};
  return error;
}

}  // namespace

std::optional<Reply> Server::receive(const UdpEndpoint& from, std::string_view bytes) const {
  const auto request = decode(bytes);
  if (!request || request->type != Type::binding_request) return std::nullopt;
  if (!request->unknown.empty()) {
    auto error = error_to(*request, 420, "Unknown Attribute");
    error.unknown = request->unknown;
    return Reply{from, encode(error, crypto_)};
  }
  std::string key;
  if (passwords_) {
    const auto password = passwords_(request->username);
    if (!password || integrity_of(bytes, crypto_, short_term_key(*password)) != Integrity::right) {
      return Reply{from, encode(error_to(*request, 401, "Unauthorized"), crypto_)};
    }
    key = short_term_key(*password);
  }
  Message response;
  response.type = Type::binding_response;
  response.id = request->id;
  response.mapped = from;
  return Reply{request->response_address.value_or(from), encode(response, crypto_, key)};
}

}  // namespace hnbemu::stun

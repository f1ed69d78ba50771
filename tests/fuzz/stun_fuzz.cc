#include <cstdint>
#include <cstdlib>

#include "httpauth/hmac.h"
#include "stun/client.h"
#include "stun/server.h"

// Whatever comes as a STUN message, to a client that has asked (its transaction's ID is the magic cookie and the bytes
// 1 to 12, so that an input may answer it) and to a server; nobody knows the password.
namespace hnbemu::stun {
namespace {

constexpr Crypto kCrypto{httpauth::hmac_sha1, httpauth::md5};
const UdpEndpoint kServer{IpAddress::v4(0xC6120009), kDefaultPort};
const UdpEndpoint kLocal{IpAddress::v4(0xC0A80103), 7547};

bool same(const Message& a, const Message& b) {
  return a.type == b.type && a.id == b.id && a.mapped == b.mapped && a.response_address == b.response_address &&
         a.username == b.username && a.realm == b.realm && a.nonce == b.nonce &&
         a.connection_request_binding == b.connection_request_binding && a.binding_change == b.binding_change;
}

void read(std::string_view bytes) {
  const auto message = decode(bytes);
  if (integrity_of(bytes, kCrypto, "nobody's password") == Integrity::right) std::abort();
  if (!message) return;
  const auto again = decode(encode(*message, kCrypto));
  if (!again || !same(*message, *again)) std::abort();
}

void ask(std::string_view bytes) {
  ClientSettings settings{kLocal, kServer, "cpe", "secret", Seconds{30}, Seconds{60}};
  std::uint32_t random = 0;
  Client client(settings, kCrypto, [&random] { return ++random; });
  const Deadline now{std::chrono::hours(1)};
  static_cast<void>(client.advance(now));
  const auto next = client.receive(Port::primary, kServer, bytes, now);
  if (next && !decode(next->bytes)) std::abort();
  if (client.next() <= now || client.period() < kShortestPeriod) std::abort();  // it would spin
}

void serve(std::string_view bytes) {
  const Server server(kCrypto, [](std::string_view) { return std::optional<std::string>("secret"); });
  const auto reply = server.receive(kLocal, bytes);
  if (reply && decode(reply->bytes).value().type != Type::binding_error) std::abort();  // without the password
}

}  // namespace
}  // namespace hnbemu::stun

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  hnbemu::stun::read(bytes);
  hnbemu::stun::ask(bytes);
  hnbemu::stun::serve(bytes);
  return 0;
}

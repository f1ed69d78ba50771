#pragma once

#include "dhcp/client.h"

namespace hnbemu::dhcp {

inline const IpAddress kAddress = *IpAddress::parse("100.64.0.11");
inline const IpAddress kServer = *IpAddress::parse("100.64.0.10");

// RFC 2132 8.4: "code length value" of each.
inline std::string encapsulated(std::initializer_list<std::pair<char, std::string>> list) {
  std::string out;
  for (const auto& [code, value] : list) out += code + std::string(1, static_cast<char>(value.size())) + value;
  return out;
}

// What a server answers to a client's message.
inline Message answer(const Message& to, Kind kind, std::uint32_t lease_s = 3600) {
  Message message;
  message.reply = true;
  message.kind = kind;
  message.transaction = to.transaction;
  message.hardware = to.hardware;
  message.options[option::server] = to_option(kServer);
  if (kind == Kind::nak) return message;
  message.yours = kAddress;
  message.options[option::lease_time] = to_option(lease_s);
  message.options[option::subnet_mask] = to_option(std::uint32_t{0xfffffffe});
  message.options[option::router] = to_option(kServer);
  message.options[option::dns_servers] = to_option(*IpAddress::parse("198.18.0.1"));
  return message;
}

}  // namespace hnbemu::dhcp

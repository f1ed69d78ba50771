#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

// The vici protocol of strongSwan (src/libcharon/plugins/vici/README.md): packets with a 32-bit length, each a type,
// for some a name, and a message of sections, keys with values, and lists.
namespace hnbemu::ipsec::vici {

inline constexpr std::size_t kMaxPacketBytes = std::size_t{512} * 1024;  // the daemon's own limit
inline constexpr std::size_t kMaxDepth = 16;
inline constexpr std::size_t kMaxElements = 10'000;

struct Section;
using List = std::vector<std::string>;
using Value = std::variant<std::string, List, Section>;

struct Section {
  std::vector<std::pair<std::string, Value>> members;

  void set(std::string key, std::string value);
  void set(std::string key, List list);
  Section& add(std::string key);  // a section in this one; the reference lives until the next change of this section

  const Section* section(std::string_view key) const;
  std::string_view text(std::string_view key) const;  // "" if it is not there
  const List* list(std::string_view key) const;
};

enum class PacketType : std::uint8_t {
  cmd_request = 0,
  cmd_response = 1,
  cmd_unknown = 2,
  event_register = 3,
  event_unregister = 4,
  event_confirm = 5,
  event_unknown = 6,
  event = 7,
};

struct Packet {
  PacketType type = PacketType::cmd_request;
  std::string name;  // of a request, a registration and an event
  Section message;
};

// The packet with its length in front. Errors: a key longer than 255 bytes or a value longer than 65,535.
Result<std::string> encode(const Packet& packet);
// A packet without its length. Errors: Cause::protocol for what is no packet or over a limit.
Result<Packet> decode(std::string_view bytes);

}  // namespace hnbemu::ipsec::vici

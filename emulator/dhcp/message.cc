#include "dhcp/message.h"

#include "dhcp/bytes.h"

namespace hnbemu::dhcp {
namespace {

constexpr std::uint32_t kMagicCookie = 0x63825363;
constexpr std::size_t kServerNameBytes = 64;
constexpr std::size_t kFileBytes = 128;
constexpr std::uint8_t kPad = 0;
constexpr std::uint8_t kEnd = 255;
constexpr std::size_t kMaxOption = 255;
constexpr std::size_t kMinMessage = 300;  // BOOTP's (RFC 1542 2.1): some relays drop what is shorter
constexpr std::uint8_t kEthernet = 1;

using Options = std::map<std::uint8_t, std::string>;

// False if an option goes beyond the end.
bool read_options(std::string_view field, Options& options) {
  while (!field.empty()) {
    const auto code = static_cast<std::uint8_t>(field.front());
    field.remove_prefix(1);
    if (code == kEnd) return true;
    if (code == kPad) continue;
    if (field.empty() || field.size() - 1 < static_cast<std::uint8_t>(field.front())) return false;
    const auto size = static_cast<std::uint8_t>(field.front());
    options[code].append(field.substr(1, size));
    field.remove_prefix(1U + size);
  }
  return true;
}

void put_option(std::string& out, std::uint8_t code, std::string_view value) {
  do {  // RFC 3396: what is too long is split
    const auto part = value.substr(0, kMaxOption);
    out.push_back(static_cast<char>(code));
    out.push_back(static_cast<char>(part.size()));
    out.append(part);
    value.remove_prefix(part.size());
  } while (!value.empty());
}

IpAddress take_address(std::string_view& in) {
  return IpAddress::v4(static_cast<std::uint32_t>(take_number(in, 4)));
}

}  // namespace

std::string to_option(std::uint32_t number) {
  std::string out;
  put_number(out, number, 4);
  return out;
}

std::string to_option(const IpAddress& address) {
  return to_option(address.to_v4());
}

std::optional<std::uint32_t> Message::number(std::uint8_t code) const {
  const auto found = options.find(code);
  if (found == options.end() || found->second.size() != 4) return std::nullopt;
  std::string_view value = found->second;
  return static_cast<std::uint32_t>(take_number(value, 4));
}

std::optional<IpAddress> Message::address(std::uint8_t code) const {
  const auto value = number(code);
  return value ? std::optional(IpAddress::v4(*value)) : std::nullopt;
}

std::vector<IpAddress> Message::addresses(std::uint8_t code) const {
  std::vector<IpAddress> list;
  const auto found = options.find(code);
  if (found == options.end() || found->second.size() % 4 != 0) return list;
  for (std::string_view value = found->second; !value.empty();) list.push_back(take_address(value));
  return list;
}

std::string encode(const Message& message) {
  std::string out;
  out.push_back(message.reply ? 2 : 1);
  out.push_back(kEthernet);
  out.push_back(static_cast<char>(message.hardware.size()));
  out.push_back(0);  // hops
  put_number(out, message.transaction, 4);
  put_number(out, message.seconds, 2);
  put_number(out, message.broadcast ? 0x8000 : 0, 2);
  put_number(out, message.client.to_v4(), 4);
  put_number(out, message.yours.to_v4(), 4);
  put_number(out, 0, 8);  // siaddr, giaddr
  out.append(reinterpret_cast<const char*>(message.hardware.data()), message.hardware.size());
  out.append(16 - message.hardware.size() + kServerNameBytes + kFileBytes, '\0');
  put_number(out, kMagicCookie, 4);
  put_option(out, option::kind, std::string(1, static_cast<char>(message.kind)));
  for (const auto& [code, value] : message.options) put_option(out, code, value);
  out.push_back(static_cast<char>(kEnd));
  if (out.size() < kMinMessage) out.resize(kMinMessage, '\0');
  return out;
}

std::optional<Message> parse(std::string_view bytes) {
  constexpr std::size_t kFixed = 28 + 16 + kServerNameBytes + kFileBytes;
  if (bytes.size() < kFixed + 4 || bytes.size() > kMaxMessageBytes) return std::nullopt;
  Message message;
  const auto operation = take_number(bytes, 1);
  const auto hardware_type = take_number(bytes, 1);
  const auto hardware_size = take_number(bytes, 1);
  bytes.remove_prefix(1);
  if (operation < 1 || operation > 2 || hardware_type != kEthernet || hardware_size != message.hardware.size()) {
    return std::nullopt;
  }
  message.reply = operation == 2;
  message.transaction = static_cast<std::uint32_t>(take_number(bytes, 4));
  message.seconds = static_cast<std::uint16_t>(take_number(bytes, 2));
  message.broadcast = (take_number(bytes, 2) & 0x8000) != 0;
  message.client = take_address(bytes);
  message.yours = take_address(bytes);
  bytes.remove_prefix(8);
  for (auto& byte : message.hardware) byte = static_cast<std::uint8_t>(take_number(bytes, 1));
  bytes.remove_prefix(16 - message.hardware.size());
  const auto server_name = bytes.substr(0, kServerNameBytes);
  const auto file = bytes.substr(kServerNameBytes, kFileBytes);
  bytes.remove_prefix(kServerNameBytes + kFileBytes);
  if (take_number(bytes, 4) != kMagicCookie || !read_options(bytes, message.options)) return std::nullopt;

  // RFC 2131 4.1: options may go on in `file`, then in `sname`.
  const auto overload = message.options.extract(option::overload);
  const unsigned where =
      overload && overload.mapped().size() == 1 ? static_cast<std::uint8_t>(overload.mapped()[0]) : 0;
  if ((where & 1) != 0 && !read_options(file, message.options)) return std::nullopt;
  if ((where & 2) != 0 && !read_options(server_name, message.options)) return std::nullopt;

  const auto kind = message.options.extract(option::kind);
  if (!kind || kind.mapped().size() != 1 || kind.mapped()[0] < 1 || kind.mapped()[0] > 8) return std::nullopt;
  message.kind = static_cast<Kind>(kind.mapped()[0]);
  return message;
}

std::string to_string(const Message& message) {
  static constexpr std::array kNames{"DISCOVER", "OFFER", "REQUEST", "DECLINE", "ACK", "NAK", "RELEASE", "INFORM"};
  std::string text = fmt::format("DHCP{}", kNames.at(static_cast<std::size_t>(message.kind) - 1));
  const auto wanted = message.address(option::requested_address);
  if (const auto& address = message.reply ? message.yours : wanted.value_or(message.client);
      !address.is_unspecified()) {
    text += ' ' + address.to_string();
  }
  if (const auto server = message.address(option::server)) {
    text += (message.reply ? " from " : " to ") + server->to_string();
  }
  if (const auto lease = message.number(option::lease_time)) text += fmt::format(" for {} s", *lease);
  return text;
}

}  // namespace hnbemu::dhcp

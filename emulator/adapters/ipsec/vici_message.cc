#include "adapters/ipsec/vici_message.h"

#include <algorithm>

namespace hnbemu::ipsec::vici {
namespace {

enum Element : std::uint8_t { section_start = 1, section_end, key_value, list_start, list_item, list_end };

bool has_name(PacketType type) {
  return type == PacketType::cmd_request || type == PacketType::event_register ||
         type == PacketType::event_unregister || type == PacketType::event;
}

class Writer {
 public:
  std::string bytes;
  bool too_long = false;

  void byte(unsigned value) { bytes.push_back(static_cast<char>(value)); }
  void name(std::string_view text) {
    too_long = too_long || text.size() > 0xff;
    byte(static_cast<unsigned>(text.size() & 0xff));
    bytes += text;
  }
  void value(std::string_view text) {
    too_long = too_long || text.size() > 0xffff;
    byte(static_cast<unsigned>(text.size() >> 8 & 0xff));
    byte(static_cast<unsigned>(text.size() & 0xff));
    bytes += text;
  }
  void section(const Section& section) {
    for (const auto& [key, member] : section.members) {
      if (const auto* text = std::get_if<std::string>(&member)) {
        byte(key_value);
        name(key);
        value(*text);
      } else if (const auto* list = std::get_if<List>(&member)) {
        byte(list_start);
        name(key);
        for (const auto& item : *list) {
          byte(list_item);
          value(item);
        }
        byte(list_end);
      } else {
        byte(section_start);
        name(key);
        this->section(std::get<Section>(member));
        byte(section_end);
      }
    }
  }
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  bool at_end() const { return rest_.empty(); }
  bool byte(std::uint8_t& out) {
    if (rest_.empty()) return false;
    out = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return true;
  }
  bool name(std::string& out) {
    std::uint8_t length = 0;
    return byte(length) && take(length, out);
  }
  bool value(std::string& out) {
    std::uint8_t high = 0;
    std::uint8_t low = 0;
    return byte(high) && byte(low) && take(std::size_t{high} << 8 | low, out);
  }
  // The members of a section, to its end; the outermost ends with the packet.
  bool section(Section& out, std::size_t depth) {
    while (!at_end()) {
      std::uint8_t element = 0;
      byte(element);
      if (element == section_end) return depth > 0;
      if (++elements_ > kMaxElements || depth >= kMaxDepth || !member(out, element, depth)) return false;
    }
    return depth == 0;
  }

 private:
  bool take(std::size_t length, std::string& out) {
    if (rest_.size() < length) return false;
    out = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return true;
  }
  bool member(Section& out, std::uint8_t element, std::size_t depth) {
    std::string key;
    if (!name(key)) return false;
    auto& place = out.members.emplace_back(std::move(key), std::string{}).second;
    switch (element) {
      case key_value:
        return value(std::get<std::string>(place));
      case list_start:
        return list(place.emplace<List>());
      case section_start:
        return section(place.emplace<Section>(), depth + 1);
      default:
        return false;
    }
  }
  bool list(List& out) {
    for (std::uint8_t element = 0; byte(element);) {
      if (element == list_end) return true;
      if (element != list_item || ++elements_ > kMaxElements || !value(out.emplace_back())) return false;
    }
    return false;
  }

  std::string_view rest_;
  std::size_t elements_ = 0;
};

template <class T>
const T* find(const Section& section, std::string_view key) {
  const auto found = std::find_if(section.members.begin(), section.members.end(),
                                  [&](const auto& member) { return member.first == key; });
  return found == section.members.end() ? nullptr : std::get_if<T>(&found->second);
}

}  // namespace

void Section::set(std::string key, std::string value) {
  members.emplace_back(std::move(key), std::move(value));
}
void Section::set(std::string key, List list) {
  members.emplace_back(std::move(key), std::move(list));
}
Section& Section::add(std::string key) {
  return std::get<Section>(members.emplace_back(std::move(key), Section{}).second);
}
const Section* Section::section(std::string_view key) const {
  return find<Section>(*this, key);
}
const List* Section::list(std::string_view key) const {
  return find<List>(*this, key);
}
std::string_view Section::text(std::string_view key) const {
  const auto* value = find<std::string>(*this, key);
  return value == nullptr ? std::string_view{} : *value;
}

Result<std::string> encode(const Packet& packet) {
  Writer writer;
  writer.bytes.assign(4, '\0');
  writer.byte(static_cast<unsigned>(packet.type));
  if (has_name(packet.type)) writer.name(packet.name);
  writer.section(packet.message);
  const auto size = writer.bytes.size() - 4;
  if (writer.too_long || size > kMaxPacketBytes) {
    return fail(Cause::protocol, fmt::format("vici packet '{}' is too long", packet.name));
  }
  for (std::size_t i = 0; i < 4; ++i) writer.bytes[i] = static_cast<char>(size >> (24 - 8 * i) & 0xff);
  return std::move(writer.bytes);
}

Result<Packet> decode(std::string_view bytes) {
  Reader reader(bytes);
  Packet packet;
  std::uint8_t type = 0;
  const bool known =
      bytes.size() <= kMaxPacketBytes && reader.byte(type) && type <= static_cast<std::uint8_t>(PacketType::event);
  if (known) packet.type = static_cast<PacketType>(type);
  if (!known || (has_name(packet.type) && !reader.name(packet.name)) || !reader.section(packet.message, 0)) {
    return fail(Cause::protocol, fmt::format("a vici packet of {} bytes cannot be read", bytes.size()));
  }
  return packet;
}

}  // namespace hnbemu::ipsec::vici

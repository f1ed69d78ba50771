#include "adapters/trace/record.h"

#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cstdint>

#include "adapters/trace/ring.h"

namespace hnbemu::trace {
namespace {

constexpr std::size_t kFrameBytes = 256;  // of a record beside its text, with the note that it was cut

// How long the character at the beginning is; 0 if it is none (RFC 3629 4).
std::size_t character_size(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<std::uint8_t>(text[i]) : std::uint8_t{0};
  };
  const auto in = [&](std::size_t i, std::uint8_t low, std::uint8_t high) { return byte(i) >= low && byte(i) <= high; };
  const auto tail = [&](std::size_t i) { return in(i, 0x80, 0xbf); };
  const auto lead = byte(0);
  if (lead < 0x80) return 1;
  if (in(0, 0xc2, 0xdf)) return tail(1) ? 2 : 0;
  if (lead == 0xe0) return in(1, 0xa0, 0xbf) && tail(2) ? 3 : 0;
  if (lead == 0xed) return in(1, 0x80, 0x9f) && tail(2) ? 3 : 0;
  if (in(0, 0xe1, 0xef)) return tail(1) && tail(2) ? 3 : 0;
  if (lead == 0xf0) return in(1, 0x90, 0xbf) && tail(2) && tail(3) ? 4 : 0;
  if (lead == 0xf4) return in(1, 0x80, 0x8f) && tail(2) && tail(3) ? 4 : 0;
  return in(0, 0xf1, 0xf3) && tail(1) && tail(2) && tail(3) ? 4 : 0;
}

// RFC 8259 7: what a character takes in a JSON string.
std::size_t escaped_size(std::string_view character) {
  constexpr std::string_view kShort = "\"\\\b\f\n\r\t";
  if (kShort.find(character.front()) != std::string_view::npos) return 2;
  return static_cast<std::uint8_t>(character.front()) < 0x20 ? 6 : character.size();
}

// The beginning of the text as UTF-8, whole characters, that takes `limit` bytes of JSON at most, and the note.
std::string beginning_of(std::string_view text, std::size_t limit) {
  std::string out;
  while (!text.empty()) {
    const auto size = character_size(text);
    const auto character = size == 0 ? std::string_view("\xef\xbf\xbd") : text.substr(0, size);
    const auto cost = escaped_size(character);
    if (cost > limit) return fmt::format("{} [{} bytes more]", out, text.size());
    limit -= cost;
    out += character;
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return out;
}

}  // namespace

std::string to_record(WallTime time, std::string_view kind, std::string_view text) {
  return boost::json::serialize(boost::json::object{
      {"time", to_date_time(time)}, {"kind", kind}, {"text", beginning_of(text, kMaxRecordBytes - kFrameBytes)}});
}

}  // namespace hnbemu::trace

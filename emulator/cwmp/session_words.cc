#include "cwmp/session_words.h"

#include <algorithm>

#include "cwmp/codec.h"
#include "cwmp/xml_document.h"

namespace hnbemu::cwmp {

std::string quoted(std::string_view text) {
  constexpr std::size_t max_bytes = 200;
  auto size = std::min(text.size(), max_bytes);
  while (size < text.size() && size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  std::string line(text.substr(0, size));
  std::ranges::replace_if(
      line, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return line;
}

bool is_empty(const HttpReply& reply) {
  return reply.status == 204 || trim(reply.body).empty();
}

std::string describe(const Body& body) {
  if (const auto* invalid = std::get_if<InvalidMessage>(&body)) return invalid->problem;
  const auto name = message_name(body);
  return name.empty() ? "an empty SOAP Body" : std::string(name);
}

std::string unfit(const Envelope& response, std::string_view id) {
  if (response.id && *response.id != id) return fmt::format("ID '{}'", quoted(*response.id));
  if (response.not_understood.empty()) return {};
  return fmt::format("a header that the device must understand, and does not: {}", quoted(response.not_understood));
}

}  // namespace hnbemu::cwmp

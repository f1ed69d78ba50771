#include "stun/connection_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>

namespace hnbemu::stun {
namespace {

constexpr std::string_view kMethod = "GET ";
constexpr std::string_view kVersion = " HTTP/1.1";
constexpr std::size_t kSignatureDigits = 40;
constexpr std::size_t kMaxTimestampDigits = 19;

bool is_hex(char c) {
  return std::isxdigit(static_cast<unsigned char>(c)) != 0;
}

// RFC 3986 2.1. Nothing if a percent sign stands alone.
std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) return std::nullopt;
    unsigned value = 0;
    std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16);
    out += static_cast<char>(value);
    i += 2;
  }
  return out;
}

std::string encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain =
        std::isalnum(static_cast<unsigned char>(c)) != 0 || std::string_view("-._~").find(c) != std::string_view::npos;
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::string upper_hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) out += fmt::format("{:02X}", static_cast<unsigned char>(c));
  return out;
}

// The query of the request line's URI, or nothing.
std::optional<std::string_view> query_of(std::string_view datagram) {
  if (datagram.size() > kMaxConnectionRequestBytes || !datagram.starts_with(kMethod)) return std::nullopt;
  auto line = datagram.substr(0, datagram.find("\r\n"));
  if (line.size() == datagram.size() || !line.ends_with(kVersion)) return std::nullopt;
  line.remove_prefix(kMethod.size());
  line.remove_suffix(std::min(line.size(), kVersion.size()));
  const auto mark = line.find('?');
  if (mark == std::string_view::npos || line.find(' ') != std::string_view::npos) return std::nullopt;
  return line.substr(mark + 1);
}

bool take(ConnectionRequest& request, std::string_view name, std::string value) {
  auto* const text = name == "ts"    ? &request.timestamp_text
                     : name == "id"  ? &request.id
                     : name == "un"  ? &request.username
                     : name == "cn"  ? &request.cnonce
                     : name == "sig" ? &request.signature
                                     : nullptr;
  if (text == nullptr) return true;  // of a later edition
  if (!text->empty()) return false;  // given twice
  *text = std::move(value);
  return true;
}

bool read_timestamp(ConnectionRequest& request) {
  const auto& text = request.timestamp_text;
  if (text.empty() || text.size() > kMaxTimestampDigits) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), request.timestamp);
  return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

std::optional<ConnectionRequest> parse_connection_request(std::string_view datagram) {
  auto query = query_of(datagram);
  if (!query) return std::nullopt;
  ConnectionRequest request;
  while (!query->empty()) {
    const auto field = query->substr(0, query->find('&'));
    query->remove_prefix(std::min(query->size(), field.size() + 1));
    const auto equals = std::min(field.find('='), field.size());
    auto value = decoded(field.substr(std::min(equals + 1, field.size())));
    if (!value || !take(request, field.substr(0, equals), std::move(*value))) return std::nullopt;
  }
  if (!read_timestamp(request) || request.id.empty() || request.cnonce.empty()) return std::nullopt;
  if (request.signature.size() != kSignatureDigits || !std::ranges::all_of(request.signature, is_hex)) {
    return std::nullopt;
  }
  std::ranges::transform(request.signature, request.signature.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return request;
}

std::string to_datagram(ConnectionRequest request, std::string_view authority, const Crypto& crypto,
                        std::string_view password) {
  request.timestamp_text = fmt::to_string(request.timestamp);
  const auto signature = upper_hex(crypto.hmac_sha1(password, request.signed_text()));
  return fmt::format("GET http://{}?ts={}&id={}&un={}&cn={}&sig={} HTTP/1.1\r\n\r\n", authority, request.timestamp_text,
                     encoded(request.id), encoded(request.username), encoded(request.cnonce), signature);
}

bool ConnectionRequestCheck::accepts(std::string_view datagram, const Crypto& crypto, std::string_view username,
                                     std::string_view password) {
  const auto request = parse_connection_request(datagram);
  if (!request || username.empty() || request->username != username) return false;
  if (last_timestamp_ && (request->timestamp <= *last_timestamp_ || request->id == last_id_)) return false;
  const auto signature = upper_hex(crypto.hmac_sha1(password, request->signed_text()));
  if (!equal_in_constant_time(signature, request->signature)) return false;
  last_timestamp_ = request->timestamp;
  last_id_ = request->id;
  return true;
}

}  // namespace hnbemu::stun

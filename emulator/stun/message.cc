#include "stun/message.h"

#include <algorithm>

#include "stun/wire.h"

namespace hnbemu::stun {
namespace {

// TR-069 Annex G; the space makes it a multiple of four bytes.
constexpr std::string_view kConnectionRequestBinding = "dslforum.org/TR-111 ";
constexpr std::uint16_t kComprehensionOptional = 0x8000;
constexpr std::size_t kHmacBytes = 20;
constexpr std::size_t kHmacBlock = 64;
constexpr std::uint32_t kFingerprintXor = 0x5354554e;
constexpr std::uint8_t kFamilyV4 = 1;

std::string address_value(const UdpEndpoint& endpoint, bool xored) {
  std::string value{'\0', static_cast<char>(kFamilyV4)};
  auto port = endpoint.port;
  auto address = endpoint.address.to_v4();
  if (xored) {
    port ^= 0x2112;
    address ^= 0x2112a442;
  }
  put16(value, port);
  put32(value, address);
  return value;
}

std::optional<UdpEndpoint> read_address(std::string_view value, bool xored) {
  if (value.size() != 8 || static_cast<std::uint8_t>(value[1]) != kFamilyV4) return std::nullopt;
  std::uint16_t port = get16(value, 2);
  std::uint32_t address = get32(value, 4);
  if (xored) {
    port ^= 0x2112;
    address ^= 0x2112a442;
  }
  return UdpEndpoint{IpAddress::v4(address), port};
}

bool has_cookie(const TransactionId& id) {
  return std::equal(kMagicCookie.begin(), kMagicCookie.end(), id.begin());
}

// The Message being read, attribute by attribute.
class Reader {
 public:
  explicit Reader(Message& message) : message_(message) {}

  // False: the whole message is not to be used.
  bool read(const Attribute& attribute, std::string_view bytes) {
    if (fingerprinted_) return false;  // RFC 5389 15.5: it is the last
    if (attribute.type == kFingerprint) return read_fingerprint(attribute, bytes);
    if (integrity_) return true;  // RFC 5389 15.4: what follows MESSAGE-INTEGRITY is ignored
    switch (attribute.type) {
      case kMappedAddress:
        return read_mapped(attribute.value, false);
      case kXorMappedAddress:
        return read_mapped(attribute.value, has_cookie(message_.id));
      case kResponseAddress:
        message_.response_address = read_address(attribute.value, false);
        return message_.response_address.has_value();
      case kUsername:
        return read_text(attribute.value, message_.username);
      case kRealm:
        return read_text(attribute.value, message_.realm);
      case kNonce:
        return read_text(attribute.value, message_.nonce);
      case kErrorCode:
        return read_error(attribute.value);
      case kUnknownAttributes:
        return read_unknown(attribute.value);
      case kConnectionRequest:
        message_.connection_request_binding = attribute.value == kConnectionRequestBinding;
        break;
      case kBindingChange:
        message_.binding_change = true;
        break;
      case kMessageIntegrity:
        integrity_ = true;
        return attribute.value.size() == kHmacBytes;
      case kChangeRequest:
      case kSourceAddress:
      case kChangedAddress:
      case kReflectedFrom:
        break;  // RFC 3489
      default:
        if (attribute.type < kComprehensionOptional) message_.unknown.push_back(attribute.type);
    }
    return true;
  }

 private:
  // An IPv6 address is no mistake of the sender's, but no binding of ours either.
  bool read_mapped(std::string_view value, bool xored) {
    const auto address = read_address(value, xored);
    if (!address) return value.size() == 20;
    if (xored || !message_.mapped) message_.mapped = address;
    return true;
  }
  static bool read_text(std::string_view value, std::string& text) {
    if (value.size() > kMaxTextBytes) return false;
    text = value;
    return true;
  }
  bool read_error(std::string_view value) {
    if (value.size() < 4 || value.size() > kMaxTextBytes + 4) return false;
    const unsigned hundreds = static_cast<std::uint8_t>(value[2]) & 7U;
    const unsigned number = static_cast<std::uint8_t>(value[3]);
    if (hundreds < 3 || hundreds > 6 || number > 99) return false;
    message_.error = ErrorCode{hundreds * 100 + number, std::string(value.substr(4))};
    return true;
  }
  bool read_unknown(std::string_view value) {
    for (std::size_t i = 0; i + 1 < value.size() && message_.unknown.size() < kMaxAttributes; i += 2) {
      message_.unknown.push_back(get16(value, i));
    }
    return value.size() % 2 == 0;
  }
  bool read_fingerprint(const Attribute& attribute, std::string_view bytes) {
    fingerprinted_ = true;
    return attribute.value.size() == 4 &&
           get32(attribute.value, 0) == (crc32(bytes.substr(0, attribute.offset)) ^ kFingerprintXor);
  }

  Message& message_;
  bool integrity_ = false;
  bool fingerprinted_ = false;
};

// As long as the header says that all up to and with the next attribute is.
std::string with_length(std::string bytes, std::size_t attribute_bytes) {
  set16(bytes, 2, static_cast<std::uint16_t>(bytes.size() - kHeaderBytes + attribute_bytes));
  return bytes;
}

}  // namespace

std::string short_term_key(std::string_view password) {
  return std::string(password);
}

std::string long_term_key(const Crypto& crypto, std::string_view username, std::string_view realm,
                          std::string_view password) {
  return crypto.md5(fmt::format("{}:{}:{}", username, realm, password));
}

std::string encode(const Message& message, const Crypto& crypto, std::string_view key) {
  std::string bytes;
  put16(bytes, static_cast<std::uint16_t>(message.type));
  put16(bytes, 0);
  bytes.append(message.id.begin(), message.id.end());
  if (message.error) {
    std::string value{'\0', '\0', static_cast<char>(message.error->code / 100),
                      static_cast<char>(message.error->code % 100)};
    put_attribute(bytes, kErrorCode, value + message.error->reason);
  }
  if (message.error && !message.unknown.empty()) {
    std::string value;
    for (const auto type : message.unknown) put16(value, type);
    put_attribute(bytes, kUnknownAttributes, value);
  }
  if (message.mapped) {
    put_attribute(bytes, kMappedAddress, address_value(*message.mapped, false));
    if (has_cookie(message.id)) put_attribute(bytes, kXorMappedAddress, address_value(*message.mapped, true));
  }
  if (message.response_address) {
    put_attribute(bytes, kResponseAddress, address_value(*message.response_address, false));
  }
  if (message.connection_request_binding) put_attribute(bytes, kConnectionRequest, kConnectionRequestBinding);
  if (message.binding_change) put_attribute(bytes, kBindingChange, {});
  if (!message.username.empty()) put_attribute(bytes, kUsername, message.username);
  if (!message.realm.empty()) put_attribute(bytes, kRealm, message.realm);
  if (!message.nonce.empty()) put_attribute(bytes, kNonce, message.nonce);
  if (!key.empty()) {
    bytes = with_length(std::move(bytes), kAttributeHeaderBytes + kHmacBytes);
    put_attribute(bytes, kMessageIntegrity, crypto.hmac_sha1(key, bytes));
  }
  return with_length(std::move(bytes), 0);
}

std::optional<Message> decode(std::string_view bytes) {
  if (bytes.size() > kMaxMessageBytes) return std::nullopt;
  const auto attributes = attributes_of(bytes, kMaxAttributes);
  if (!attributes) return std::nullopt;
  Message message;
  message.type = static_cast<Type>(get16(bytes, 0));
  if (message.type != Type::binding_request && message.type != Type::binding_response &&
      message.type != Type::binding_error) {
    return std::nullopt;
  }
  std::copy_n(bytes.begin() + 4, message.id.size(), message.id.begin());
  Reader reader(message);
  for (const auto& attribute : *attributes) {
    if (!reader.read(attribute, bytes)) return std::nullopt;
  }
  return message;
}

Integrity integrity_of(std::string_view bytes, const Crypto& crypto, std::string_view key) {
  const auto attributes = attributes_of(bytes, kMaxAttributes);
  if (!attributes) return Integrity::absent;
  const auto found = std::ranges::find(*attributes, kMessageIntegrity, &Attribute::type);
  if (found == attributes->end()) return Integrity::absent;
  auto text = with_length(std::string(bytes.substr(0, found->offset)), kAttributeHeaderBytes + kHmacBytes);
  if (equal_in_constant_time(crypto.hmac_sha1(key, text), found->value)) return Integrity::right;
  text.resize((text.size() + kHmacBlock - 1) / kHmacBlock * kHmacBlock);
  return equal_in_constant_time(crypto.hmac_sha1(key, text), found->value) ? Integrity::right : Integrity::wrong;
}

}  // namespace hnbemu::stun

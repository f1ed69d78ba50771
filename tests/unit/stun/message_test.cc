#include "stun/message.h"

#include <gmock/gmock.h>

#include "bytes.h"
#include "stun/wire.h"

namespace hnbemu::stun {
namespace {

using testing::ElementsAre;

// RFC 5769 2.1, 2.2 and 2.4.
const std::string kRequest = bytes_of(
    "00010058 2112a442 b7e7a701bc34d686fa87dfae 80220010 5354554e207465737420636c69656e74 00240004 6e0001ff 80290008 "
    "932ff9b151263b36 00060009 6576746a3a68367659202020 00080014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2 80280004 "
    "e57a3bcf");
const std::string kResponse = bytes_of(
    "0101003c 2112a442 b7e7a701bc34d686fa87dfae 8022000b 7465737420766563746f7220 00200008 0001a147e112a643 00080014 "
    "2b91f599fd9e90c38c7489f92af9ba53f06be7d7 80280004 c07d4c96");
const std::string kLongTermRequest = bytes_of(
    "00010060 2112a442 78ad3433c6ad72c029da412e 00060012 e3839ee38388e383aae38383e382afe382b90000 0015001c "
    "662f2f3439396b39353464364f4c33346f4c39465354767936347341 0014000b 6578616d706c652e6f726700 00080014 "
    "f67024656dd64a3e02b8e0712e85c9a28ca89666");
constexpr std::string_view kPassword = "VOkJxbRl1RmTxUk/WvJxBt";

const UdpEndpoint kMapped{*IpAddress::parse("192.0.2.1"), 32853};

TEST(StunMessageTest, WhenTheSampleResponseIsRead_ThenItIsWhatTheStandardSays) {
  const auto message = decode(kResponse);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->type, Type::binding_response);
  EXPECT_EQ(message->mapped, kMapped);
  EXPECT_EQ(integrity_of(kResponse, kCrypto, kPassword), Integrity::right);
  EXPECT_EQ(integrity_of(kResponse, kCrypto, "other"), Integrity::wrong);
}

TEST(StunMessageTest, WhenTheSampleRequestIsRead_ThenUnknownAttributesAreTold) {
  const auto message = decode(kRequest);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->username, "evtj:h6vY");
  EXPECT_THAT(message->unknown, ElementsAre(0x0024));
  EXPECT_EQ(integrity_of(kRequest, kCrypto, kPassword), Integrity::right);
}

TEST(StunMessageTest, WhenCredentialsAreLongTerm_ThenTheKeyIsTheDigestOfAllThree) {
  const auto message = decode(kLongTermRequest);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->realm, "example.org");
  EXPECT_EQ(message->nonce, "f//499k954d6OL34oL9FSTvy64sA");
  const auto key = long_term_key(kCrypto, message->username, message->realm, "TheMatrIX");
  EXPECT_EQ(integrity_of(kLongTermRequest, kCrypto, key), Integrity::right);
}

TEST(StunMessageTest, WhenOneByteIsAnother_ThenTheFingerprintTells) {
  auto bytes = kResponse;
  bytes[30] = 'X';
  EXPECT_FALSE(decode(bytes));
}

TEST(StunMessageTest, WhenWhatWasWrittenIsRead_ThenItIsTheSame) {
  Message message;
  message.id = {0x21, 0x12, 0xa4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  message.mapped = kMapped;
  message.response_address = UdpEndpoint{*IpAddress::parse("203.0.113.7"), 7547};
  message.username = "cpé";
  message.realm = "realm";
  message.nonce = "nonce";
  message.connection_request_binding = true;
  message.binding_change = true;
  const auto bytes = encode(message, kCrypto, "key");
  const auto read = decode(bytes);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->id, message.id);
  EXPECT_EQ(read->mapped, message.mapped);
  EXPECT_EQ(read->response_address, message.response_address);
  EXPECT_EQ(read->username, message.username);
  EXPECT_EQ(read->realm, message.realm);
  EXPECT_EQ(read->nonce, message.nonce);
  EXPECT_TRUE(read->connection_request_binding);
  EXPECT_TRUE(read->binding_change);
  EXPECT_EQ(integrity_of(bytes, kCrypto, "key"), Integrity::right);
  EXPECT_EQ(integrity_of(bytes, kCrypto, "other"), Integrity::wrong);
}

TEST(StunMessageTest, WhenItIsAnError_ThenCodeReasonAndUnknownAttributesAreRead) {
  Message error;
  error.type = Type::binding_error;
  error.error = ErrorCode{420, "Unknown Attribute"};
  error.unknown = {2, 3};
  const auto read = decode(encode(error, kCrypto));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->error->code, 420U);
  EXPECT_EQ(read->error->reason, "Unknown Attribute");
  EXPECT_THAT(read->unknown, ElementsAre(2, 3));
}

TEST(StunMessageTest, WhenTheServerIsOfRfc3489_ThenItsPaddedIntegrityAndPlainAddressCount) {
  std::string bytes = bytes_of("0101 0000 00000000 b7e7a701bc34d686fa87dfae 00010008 00018055c0000201");
  set16(bytes, 2, static_cast<std::uint16_t>(bytes.size() - kHeaderBytes + 24));
  auto text = bytes;
  text.resize(64);
  put_attribute(bytes, kMessageIntegrity, kCrypto.hmac_sha1("secret", text));
  const auto read = decode(bytes);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->mapped, kMapped);
  EXPECT_EQ(integrity_of(bytes, kCrypto, "secret"), Integrity::right);
}

TEST(StunMessageTest, WhenAttributesFollowTheIntegrity_ThenTheyAreIgnored) {
  Message message;
  message.type = Type::binding_response;
  auto bytes = encode(message, kCrypto, "secret");
  put_attribute(bytes, kUsername, "smuggled");
  set16(bytes, 2, static_cast<std::uint16_t>(bytes.size() - kHeaderBytes));
  const auto read = decode(bytes);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->username, "");
}

TEST(StunMessageTest, WhenItIsNotWholeOrNoMessage_ThenNothingIsRead) {
  for (std::size_t size = 0; size < kResponse.size(); ++size) EXPECT_FALSE(decode(kResponse.substr(0, size))) << size;
  EXPECT_FALSE(decode("GET http://10.0.0.1:7547?ts=1 HTTP/1.1\r\n\r\n"));
  EXPECT_FALSE(decode(bytes_of("0002 0000 2112a442 b7e7a701bc34d686fa87dfae")));           // Shared Secret Request
  EXPECT_FALSE(decode(bytes_of("0001 0004 2112a442 b7e7a701bc34d686fa87dfae 0006ffff")));  // beyond the end
  EXPECT_FALSE(decode(bytes_of("0111 000c 2112a442 b7e7a701bc34d686fa87dfae 00090008 0000075f 41414141")));  // code 795
  Message long_name;
  long_name.username = std::string(kMaxTextBytes + 1, 'x');
  EXPECT_FALSE(decode(encode(long_name, kCrypto)));
  std::string many = bytes_of("0001 0000 2112a442 b7e7a701bc34d686fa87dfae");
  for (std::size_t i = 0; i <= kMaxAttributes; ++i) put_attribute(many, kBindingChange, {});
  set16(many, 2, static_cast<std::uint16_t>(many.size() - kHeaderBytes));
  EXPECT_FALSE(decode(many));
}

}  // namespace
}  // namespace hnbemu::stun

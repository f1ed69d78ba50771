#include "stun/connection_request.h"

#include <gmock/gmock.h>

#include "bytes.h"

namespace hnbemu::stun {
namespace {

constexpr const char* kUser = "CPE57689";
constexpr const char* kPassword = "secret";

ConnectionRequest sample(std::uint64_t timestamp = 1120673700, std::string id = "1234") {
  ConnectionRequest request;
  request.timestamp = timestamp;
  request.id = std::move(id);
  request.username = kUser;
  request.cnonce = "XTGRWIPC6D3IPXS3";
  return request;
}

std::string datagram(const ConnectionRequest& request = sample(), std::string_view password = kPassword) {
  return to_datagram(request, "10.1.1.1:8080", kCrypto, password);
}

struct ConnectionRequestCheckTest : testing::Test {
  bool accepts(const std::string& bytes) { return check.accepts(bytes, kCrypto, kUser, kPassword); }
  ConnectionRequestCheck check;
};

// RFC 2202 3, case 2.
TEST(HmacTest, WhenTheTextIsTheStandardsSample_ThenSoIsTheCode) {
  EXPECT_EQ(httpauth::hmac_sha1("Jefe", "what do ya want for nothing?"),
            bytes_of("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"));
}

TEST(ConnectionRequestTest, WhenItIsRead_ThenItsFieldsAreThere) {
  const auto bytes = datagram();
  EXPECT_THAT(bytes, testing::StartsWith("GET http://10.1.1.1:8080?ts=1120673700&id=1234&un=CPE57689&cn="));
  const auto read = parse_connection_request(bytes);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->timestamp, 1120673700U);
  EXPECT_EQ(read->id, "1234");
  EXPECT_EQ(read->username, kUser);
  EXPECT_EQ(read->cnonce, "XTGRWIPC6D3IPXS3");
}

TEST(ConnectionRequestTest, WhenFieldsAreEncodedOrInAnotherOrderOrUnknown_ThenItIsReadAllTheSame) {
  const auto read = parse_connection_request(
      "GET http://h/p?new=1&sig=0123456789abcdef0123456789abcdef01234567&cn=a%2fb&un=a%20b&id=9&ts=007 HTTP/1.1\r\n"
      "Host: h\r\n\r\nbody");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->username, "a b");
  EXPECT_EQ(read->signed_text(), "0079a ba/b");
  EXPECT_EQ(read->signature, "0123456789ABCDEF0123456789ABCDEF01234567");
}

TEST(ConnectionRequestTest, WhenItIsNone_ThenNothingIsRead) {
  const std::string sig = "0123456789abcdef0123456789abcdef01234567";
  const auto line = [](const std::string& query) { return "GET http://h?" + query + " HTTP/1.1\r\n\r\n"; };
  ASSERT_TRUE(parse_connection_request(line("ts=1&id=1&un=u&cn=c&sig=" + sig)));
  for (const auto& wrong :
       {std::string{}, std::string("GET "), std::string("GET  HTTP/1.1\r\n"), line("ts=1&id=1&un=u&cn=c"),
        line("ts=&id=1&un=u&cn=c&sig=" + sig), line("ts=-1&id=1&un=u&cn=c&sig=" + sig),
        line("ts=1x&id=1&un=u&cn=c&sig=" + sig), line("ts=99999999999999999999&id=1&un=u&cn=c&sig=" + sig),
        line("ts=1&ts=2&id=1&un=u&cn=c&sig=" + sig), line("ts=1&id=&un=u&cn=c&sig=" + sig),
        line("ts=1&id=1&un=%4&cn=c&sig=" + sig), line("ts=1&id=1&un=%zz&cn=c&sig=" + sig),
        line("ts=1&id=1&un=u&cn=c&sig=" + sig + "0"), line("ts=1&id=1&un=u&cn=c&sig=x" + sig.substr(1)),
        line("ts=1&id=1&un=u v&cn=c&sig=" + sig), line("ts=1&id=1&un=u&cn=c&sig=" + sig + std::string(3000, 'x')),
        "POST http://h?ts=1&id=1&un=u&cn=c&sig=" + sig + " HTTP/1.1\r\n\r\n",
        "GET http://h?ts=1&id=1&un=u&cn=c&sig=" + sig + " HTTP/1.0\r\n\r\n",
        "GET http://h?ts=1&id=1&un=u&cn=c&sig=" + sig + " HTTP/1.1"}) {
    EXPECT_FALSE(parse_connection_request(wrong)) << wrong;
  }
}

TEST_F(ConnectionRequestCheckTest, WhenItIsSignedAndNew_ThenItIsAcceptedOnce) {
  EXPECT_TRUE(accepts(datagram()));
  EXPECT_FALSE(accepts(datagram()));
}

TEST_F(ConnectionRequestCheckTest, WhenTimeOrIdIsNotNew_ThenItIsDropped) {
  EXPECT_TRUE(accepts(datagram(sample(100, "a"))));
  EXPECT_FALSE(accepts(datagram(sample(100, "b"))));
  EXPECT_FALSE(accepts(datagram(sample(99, "b"))));
  EXPECT_FALSE(accepts(datagram(sample(101, "a"))));
  EXPECT_TRUE(accepts(datagram(sample(101, "b"))));
  EXPECT_TRUE(accepts(datagram(sample(102, "a"))));
}

TEST_F(ConnectionRequestCheckTest, WhenUserOrPasswordIsWrong_ThenItIsDroppedAndTheRightOneStillCounts) {
  auto other = sample();
  other.username = "other";
  EXPECT_FALSE(accepts(datagram(other)));
  EXPECT_FALSE(accepts(datagram(sample(), "wrong")));
  auto changed = datagram();
  changed.replace(changed.find("id=1234"), 7, "id=1235");
  EXPECT_FALSE(accepts(changed));
  EXPECT_TRUE(accepts(datagram()));
}

TEST_F(ConnectionRequestCheckTest, WhenTheDeviceHasNoUserName_ThenNobodyMay) {
  auto nobody = sample();
  nobody.username = "";
  EXPECT_FALSE(check.accepts(to_datagram(nobody, "h", kCrypto, ""), kCrypto, "", ""));
}

}  // namespace
}  // namespace hnbemu::stun

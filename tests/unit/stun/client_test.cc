#include "stun/client.h"

#include <gmock/gmock.h>

#include "bytes.h"
#include "stun/server.h"

namespace hnbemu::stun {
namespace {

const UdpEndpoint kLocal{*IpAddress::parse("192.168.1.3"), 7547};
const UdpEndpoint kServer{*IpAddress::parse("198.18.0.9"), 3478};
const IpAddress kGateway = *IpAddress::parse("100.64.0.1");

// A client behind a NAT that gives another port after `lifetime` without use, before a server; time passes as the
// client asks.
class StunClientTest : public testing::Test {
 protected:
  void make(Seconds minimum, std::optional<Seconds> maximum) {
    settings.minimum = minimum;
    settings.maximum = maximum;
    client.emplace(settings, kCrypto, [this] { return ++random; });
  }
  void run_for(Millis time) {
    const auto end = now + time;
    for (int steps = 0; client->next() <= end; ++steps) {
      ASSERT_LT(steps, 10'000) << "it spins";
      now = std::max(now, client->next());
      exchange(client->advance(now));
    }
    now = end;
  }
  void exchange(std::optional<Outgoing> out) {
    for (int i = 0; out && i < 20; ++i) {
      auto in = deliver(*out);
      out = in ? client->receive(in->first, kServer, in->second, now) : std::nullopt;
    }
  }
  // Through the NAT to the server and, if it lets it, back.
  std::optional<std::pair<Port, std::string>> deliver(const Outgoing& out) {
    const auto request = decode(out.bytes).value();
    sent.push_back({now, out.port, request, integrity_of(out.bytes, kCrypto, "secret") == Integrity::right});
    auto from = kLocal;
    if (nat) {
      if (out.port == Port::primary) {
        if (used != Deadline{} && now - used > lifetime) ++port;
        used = now;
      }
      from = {kGateway, out.port == Port::primary ? port : std::uint16_t{9}};
    }
    if (silent) return std::nullopt;
    auto reply = answer ? answer(from, out.bytes) : server.receive(from, out.bytes);
    if (!reply) return std::nullopt;
    const bool to_primary = reply->to.port == port || reply->to == kLocal;
    if (!to_primary) return std::pair(out.port, reply->bytes);
    if (nat && now - used > lifetime) return std::nullopt;
    used = now;
    return std::pair(Port::primary, reply->bytes);
  }

  struct Sent {
    Deadline at;
    Port port;
    Message message;
    bool protected_;
  };
  ClientSettings settings{kLocal, kServer, {}, {}, {}, {}};
  std::uint32_t random = 0;
  std::optional<Client> client;
  Deadline now{std::chrono::hours(1)};
  bool nat = true;
  Seconds lifetime{60};
  Deadline used{};
  std::uint16_t port = 40'000;
  bool silent = false;
  Server server{kCrypto};
  std::function<std::optional<Reply>(const UdpEndpoint&, std::string_view)> answer;
  std::vector<Sent> sent;
};

TEST_F(StunClientTest, WhenThereIsANat_ThenItsBindingIsFoundAndAnnounced) {
  make(Seconds{30}, Seconds{30});
  run_for(Seconds{1});
  EXPECT_TRUE(client->nat_detected());
  EXPECT_EQ(client->binding(), (UdpEndpoint{kGateway, 40'000}));
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_TRUE(sent[0].message.connection_request_binding);
  EXPECT_FALSE(sent[0].message.binding_change);
  EXPECT_TRUE(sent[1].message.connection_request_binding);
  EXPECT_TRUE(sent[1].message.binding_change);
}

TEST_F(StunClientTest, WhenThereIsNone_ThenTheBindingIsTheOwnAddress) {
  nat = false;
  make(Seconds{30}, std::nullopt);
  run_for(std::chrono::minutes(10));
  EXPECT_FALSE(client->nat_detected());
  EXPECT_EQ(client->binding(), kLocal);
  for (const auto& one : sent) EXPECT_EQ(one.port, Port::primary);
  EXPECT_EQ(sent.size(), 2U + 20U);
}

TEST_F(StunClientTest, WhenBothPeriodsAreEqual_ThenThatIsThePeriod) {
  make(Seconds{30}, Seconds{30});
  run_for(Seconds{95});
  ASSERT_EQ(sent.size(), 5U);
  EXPECT_EQ(sent[2].at - sent[1].at, Seconds{30});
  EXPECT_EQ(sent[4].at - sent[3].at, Seconds{30});
  EXPECT_FALSE(client->searching());
}

TEST_F(StunClientTest, WhenTheLifetimeIsBetweenTheBounds_ThenItIsFoundFromBelow) {
  for (const Seconds life : {Seconds{31}, Seconds{47}, Seconds{100}, Seconds{119}}) {
    lifetime = life;
    make(Seconds{30}, Seconds{120});
    run_for(std::chrono::hours(1));
    EXPECT_FALSE(client->searching());
    EXPECT_LE(client->period(), life);
    EXPECT_GE(client->period() + client->period() / 8 + Seconds{1}, life);
  }
}

TEST_F(StunClientTest, WhenTheLifetimeIsAboveTheMaximum_ThenTheMaximumIsThePeriod) {
  lifetime = std::chrono::hours(5);
  make(Seconds{30}, Seconds{100});
  run_for(std::chrono::minutes(20));
  EXPECT_EQ(client->period(), Seconds{100});
  EXPECT_FALSE(client->searching());
}

TEST_F(StunClientTest, WhenThereIsNoMaximum_ThenTheSearchEndsAtItsOwn) {
  lifetime = std::chrono::hours(50);
  make(Seconds{0}, std::nullopt);
  run_for(std::chrono::hours(6));
  EXPECT_EQ(client->period(), kDefaultMaximum);
}

TEST_F(StunClientTest, WhenItSearches_ThenTheProbeGoesFromAnotherSocketAndSaysNothingOfConnectionRequests) {
  make(Seconds{10}, Seconds{40});
  run_for(Seconds{21});
  ASSERT_GE(sent.size(), 3U);
  EXPECT_EQ(sent[2].port, Port::secondary);
  EXPECT_EQ(sent[2].message.response_address, (UdpEndpoint{kGateway, 40'000}));
  EXPECT_FALSE(sent[2].message.connection_request_binding);
  EXPECT_EQ(sent[2].at - sent[1].at, Seconds{20});
}

TEST_F(StunClientTest, WhenTheServerDoesNotKnowResponseAddress_ThenTheMinimumIsThePeriod) {
  answer = [this](const UdpEndpoint& from, std::string_view bytes) -> std::optional<Reply> {
    if (!decode(bytes)->response_address) return server.receive(from, bytes);
    Message error;
    error.type = Type::binding_error;
    error.id = decode(bytes)->id;
    error.error = ErrorCode{420, "Unknown Attribute"};
    return Reply{from, encode(error, kCrypto)};
  };
  make(Seconds{10}, Seconds{40});
  run_for(std::chrono::minutes(10));
  EXPECT_FALSE(client->searching());
  EXPECT_EQ(client->period(), Seconds{10});
  EXPECT_TRUE(client->nat_detected());
}

TEST_F(StunClientTest, WhenTheBindingChanges_ThenItIsAnnouncedAtOnceAndSearchedAnew) {
  make(Seconds{10}, Seconds{40});
  run_for(std::chrono::minutes(10));
  ASSERT_FALSE(client->searching());
  ++port;
  sent.clear();
  run_for(client->period());
  EXPECT_EQ(client->binding()->port, 40'001);
  ASSERT_GE(sent.size(), 2U);
  EXPECT_TRUE(sent[1].message.binding_change);
  EXPECT_TRUE(client->searching());
}

TEST_F(StunClientTest, WhenTheNatGivesEachRequestAnotherPort_ThenTheAnnouncementsAreBounded) {
  answer = [this](const UdpEndpoint&, std::string_view bytes) { return server.receive({kGateway, ++port}, bytes); };
  make(Seconds{30}, Seconds{30});
  run_for(Seconds{29});
  EXPECT_EQ(sent.size(), 1U + kMaxAnnouncements);
}

TEST_F(StunClientTest, WhenNobodyAnswers_ThenItIsSentAgainByRfc5389AndLaterAnew) {
  silent = true;
  make(Seconds{20}, Seconds{20});
  run_for(Seconds{39});
  std::vector<long> at;
  for (const auto& one : sent) at.push_back((one.at - sent[0].at) / Millis{1});
  EXPECT_THAT(at, testing::ElementsAre(0, 500, 1500, 3500, 7500, 15500, 31500));
  EXPECT_EQ(client->failure(), "");
  run_for(Seconds{1});
  EXPECT_NE(client->failure(), "");
  silent = false;
  run_for(kRestAfterFailure);
  EXPECT_TRUE(client->binding());
  EXPECT_EQ(client->failure(), "");
}

TEST_F(StunClientTest, WhenThereIsAUserName_ThenEachRequestHasItAndNoneIsProtectedUnasked) {
  settings.username = "cpe";
  settings.password = "secret";
  make(Seconds{30}, Seconds{30});
  run_for(Seconds{1});
  for (const auto& one : sent) {
    EXPECT_EQ(one.message.username, "cpe");
    EXPECT_FALSE(one.protected_);
  }
}

TEST_F(StunClientTest, WhenTheServerWantsCredentials_ThenTheRequestComesAgainWithThem) {
  server = Server(kCrypto, [](std::string_view user) -> std::optional<std::string> {
    return user == "cpe" ? std::optional<std::string>("secret") : std::nullopt;
  });
  settings.username = "cpe";
  settings.password = "secret";
  make(Seconds{30}, Seconds{30});
  run_for(Seconds{1});
  EXPECT_TRUE(client->binding());
  ASSERT_EQ(sent.size(), 4U);
  EXPECT_FALSE(sent[0].protected_);
  EXPECT_TRUE(sent[1].protected_);
  EXPECT_NE(sent[0].message.id, sent[1].message.id);
}

TEST_F(StunClientTest, WhenTheServerRefusesThePassword_ThenItIsNotAskedWithoutEnd) {
  server = Server(kCrypto, [](std::string_view) { return std::optional<std::string>("other"); });
  settings.username = "cpe";
  settings.password = "secret";
  make(Seconds{30}, Seconds{30});
  run_for(Seconds{29});
  EXPECT_EQ(sent.size(), 2U);
  EXPECT_THAT(client->failure(), testing::HasSubstr("401"));
}

TEST_F(StunClientTest, WhenTheServerNamesARealm_ThenCredentialsAreLongTerm) {
  bool right = false;
  answer = [&](const UdpEndpoint& from, std::string_view bytes) -> std::optional<Reply> {
    const auto request = decode(bytes);
    const auto key = long_term_key(kCrypto, "cpe", "operator", "secret");
    Message reply;
    reply.id = request->id;
    right = request->nonce == "n1" && integrity_of(bytes, kCrypto, key) == Integrity::right;
    reply.type = right ? Type::binding_response : Type::binding_error;
    if (right) {
      reply.mapped = from;
      return Reply{from, encode(reply, kCrypto, key)};
    }
    reply.error = ErrorCode{401, "Unauthorized"};
    reply.realm = "operator";
    reply.nonce = "n1";
    return Reply{from, encode(reply, kCrypto)};
  };
  settings.username = "cpe";
  settings.password = "secret";
  make(Seconds{30}, Seconds{30});
  run_for(Seconds{1});
  EXPECT_TRUE(right);
  EXPECT_TRUE(client->binding());
}

TEST_F(StunClientTest, WhenAProtectedRequestIsAnsweredUnprotected_ThenTheAnswerDoesNotCount) {
  bool challenged = false;
  answer = [&](const UdpEndpoint& from, std::string_view bytes) -> std::optional<Reply> {
    if (challenged) return server.receive({*IpAddress::parse("203.0.113.66"), 6}, bytes);
    challenged = true;
    Message error;
    error.type = Type::binding_error;
    error.id = decode(bytes)->id;
    error.error = ErrorCode{401, ""};
    return Reply{from, encode(error, kCrypto)};
  };
  settings.username = "cpe";
  settings.password = "secret";
  make(Seconds{30}, Seconds{30});
  run_for(std::chrono::minutes(1));
  EXPECT_FALSE(client->binding());
}

TEST_F(StunClientTest, WhenAStrangerAnswers_ThenItDoesNotCount) {
  make(Seconds{30}, Seconds{30});
  const auto out = client->advance(now);
  ASSERT_TRUE(out);
  const auto reply = server.receive({kGateway, 1}, out->bytes);
  EXPECT_FALSE(client->receive(Port::primary, {kServer.address, 3479}, reply->bytes, now));
  EXPECT_FALSE(client->binding());
  auto another = reply->bytes;
  another[19] = static_cast<char>(another[19] + 1);  // of the transaction's ID
  EXPECT_FALSE(client->receive(Port::primary, kServer, another, now));
  EXPECT_FALSE(client->binding());
  client->receive(Port::primary, kServer, reply->bytes, now);
  EXPECT_TRUE(client->binding());
}

}  // namespace
}  // namespace hnbemu::stun

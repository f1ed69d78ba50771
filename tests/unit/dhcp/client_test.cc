#include "dhcp/client.h"

#include <gmock/gmock.h>

#include "unit/dhcp/server_double.h"

namespace hnbemu::dhcp {
namespace {

using testing::HasSubstr;
using State = Client::State;
using Event = Client::Event;

const IpAddress kEverybody = IpAddress::v4(0xffffffff);

class DhcpClient : public testing::Test {
 protected:
  // Waits until the client has something to do; what it sent, if it sent anything.
  Client::Step next() {
    now_ = std::max(now_, client_.due());
    return taken(client_.advance(now_));
  }
  Client::Step taken(Client::Step step) {
    if (step.send) sent_ = *parse(step.send->message);
    return step;
  }
  Client::Step receive(const Message& message) { return taken(client_.receive(encode(message), now_)); }
  Client::Step receive(Kind kind, std::uint32_t lease_s = 3600) { return receive(answer(sent_, kind, lease_s)); }
  void bind(std::uint32_t lease_s = 3600) {
    client_.start(now_);
    next();
    receive(Kind::offer, lease_s);
    EXPECT_EQ(receive(Kind::ack, lease_s).event, Event::bound);
  }

  std::mt19937_64 random_{7};
  Deadline now_{std::chrono::hours(1)};
  Client client_{{{2, 0, 100, 64, 0, 11}, "hnb-0001"}, random_};
  Message sent_;  // the last one
};

TEST_F(DhcpClient, WhenNobodyAnswers_ThenItAsksLessAndLessOften) {
  client_.start(now_);
  std::vector<Seconds> waits;
  for (int i = 0; i < 8; ++i) {
    const auto step = next();
    ASSERT_TRUE(step.send);
    EXPECT_EQ(step.send->to, kEverybody);
    EXPECT_TRUE(step.send->from.is_unspecified());
    EXPECT_EQ(sent_.kind, Kind::discover);
    waits.push_back(std::chrono::ceil<Seconds>(client_.due() - now_));
  }
  for (std::size_t i = 0; i < waits.size(); ++i) {
    const auto base = std::min<std::int64_t>(4 << i, 64);
    EXPECT_LE(std::abs(waits[i].count() - base), 1) << i;
  }
  EXPECT_EQ(client_.state(), State::selecting);
}

TEST_F(DhcpClient, WhenItAsks_ThenItSaysThatItIsACpe) {
  client_.start(now_);
  next();
  EXPECT_THAT(sent_.options.at(option::vendor_class), HasSubstr("dslforum.org"));
  EXPECT_EQ(sent_.options.at(option::vi_vendor_class), cwmp_vi_class());
  const auto& wanted = sent_.options.at(option::parameter_list);
  EXPECT_NE(wanted.find(static_cast<char>(option::vendor_specific)), std::string::npos);
  EXPECT_NE(wanted.find(static_cast<char>(option::vi_vendor_specific)), std::string::npos);
  EXPECT_TRUE(sent_.broadcast);
}

TEST_F(DhcpClient, WhenServerOffers_ThenItsOfferIsTaken) {
  client_.start(now_);
  next();
  const auto asked = receive(Kind::offer);
  ASSERT_TRUE(asked.send);
  EXPECT_EQ(asked.send->to, kEverybody);
  EXPECT_EQ(sent_.kind, Kind::request);
  EXPECT_EQ(sent_.address(option::requested_address), kAddress);
  EXPECT_EQ(sent_.address(option::server), kServer);
  EXPECT_EQ(receive(Kind::ack).event, Event::bound);
  const auto& lease = client_.lease().value();
  EXPECT_EQ(lease.address, (Prefix{kAddress, 31}));
  EXPECT_EQ(lease.router, kServer);
  EXPECT_EQ(lease.renew - now_, Seconds{1800});
  EXPECT_EQ(lease.rebind - now_, Seconds{3150});
  EXPECT_EQ(lease.expires - now_, Seconds{3600});
  EXPECT_FALSE(client_.listening());
}

TEST_F(DhcpClient, WhenAnswerIsForAnother_ThenItIsLeftAside) {
  client_.start(now_);
  next();
  auto foreign = answer(sent_, Kind::offer);
  ++foreign.transaction;
  EXPECT_FALSE(receive(foreign).send);
  foreign = answer(sent_, Kind::offer);
  foreign.hardware[5] = 12;
  EXPECT_FALSE(receive(foreign).send);
  foreign = answer(sent_, Kind::offer);
  foreign.reply = false;
  EXPECT_FALSE(receive(foreign).send);
  foreign = answer(sent_, Kind::offer);
  foreign.yours = IpAddress::v4(0xe0000001);
  EXPECT_FALSE(receive(foreign).send);
  EXPECT_FALSE(client_.receive("garbage", now_).send);
  EXPECT_EQ(client_.state(), State::selecting);
  receive(Kind::offer);
  foreign = answer(sent_, Kind::ack);
  foreign.options[option::server] = to_option(IpAddress::v4(0x01010101));
  EXPECT_EQ(receive(foreign).event, Event::none);
  EXPECT_EQ(client_.state(), State::requesting);
}

TEST_F(DhcpClient, WhenServerForgetsItsOffer_ThenAnotherIsLookedFor) {
  client_.start(now_);
  next();
  receive(Kind::offer);
  for (unsigned i = 0; i <= Client::kMaxRequests + 1 && client_.state() == State::requesting; ++i) next();
  EXPECT_EQ(client_.state(), State::selecting);
  next();
  EXPECT_EQ(sent_.kind, Kind::discover);
}

TEST_F(DhcpClient, WhenServerAlwaysRefuses_ThenItIsNotAskedInACircle) {
  client_.start(now_);
  next();
  receive(Kind::offer);
  EXPECT_FALSE(receive(Kind::nak).send);
  EXPECT_GE(client_.due() - now_, Client::kAfterNak);
  next();
  EXPECT_EQ(sent_.kind, Kind::discover);
}

TEST_F(DhcpClient, WhenHalfOfTheTimeIsOver_ThenTheServerItselfIsAsked) {
  bind();
  const auto bound = now_;
  const auto asked = next();
  EXPECT_EQ(now_ - bound, Seconds{1800});
  ASSERT_TRUE(asked.send);
  EXPECT_EQ(asked.send->from, kAddress);
  EXPECT_EQ(asked.send->to, kServer);
  EXPECT_EQ(sent_.client, kAddress);
  EXPECT_EQ(sent_.options.count(option::requested_address), 0U);
  EXPECT_EQ(sent_.options.count(option::server), 0U);
  EXPECT_EQ(receive(Kind::ack).event, Event::renewed);
  EXPECT_EQ(client_.lease()->expires - now_, Seconds{3600});
}

TEST_F(DhcpClient, WhenServerIsSilent_ThenEverybodyIsAskedAndThenTheLeaseIsLost) {
  bind();
  const auto bound = now_;
  unsigned asked = 0;
  for (Client::Step step; step.event != Event::lost; ++asked) {
    step = next();
    ASSERT_LT(asked, 30U);
    if (!step.send) continue;
    EXPECT_EQ(step.send->to, now_ - bound < Seconds{3150} ? kServer : kEverybody);
  }
  EXPECT_EQ(now_ - bound, Seconds{3600});
  EXPECT_FALSE(client_.lease());
  next();
  EXPECT_EQ(sent_.kind, Kind::discover);
}

TEST_F(DhcpClient, WhenServerTakesTheLeaseBack_ThenItIsLostAtOnce) {
  bind();
  next();
  EXPECT_EQ(receive(Kind::nak).event, Event::lost);
  EXPECT_FALSE(client_.lease());
}

TEST_F(DhcpClient, WhenAckGivesAnotherAddress_ThenTheLeaseStandsAsItWas) {
  bind();
  next();
  auto other = answer(sent_, Kind::ack);
  other.yours = IpAddress::v4(kAddress.to_v4() + 2);
  EXPECT_EQ(receive(other).event, Event::none);
  EXPECT_EQ(client_.lease()->address.address, kAddress);
}

TEST_F(DhcpClient, WhenTimesCannotBe_ThenTheUsualPartsOfTheLeaseCount) {
  client_.start(now_);
  next();
  receive(Kind::offer);
  auto ack = answer(sent_, Kind::ack);
  ack.options[option::renewal_time] = to_option(std::uint32_t{4000});
  ack.options[option::rebinding_time] = to_option(std::uint32_t{5});
  receive(ack);
  EXPECT_EQ(client_.lease()->renew - now_, Seconds{1800});
  EXPECT_EQ(client_.lease()->rebind - now_, Seconds{3150});
}

TEST_F(DhcpClient, WhenLeaseIsTooShort_ThenItIsNotTaken) {
  client_.start(now_);
  next();
  receive(Kind::offer);
  EXPECT_EQ(receive(Kind::ack, 3).event, Event::none);
  EXPECT_EQ(client_.state(), State::requesting);
}

TEST_F(DhcpClient, WhenLeaseHasNoEnd_ThenNothingIsDue) {
  bind(0xffffffff);
  EXPECT_EQ(client_.due(), Deadline::max());
  client_.renew(now_);
  EXPECT_TRUE(next().send);
  EXPECT_EQ(client_.state(), State::renewing);
}

TEST_F(DhcpClient, WhenStopped_ThenNothingIsDueAndNothingIsHeld) {
  bind();
  client_.stop();
  EXPECT_EQ(client_.due(), Deadline::max());
  EXPECT_FALSE(client_.lease());
  EXPECT_FALSE(client_.receive(encode(answer(sent_, Kind::ack)), now_).send);
}

}  // namespace
}  // namespace hnbemu::dhcp

#include "conformance/rule.h"
#include "httpauth/hmac.h"
#include "stun/connection_request.h"
#include "stun/server.h"

namespace hnbemu::conformance {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr stun::Crypto kCrypto{httpauth::hmac_sha1, httpauth::md5};
constexpr const char* kRoot = "Device.ManagementServer.";
const std::string kAddress = std::string(kRoot) + "UDPConnectionRequestAddress";
const std::string kNat = std::string(kRoot) + "NATDetected";
const UdpEndpoint kStun{*IpAddress::parse("198.18.0.9"), 3479};
const UdpEndpoint kOwn{*IpAddress::parse("100.64.0.1"), 7547};

struct Request {
  UdpEndpoint from, to;
  stun::Message message;
  bool with_integrity;
  Deadline at;
};

// The NAT in front of the device and the STUN server behind it.
class Operator {
 public:
  explicit Operator(Device& device) : device_(device) {
    device.udp.on_send([this](const auto& from, const auto& to, auto bytes) { receive(from, to, bytes); });
  }
  // By the ACS, in one session.
  void enable(std::vector<std::pair<std::string, std::string>> more = {}) {
    cwmp::SetParameterValues set;
    more.insert(more.begin(), {{"STUNEnable", "1"},
                               {"STUNServerAddress", kStun.address.to_string()},
                               {"STUNServerPort", fmt::to_string(kStun.port)},
                               {"STUNMinimumKeepAlivePeriod", "30"},
                               {"STUNMaximumKeepAlivePeriod", "30"}});
    std::map<std::string, std::string> last;
    for (const auto& [name, value] : more) last[name] = value;
    for (const auto& [name, value] : last) set.parameters.push_back({kRoot + name, value, type_of(name)});
    EXPECT_EQ(device_.ask(std::move(set)).index(), cwmp::Body(cwmp::SetParameterValuesResponse{}).index());
    device_.acs->forget();
  }
  static std::string type_of(std::string_view name) {
    if (name == "STUNEnable") return "xsd:boolean";
    if (name == "STUNMaximumKeepAlivePeriod") return "xsd:int";
    const bool number = name == "STUNServerPort" || name.ends_with("Period") || name.ends_with("Limit");
    return number ? "xsd:unsignedInt" : "xsd:string";
  }
  void answer(Request& request, std::string_view bytes) {
    const auto from = nat && request.from.port == kOwn.port ? *nat : nat ? other : request.from;
    const auto reply = server.receive(from, bytes);
    if (!reply || silent) return;
    const bool to_primary = nat ? reply->to == *nat : reply->to == kOwn;
    if (request.from != kOwn && to_primary && !lets_in) return;
    device_.udp.deliver(to_primary ? kOwn : request.from, {request.to, reply->bytes, {}});
  }
  std::string datagram(std::uint64_t timestamp, const std::string& id) const {
    stun::ConnectionRequest request;
    request.timestamp = timestamp;
    request.id = id;
    request.username = device_.connection_requests.access().username;
    request.cnonce = "c" + id;
    return to_datagram(request, "203.0.113.5:40000", kCrypto, device_.connection_requests.access().password);
  }
  bool send(const std::string& bytes) {
    const bool open = device_.udp.deliver(kOwn, {kStun, bytes, {}});
    device_.run_for(Seconds{1});
    return open;
  }
  void credentials() {
    device_.ask(cwmp::SetParameterValues{{{std::string(kRoot) + "ConnectionRequestUsername", "acs", "xsd:string"},
                                          {std::string(kRoot) + "ConnectionRequestPassword", "secret", "xsd:string"}},
                                         ""});
    device_.acs->forget();
  }

  std::optional<UdpEndpoint> nat = UdpEndpoint{*IpAddress::parse("203.0.113.5"), 40'000};
  UdpEndpoint other{*IpAddress::parse("203.0.113.5"), 40'009};  // of any other socket of the device
  bool silent = false;
  bool lets_in = true;  // what comes for the binding, without the device having sent anything first
  stun::Server server{kCrypto};
  std::vector<Request> requests;

 private:
  void receive(const UdpEndpoint& from, const UdpEndpoint& to, std::string_view bytes) {
    const auto message = stun::decode(bytes);
    ASSERT_TRUE(message);
    const bool protected_ = stun::integrity_of(bytes, kCrypto, "secret") == stun::Integrity::right;
    requests.push_back({from, to, *message, protected_, device_.clock.now()});
    answer(requests.back(), bytes);
  }
  Device& device_;
};

#define HNBEMU_ANNEX_G(clause, name, text) HNBEMU_RULE("Connection requests by UDP", clause, name, text)

HNBEMU_ANNEX_G("TR-069 G.2.1", WithoutStunEnableNothingIsSentOrOpen,
               "While STUNEnable is false a CPE neither sends Binding Requests nor says that a NAT was detected") {
  Operator peer(*this);
  power_on();
  run_for(std::chrono::hours(1));
  EXPECT_THAT(peer.requests, IsEmpty());
  EXPECT_THAT(udp.open_sockets(), IsEmpty());
  EXPECT_EQ(value(kNat), "false");
  EXPECT_EQ(value(kAddress), "");
}

HNBEMU_ANNEX_G("TR-069 G.2.1.1", TheRequestComesFromTheSocketThatListens,
               "Binding Requests come from the port on which the CPE listens for connection requests, to "
               "STUNServerAddress and STUNServerPort") {
  Operator peer(*this);
  power_on();
  peer.enable();
  ASSERT_FALSE(peer.requests.empty());
  EXPECT_EQ(peer.requests[0].from, kOwn);
  EXPECT_EQ(peer.requests[0].to, kStun);
  EXPECT_THAT(udp.open_sockets(), ElementsAre(kOwn));
}

HNBEMU_ANNEX_G("TR-069 G.2.1.1", WithoutAServerItIsTheAcs,
               "Without STUNServerAddress the STUN server is the host of the ACS URL; without a port it is 3478") {
  Operator peer(*this);
  power_on();
  peer.enable({{"STUNServerAddress", ""}, {"STUNServerPort", "0"}});
  ASSERT_FALSE(peer.requests.empty());
  EXPECT_EQ(peer.requests[0].to, (UdpEndpoint{*IpAddress::parse("192.0.2.10"), 3478}));
}

HNBEMU_ANNEX_G(
    "TR-069 G.2.1.1", EachRequestNamesItsBinding,
    "Binding Requests from that port carry CONNECTION-REQUEST-BINDING, and USERNAME if STUNUsername is set") {
  Operator peer(*this);
  power_on();
  peer.enable({{"STUNUsername", "cpe"}, {"STUNPassword", "secret"}});
  run_for(std::chrono::minutes(2));
  ASSERT_GE(peer.requests.size(), 5U);
  for (const auto& request : peer.requests) {
    EXPECT_TRUE(request.message.connection_request_binding);
    EXPECT_EQ(request.message.username, "cpe");
  }
}

HNBEMU_ANNEX_G("TR-069 G.2.1.1", IntegrityComesWhenItIsAskedFor,
               "A 401 is answered with USERNAME and MESSAGE-INTEGRITY, which no request carries otherwise") {
  Operator peer(*this);
  peer.server = stun::Server(kCrypto, [](auto) { return std::optional<std::string>("secret"); });
  power_on();
  peer.enable({{"STUNUsername", "cpe"}, {"STUNPassword", "secret"}});
  ASSERT_GE(peer.requests.size(), 2U);
  EXPECT_FALSE(peer.requests[0].with_integrity);
  EXPECT_TRUE(peer.requests[1].with_integrity);
  EXPECT_EQ(value(kAddress), "203.0.113.5:40000");
}

HNBEMU_ANNEX_G("TR-069 G.2.1.1", WithoutCredentialsA401IsTheEnd,
               "A CPE without STUNUsername and STUNPassword does not answer a 401, and learns nothing") {
  Operator peer(*this);
  peer.server = stun::Server(kCrypto, [](auto) { return std::optional<std::string>("secret"); });
  power_on();
  peer.enable();
  EXPECT_THAT(peer.requests, SizeIs(1));
  EXPECT_EQ(value(kAddress), "");
}

HNBEMU_ANNEX_G("TR-069 G.2.1.1", ANatIsDetected,
               "NATDetected is true, and UDPConnectionRequestAddress the public address and port, behind a NAT") {
  Operator peer(*this);
  power_on();
  peer.enable();
  EXPECT_EQ(value(kNat), "true");
  EXPECT_EQ(value(kAddress), "203.0.113.5:40000");
}

HNBEMU_ANNEX_G("TR-069 G.2.1.1", NoNatIsDetected,
               "Without a NAT NATDetected is false and UDPConnectionRequestAddress the CPE's own address and port") {
  Operator peer(*this);
  peer.nat.reset();
  power_on();
  peer.enable();
  EXPECT_EQ(value(kNat), "false");
  EXPECT_EQ(value(kAddress), kOwn.to_string());
}

HNBEMU_ANNEX_G("TR-069 G.2.1.1", WhatTheAcsSetsCountsAtOnce,
               "Another STUN server counts from the end of the session that set it; STUNEnable false ends it all") {
  Operator peer(*this);
  power_on();
  peer.enable();
  peer.requests.clear();
  ASSERT_TRUE(set(std::string(kRoot) + "STUNServerPort", "3500", "xsd:unsignedInt"));
  ASSERT_FALSE(peer.requests.empty());
  EXPECT_EQ(peer.requests[0].to.port, 3500);
  ASSERT_TRUE(set(std::string(kRoot) + "STUNEnable", "0", "xsd:boolean"));
  peer.requests.clear();
  run_for(std::chrono::minutes(10));
  EXPECT_THAT(peer.requests, IsEmpty());
  EXPECT_THAT(udp.open_sockets(), IsEmpty());
  EXPECT_EQ(value(kNat), "false");
  EXPECT_EQ(value(kAddress), "");
}

HNBEMU_ANNEX_G("TR-069 G.2.1.1", AfterABootTheBindingIsFoundAgain,
               "STUN settings survive the loss of power; the binding is found anew") {
  Operator peer(*this);
  power_on();
  peer.enable();
  lose_power();
  peer.nat->port = 40'001;
  power_on();
  EXPECT_EQ(value(kAddress), "203.0.113.5:40001");
}

HNBEMU_ANNEX_G(
    "TR-069 G.2.1.2", EqualPeriodsAreThePeriod,
    "With equal minimum and maximum the CPE sends a Binding Request in each such period, and searches for none") {
  Operator peer(*this);
  power_on();
  peer.enable();
  peer.requests.clear();
  run_for(std::chrono::minutes(5));
  EXPECT_THAT(peer.requests, SizeIs(10));
  for (const auto& request : peer.requests) EXPECT_EQ(request.from, kOwn);
}

HNBEMU_ANNEX_G("TR-069 G.2.1.2", TheLifetimeIsSearchedFor,
               "Else the CPE searches for the lifetime: by RESPONSE-ADDRESS from a second port, without "
               "CONNECTION-REQUEST-BINDING, between minimum and maximum") {
  Operator peer(*this);
  power_on();
  peer.enable({{"STUNMaximumKeepAlivePeriod", "100"}});
  run_for(std::chrono::minutes(30));
  unsigned probes = 0;
  for (const auto& request : peer.requests) {
    if (request.from == kOwn) continue;
    ++probes;
    EXPECT_EQ(request.message.response_address, peer.nat);
    EXPECT_FALSE(request.message.connection_request_binding);
  }
  EXPECT_EQ(probes, 2U);  // 60 s and 100 s
  EXPECT_THAT(udp.open_sockets(), ElementsAre(kOwn));
  peer.requests.clear();
  run_for(Seconds{1000});
  EXPECT_THAT(peer.requests, SizeIs(10));
}

HNBEMU_ANNEX_G("TR-069 G.2.1.2", AShortLifetimeIsKeptUpWith,
               "Where the binding does not last longer than the minimum, the minimum is the period") {
  Operator peer(*this);
  power_on();
  peer.lets_in = false;
  peer.enable({{"STUNMaximumKeepAlivePeriod", "60"}});
  run_for(std::chrono::minutes(30));
  EXPECT_THAT(udp.open_sockets(), ElementsAre(kOwn));
  peer.requests.clear();
  run_for(Seconds{300});
  EXPECT_GE(peer.requests.size(), 9U);
  EXPECT_LE(peer.requests.size(), 10U);
}

HNBEMU_ANNEX_G("TR-069 G.2.1.3", TheFirstBindingIsAnnounced,
               "The first binding, and each other one, is announced at once by a Binding Request with BINDING-CHANGE") {
  Operator peer(*this);
  power_on();
  peer.enable();
  ASSERT_THAT(peer.requests, SizeIs(2));
  EXPECT_FALSE(peer.requests[0].message.binding_change);
  EXPECT_TRUE(peer.requests[1].message.binding_change);
  peer.requests.clear();
  peer.nat->port = 40'001;
  run_for(Seconds{30});
  ASSERT_THAT(peer.requests, SizeIs(2));
  EXPECT_FALSE(peer.requests[0].message.binding_change);
  EXPECT_TRUE(peer.requests[1].message.binding_change);
  EXPECT_EQ(value(kAddress), "203.0.113.5:40001");
}

HNBEMU_ANNEX_G(
    "TR-069 G.2.1.3", ANotificationTellsOfTheBinding,
    "With active notification another UDPConnectionRequestAddress is told in a session with 4 VALUE CHANGE") {
  Operator peer(*this);
  power_on();
  peer.enable();
  ASSERT_TRUE(notify(kAddress, 2));
  acs->forget();
  peer.nat->port = 40'001;
  run_for(Seconds{35});
  EXPECT_THAT(events(), ElementsAre("4 VALUE CHANGE"));
  EXPECT_EQ(informed(kAddress), "203.0.113.5:40001");
}

HNBEMU_ANNEX_G("TR-069 G.2.1.3", PassiveNotificationWaits,
               "With passive notification it is told in the next session, without any it is not") {
  Operator peer(*this);
  power_on();
  peer.enable();
  acs->forget();
  peer.nat->port = 40'001;
  run_for(Seconds{35});
  session();
  EXPECT_EQ(informed(kAddress), "(none)");
  ASSERT_TRUE(notify(kAddress, 1));
  acs->forget();
  peer.nat->port = 40'002;
  run_for(Seconds{35});
  EXPECT_THAT(acs->informs(), IsEmpty());
  session();
  EXPECT_THAT(events(), Contains("4 VALUE CHANGE"));
  EXPECT_EQ(informed(kAddress), "203.0.113.5:40002");
}

HNBEMU_ANNEX_G("TR-069 G.2.1.3", NotificationsKeepTheirDistance,
               "Between two active notifications of it there is at least "
               "UDPConnectionRequestAddressNotificationLimit") {
  Operator peer(*this);
  power_on();
  peer.enable({{"UDPConnectionRequestAddressNotificationLimit", "300"}});
  ASSERT_TRUE(notify(kAddress, 2));
  acs->forget();
  for (int i = 0; i < 4; ++i) {
    ++peer.nat->port;
    run_for(Seconds{40});
  }
  EXPECT_THAT(acs->informs(), SizeIs(1));
  run_for(Seconds{300});
  EXPECT_THAT(acs->informs(), SizeIs(2));
  EXPECT_EQ(informed(kAddress), "203.0.113.5:40004");
  run_for(Seconds{600});
  EXPECT_THAT(acs->informs(), SizeIs(2));
}

HNBEMU_ANNEX_G(
    "TR-069 G.2.1.4", ARequestByUdpBeginsASession,
    "An authenticated UDP connection request begins a session with 6 CONNECTION REQUEST, and is not answered") {
  Operator peer(*this);
  power_on();
  peer.credentials();
  peer.enable();
  peer.requests.clear();
  EXPECT_TRUE(peer.send(peer.datagram(100, "1")));
  EXPECT_THAT(acs->informs(), SizeIs(1));
  EXPECT_THAT(events(), ElementsAre("6 CONNECTION REQUEST"));
  EXPECT_THAT(peer.requests, IsEmpty());
}

HNBEMU_ANNEX_G("TR-069 G.2.1.4", CopiesOfARequestAreOne,
               "Copies of a UDP connection request, and any with a timestamp or ID that is not new, begin no session") {
  Operator peer(*this);
  power_on();
  peer.credentials();
  peer.enable();
  const auto first = peer.datagram(100, "1");
  for (int i = 0; i < 3; ++i) peer.send(first);
  peer.send(peer.datagram(100, "2"));
  peer.send(peer.datagram(99, "3"));
  peer.send(peer.datagram(101, "1"));
  EXPECT_THAT(acs->informs(), SizeIs(1));
  peer.send(peer.datagram(101, "2"));
  EXPECT_THAT(acs->informs(), SizeIs(2));
}

HNBEMU_ANNEX_G(
    "TR-069 G.2.1.4", OnlyTheSignedOneCounts,
    "A UDP connection request with another user, a wrong signature or another form is dropped without a word") {
  Operator peer(*this);
  power_on();
  peer.credentials();
  peer.enable();
  peer.requests.clear();
  auto changed = peer.datagram(100, "1");
  changed.replace(changed.find("ts=100"), 6, "ts=101");
  peer.send(changed);
  auto stranger = peer.datagram(100, "1");
  stranger.replace(stranger.find("un=acs"), 6, "un=abc");
  peer.send(stranger);
  for (const std::string garbage : {"", "GET ", "GET / HTTP/1.1\r\n\r\n", "\x01\x01", "POST / HTTP/1.1\r\n\r\n"}) {
    peer.send(garbage);
  }
  EXPECT_THAT(acs->informs(), IsEmpty());
  EXPECT_THAT(peer.requests, IsEmpty());
  peer.send(peer.datagram(100, "1"));
  EXPECT_THAT(acs->informs(), SizeIs(1));
}

HNBEMU_ANNEX_G("TR-069 G.2.1.4", InASessionUdpIsIgnoredToo,
               "A UDP connection request during a session begins none after it; the same one sent later does") {
  Operator peer(*this);
  power_on();
  peer.credentials();
  peer.enable();
  device->inform("2 PERIODIC");
  run_for(Millis{5});
  const auto request = peer.datagram(100, "1");
  peer.send(request);
  EXPECT_THAT(acs->informs(), SizeIs(1));
  peer.send(request);
  EXPECT_THAT(acs->informs(), SizeIs(2));
}

HNBEMU_ANNEX_G("TR-069 3.2.2", TheLimitIsForBothWays, "Connection requests by HTTP and UDP are limited together") {
  Operator peer(*this);
  power_on();
  peer.credentials();
  peer.enable();
  for (int i = 0; i < 15; ++i) {
    EXPECT_TRUE(connection_requests.request());
    run_for(Seconds{1});
    peer.send(peer.datagram(100U + static_cast<unsigned>(i), fmt::to_string(i)));
  }
  EXPECT_THAT(acs->informs(), SizeIs(30));
  EXPECT_FALSE(connection_requests.request());
  peer.send(peer.datagram(200, "more"));
  EXPECT_THAT(acs->informs(), SizeIs(30));
  run_for(Seconds{60});
  peer.send(peer.datagram(200, "more"));
  EXPECT_THAT(acs->informs(), SizeIs(31));
}

HNBEMU_ANNEX_G("TR-069 G.2.1.4", ARebootingCpeHearsNothing, "A CPE that is not in service holds no socket for them") {
  Operator peer(*this);
  power_on();
  peer.enable();
  ask(cwmp::Reboot{""});
  EXPECT_THAT(udp.open_sockets(), IsEmpty());
  run_for(profile.boot_time + kEnough);
  EXPECT_THAT(udp.open_sockets(), ElementsAre(kOwn));
  EXPECT_EQ(value(kAddress), "203.0.113.5:40000");
}

HNBEMU_ANNEX_G("RFC 5389 7.2.1", ASilentServerIsAskedAgainWithinBounds,
               "A Binding Request is sent again after 500 ms, twice that, … seven times, and later anew") {
  Operator peer(*this);
  peer.silent = true;
  power_on();
  peer.enable();
  const auto begin = peer.requests.at(0).at;
  run_for(Seconds{60});
  ASSERT_THAT(peer.requests, SizeIs(7));
  EXPECT_EQ(peer.requests[6].at - begin, Millis{31'500});
  peer.silent = false;
  run_for(Seconds{30});
  EXPECT_EQ(value(kAddress), "203.0.113.5:40000");
}

}  // namespace
}  // namespace hnbemu::conformance

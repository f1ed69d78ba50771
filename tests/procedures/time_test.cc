#include <gmock/gmock.h>

#include "simulated_network.h"
#include "sntp/packet.h"

namespace hnbemu {
namespace {

using std::chrono::hours;
using testing::EndsWith;
using testing::StartsWith;

const IpAddress kServer = *IpAddress::parse("198.18.0.99");
const IpAddress kSecond = *IpAddress::parse("198.18.0.98");

// A CPE without IPsec, and NTP servers.
class Time : public testing::Test {
 protected:
  explicit Time(const std::string& profile = "cpe", const config::Quirks& quirks = {}) : network_(profile, quirks) {
    network_.factory = {"", "", "", fmt::format("http://{}/cwmp", kServingHms)};
    network_.resolver.add(Plane::outer, kServingHms, {*IpAddress::parse("198.18.0.3")});
    network_.resolver.add(Plane::outer, "ntp.example", {kServer});
    network_.make_device();
    network_.udp.on_send([this](const UdpEndpoint& from, const UdpEndpoint& to, std::string_view bytes) {
      EXPECT_EQ(to.port, sntp::kPort);
      asked_.push_back(to.address);
      if (silent_.contains(to.address)) return;
      auto answer = answer_;
      answer.originate = sntp::parse(bytes)->transmit;
      answer.receive = answer.transmit =
          sntp::to_timestamp(network_.clock.wall_now() - network_.clock.offset() + ahead_);
      network_.udp.deliver(from, {to, sntp::encode(answer), {}});
    });
    answer_.mode = 4;
    answer_.stratum = 2;
  }
  bool set(const std::string& name, const std::string& value) {
    const datamodel::Assignment assignment{object_ + name, value, ""};
    const bool done = network_.device->model().set({&assignment, 1}, datamodel::Origin::device).has_value();
    network_.device->save();
    return done;
  }
  std::string value(const std::string& name) { return network_.device->model().value(object_ + name).value_or(""); }
  void start(Millis time = kEnough) {
    network_.start();
    network_.run_for(time);
  }

  SimulatedNetwork network_;
  std::string object_ = "Device.Time.";
  sntp::Packet answer_;
  std::chrono::microseconds ahead_{0};
  std::set<IpAddress> silent_;
  std::vector<IpAddress> asked_;
};

TEST_F(Time, WhenNoServerIsSet_ThenNobodyIsAskedAndAllIsAsTheProfileSays) {
  start(hours(1));
  EXPECT_TRUE(asked_.empty());
  EXPECT_EQ(value("Status"), "Synchronized");
}

TEST_F(Time, WhenServerIsAhead_ThenTheClockFollows) {
  ahead_ = hours(3);
  set("NTPServer1", "ntp.example");
  start();
  EXPECT_EQ(value("Status"), "Synchronized");
  EXPECT_THAT(value("CurrentLocalTime"), StartsWith("2026-01-01T04:00:"));
  network_.device->inform("6 CONNECTION REQUEST");
  network_.run_for(kEnough);
  EXPECT_THAT(network_.serving().informs.back().current_time, StartsWith("2026-01-01T04:00:"));
}

TEST_F(Time, WhenClientIsSwitchedOff_ThenItIsDisabledAndAsksNobody) {
  set("NTPServer1", "ntp.example");
  set("Enable", "false");
  start(hours(1));
  EXPECT_EQ(value("Status"), "Disabled");
  EXPECT_TRUE(asked_.empty());
  set("Enable", "true");
  network_.run_for(kEnough);
  EXPECT_EQ(value("Status"), "Synchronized");
}

TEST_F(Time, WhenNobodyAnswers_ThenItSaysSo) {
  silent_ = {kServer};
  set("NTPServer1", "198.18.0.99");
  start(Seconds{2});
  EXPECT_EQ(value("Status"), "Unsynchronized");
  network_.run_for(Seconds{10});
  EXPECT_EQ(value("Status"), "Error_FailedToSynchronize");
  silent_.clear();
  network_.run_for(Seconds{60});
  EXPECT_EQ(value("Status"), "Synchronized");
}

TEST_F(Time, WhenFirstServerIsUnknownOrSilent_ThenTheNextIsAsked) {
  silent_ = {kServer};
  set("NTPServer1", "no-such.example");
  set("NTPServer2", "ntp.example");
  set("NTPServer4", "198.18.0.98");
  start(Seconds{15});
  EXPECT_EQ(asked_, (std::vector{kServer, kSecond}));
  EXPECT_EQ(value("Status"), "Synchronized");
}

TEST_F(Time, WhenServerDenies_ThenItIsLeftAlone) {
  answer_.stratum = 0;
  answer_.reference_id = {'D', 'E', 'N', 'Y'};
  set("NTPServer1", "ntp.example");
  start(hours(24));
  EXPECT_EQ(asked_.size(), 1U);
  EXPECT_EQ(value("Status"), "Error_FailedToSynchronize");
}

TEST_F(Time, WhenADayPasses_ThenPollsAreFew) {
  set("NTPServer1", "ntp.example");
  start(hours(24));
  EXPECT_LT(asked_.size(), 24U * 3600 / 1000 + 10);
  EXPECT_GT(asked_.size(), 24U * 3600 / 1400);
}

TEST_F(Time, WhenClockIsSet_ThenADelayThatWasAskedForIsTheSame) {
  start();
  network_.serving().requests.emplace_back(cwmp::ScheduleInform{600, "key"});
  network_.device->inform("6 CONNECTION REQUEST");
  network_.run_for(kEnough);
  ahead_ = hours(2);
  set("NTPServer1", "ntp.example");
  network_.run_for(Seconds{500});
  const auto before = network_.serving().informs.size();
  network_.run_for(Seconds{200});
  ASSERT_EQ(network_.serving().informs.size(), before + 1);
  EXPECT_THAT(event_codes(network_.serving().informs.back()), testing::Contains("3 SCHEDULED"));
}

TEST_F(Time, WhenZoneIsSet_ThenLocalTimeIsThere) {
  set("LocalTimeZone", "CET-1CEST,M3.5.0,M10.5.0/3");
  start();
  EXPECT_THAT(value("CurrentLocalTime"), StartsWith("2026-01-01T02:00:"));
  EXPECT_THAT(value("CurrentLocalTime"), EndsWith("+01:00"));
}

TEST_F(Time, WhenItReboots_ThenItMeasuresAgain) {
  ahead_ = hours(3);
  set("NTPServer1", "ntp.example");
  start();
  ahead_ = hours(1);
  network_.device->reboot();
  network_.run_for(Seconds{30});
  EXPECT_EQ(asked_.size(), 2U);
  EXPECT_THAT(value("CurrentLocalTime"), StartsWith("2026-01-01T02:0"));
}

class TimeFrom1970 : public Time {
 protected:
  TimeFrom1970() : Time("cpe", {.clock_starts_1970 = true}) {}
};

TEST_F(TimeFrom1970, WhenNoServerAnswers_ThenASessionDoesNotSetTheClock) {
  silent_ = {kServer};
  set("NTPServer1", "ntp.example");
  start(Seconds{20});
  network_.device->inform("6 CONNECTION REQUEST");
  network_.run_for(kEnough);
  EXPECT_THAT(network_.serving().informs.back().current_time, StartsWith("1970-01-01T00:00:"));
  EXPECT_THAT(value("CurrentLocalTime"), StartsWith("1970-01-01T00:00:"));
  silent_.clear();
  network_.run_for(Seconds{60});
  EXPECT_THAT(value("CurrentLocalTime"), StartsWith("2026-01-01T"));
}

TEST_F(TimeFrom1970, WhenThereIsNoClient_ThenTheFirstSessionSetsTheClock) {
  start();
  EXPECT_THAT(value("CurrentLocalTime"), StartsWith("2026-01-01T"));
}

class TimeOfHenb : public Time {
 protected:
  TimeOfHenb() : Time("lte-henb") {
    network_.factory = {kInitialSegw, fmt::format("https://{}:7547/cwmp", kInitialHms)};
    network_.resolver.add(Plane::inner, "ntp.example", {kServer});
    network_.make_device();
  }
};

TEST_F(TimeOfHenb, WhenThereIsATunnel_ThenTheServerIsAskedThroughItAndNotBefore) {
  set("NTPServer1", "198.18.0.99");
  network_.tunnel.silent = {*IpAddress::parse("198.18.0.1")};
  start(Seconds{60});
  EXPECT_TRUE(asked_.empty());
  network_.tunnel.silent.clear();
  network_.run_for(std::chrono::minutes(2));
  EXPECT_FALSE(asked_.empty());
  EXPECT_EQ(value("Status"), "Synchronized");
}

}  // namespace
}  // namespace hnbemu

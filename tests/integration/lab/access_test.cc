#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "adapters/access/device_access_link.h"
#include "adapters/udp/device_udp.h"
#include "dhcp/client.h"
#include "integration/lab/lab_fixture.h"
#include "sntp/packet.h"

namespace hnbemu::lab {
namespace {

using dhcp::Client;
using netns::Namespace;

constexpr Seconds kLimit{10};
constexpr const char* kUrl = "https://acs.example:7547/cwmp";

// A DHCP client at work in a namespace that the lab has attached.
struct Guest {
  boost::asio::io_context io;
  Namespace home = must(Namespace::create());
  Attachment attachment;
  std::mt19937_64 random{7};
  access::DeviceAccessLink link;
  Client client;

  Guest(Lab& lab, const std::string& id)
      : attachment(must(lab.attach(id, home, {{}, true}))),
        link(io.get_executor(), home, attachment.interface, attachment.mac),
        client({attachment.mac, id}, random) {}

  // Until something happens to the lease.
  Client::Event run() {
    auto event = Client::Event::none;
    boost::asio::co_spawn(io, work(event), boost::asio::detached);
    io.restart();
    io.run();
    return event;
  }

 private:
  Task<void> work(Client::Event& event) {
    const auto until = Deadline::clock::now() + kLimit;
    must(link.open());
    while (event == Client::Event::none && Deadline::clock::now() < until) {
      const auto now = Deadline::clock::now();
      auto step = client.advance(now);
      if (!step.send) {
        const auto message = co_await link.receive(std::min(until, client.due()));
        if (message) step = client.receive(*message, Deadline::clock::now());
      }
      if (step.send) must(link.send(step.send->message, step.send->from, step.send->to));
      event = step.event;
    }
    link.close();
  }
};

class AccessTest : public LabTest {
 protected:
  void SetUp() override {
    LabTest::SetUp();
    config_.dhcp.devices = 3;
    config_.dhcp.acs_url = kUrl;
    config_.dhcp.provisioning_code = "blue";
    config_.dhcp.retry_minimum_wait_interval = 7;
    config_.dhcp.retry_interval_multiplier = 3000;
  }
};

TEST_F(AccessTest, WhenDevicesAskDhcp_ThenEachGetsTheAddressOfItsLinkAndTheAcs) {
  const auto lab = up();
  Guest first(*lab, "a");
  Guest second(*lab, "b");
  for (auto* const guest : {&first, &second}) {
    guest->client.start(Deadline::clock::now());
    ASSERT_EQ(guest->run(), Client::Event::bound);
    const auto& lease = *guest->client.lease();
    EXPECT_EQ(lease.address, (Prefix{guest->attachment.outer.source, 31}));
    EXPECT_EQ(lease.dns_servers, guest->attachment.outer.dns_servers);
    EXPECT_EQ(lease.acs, (dhcp::AcsOptions{kUrl, "blue", 7, 3000}));
    must(guest->link.configure(lease.address, lease.router));
    EXPECT_EQ(test::ask(guest->home, lease.dns_servers.at(0), "segw-initial.operator.example").code, 0);
  }
}

TEST_F(AccessTest, WhenLeaseIsRenewed_ThenTheServerAnswersTheDeviceItself) {
  const auto lab = up();
  Guest guest(*lab, "a");
  guest.client.start(Deadline::clock::now());
  ASSERT_EQ(guest.run(), Client::Event::bound);
  must(guest.link.configure(guest.client.lease()->address, guest.client.lease()->router));
  guest.client.renew(Deadline::clock::now());
  EXPECT_EQ(guest.run(), Client::Event::renewed);
}

TEST_F(AccessTest, WhenAddressIsGivenBack_ThenItCanBeTakenAgain) {
  const auto lab = up();
  Guest guest(*lab, "a");
  for (int i = 0; i < 2; ++i) {
    guest.client.start(Deadline::clock::now());
    ASSERT_EQ(guest.run(), Client::Event::bound);
    const auto lease = *guest.client.lease();
    must(guest.link.configure(lease.address, lease.router));
    EXPECT_EQ(test::ask(guest.home, lease.dns_servers.at(0), "segw-initial.operator.example").code, 0);
    must(guest.link.deconfigure(lease.address));
    must(guest.link.deconfigure(lease.address));
    guest.client.stop();
  }
}

Task<void> measure(Udp& udp, const Path& path, const IpAddress& server, std::optional<sntp::Sample>& sample) {
  const UdpOptions options{};
  const auto socket = must(udp.open(path, options));
  const auto now = [] {
    return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  };
  const auto sent = now();
  must(socket->send({server, sntp::kPort}, sntp::request(42)));
  const auto answer = co_await socket->receive(Deadline::clock::now() + kLimit);
  if (!answer) co_return;
  const auto judged = sntp::judge(answer->bytes, 42, sent, now());
  if (judged) sample = *judged;
}

TEST_F(AccessTest, WhenLabServesTime_ThenTheHostsOwnIsMeasured) {
  config_.has_ntp = true;
  const auto lab = up();
  const Device device(*lab, "a");
  const auto found = device.resolve(kNtpName).addresses;
  ASSERT_EQ(found.size(), 1U);
  boost::asio::io_context io;
  udp::DeviceUdp udp(io.get_executor(), device.home);
  std::optional<sntp::Sample> sample;
  boost::asio::co_spawn(io, measure(udp, device.attachment.outer, found[0], sample), boost::asio::detached);
  io.run();
  ASSERT_TRUE(sample);
  EXPECT_LT(std::chrono::abs(sample->offset), Seconds{1});
}

}  // namespace
}  // namespace hnbemu::lab

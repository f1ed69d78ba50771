#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "adapters/ipsec/ike_tunnel.h"
#include "integration/lab/lab_fixture.h"

namespace hnbemu::lab {
namespace {

// A device with a factory certificate and a charon of its own.
class IkeDevice : public Device {
 public:
  IkeDevice(Lab& lab, const std::string& id) : Device(lab, id), directory_(lab.config().state_directory + "/" + id) {
    std::filesystem::create_directories(directory_);
    const auto credential = must(lab.pki().issue_device(id + ".manufacturer.example"));
    ipsec::IkeConfig config;
    config.identity = id + ".manufacturer.example";
    config.certificate = credential.certificate;
    config.private_key = credential.private_key;
    config.trusted_cas = {lab.pki().operator_root.certificate()};
    tunnel_.emplace(context_.get_executor(), home, directory_, attachment.outer.source, lab.esp(), config);
  }

  // Resolves the SeGW by the outer DNS and connects to it.
  Result<TunnelState> establish(const std::string& segw) {
    const auto answer = resolve(segw);
    if (answer.addresses.empty()) throw std::runtime_error("no address of " + segw);
    const TunnelRequest request{"initial", answer.addresses.front(), segw};
    auto done = boost::asio::co_spawn(context_, tunnel_->establish(request, Deadline::clock::now() + Seconds(20)),
                                      boost::asio::use_future);
    context_.restart();
    while (done.wait_for(Millis(0)) != std::future_status::ready) context_.run_one();
    return done.get();
  }

 private:
  std::string directory_;
  boost::asio::io_context context_;
  std::optional<ipsec::IkeTunnel> tunnel_;
};

class SegwTest : public LabTest {};

TEST_F(SegwTest, WhenADeviceConnects_ThenItHasAnInnerAddressAndTheInnerDnsKnowsTheHms) {
  const auto lab = up();
  IkeDevice device(*lab, "hnb-0001");
  const auto tunnel = must(device.establish(lab->config().initial_segw.name));
  EXPECT_TRUE(lab->addresses().segw(0).inner_pool.contains(tunnel.inner_address));
  EXPECT_EQ(tunnel.dns_servers, std::vector<IpAddress>{lab->addresses().inner_dns()});
  const auto answer =
      test::ask(device.home, tunnel.dns_servers.at(0), "hms-initial.operator.example", tunnel.inner_address);
  EXPECT_EQ(answer.addresses, std::vector<IpAddress>{lab->addresses().hms(0)});
}

TEST_F(SegwTest, WhenTwoDevicesUseBothSegws_ThenTheHmsReachesBothByTheirInnerAddresses) {
  const auto lab = up();
  IkeDevice first(*lab, "hnb-0001");
  IkeDevice second(*lab, "hnb-0002");
  const auto hms = netns::udp_bound(lab->core(), lab->hmss().at(1).address.to_string(), 7547);
  const auto reach = [&](IkeDevice& device, const std::string& segw) {
    const auto inner = must(device.establish(segw)).inner_address.to_string();
    const auto socket = netns::udp_bound(device.home, inner, 7547);
    netns::send_to(hms, inner, 7547, "connection request");
    EXPECT_EQ(netns::receive(socket), "connection request");
    netns::send_to(socket, lab->hmss().at(1).address.to_string(), 7547, inner);
    EXPECT_EQ(netns::receive(hms), inner);
  };
  reach(first, lab->config().initial_segw.name);
  reach(second, lab->serving_segw());
}

TEST_F(SegwTest, WhenADeviceSendsElsewhereThroughTheTunnel_ThenTheSegwRoutesItNowhere) {
  const auto lab = up();
  IkeDevice device(*lab, "hnb-0001");
  const auto inner = must(device.establish(lab->config().initial_segw.name)).inner_address.to_string();
  const auto elsewhere = netns::udp_bound(lab->wan(), lab->addresses().outer_dns().to_string(), 1000);
  netns::send_to(netns::udp_bound(device.home, inner, 1000), lab->addresses().outer_dns().to_string(), 1000, "leak");
  EXPECT_EQ(netns::receive(elsewhere, 300), "");
}

TEST_F(SegwTest, WhenASegwPresentsAWrongCertificate_ThenItsDeviceRefusesAndAnotherOneConnects) {
  config_.more_segws = {{.name = "segw-name.operator.example", .certificate = CertificateFault::other_name},
                        {.name = "segw-authority.operator.example", .certificate = CertificateFault::other_authority},
                        {.name = "segw-expired.operator.example", .certificate = CertificateFault::expired}};
  const auto lab = up();
  IkeDevice unlucky(*lab, "hnb-0001");
  IkeDevice lucky(*lab, "hnb-0002");
  for (const auto& segw : config_.more_segws) {
    const auto tunnel = unlucky.establish(segw.name);
    ASSERT_FALSE(tunnel) << segw.name;
    EXPECT_EQ(tunnel.error().cause, Cause::ike_authentication) << segw.name << ": " << tunnel.error().detail;
  }
  EXPECT_TRUE(lucky.establish(lab->config().initial_segw.name));
}

TEST_F(SegwTest, WhenASegwIsSilent_ThenItHasAnAddressAndNotEvenAnIcmpErrorComesBack) {
  config_.more_segws = {{.name = "segw-silent.operator.example", .silent = true}};
  const auto lab = up();
  const Device device(*lab, "hnb-0001");
  const auto address = device.resolve("segw-silent.operator.example").addresses.at(0).to_string();
  const auto icmp = must(netns::socket_in(device.home, AF_INET, SOCK_RAW, IPPROTO_ICMP));
  const auto ike = netns::udp_bound(device.home, device.attachment.outer.source.to_string(), 500);
  EXPECT_EQ(netns::send_to(ike, address, 500, "anybody?"), 0);
  EXPECT_EQ(netns::receive(icmp, 200), "");
  EXPECT_EQ(netns::receive(ike, 0), "");
}

}  // namespace
}  // namespace hnbemu::lab

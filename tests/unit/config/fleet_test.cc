#include "config/fleet.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace hnbemu::config {
namespace {

using ::testing::HasSubstr;

class FleetFile : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = ::testing::TempDir() + "hnbemu_fleet_" + std::to_string(::getpid());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  Result<Fleet> load(const std::string& text) {
    const std::string file = folder_ + "/fleet.yaml";
    std::ofstream(file) << text;
    return load_fleet(file, {"lte-henb", "umts-hnb"});
  }
  // The mistakes that are found, without the folder's name.
  std::string mistakes(const std::string& text) {
    const auto fleet = load(text);
    if (fleet) return "";
    EXPECT_EQ(fleet.error().cause, Cause::configuration);
    std::string detail = fleet.error().detail;
    for (auto at = detail.find(folder_ + "/"); at != std::string::npos; at = detail.find(folder_ + "/"))
      detail.erase(at, folder_.size() + 1);
    return detail;
  }
  std::string folder_;
};

TEST_F(FleetFile, WhenFileIsGood_ThenDevicesAreExpandedWithOverrides) {
  const auto fleet = load(
      "fleet: {name: demo, seed: 7, start_rate_per_s: 2.5}\n"
      "groups:\n"
      "  - {name: hnb, profile: umts-hnb, count: 2, serial: 'A{index:03}', location: {latitude: 51.5, longitude: "
      "-0.1},\n"
      "     devices: [{index: 2, serial: B, initial_segw: segw.other.example}]}\n"
      "  - {name: henb, profile: lte-henb, ipsec: none}\n");
  ASSERT_TRUE(fleet) << fleet.error().to_string();
  ASSERT_EQ(fleet->devices.size(), 3u);
  EXPECT_EQ(fleet->name, "demo");
  EXPECT_EQ(fleet->devices[0].id, "hnb-0001");
  EXPECT_EQ(fleet->devices[0].serial, "A001");
  EXPECT_EQ(fleet->devices[1].serial, "B");
  EXPECT_EQ(fleet->devices[1].initial_segw, "segw.other.example");
  EXPECT_EQ(fleet->devices[1].location->latitude, 51.5);
  EXPECT_EQ(fleet->devices[2].initial_segw, "");
  EXPECT_EQ(fleet->devices[2].profile, "lte-henb");
}

TEST_F(FleetFile, WhenAGroupIsBehindANat_ThenItsDevicesAreButForThoseThatSayOtherwise) {
  const auto fleet = load(
      "groups: [{name: hnb, profile: umts-hnb, count: 3, behind_nat: true,\n"
      "  devices: [{index: 2, behind_nat: false}, {index: 3, behind_nat: {udp_lifetime_s: 7}}]}]\n");
  ASSERT_TRUE(fleet) << fleet.error().to_string();
  ASSERT_TRUE(fleet->devices[0].nat);
  EXPECT_EQ(fleet->devices[0].nat->udp_lifetime_s, 0);
  EXPECT_FALSE(fleet->devices[1].nat);
  EXPECT_EQ(fleet->devices[2].nat->udp_lifetime_s, 7);
  EXPECT_THAT(mistakes("groups: [{name: hnb, profile: umts-hnb, behind_nat: some}]\n"), HasSubstr("behind_nat"));
}

TEST_F(FleetFile, WhenTimeIsScaled_ThenItIsByAWholeNumberAndWithoutNtp) {
  const std::string groups = "groups: [{name: a, profile: umts-hnb}]\n";
  EXPECT_EQ(load(groups)->time_scale, 1u);
  EXPECT_EQ(load("fleet: {time_scale: 60}\n" + groups)->time_scale, 60u);
  for (const auto* const wrong : {"0", "-1", "1001", "1.5", "fast"})
    EXPECT_THAT(mistakes(fmt::format("fleet: {{time_scale: {}}}\n{}", wrong, groups)), HasSubstr("time_scale"))
        << wrong;
  EXPECT_THAT(mistakes("fleet: {time_scale: 2}\nlab: {ntp: true}\n" + groups), HasSubstr("an NTP server"));
}

TEST_F(FleetFile, WhenSeedIsSame_ThenDevicesAreSame) {
  const std::string groups = "groups: [{name: a, profile: umts-hnb, count: 3}]\n";
  const auto one = load("fleet: {seed: 7}\n" + groups);
  const auto same = load("fleet: {seed: 7}\n" + groups);
  const auto other = load("fleet: {seed: 8}\n" + groups);
  ASSERT_TRUE(one && same && other);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(one->devices[i].seed, same->devices[i].seed);
    EXPECT_NE(one->devices[i].seed, other->devices[i].seed);
  }
  EXPECT_NE(one->devices[0].seed, one->devices[1].seed);
}

TEST_F(FleetFile, WhenKeyIsMisspelt_ThenPlaceAndSuggestionAreGiven) {
  EXPECT_EQ(mistakes("groups:\n  - name: a\n    profile: umts-hnb\n    coutn: 3\n"),
            "fleet.yaml:4:5: unknown key 'coutn', did you mean 'count'?");
}

TEST_F(FleetFile, WhenTypeOrRangeIsWrong_ThenItIsReported) {
  EXPECT_EQ(mistakes("groups:\n  - {name: a, profile: umts-hnb, count: many}\n"),
            "fleet.yaml:2:41: 'count' must be a whole number, not 'many'");
  EXPECT_EQ(mistakes("groups:\n  - {name: a, profile: umts-hnb, count: 0}\n"),
            "fleet.yaml:2:41: 'count' must be from 1 to 20000, not 0");
  EXPECT_EQ(mistakes("groups:\n  - {name: a, profile: umts-hnb, location: {latitude: 91, longitude: 0}}\n"),
            "fleet.yaml:2:55: 'latitude' must be from -90 to 90, not 91");
}

TEST_F(FleetFile, WhenProfileIsUnknown_ThenKnownOnesAreNamed) {
  EXPECT_EQ(mistakes("groups:\n  - {name: a, profile: umts_hnb}\n"),
            "fleet.yaml:2:24: unknown profile 'umts_hnb', did you mean 'umts-hnb'?; known: lte-henb, umts-hnb");
}

TEST_F(FleetFile, WhenSerialIsThereTwice_ThenBothPlacesAreNamed) {
  EXPECT_EQ(
      mistakes("groups:\n  - {name: a, profile: umts-hnb, serial: X}\n  - {name: b, profile: umts-hnb, serial: X}\n"),
      "fleet.yaml:3:5: duplicate serial 'X' of b-0001: a-0001 of the group at fleet.yaml:2:5 has it already; put "
      "{index} into the serial");
}

TEST_F(FleetFile, WhenPoolIsTooSmall_ThenRoomAndNeedAreTold) {
  EXPECT_EQ(mistakes("lab:\n  outer_pool: 100.64.0.0/30\ngroups:\n  - {name: a, profile: umts-hnb, count: 3}\n"),
            "fleet.yaml:2:15: outer_pool 100.64.0.0/30 has room for 2 devices, the fleet has 3");
  EXPECT_EQ(mistakes("lab:\n  inner_pool: 10.128.0.0/29\ngroups:\n  - {name: a, profile: umts-hnb, count: 3}\n"),
            "fleet.yaml:2:15: inner_pool 10.128.0.0/29 has room for 2 devices, the fleet has 3");
}

TEST_F(FleetFile, WhenCertificateIsMissing_ThenFileIsNamed) {
  const auto text =
      mistakes("groups:\n  - {name: a, profile: umts-hnb,\n     certificate: none.pem, key: none.key, ca: none.ca}\n");
  EXPECT_THAT(text, HasSubstr("fleet.yaml:3:19: cannot read certificate file 'none.pem'"));
  EXPECT_THAT(text, HasSubstr("fleet.yaml:3:34: cannot read key file 'none.key'"));
}

TEST_F(FleetFile, WhenThereAreManyMistakes_ThenEachHasItsLine) {
  const auto text =
      mistakes("fleet: {name: 'a b'}\nlab: {outer_pool: x}\ngroups:\n  - {name: a, profile: umts-hnb, z: 1}\n");
  EXPECT_THAT(text, HasSubstr("fleet.yaml:1:8: fleet name 'a b'"));
  EXPECT_THAT(text, HasSubstr("fleet.yaml:2:19: "));
  EXPECT_THAT(text, HasSubstr("fleet.yaml:4:34: unknown key 'z'"));
}

TEST_F(FleetFile, WhenThereIsNoDevice_ThenFileIsRefused) {
  EXPECT_EQ(mistakes("fleet: {name: x}\n"), "fleet.yaml:1:1: a fleet file needs the key 'groups'");
  EXPECT_EQ(mistakes("groups: []\n"), "fleet.yaml:1:1: the fleet has no device: groups is empty");
}

TEST_F(FleetFile, WhenTextsAreTemplates_ThenEachDeviceHasItsOwn) {
  const auto fleet = load(R"(groups:
  - name: a
    profile: umts-hnb
    count: 2
    serial: "S{index:03}"
    mac: "02:00:5E:00:00:{index:02x}"
    oui: "02A1B2"
    acs: {username: "{oui}-{serial}", password: "p-{mac}"}
    connection_request: {username: "cr-{id}"}
)");
  ASSERT_TRUE(fleet) << fleet.error().detail;
  const auto& second = fleet->devices.at(1);
  EXPECT_EQ(second.mac, "02:00:5E:00:00:02");
  EXPECT_EQ(second.acs->username, "02A1B2-S002");
  EXPECT_EQ(second.acs->password, "p-02:00:5E:00:00:02");
  EXPECT_EQ(second.connection_request.username, "cr-a-0002");
  EXPECT_EQ(second.connection_request.password.size(), 16u);
  EXPECT_NE(second.connection_request.password, fleet->devices.at(0).connection_request.password);
}

TEST_F(FleetFile, WhenTheSeedIsTheSame_ThenTheFleetIsTheSame) {
  const auto identity = [&](int seed) {
    std::string all;
    const auto fleet =
        load(fmt::format("fleet: {{seed: {}}}\ngroups:\n  - {{name: a, profile: umts-hnb, count: 50}}\n", seed));
    for (const auto& device : fleet.value().devices) {
      all += fmt::format("{} {} {} {}\n", device.serial, device.mac, device.connection_request.password, device.seed);
    }
    return all;
  };
  EXPECT_EQ(identity(7), identity(7));
  EXPECT_NE(identity(7), identity(8));
}

TEST_F(FleetFile, WhenTheSegwIsTheUsersOwn_ThenWhatIsAgreedIsRead) {
  const auto fleet = load(R"(uplink: true
acs: {url: "https://acs.example:7547/"}
groups:
  - name: a
    profile: lte-henb
    ipsec:
      segw: segw.example
      local_id: "{serial}@example"
      remote_id: vpn.example
      psk: "secret-{index}"
      ike_proposals: [aes256-sha256-modp2048]
      remote_ts: [10.0.0.0/8]
)");
  ASSERT_TRUE(fleet) << fleet.error().detail;
  const auto& device = fleet->devices.front();
  EXPECT_TRUE(fleet->uplink);
  EXPECT_EQ(device.serving_segw, "segw.example");
  EXPECT_EQ(device.serving_hms, "https://acs.example:7547/");
  EXPECT_EQ(device.initial_hms, "");
  EXPECT_EQ(device.ike.local_id, "a000001@example");
  EXPECT_EQ(device.ike.psk, "secret-1");
  EXPECT_EQ(device.ike.remote_ts.front().to_string(), "10.0.0.0/8");
}

TEST_F(FleetFile, WhenAnAcsOfTheUsersOwnIsGiven_ThenIpsecSaysWhichWay) {
  const auto segw = [&](const std::string& ipsec) {
    return load(fmt::format(
                    "acs: {{url: 'http://127.0.0.1:7547/'}}\ngroups:\n  - {{name: a, profile: umts-hnb, ipsec: {}}}\n",
                    ipsec))
        .value()
        .devices.front()
        .serving_segw;
  };
  EXPECT_EQ(segw("none"), "");
  EXPECT_EQ(segw("lab"), "segw-serving.operator.example");
  EXPECT_THAT(mistakes("acs: {url: 'ftp://x/'}\ngroups:\n  - {name: a, profile: umts-hnb}\n"),
              HasSubstr("http or https"));
  EXPECT_THAT(mistakes("groups:\n  - {name: a, profile: umts-hnb, ipsec: vpn}\n"),
              HasSubstr("fleet.yaml:2:41: 'vpn': lab, serving, none, or a map"));
}

TEST_F(FleetFile, WhenAMacIsWrongOrTwice_ThenItIsTold) {
  EXPECT_THAT(mistakes("groups:\n  - {name: a, profile: umts-hnb, mac: '02:00'}\n"),
              HasSubstr("mac '02:00' of a-0001"));
  EXPECT_THAT(mistakes("groups:\n  - {name: a, profile: umts-hnb, count: 2, mac: '02:00:00:00:00:01'}\n"),
              HasSubstr("duplicate mac '02:00:00:00:00:01' of a-0002"));
  EXPECT_THAT(mistakes("groups:\n  - {name: a, profile: umts-hnb, serial: '{sereal}'}\n"),
              HasSubstr("no field 'sereal'"));
}

TEST_F(FleetFile, WhenADeviceHasAnotherKeyThanItsGroup_ThenTheRestStaysTheGroups) {
  const auto fleet = load(R"(groups:
  - name: a
    profile: umts-hnb
    count: 4
    ipsec: {segw: "segw{index}.example", serving_segw: "serving{index}.example", remote_id: "vpn{index}.example", psk: all,
            local_id: "{serial}@x", ike_proposals: [aes128-sha256-ecp256], remote_ts: [10.0.0.0/8], dpd_delay_s: 5}
    devices:
      - {index: 2, ipsec: {psk: own, remote_ts: [192.0.2.0/24]}}
      - {index: 3, ipsec: lab}
      - {index: 4, ipsec: none}
)");
  ASSERT_TRUE(fleet) << fleet.error().detail;
  const auto& own = fleet->devices[1];
  EXPECT_EQ(own.initial_segw, "segw2.example");
  EXPECT_EQ(own.serving_segw, "serving2.example");
  EXPECT_EQ(own.ike.remote_id, "vpn2.example");
  EXPECT_EQ(own.ike.local_id, "a000002@x");
  EXPECT_EQ(own.ike.psk, "own");
  EXPECT_EQ(own.ike.dpd_delay_s, 5);
  EXPECT_EQ(own.ike.ike_proposals, std::vector<std::string>{"aes128-sha256-ecp256"});
  ASSERT_EQ(own.ike.remote_ts.size(), 1u);
  EXPECT_EQ(own.ike.remote_ts.front().to_string(), "192.0.2.0/24");
  EXPECT_EQ(fleet->devices[0].ike.psk, "all");
  for (const auto* const device : {&fleet->devices[2], &fleet->devices[3]}) {
    EXPECT_EQ(device->ike.psk, "") << "the lab's SeGW has no such key";
    EXPECT_EQ(device->ike.remote_id, "");
    EXPECT_EQ(device->serving_segw, "");
  }
  EXPECT_EQ(fleet->devices[2].initial_segw, "segw-initial.operator.example");
  EXPECT_EQ(fleet->devices[3].initial_segw, "");
}

TEST_F(FleetFile, WhenAnAcsOfTheUsersOwnIsBehindASegw_ThenTheSegwIsATemplateToo) {
  const auto fleet = load(R"(acs: {url: "http://192.0.2.1/"}
groups:
  - {name: a, profile: umts-hnb, count: 2, ipsec: {segw: "segw{index}.example"}}
)");
  ASSERT_TRUE(fleet) << fleet.error().detail;
  EXPECT_EQ(fleet->devices[1].serving_segw, "segw2.example");
  EXPECT_EQ(mistakes("acs: {url: 'http://192.0.2.1/'}\ngroups:\n"
                     "  - {name: a, profile: umts-hnb, ipsec: {segw: s, serving_segw: t}}\n"),
            "fleet.yaml:3:65: a device with an ACS of its own has one SeGW: drop serving_segw");
}

TEST_F(FleetFile, WhenAMistakeIsInAnOverride_ThenItsOwnPlaceIsTold) {
  const std::string group = "groups:\n  - name: a\n    profile: umts-hnb\n    count: 3\n    devices:\n";
  EXPECT_EQ(mistakes(group + "      - {index: 2, mac: 'x'}\n"),
            "fleet.yaml:6:9: mac 'X' of a-0002 is not six bytes such as 02:00:5E:00:00:01");
  EXPECT_EQ(mistakes(group + "      - {index: 2}\n      - {index: 2}\n"),
            "fleet.yaml:7:9: device 2 of the group is at fleet.yaml:6:9 already");
  EXPECT_THAT(mistakes(group + "      - {index: 2, ipsec: {psk: x}}\n"),
              HasSubstr("fleet.yaml:6:27: ipsec needs the key 'segw'"));
  EXPECT_THAT(mistakes(group + "      - {index: 2, ipsec: {segw: s, remote_ts: [10.0.0.0/8, ten]}}\n"),
              HasSubstr("fleet.yaml:6:61: "));
}

TEST_F(FleetFile, WhenAGroupsNameIsNoFileName_ThenItIsRefused) {
  for (const auto* const name : {"a/b", "..", "a b", "{index}", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}) {
    EXPECT_THAT(mistakes(fmt::format("groups:\n  - {{name: '{}', profile: umts-hnb}}\n", name)),
                HasSubstr(fmt::format("fleet.yaml:2:12: group name '{}': 1 to 32", name)));
  }
}

TEST_F(FleetFile, WhenHostsAreNoNamesWithAddresses_ThenTheyAreRefused) {
  const std::string groups = "\ngroups: [{name: a, profile: umts-hnb}]\n";
  EXPECT_EQ(load("lab: {hosts: {segw.example: 192.0.2.1}}" + groups)->lab.hosts.at("segw.example").to_string(),
            "192.0.2.1");
  EXPECT_THAT(mistakes("lab: {hosts: [a]}" + groups), HasSubstr("fleet.yaml:1:14: hosts must be a map"));
  EXPECT_EQ(mistakes("lab: {hosts: {\"a\\nb\": 192.0.2.1}}" + groups), "fleet.yaml:1:15: 'a\nb' is no host name");
  EXPECT_EQ(mistakes("lab: {hosts: {a: b}}" + groups), "fleet.yaml:1:18: 'b' is no IP address");
}

TEST_F(FleetFile, WhenMacAndOuiAreInLowerCase_ThenTheyAreTheSameAsInUpperCase) {
  const auto fleet = load("groups: [{name: a, profile: umts-hnb, mac: '02:00:5e:00:00:0a', oui: 02a1b2}]\n");
  ASSERT_TRUE(fleet) << fleet.error().detail;
  EXPECT_EQ(fleet->devices[0].mac, "02:00:5E:00:00:0A");
  EXPECT_EQ(fleet->devices[0].oui, "02A1B2");
  EXPECT_THAT(mistakes("groups:\n  - {name: a, profile: umts-hnb, mac: '02:00:00:00:00:0a'}\n"
                       "  - {name: b, profile: umts-hnb, mac: '02:00:00:00:00:0A'}\n"),
              HasSubstr("fleet.yaml:3:5: duplicate mac '02:00:00:00:00:0A' of b-0001"));
}

TEST_F(FleetFile, WhenCertificateFilesAreTemplates_ThenEachDeviceHasItsOwnAndAMissingOneIsTold) {
  for (const auto* const name : {"S1.pem", "S1.key", "ca.pem"}) std::ofstream(folder_ + "/" + name) << "x";
  const std::string group =
      "groups:\n  - {name: a, profile: umts-hnb, serial: 'S{index}', certificate: '{serial}.pem', key: '{serial}.key', "
      "ca: ca.pem, count: ";
  const auto fleet = load(group + "1}\n");
  ASSERT_TRUE(fleet) << fleet.error().detail;
  EXPECT_EQ(fleet->devices[0].credentials.certificate, folder_ + "/S1.pem");
  EXPECT_THAT(mistakes(group + "2}\n"), HasSubstr("fleet.yaml:2:5: a-0002: cannot read 'S2.pem'"));
}

}  // namespace
}  // namespace hnbemu::config

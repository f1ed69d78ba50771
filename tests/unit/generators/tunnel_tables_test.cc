#include "generators/tunnel_tables.h"

#include <gmock/gmock.h>

#include "unit/generators/live_device.h"

namespace hnbemu::generators {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kFap = "InternetGatewayDevice.Services.FAPService.1.Transport.Tunnel.";

std::shared_ptr<const datamodel::Model> ipsec_model(bool standing) {
  std::vector<std::pair<std::string, std::string>> definitions{
      {"Device.IPsec.IKEv2SANumberOfEntries", "unsignedInt ro"},
      {"Device.IPsec.Stats.BytesSent", "unsignedLong ro"},
      {"Device.IPsec.Tunnel.{i}.TunnelInterface", "string ro"},
      {"Device.IPsec.IKEv2SA.{i}.Status", "string{Up|Down} ro"},
      {"Device.IPsec.IKEv2SA.{i}.Tunnel", "string ro"},
      {"Device.IPsec.IKEv2SA.{i}.LocalAddress", "string(:45) ro"},
      {"Device.IPsec.IKEv2SA.{i}.RemoteAddress", "string(:45) ro"},
      {"Device.IPsec.IKEv2SA.{i}.EncryptionAlgorithm", "string(:64) ro"},
      {"Device.IPsec.IKEv2SA.{i}.CreationTime", "dateTime ro"},
      {"Device.IPsec.IKEv2SA.{i}.NATDetected", "string{None|Local|Remote|Unsupported} ro"},
      {"Device.IPsec.IKEv2SA.{i}.Stats.BytesSent", "unsignedLong ro"},
      {"Device.IPsec.IKEv2SA.{i}.ChildSA.{i}.Status", "string{Up|Down} ro"},
      {"Device.IPsec.IKEv2SA.{i}.ChildSA.{i}.InboundSPI", "unsignedInt ro"},
      {"Device.IPsec.IKEv2SA.{i}.ChildSA.{i}.Stats.BytesSent", "unsignedLong ro"}};
  if (standing) definitions.emplace_back("Device.IPsec.IKEv2SA.1.", "");
  return model_of(definitions);
}

std::shared_ptr<const datamodel::Model> fap_model() {
  const std::string fap = "InternetGatewayDevice.Services.FAPService.{i}.Transport.Tunnel.";
  return model_of({{fap + "IKESA.{i}.Status", "string{Disabled|Active|Completed|Progressing|Error} ro"},
                   {fap + "IKESA.{i}.PeerAddress", "string(:45) ro"},
                   {fap + "IKESA.{i}.IPAddress", "string(:45) ro"},
                   {fap + "IKESA.{i}.DNSServers", "list(:256) string(:45) ro"},
                   {fap + "ChildSA.{i}.ParentID", "unsignedInt ro"},
                   {fap + "ChildSA.{i}.SPI", "unsignedInt ro"},
                   {fap + "ChildSA.{i}.DirectionOutbound", "boolean ro"},
                   {fap + "ChildSA.{i}.Traffic", "unsignedInt ro"},
                   {kFap + std::string("IKESA.1."), ""}});
}

IkeSa some_sa(const std::string& name, std::uint32_t spi, std::uint64_t bytes_sent) {
  IkeSa sa;
  sa.name = name;
  sa.inner = *IpAddress::parse("10.128.0.1");
  sa.gateway = *IpAddress::parse("198.18.0.2");
  sa.dns_servers = {*IpAddress::parse("10.200.0.53"), *IpAddress::parse("10.200.0.54")};
  sa.created = LiveDevice::kStart;
  sa.nat = Nat::local;
  sa.encryption = "AES-CBC";
  sa.children = {{spi, spi + 1, LiveDevice::kStart, {bytes_sent, 7, 1, 1}}};
  return sa;
}

class Tables : public ::testing::Test {
 protected:
  explicit Tables(bool standing = false) : model_(ipsec_model(standing)), tables_(model_) {}
  std::vector<std::uint32_t> rows(const std::string& table) { return model_.table_state(table)->rows; }
  std::string value(const std::string& path) { return model_.value("Device.IPsec." + path).value_or("(none)"); }
  datamodel::DataModel model_;
  TunnelTables tables_;
};

TEST_F(Tables, WhenSaComesAndGoes_ThenItsRowsDo) {
  tables_.show({some_sa("serving", 4'000'000'000, 100)});
  EXPECT_EQ(value("IKEv2SANumberOfEntries"), "1");
  EXPECT_EQ(value("IKEv2SA.1.Status"), "Up");
  EXPECT_EQ(value("IKEv2SA.1.Tunnel"), "Device.IPsec.Tunnel.1");
  EXPECT_EQ(value("IKEv2SA.1.LocalAddress"), "10.128.0.1");
  EXPECT_EQ(value("IKEv2SA.1.RemoteAddress"), "198.18.0.2");
  EXPECT_EQ(value("IKEv2SA.1.EncryptionAlgorithm"), "AES-CBC");
  EXPECT_EQ(value("IKEv2SA.1.CreationTime"), "2026-01-01T00:00:00Z");
  EXPECT_EQ(value("IKEv2SA.1.NATDetected"), "Local");
  EXPECT_EQ(value("IKEv2SA.1.ChildSA.1.InboundSPI"), "4000000000");
  EXPECT_EQ(value("IKEv2SA.1.ChildSA.1.Stats.BytesSent"), "100");
  tables_.show({});
  EXPECT_THAT(rows("Device.IPsec.IKEv2SA."), IsEmpty());
  EXPECT_THAT(rows("Device.IPsec.Tunnel."), IsEmpty());
  tables_.show({some_sa("serving", 8, 5)});
  EXPECT_THAT(rows("Device.IPsec.IKEv2SA."), ElementsAre(2U));  // TR-069 A.3.2.6: another number
  EXPECT_EQ(value("IKEv2SA.2.Tunnel"), "Device.IPsec.Tunnel.2");
}

TEST_F(Tables, WhenChildIsRekeyed_ThenRowOfTheIkeSaStaysAndItsCountersGoOn) {
  tables_.show({some_sa("serving", 10, 100)});
  tables_.show({some_sa("serving", 20, 3)});
  EXPECT_THAT(rows("Device.IPsec.IKEv2SA."), ElementsAre(1U));
  EXPECT_THAT(rows("Device.IPsec.IKEv2SA.1.ChildSA."), ElementsAre(2U));
  EXPECT_EQ(value("IKEv2SA.1.ChildSA.2.Stats.BytesSent"), "3");
  EXPECT_EQ(value("IKEv2SA.1.Stats.BytesSent"), "103");
  tables_.show({});
  tables_.show({some_sa("serving", 30, 1)});
  EXPECT_EQ(value("IKEv2SA.2.Stats.BytesSent"), "1");
  EXPECT_EQ(value("Stats.BytesSent"), "104");
  tables_.reset();
  EXPECT_EQ(value("Stats.BytesSent"), "0");
}

TEST_F(Tables, WhenTwoSasAreThere_ThenEachHasItsRows) {
  tables_.show({some_sa("initial", 10, 1), some_sa("serving", 20, 2)});
  EXPECT_THAT(rows("Device.IPsec.IKEv2SA."), ElementsAre(1U, 2U));
  tables_.show({some_sa("serving", 20, 2)});
  EXPECT_THAT(rows("Device.IPsec.IKEv2SA."), ElementsAre(2U));
  EXPECT_EQ(value("IKEv2SA.2.ChildSA.1.InboundSPI"), "20");
}

TEST_F(Tables, WhenRowsCameBackFromMemory_ThenPowerUpRemovesThem) {
  ASSERT_TRUE(model_.restore_table("Device.IPsec.IKEv2SA.", {5, {4, 5}}));
  tables_.reset();
  EXPECT_THAT(rows("Device.IPsec.IKEv2SA."), IsEmpty());
  tables_.show({some_sa("serving", 20, 2)});
  EXPECT_THAT(rows("Device.IPsec.IKEv2SA."), ElementsAre(6U));
}

TEST_F(Tables, WhenNothingChanges_ThenNobodyIsNotified) {
  tables_.show({some_sa("serving", 10, 1)});
  std::size_t changes = 0;
  model_.observe([&](std::span<const datamodel::Change> some) { changes += some.size(); });
  tables_.show({some_sa("serving", 10, 1)});
  EXPECT_EQ(changes, 0U);
}

class StandingTables : public Tables {
 protected:
  StandingTables() : Tables(true) {}
};

TEST_F(StandingTables, WhenSaGoes_ThenRowStaysAndIsDown) {
  tables_.show({some_sa("serving", 10, 1)});
  EXPECT_EQ(value("IKEv2SA.1.Status"), "Up");
  tables_.show({});
  EXPECT_EQ(value("IKEv2SA.1.Status"), "Down");
  EXPECT_THAT(rows("Device.IPsec.IKEv2SA.1.ChildSA."), IsEmpty());
  tables_.show({some_sa("initial", 10, 1), some_sa("serving", 20, 2)});
  EXPECT_THAT(rows("Device.IPsec.IKEv2SA."), ElementsAre(1U, 2U));
}

TEST(FapTunnelTables, WhenSaIsUp_ThenOlderModelShowsItInItsWay) {
  datamodel::DataModel model(fap_model());
  TunnelTables tables(model);
  const auto value = [&](const std::string& path) { return model.value(kFap + path).value_or("(none)"); };
  tables.show({some_sa("serving", 10, 4'294'967'297)});
  EXPECT_EQ(value("IKESA.1.Status"), "Completed");
  EXPECT_EQ(value("IKESA.1.PeerAddress"), "198.18.0.2");
  EXPECT_EQ(value("IKESA.1.IPAddress"), "10.128.0.1");
  EXPECT_EQ(value("IKESA.1.DNSServers"), "10.200.0.53,10.200.0.54");
  EXPECT_EQ(value("ChildSA.1.ParentID"), "1");
  EXPECT_EQ(value("ChildSA.1.SPI"), "10");
  EXPECT_EQ(value("ChildSA.1.DirectionOutbound"), "false");
  EXPECT_EQ(value("ChildSA.1.Traffic"), "7");
  EXPECT_EQ(value("ChildSA.2.SPI"), "11");
  EXPECT_EQ(value("ChildSA.2.DirectionOutbound"), "true");
  EXPECT_EQ(value("ChildSA.2.Traffic"), "1");  // 32 bits
  tables.show({});
  EXPECT_EQ(value("IKESA.1.Status"), "Disabled");
  EXPECT_EQ(value("ChildSA.1.SPI"), "(none)");
}

TEST(FapTunnelTables, WhenModelHasNoPlaces_ThenTrafficIsCountedAllTheSame) {
  datamodel::DataModel model(typed_model());
  TunnelTables tables(model);
  tables.show({some_sa("serving", 10, 100)});
  tables.show({});
  EXPECT_EQ(tables.total().bytes_sent, 100U);
}

TEST(FapTunnelTables, WhenThereAreMoreSasThanAreShown_ThenTheRestIsLeftOut) {
  datamodel::DataModel model(ipsec_model(false));
  TunnelTables tables(model);
  std::vector<IkeSa> many;
  for (std::uint32_t i = 0; i < 50; ++i) many.push_back(some_sa(fmt::format("sa{}", i), 10 * i, 1));
  tables.show(many);
  EXPECT_EQ(model.table_state("Device.IPsec.IKEv2SA.")->rows.size(), TunnelTables::kMaxSas);
}

}  // namespace
}  // namespace hnbemu::generators

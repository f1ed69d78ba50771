#include "fleet/inventory.h"

#include <gmock/gmock.h>

#include <random>

namespace hnbemu::fleet {
namespace {

using ::testing::HasSubstr;
const std::vector<std::string> kProfiles{HNBEMU_SOURCE_DIR "/profiles"};

std::vector<InventoryRow> rows_of(const std::string& fleet_file) {
  const auto fleet = config::parse_fleet(fleet_file, "fleet.yaml", {"lte-henb", "umts-hnb"});
  EXPECT_TRUE(fleet) << fleet.error().detail;
  auto rows = inventory(fleet.value(), kProfiles);
  EXPECT_TRUE(rows) << rows.error().detail;
  return rows.value();
}

std::string error_of(std::string_view text, const ImportOptions& options = {"umts-hnb"}) {
  const auto made = import_inventory(text, "list.csv", options);
  if (made) return "";
  EXPECT_EQ(made.error().cause, Cause::configuration);
  return made.error().detail;
}

TEST(Inventory, WhenExported_ThenValuesAreThoseOfTheDevice) {
  const auto rows = rows_of(R"(groups:
  - {name: hnb, profile: umts-hnb, oui: "00AB00", acs: {username: "u{index}", password: 'p,"x"'}}
)");
  const auto csv = to_csv(rows);
  EXPECT_THAT(csv, HasSubstr("hnb-0001,umts-hnb,hnbemu,00AB00,"));
  EXPECT_THAT(csv, HasSubstr(",u1,\"p,\"\"x\"\"\",hnb000001,"));
  EXPECT_THAT(csv, HasSubstr(",hnb000001.device.example,,factory\n"));
  EXPECT_THAT(to_json(rows), HasSubstr(R"("cwmp_password":"p,\"x\"")"));
}

TEST(Inventory, WhenExportedImportedAndExported_ThenTheListIsTheSame) {
  std::mt19937 random(1);
  for (int round = 0; round < 30; ++round) {
    const auto text =
        fmt::format(R"(fleet: {{seed: {}}}
groups:
  - name: device
    profile: {}
    count: {}
    serial: "S{{index:0{}}}"
    acs: {{username: "user, {{serial}}", password: "a;b\"c\n{{mac}}"}}
)",
                    random() % 1000, random() % 2 == 0 ? "umts-hnb" : "lte-henb", 1 + random() % 20, 1 + random() % 9);
    const auto rows = rows_of(text);
    for (const auto& list : {to_csv(rows), to_json(rows)}) {
      const auto made = import_inventory(list, "list", {"umts-hnb"});
      ASSERT_TRUE(made) << made.error().detail;
      EXPECT_EQ(to_csv(rows_of(*made)), to_csv(rows));
    }
  }
}

TEST(Inventory, WhenAListIsOfTwoProfilesAndASegw_ThenAllOfItIsTaken) {
  const auto made = import_inventory("serial;profile;psk;ike_identity\r\nA1;umts-hnb;s1;a@x\r\n\"B1\";lte-henb;;\r\n",
                                     "list.csv", {"umts-hnb", "mine", "192.0.2.1"});
  ASSERT_TRUE(made) << made.error().detail;
  const auto fleet = config::parse_fleet(*made, "fleet.yaml", {"lte-henb", "umts-hnb"});
  ASSERT_TRUE(fleet) << fleet.error().detail;
  ASSERT_EQ(fleet->devices.size(), 2u);
  EXPECT_EQ(fleet->devices[0].id, "mine-umts-hnb-0001");
  EXPECT_EQ(fleet->devices[0].ike.psk, "s1");
  EXPECT_EQ(fleet->devices[0].ike.local_id, "a@x");
  EXPECT_EQ(fleet->devices[1].serial, "B1");
}

TEST(Inventory, WhenAListIsWrong_ThenThePlaceIsTold) {
  EXPECT_THAT(error_of("serail\nA\n"), HasSubstr("list.csv:1:1: unknown column 'serail', did you mean 'serial'?"));
  EXPECT_THAT(error_of("serial,mac\nA\n"), HasSubstr("list.csv:2:1: 1 fields, the header has 2"));
  EXPECT_THAT(error_of("serial\nA\nB\nA\n"), HasSubstr("list.csv:4:1: serial 'A' is at list.csv:2:1 already"));
  EXPECT_THAT(error_of("serial,mac\n,02:00:00:00:00:01\n"), HasSubstr("list.csv:2:1: no serial"));
  EXPECT_THAT(error_of("serial\n\"A\n"), HasSubstr("list.csv:2:1: a quote that is not closed"));
  EXPECT_THAT(error_of("serial\n\"A\"B\n"), HasSubstr("list.csv:2:4: a quoted field ends here"));
  EXPECT_THAT(error_of("serial\nA{index}\n"), HasSubstr("braces"));
  EXPECT_THAT(error_of("serial,psk\nA,x\n"), HasSubstr("--segw"));
  EXPECT_THAT(error_of("serial\nA\n", {}), HasSubstr("--profile"));
  EXPECT_THAT(error_of("serial\n"), HasSubstr("no device"));
  EXPECT_THAT(error_of("[1]"), HasSubstr("devices[0]: no object"));
  EXPECT_THAT(error_of("{\"devices\": [{\"serial\": 1}]}"), HasSubstr("the value of 'serial' is no text"));
  EXPECT_THAT(error_of("{"), HasSubstr("no JSON"));
}

TEST(Inventory, WhenAListIsNoise_ThenItIsRefusedOrTaken) {
  std::mt19937 random(2);
  constexpr std::string_view kAlphabet = "serial,;\"\n\r{}[]:AB\xEF\xBB\xBF\0";
  for (int round = 0; round < 5000; ++round) {
    std::string text = random() % 2 == 0 ? "serial,mac\n" : "";
    for (auto length = random() % 60; length > 0; --length) text += kAlphabet[random() % kAlphabet.size()];
    const auto made = import_inventory(text, "list", {"umts-hnb"});
    EXPECT_TRUE(made || !made.error().detail.empty());
  }
}

}  // namespace
}  // namespace hnbemu::fleet

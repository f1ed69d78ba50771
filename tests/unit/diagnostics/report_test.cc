#include "diagnostics/report.h"

#include <gmock/gmock.h>

#include "diagnostics/name_lookup.h"
#include "diagnostics/response_times.h"
#include "diagnostics/throughput.h"
#include "models.h"

namespace hnbemu::diagnostics {
namespace {

std::string field(const std::vector<Field>& fields, std::string_view name) {
  for (const auto& one : fields) {
    if (one.name == name) return one.value;
  }
  return "(none)";
}

constexpr Failure kAll[] = {Failure::cannot_resolve_host_name,
                            Failure::dns_server_not_resolved,
                            Failure::no_route_to_host,
                            Failure::max_hop_count_exceeded,
                            Failure::init_connection_failed,
                            Failure::no_response,
                            Failure::transfer_failed,
                            Failure::password_request_failed,
                            Failure::login_failed,
                            Failure::no_transfer_mode,
                            Failure::no_pasv,
                            Failure::no_cwd,
                            Failure::no_stor,
                            Failure::no_transfer_complete,
                            Failure::incorrect_size,
                            Failure::timeout,
                            Failure::internal,
                            Failure::other};

// Of every failure, in every object of every model: a test never stays "Requested".
class EveryModel : public testing::TestWithParam<const char*> {};

TEST_P(EveryModel, WhenATestFails_ThenItsObjectHasAWordForIt) {
  auto model = model_of(GetParam());
  const auto objects = test_objects(model);
  EXPECT_EQ(objects.size(), 5U);
  for (const auto& object : objects) {
    for (const auto failure : kAll) {
      clear(model, object);
      ASSERT_EQ(at(model, object.path + "DiagnosticsState"), "None");
      write(model, object, failed(failure));
      EXPECT_THAT(at(model, object.path + "DiagnosticsState"), testing::StartsWith("Error_"))
          << object.path << " " << static_cast<int>(failure);
    }
    write(model, object, completed());
    EXPECT_THAT(at(model, object.path + "DiagnosticsState"), testing::StartsWith("Complete"));
  }
  EXPECT_FALSE(udp_echo_object(model).empty());
}
INSTANTIATE_TEST_SUITE_P(Profiles, EveryModel,
                         testing::Values("lte-henb", "umts-hnb", "umts-hnb-device2", "dual-mode"));

TEST(Reports, WhenAFailureHasAWordOfItsOwn_ThenThatIsTaken) {
  auto model = model_of("lte-henb");
  const auto objects = test_objects(model);
  const auto upload = std::ranges::find(objects, Kind::upload, &TestObject::kind);
  write(model, *upload, failed(Failure::no_stor));
  EXPECT_EQ(at(model, upload->path + "DiagnosticsState"), "Error_NoSTOR");
  const auto download = std::ranges::find(objects, Kind::download, &TestObject::kind);
  write(model, *download, failed(Failure::no_cwd));
  EXPECT_EQ(at(model, download->path + "DiagnosticsState"), "Error_TransferFailed");
}

TEST(ResponseTimesTest, WhenSomeAnswer_ThenTheOthersDoNotCount) {
  ResponseTimes times;
  times.answered(Micros{1500});
  times.missed();
  times.answered(Micros{4500});
  times.answered(Micros{3000});
  const auto fields = fields_of(times);
  EXPECT_EQ(field(fields, "SuccessCount"), "3");
  EXPECT_EQ(field(fields, "FailureCount"), "1");
  EXPECT_EQ(field(fields, "AverageResponseTime"), "3");
  EXPECT_EQ(field(fields, "MinimumResponseTimeDetailed"), "1500");
  EXPECT_EQ(field(fields, "MaximumResponseTimeDetailed"), "4500");
  EXPECT_EQ(field(fields, "AverageResponseTimeDetailed"), "3000");
}

TEST(ResponseTimesTest, WhenNobodyAnswers_ThenAllTimesAreZero) {
  ResponseTimes times;
  times.missed();
  for (const auto& one : fields_of(times)) {
    EXPECT_EQ(one.value, one.name == "FailureCount" ? "1" : "0") << one.name;
  }
}

TEST(ResponseTimesTest, WhenAnAnswerIsFast_ThenItTookAMillisecond) {
  EXPECT_EQ(to_response_ms(Micros{0}), 0U);
  EXPECT_EQ(to_response_ms(Micros{1}), 1U);
  EXPECT_EQ(to_response_ms(Micros{1499}), 1U);
  EXPECT_EQ(to_response_ms(Micros{1501}), 2U);
}

TEST(Routes, WhenAHopIsSilent_ThenItHasZerosForEachTry) {
  const auto report = route_report({{"10.0.0.1", "gateway", 0, {Micros{900}, Micros{2100}, Micros{0}}},
                                    {"", "", 0, {Micros{0}, Micros{0}, Micros{0}}},
                                    {"10.0.9.9", "", 0, {Micros{20'000}, Micros{25'000}, Micros{30'000}}}});
  ASSERT_EQ(report.tables.size(), 1U);
  const auto& rows = report.tables[0].rows;
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(field(rows[0], "Host"), "gateway");
  EXPECT_EQ(field(rows[0], "HopHostAddress"), "10.0.0.1");
  EXPECT_EQ(field(rows[0], "RTTimes"), "1,2,0");
  EXPECT_EQ(field(rows[1], "Host"), "");
  EXPECT_EQ(field(rows[1], "HopRTTimes"), "0,0,0");
  EXPECT_EQ(field(rows[2], "Host"), "10.0.9.9");
  EXPECT_EQ(field(report.values, "ResponseTime"), "30");
}

TEST(Lookups, WhenOneOfThemSucceeds_ThenTheTestDid) {
  Lookup good;
  good.status = LookupStatus::success;
  good.authoritative = true;
  good.name = "h.example";
  good.addresses.assign(12, IpAddress::v4(0x0a000001));
  good.server = IpAddress::v4(0x0a000035);
  good.time = Micros{2000};
  Lookup bad;
  bad.status = LookupStatus::timeout;
  const auto report = lookup_report({bad, good});
  EXPECT_THAT(report.states, testing::Contains("Complete"));
  EXPECT_EQ(field(report.values, "SuccessCount"), "1");
  const auto& rows = report.tables[0].rows;
  EXPECT_EQ(field(rows[0], "Status"), "Error_Timeout");
  EXPECT_EQ(field(rows[0], "AnswerType"), "None");
  EXPECT_EQ(field(rows[1], "AnswerType"), "Authoritative");
  EXPECT_EQ(field(rows[1], "DNSServerIP"), "10.0.0.53");
  EXPECT_EQ(std::ranges::count(field(rows[1], "IPAddresses"), ','), 9);
}

TEST(Lookups, WhenAllOfThemFail_ThenTheTestFailed) {
  Lookup bad;
  bad.status = LookupStatus::host_name_not_resolved;
  EXPECT_EQ(lookup_report({bad, bad}).states.front(), "Error_Other");
}

WallTime at_us(std::int64_t us) {
  return WallTime{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}} + Micros{us};
}

Throughput two_connections() {
  Throughput measured;
  measured.connections = {{at_us(10), at_us(20), at_us(30), at_us(40), at_us(90), 1000, 1100, 200},
                          {at_us(12), at_us(22), at_us(28), at_us(50), at_us(80), 500, 600, 100}};
  measured.full_loading = ThroughputInterval{at_us(50), at_us(80), 700, 800, 90};
  measured.increments = {{at_us(50), at_us(60), 70, 80, 9}};
  return measured;
}

TEST(ThroughputReports, WhenThereAreConnections_ThenTimesSpanThemAndBytesAddUp) {
  const auto report = throughput_report(two_connections(), {Kind::download, true, true});
  EXPECT_EQ(field(report.values, "TCPOpenRequestTime"), "2026-01-01T00:00:00.000012Z");
  EXPECT_EQ(field(report.values, "ROMTime"), "2026-01-01T00:00:00.000028Z");
  EXPECT_EQ(field(report.values, "BOMTime"), "2026-01-01T00:00:00.000040Z");
  EXPECT_EQ(field(report.values, "EOMTime"), "2026-01-01T00:00:00.000090Z");
  EXPECT_EQ(field(report.values, "TestBytesReceived"), "1500");
  EXPECT_EQ(field(report.values, "TotalBytesReceived"), "1700");
  EXPECT_EQ(field(report.values, "TotalBytesSentUnderFullLoading"), "90");
  EXPECT_EQ(field(report.values, "PeriodOfFullLoading"), "30");
  EXPECT_EQ(report.tables[0].rows.size(), 2U);
  EXPECT_EQ(field(report.tables[1].rows.at(0), "TestBytesReceived"), "70");
}

TEST(ThroughputReports, WhenTheInterfaceIsNotSaid_ThenItsTotalsAreNone) {
  const auto report = throughput_report(two_connections(), {Kind::upload, false, false});
  EXPECT_EQ(field(report.values, "TestBytesSent"), "1500");
  EXPECT_EQ(field(report.values, "TotalBytesSent"), "0");
  EXPECT_TRUE(report.tables[0].rows.empty());
}

TEST(ThroughputReports, WhenTheModelTakesThem_ThenAllParametersAreWritten) {
  for (const auto* const name : {"lte-henb", "umts-hnb"}) {
    auto model = model_of(name);
    for (const auto& object : test_objects(model)) {
      if (object.kind != Kind::download && object.kind != Kind::upload) continue;
      write(model, object, throughput_report(two_connections(), {object.kind, true, true}));
      EXPECT_EQ(at(model, object.path + "EOMTime"), "2026-01-01T00:00:00.000090Z") << object.path;
      const auto total = object.kind == Kind::download ? "TotalBytesReceived" : "TotalBytesSent";
      EXPECT_NE(at(model, object.path + total), "0") << object.path;
      clear(model, object);
      EXPECT_EQ(at(model, object.path + "EOMTime"), unknown_time);
      EXPECT_EQ(at(model, object.path + total), "0");
    }
  }
}

}  // namespace
}  // namespace hnbemu::diagnostics

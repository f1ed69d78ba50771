#include "conformance/rule.h"

// What each test does and measures.
namespace hnbemu::conformance {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

const std::string kLookup = "Device.DNS.Diagnostics.NSLookupDiagnostics.";
const std::string kDownload = "Device.IP.Diagnostics.DownloadDiagnostics.";
const std::string kUpload = "Device.IP.Diagnostics.UploadDiagnostics.";
const std::string kEcho = "Device.IP.Diagnostics.UDPEchoConfig.";
const IpAddress kFirst = *IpAddress::parse("192.0.2.1");
const IpAddress kSecond = *IpAddress::parse("198.51.100.1");
const IpAddress kServer = *IpAddress::parse("192.0.2.53");

struct Setting {
  std::string name;
  std::string value;
  const char* type = "xsd:string";
};

// The ACS sets these and requests the test; it ends before this returns.
void carry_out(Device& device, const std::string& object, const std::vector<Setting>& settings) {
  cwmp::SetParameterValues set;
  for (const auto& [name, value, type] : settings) set.parameters.push_back({object + name, value, type});
  set.parameters.push_back({object + "DiagnosticsState", "Requested", "xsd:string"});
  EXPECT_EQ(device.fault_code(std::move(set)), 0);
  device.run_for(Seconds{120});
}

Setting host() {
  return {"Host", "192.0.2.99"};
}
Setting number(const char* name, unsigned value) {
  return {name, fmt::to_string(value), "xsd:unsignedInt"};
}

HNBEMU_RULE("IPPing", "TR-181 IPPing", EachRepetitionIsOnePacket,
            "NumberOfRepetitions packets are sent; SuccessCount and FailureCount add up to them") {
  power_on();
  diagnostics.echo.hosts[kHost] = {};
  carry_out(*this, kPing, {host(), number("NumberOfRepetitions", 5), number("Timeout", 1000)});
  EXPECT_THAT(diagnostics.echo.requests, SizeIs(5));
  EXPECT_EQ(value(kPing + "SuccessCount"), "5");
  EXPECT_EQ(value(kPing + "FailureCount"), "0");
}

HNBEMU_RULE("IPPing", "TR-181 IPPing", ASilentHostIsAResult,
            "A host that never answers: Complete, FailureCount is all, all response times are 0") {
  power_on();
  carry_out(*this, kPing, {host(), number("NumberOfRepetitions", 2), number("Timeout", 1000)});
  EXPECT_EQ(value(kPing + "DiagnosticsState"), "Complete");
  EXPECT_EQ(value(kPing + "FailureCount"), "2");
  for (const auto* const name : {"AverageResponseTime", "MinimumResponseTime", "MaximumResponseTimeDetailed"}) {
    EXPECT_EQ(value(kPing + name), "0") << name;
  }
}

HNBEMU_RULE("IPPing", "TR-181 IPPing", TimeoutIsKept, "An answer that comes later than Timeout is a failure") {
  power_on();
  diagnostics.echo.hosts[kHost] = {Millis{300}};
  carry_out(*this, kPing, {host(), number("NumberOfRepetitions", 2), number("Timeout", 200)});
  EXPECT_EQ(value(kPing + "FailureCount"), "2");
  carry_out(*this, kPing, {number("Timeout", 400)});
  EXPECT_EQ(value(kPing + "SuccessCount"), "2");
}

HNBEMU_RULE("IPPing", "TR-181 IPPing", NoRouteIsAnErrorOfItsOwn,
            "A host that routers call unreachable: Error_NoRouteToHost") {
  power_on();
  diagnostics.echo.unreachable = {kHost};
  carry_out(*this, kPing, {host(), number("NumberOfRepetitions", 2), number("Timeout", 200)});
  EXPECT_EQ(value(kPing + "DiagnosticsState"), "Error_NoRouteToHost");
}

HNBEMU_RULE("IPPing", "TR-181 IPPing", PacketsAreAsTheSettingsSay, "DataBlockSize and DSCP are those of the packets") {
  power_on();
  diagnostics.echo.hosts[kHost] = {};
  carry_out(*this, kPing,
            {host(), number("NumberOfRepetitions", 1), number("Timeout", 1000), number("DataBlockSize", 1200),
             number("DSCP", 46)});
  ASSERT_THAT(diagnostics.echo.requests, SizeIs(1));
  EXPECT_EQ(diagnostics.echo.requests[0].data_bytes, 1200);
  EXPECT_EQ(diagnostics.echo.requests[0].dscp, 46);
  EXPECT_EQ(value(kPing + "IPAddressUsed"), "100.64.0.1");
}

HNBEMU_RULE("IPPing", "TR-181 IPPing", AnInterfaceThatIsNoWayOutFails,
            "A test over an interface that packets cannot leave by ends with an error") {
  power_on();
  carry_out(*this, kPing, {host(), {"Interface", "Device.IP.Interface.2"}});
  EXPECT_EQ(value(kPing + "DiagnosticsState"), "Error_Internal");
  EXPECT_THAT(diagnostics.echo.requests, IsEmpty());
}

HNBEMU_RULE("TraceRoute", "TR-181 TraceRoute", EachHopIsARow,
            "RouteHops has a row for each hop, from 1, the host last; names where DNS knows them") {
  power_on();
  diagnostics.echo.hosts[kHost] = {Millis{7}, {kFirst, kSecond}};
  diagnostics.lookup.names[kFirst] = "gateway.example";
  carry_out(*this, kTrace, {host(), number("NumberOfTries", 2), number("Timeout", 1000), number("MaxHopCount", 30)});
  EXPECT_EQ(value(kTrace + "DiagnosticsState"), "Complete");
  EXPECT_EQ(value(kTrace + "RouteHopsNumberOfEntries"), "3");
  EXPECT_EQ(value(kTrace + "RouteHops.1.Host"), "gateway.example");
  EXPECT_EQ(value(kTrace + "RouteHops.1.HostAddress"), "192.0.2.1");
  EXPECT_EQ(value(kTrace + "RouteHops.2.Host"), "198.51.100.1");
  EXPECT_EQ(value(kTrace + "RouteHops.3.HostAddress"), "192.0.2.99");
  EXPECT_EQ(value(kTrace + "RouteHops.3.RTTimes"), "7,7");
  EXPECT_EQ(value(kTrace + "ResponseTime"), "7");
}

HNBEMU_RULE("TraceRoute", "TR-181 TraceRoute", TooManyHopsAreAnError,
            "A host beyond MaxHopCount: Error_MaxHopCountExceeded, and the table is empty") {
  power_on();
  diagnostics.echo.hosts[kHost] = {Millis{7}, {kFirst, kSecond}};
  carry_out(*this, kTrace, {host(), number("NumberOfTries", 1), number("Timeout", 1000), number("MaxHopCount", 2)});
  EXPECT_EQ(value(kTrace + "DiagnosticsState"), "Error_MaxHopCountExceeded");
  EXPECT_EQ(value(kTrace + "RouteHopsNumberOfEntries"), "0");
}

HNBEMU_RULE("TraceRoute", "TR-181 TraceRoute", TriesAndHopsAreBounded,
            "NumberOfTries probes go to each hop, and to no more than MaxHopCount hops") {
  power_on();
  carry_out(*this, kTrace, {host(), number("NumberOfTries", 3), number("Timeout", 100), number("MaxHopCount", 4)});
  ASSERT_THAT(diagnostics.echo.requests, SizeIs(12));
  EXPECT_EQ(diagnostics.echo.requests.front().ttl, 1);
  EXPECT_EQ(diagnostics.echo.requests.back().ttl, 4);
}

HNBEMU_RULE("NSLookup", "TR-181 NSLookupDiagnostics", EachRepetitionIsARow,
            "Result has a row for each repetition, SuccessCount says how many were answered") {
  power_on();
  diagnostics.lookup.servers[kServer]["h.example"] = {NameAnswer::Code::answered, true, "www.example", {kHost}, {}};
  carry_out(*this, kLookup,
            {{"HostName", "h.example"},
             {"DNSServer", "192.0.2.53"},
             number("Timeout", 1000),
             number("NumberOfRepetitions", 3)});
  EXPECT_EQ(value(kLookup + "DiagnosticsState"), "Complete");
  EXPECT_EQ(value(kLookup + "SuccessCount"), "3");
  EXPECT_EQ(value(kLookup + "ResultNumberOfEntries"), "3");
  EXPECT_EQ(value(kLookup + "Result.3.Status"), "Success");
  EXPECT_EQ(value(kLookup + "Result.1.AnswerType"), "Authoritative");
  EXPECT_EQ(value(kLookup + "Result.1.HostNameReturned"), "www.example");
  EXPECT_EQ(value(kLookup + "Result.1.IPAddresses"), "192.0.2.99");
  EXPECT_EQ(value(kLookup + "Result.1.DNSServerIP"), "192.0.2.53");
  EXPECT_EQ(value(kLookup + "Result.1.ResponseTime"), "5");
}

HNBEMU_RULE("NSLookup", "TR-181 NSLookupDiagnostics", AllFailuresAreAFailure,
            "Where each repetition failed the test did: Error_Other, and each row says why") {
  power_on();
  diagnostics.lookup.servers[kServer] = {};
  carry_out(*this, kLookup,
            {{"HostName", "h.example"},
             {"DNSServer", "192.0.2.53"},
             number("Timeout", 1000),
             number("NumberOfRepetitions", 2)});
  EXPECT_EQ(value(kLookup + "DiagnosticsState"), "Error_Other");
  EXPECT_EQ(value(kLookup + "Result.2.Status"), "Error_HostNameNotResolved");
  EXPECT_EQ(value(kLookup + "Result.2.AnswerType"), "None");
  carry_out(*this, kLookup, {{"DNSServer", "192.0.2.54"}, number("Timeout", 300), number("NumberOfRepetitions", 1)});
  EXPECT_EQ(value(kLookup + "Result.1.Status"), "Error_Timeout");
  EXPECT_EQ(value(kLookup + "ResultNumberOfEntries"), "1");
}

HNBEMU_RULE("NSLookup", "TR-181 NSLookupDiagnostics", AServerWithoutAnAddressIsAFailure,
            "A DNSServer whose name cannot be resolved: Error_DNSServerNotResolved") {
  power_on();
  carry_out(*this, kLookup,
            {{"HostName", "h.example"},
             {"DNSServer", "dns.example"},
             number("Timeout", 1000),
             number("NumberOfRepetitions", 1)});
  EXPECT_EQ(value(kLookup + "DiagnosticsState"), "Error_DNSServerNotResolved");
}

HNBEMU_RULE("Download", "TR-143 4.1", TimesHaveMicroseconds,
            "The times of a download are in UTC with microseconds, in their order; bytes are counted") {
  power_on();
  carry_out(*this, kDownload, {{"DownloadURL", "http://192.0.2.99/file"}, {"Interface", "Device.IP.Interface.1"}});
  EXPECT_EQ(value(kDownload + "DiagnosticsState"), "Complete");
  std::string before;
  for (const auto* const name : {"TCPOpenRequestTime", "TCPOpenResponseTime", "ROMTime", "BOMTime", "EOMTime"}) {
    const auto time = value(kDownload + name);
    EXPECT_THAT(time, testing::MatchesRegex("2026-01-01T..:..:..\\.[0-9]+Z")) << name;
    EXPECT_LT(before, time) << name;
    before = time;
  }
  EXPECT_EQ(value(kDownload + "TestBytesReceived"), "100000");
  EXPECT_EQ(value(kDownload + "TotalBytesReceived"), "104000");
}

HNBEMU_RULE("Download", "TR-181 DownloadDiagnostics", TotalsNeedAnInterface,
            "Without an Interface the totals on it are 0") {
  power_on();
  carry_out(*this, kDownload, {{"DownloadURL", "http://192.0.2.99/file"}});
  EXPECT_EQ(value(kDownload + "TestBytesReceived"), "100000");
  EXPECT_EQ(value(kDownload + "TotalBytesReceived"), "0");
}

HNBEMU_RULE("Download", "TR-143 4.1", FailuresHaveTheirNames,
            "A download that fails ends with the state that says at which stage") {
  power_on();
  using hnbemu::diagnostics::Failure;
  const std::vector<std::pair<Failure, std::string>> all{
      {Failure::init_connection_failed, "Error_InitConnectionFailed"},
      {Failure::login_failed, "Error_LoginFailed"},
      {Failure::no_pasv, "Error_NoPASV"},
      {Failure::incorrect_size, "Error_IncorrectSize"},
      {Failure::timeout, "Error_Timeout"}};
  for (const auto& [failure, state] : all) {
    diagnostics.throughput.failure = failure;
    carry_out(*this, kDownload, {{"DownloadURL", "ftp://192.0.2.99/file"}});
    EXPECT_EQ(value(kDownload + "DiagnosticsState"), state);
  }
}

HNBEMU_RULE("Download", "TR-181 DownloadDiagnostics", EachConnectionHasItsResults,
            "EnablePerConnectionResults: a row for each of NumberOfConnections, from 1") {
  power_on();
  carry_out(*this, kDownload,
            {{"DownloadURL", "http://192.0.2.99/file"},
             number("NumberOfConnections", 3),
             {"EnablePerConnectionResults", "1", "xsd:boolean"}});
  EXPECT_EQ(value(kDownload + "PerConnectionResultNumberOfEntries"), "3");
  EXPECT_EQ(value(kDownload + "PerConnectionResult.3.TestBytesReceived"), "100000");
  EXPECT_EQ(value(kDownload + "TestBytesReceived"), "300000");
}

HNBEMU_RULE("Download", "TR-143 4.1", OtherSchemesAreNotDone, "A URL that is neither http nor ftp is no test") {
  power_on();
  carry_out(*this, kDownload, {{"DownloadURL", "file:///etc/passwd"}});
  EXPECT_EQ(value(kDownload + "DiagnosticsState"), "Error_Other");
  EXPECT_THAT(diagnostics.throughput.requests, IsEmpty());
}

HNBEMU_RULE("Upload", "TR-143 4.2", TheFileHasItsLength, "An upload sends TestFileLength bytes, marked with DSCP") {
  power_on();
  carry_out(
      *this, kUpload,
      {{"UploadURL", "http://192.0.2.99/up"}, {"TestFileLength", "123456", "xsd:unsignedLong"}, number("DSCP", 10)});
  ASSERT_THAT(diagnostics.throughput.requests, SizeIs(1));
  EXPECT_TRUE(diagnostics.throughput.requests[0].upload);
  EXPECT_EQ(diagnostics.throughput.requests[0].upload_bytes, 123456U);
  EXPECT_EQ(diagnostics.throughput.requests[0].dscp, 10);
  EXPECT_EQ(value(kUpload + "TestBytesSent"), "123456");
  EXPECT_EQ(value(kUpload + "DiagnosticsState"), "Complete");
}

HNBEMU_RULE("UDPEcho", "TR-143 A.1", OnlyTheClientIsAnswered,
            "UDPEchoConfig: enabled, the server answers SourceIPAddress at UDPPort, and nobody else") {
  power_on();
  EXPECT_FALSE(diagnostics.udp.deliver({kHost, 4000}, 7007, "hello"));
  cwmp::SetParameterValues enable;
  enable.parameters = {{kEcho + "UDPPort", "7007", "xsd:unsignedInt"},
                       {kEcho + "SourceIPAddress", "192.0.2.99", "xsd:string"},
                       {kEcho + "Enable", "1", "xsd:boolean"}};
  ask(std::move(enable));
  EXPECT_TRUE(diagnostics.udp.deliver({kHost, 4000}, 7007, "hello"));
  EXPECT_TRUE(diagnostics.udp.deliver({kFirst, 4000}, 7007, "hello"));
  run_for(Millis{10});
  ASSERT_THAT(diagnostics.udp.sent, SizeIs(1));
  EXPECT_EQ(diagnostics.udp.sent[0].bytes, "hello");
  EXPECT_EQ(value(kEcho + "PacketsReceived"), "1");
  EXPECT_EQ(value(kEcho + "BytesResponded"), "13");
  EXPECT_TRUE(set(kEcho + "Enable", "0", "xsd:boolean"));
  run_for(Millis{10});
  EXPECT_FALSE(diagnostics.udp.deliver({kHost, 4000}, 7007, "hello"));
  EXPECT_EQ(value(kEcho + "PacketsReceived"), "1");
}

HNBEMU_RULE("UDPEcho", "TR-143 A.1", EnablingClearsTheCounters,
            "Enabling the server again clears what it has counted") {
  power_on();
  EXPECT_TRUE(set(kEcho + "UDPPort", "7007", "xsd:unsignedInt"));
  EXPECT_TRUE(set(kEcho + "SourceIPAddress", "192.0.2.99"));
  EXPECT_TRUE(set(kEcho + "Enable", "1", "xsd:boolean"));
  diagnostics.udp.deliver({kHost, 4000}, 7007, "hello");
  run_for(Millis{10});
  EXPECT_NE(value(kEcho + "TimeFirstPacketReceived"), unknown_time);
  EXPECT_TRUE(set(kEcho + "Enable", "0", "xsd:boolean"));
  EXPECT_TRUE(set(kEcho + "Enable", "1", "xsd:boolean"));
  EXPECT_EQ(value(kEcho + "PacketsReceived"), "0");
  EXPECT_EQ(value(kEcho + "TimeFirstPacketReceived"), unknown_time);
}

HNBEMU_RULE("UDPEcho", "TR-181 UDPEchoConfig", AnotherInterfaceIsListenedAtAtOnce,
            "A server that is enabled follows its Interface and UDPPort") {
  power_on();
  EXPECT_TRUE(set(kEcho + "UDPPort", "7007", "xsd:unsignedInt"));
  EXPECT_TRUE(set(kEcho + "Enable", "1", "xsd:boolean"));
  EXPECT_TRUE(set(kEcho + "Interface", "Device.IP.Interface.1"));
  EXPECT_THAT(diagnostics.udp.sockets, SizeIs(1));
  EXPECT_TRUE(set(kEcho + "UDPPort", "7008", "xsd:unsignedInt"));
  EXPECT_FALSE(diagnostics.udp.deliver({kHost, 4000}, 7007, "hello"));
  EXPECT_TRUE(diagnostics.udp.deliver({kHost, 4000}, 7008, "hello"));
}

HNBEMU_RULE("UDPEcho", "TR-143 A.1", TheServerComesBackAfterAReboot,
            "An echo server that was enabled listens again after a reboot; without power it does not") {
  power_on();
  EXPECT_TRUE(set(kEcho + "UDPPort", "7007", "xsd:unsignedInt"));
  EXPECT_TRUE(set(kEcho + "Enable", "1", "xsd:boolean"));
  EXPECT_THAT(diagnostics.udp.sockets, SizeIs(1));
  ask(cwmp::Reboot{""});
  run_for(Seconds{2});
  EXPECT_THAT(diagnostics.udp.sockets, IsEmpty());
  run_for(Seconds{20});
  EXPECT_THAT(diagnostics.udp.sockets, SizeIs(1));
}

}  // namespace
}  // namespace hnbemu::conformance

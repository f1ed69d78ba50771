#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "conformance/acs.h"
#include "device/device.h"
#include "doubles/memory_store.h"
#include "doubles/scripted_access_link.h"
#include "doubles/scripted_connection_requests.h"
#include "doubles/scripted_diagnostics.h"
#include "doubles/scripted_file_transfer.h"
#include "doubles/scripted_ports.h"
#include "doubles/scripted_udp.h"
#include "doubles/simulated_clock.h"
#include "doubles/temporary_directory.h"

// RULE(category, clause, Name, "what the standard asks for") { test }: a test of one rule on one device that has been
// powered up. README.md in this folder is the table of all of them.
namespace hnbemu::conformance {

struct Rule {
  const char* category;
  const char* clause;
  const char* name;
  const char* text;
};
std::vector<Rule>& rules();

inline constexpr const char* kAcsUrl = "http://acs.operator.example:7547/cwmp";
inline constexpr const char* kOtherUrl = "http://other.operator.example:7547/";
inline constexpr Seconds kEnough{5};

// What rules of several files look at.
inline constexpr const char* kUrl = "Device.ManagementServer.URL";
inline constexpr const char* kServer1 = "Device.Time.NTPServer1";
inline constexpr const char* kServer2 = "Device.Time.NTPServer2";
inline constexpr const char* kServers = "Device.DNS.Client.Server.";
inline constexpr const char* kServerCount = "Device.DNS.Client.ServerNumberOfEntries";
inline constexpr const char* kParameterKey = "Device.ManagementServer.ParameterKey";
inline const std::string kPing = "Device.IP.Diagnostics.IPPing.";
inline const std::string kTrace = "Device.IP.Diagnostics.TraceRoute.";
inline const IpAddress kHost = *IpAddress::parse("192.0.2.99");

// One device, without IPsec, and its ACS, on a simulated clock.
class Device {
 public:
  explicit Device(const std::string& profile = HNBEMU_SOURCE_DIR "/tests/conformance/henb.yaml");
  ~Device();

  void run_for(Millis time) { clock.run_for(time); }
  void power_on();                                           // and whatever it has to say is said
  void lose_power();                                         // comes back with nothing but what it had committed
  void session(std::string event = "6 CONNECTION REQUEST");  // one session
  cwmp::Body ask(cwmp::Body request);                        // one request of the ACS in a session of its own
  template <class Response>
  Response ask_for(cwmp::Body request) {
    const auto answer = ask(std::move(request));
    const auto* const response = std::get_if<Response>(&answer);
    EXPECT_NE(response, nullptr) << answer.index();
    return response ? *response : Response{};
  }
  int fault_code(cwmp::Body request) { return fault(std::move(request)).code; }
  cwmp::Fault fault(cwmp::Body request);  // its answer; code 0 if it is none
  cwmp::Body ask_raw(std::string body);   // a request in the ACS's own hand
  std::string value(const std::string& path) { return device->model().value(path).value_or("(none)"); }
  bool set(const std::string& path, const std::string& value, const std::string& type = "xsd:string");  // by the ACS
  bool notify(const std::string& path, unsigned notification);
  // The events of the last Inform: "1 BOOT", "M Reboot(key)".
  std::vector<std::string> events() const;
  std::string informed(const std::string& path) const;  // its value in the last Inform; "(none)"

  boost::asio::io_context io;
  doubles::SimulatedClock clock{io};
  doubles::PortCalls calls;
  doubles::ScriptedResolver resolver{clock, calls};
  doubles::ScriptedTunnel tunnel{clock, calls};
  doubles::MemoryStore store;
  doubles::ScriptedConnectionRequests connection_requests;
  doubles::ScriptedFileTransfer files{clock};
  doubles::ScriptedUdp udp{io.get_executor(), clock};
  doubles::ScriptedAccessLink access_link{io.get_executor(), clock};
  bool by_dhcp = false;   // the outer address, and the ACS
  bool measures = false;  // what happens in its cell, into files
  doubles::ScriptedDiagnostics diagnostics{clock};
  config::Profile profile;
  const doubles::TemporaryDirectory temporary;
  const std::string& storage = temporary.path();  // of the device's files
  std::unique_ptr<Acs> acs;
  std::unique_ptr<device::Device> device;

  void speak(const std::string& cwmp_version);  // from a new device's beginning
  void make_acs();
  void make_device();  // after a change of `profile`
};

class ConformanceTest : public testing::Test, public Device {
 protected:
  using Device::Device;
};

}  // namespace hnbemu::conformance

#define HNBEMU_RULE(category, clause, name, text)                              \
  static const bool name##_is_listed = [] {                                    \
    ::hnbemu::conformance::rules().push_back({category, clause, #name, text}); \
    return true;                                                               \
  }();                                                                         \
  TEST_F(ConformanceTest, name)

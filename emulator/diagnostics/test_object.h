#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "datamodel/data_model.h"

namespace hnbemu::diagnostics {

enum class Kind : std::uint8_t { ping, trace_route, ns_lookup, download, upload };

// An object of the data model that is a test: it has a DiagnosticsState, settings and results.
struct TestObject {
  Kind kind;
  std::string path;  // "Device.IP.Diagnostics.IPPing."
};

// Those that this device has, under the names of Device:2 (TR-181), InternetGatewayDevice:1 (TR-098) or Device:1.
std::vector<TestObject> test_objects(const datamodel::DataModel& model);

// "Device.IP.Diagnostics.UDPEchoConfig." or the like; "" if the device has none.
std::string udp_echo_object(const datamodel::DataModel& model);

// The settings of a test as they are now.
class Settings {
 public:
  Settings(const datamodel::DataModel& model, std::string_view object) : model_(model), object_(object) {}
  std::string text(std::string_view name) const;  // "" if there is no such parameter
  std::uint64_t number(std::string_view name, std::uint64_t otherwise = 0) const;
  bool has(std::string_view name) const;

 private:
  const datamodel::DataModel& model_;
  std::string object_;
};

// What a test may be asked for at most. More is refused when it is written (TR-069 fault 9007), so that no test keeps a
// device or its neighbours busy for ever.
inline constexpr std::uint64_t kMaxRepetitions = 1'000;                      // of a ping
inline constexpr std::uint64_t kMaxLookups = 250;                            // rows of results
inline constexpr std::uint64_t kMaxProbeTimeoutMs = 120'000;                 // of one packet or question
inline constexpr std::uint64_t kMaxDataBlock = 65'507;                       // that an IPv4 packet has room for
inline constexpr std::uint64_t kMaxTestFileLength = std::uint64_t{1} << 32;  // bytes
inline constexpr std::uint64_t kMaxConnections = 8;                          // of a TR-143 test
inline constexpr std::uint64_t kMaxIncrementalResults = 999;                 // rows: one a second, at most
inline constexpr Seconds kMaxTestTime{3600};                                 // of any test: then it has failed
inline constexpr Seconds kMaxTransferTime{1200};                             // of a download or upload

// Makes the model refuse what is more, and what the device alone may set as DiagnosticsState.
void limit_settings(datamodel::DataModel& model, const TestObject& object);

}  // namespace hnbemu::diagnostics

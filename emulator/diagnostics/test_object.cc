#include "diagnostics/test_object.h"

#include <array>
#include <charconv>

namespace hnbemu::diagnostics {
namespace {

constexpr std::array kPlaces{
    std::pair{Kind::ping, "Device.IP.Diagnostics.IPPing."},
    std::pair{Kind::ping, "InternetGatewayDevice.IPPingDiagnostics."},
    std::pair{Kind::ping, "Device.LAN.IPPingDiagnostics."},
    std::pair{Kind::trace_route, "Device.IP.Diagnostics.TraceRoute."},
    std::pair{Kind::trace_route, "InternetGatewayDevice.TraceRouteDiagnostics."},
    std::pair{Kind::trace_route, "Device.LAN.TraceRouteDiagnostics."},
    std::pair{Kind::ns_lookup, "Device.DNS.Diagnostics.NSLookupDiagnostics."},
    std::pair{Kind::ns_lookup, "InternetGatewayDevice.NSLookupDiagnostics."},
    std::pair{Kind::ns_lookup, "Device.NSLookupDiagnostics."},
    std::pair{Kind::download, "Device.IP.Diagnostics.DownloadDiagnostics."},
    std::pair{Kind::download, "InternetGatewayDevice.DownloadDiagnostics."},
    std::pair{Kind::download, "Device.DownloadDiagnostics."},
    std::pair{Kind::upload, "Device.IP.Diagnostics.UploadDiagnostics."},
    std::pair{Kind::upload, "InternetGatewayDevice.UploadDiagnostics."},
    std::pair{Kind::upload, "Device.UploadDiagnostics."},
};

constexpr std::array kEchoPlaces{"Device.IP.Diagnostics.UDPEchoConfig.", "InternetGatewayDevice.UDPEchoConfig.",
                                 "Device.UDPEchoConfig."};

struct Limit {
  Kind kind;
  const char* parameter;
  std::uint64_t most;
};

constexpr std::array kLimits{
    Limit{Kind::ping, "NumberOfRepetitions", kMaxRepetitions},
    Limit{Kind::ping, "Timeout", kMaxProbeTimeoutMs},
    Limit{Kind::ping, "DataBlockSize", kMaxDataBlock},
    Limit{Kind::trace_route, "Timeout", kMaxProbeTimeoutMs},
    Limit{Kind::trace_route, "DataBlockSize", kMaxDataBlock},
    Limit{Kind::ns_lookup, "NumberOfRepetitions", kMaxLookups},
    Limit{Kind::ns_lookup, "Timeout", kMaxProbeTimeoutMs},
    Limit{Kind::download, "NumberOfConnections", kMaxConnections},
    Limit{Kind::upload, "NumberOfConnections", kMaxConnections},
    Limit{Kind::upload, "TestFileLength", kMaxTestFileLength},
};

std::optional<std::uint64_t> to_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

}  // namespace

std::vector<TestObject> test_objects(const datamodel::DataModel& model) {
  std::vector<TestObject> objects;
  for (const auto& [kind, path] : kPlaces) {
    if (model.value(std::string(path) + "DiagnosticsState")) objects.push_back({kind, path});
  }
  return objects;
}

std::string udp_echo_object(const datamodel::DataModel& model) {
  for (const std::string path : kEchoPlaces) {
    if (model.value(path + "Enable")) return path;
  }
  return {};
}

std::string Settings::text(std::string_view name) const {
  return model_.value(object_ + std::string(name)).value_or("");
}

std::uint64_t Settings::number(std::string_view name, std::uint64_t otherwise) const {
  return to_number(text(name)).value_or(otherwise);
}

bool Settings::has(std::string_view name) const {
  return model_.value(object_ + std::string(name)).has_value();
}

void limit_settings(datamodel::DataModel& model, const TestObject& object) {
  using Why = std::optional<std::string>;
  model.refuse_when(object.path + "DiagnosticsState", [](std::string_view value) -> Why {
    if (value == "Requested" || value == "Canceled") return std::nullopt;
    return "Invalid parameter value: the ACS sets Requested or Canceled, the device the rest";
  });
  for (const auto& [kind, parameter, most] : kLimits) {
    if (kind != object.kind) continue;
    model.refuse_when(object.path + parameter, [most = most](std::string_view value) -> Why {
      if (to_number(value).value_or(0) <= most) return std::nullopt;
      return fmt::format("Invalid parameter value: at most {}", most);
    });
  }
}

}  // namespace hnbemu::diagnostics

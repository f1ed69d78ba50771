#include "cwmp/deployment_units.h"

#include <algorithm>
#include <cctype>

#include "base/url.h"

namespace hnbemu::cwmp {
namespace {

using datamodel::FaultCode;

// A result names a unit whatever became of it: RFC 4122's nil stands for one that has no UUID.
constexpr std::string_view kNilUuid = "00000000-0000-0000-0000-000000000000";
constexpr std::size_t kMaxVersion = 32;  // of a deployment unit, the schema's

struct Outcome {
  int code = 0;  // TR-069 A.5.1
  std::string_view text;
};
constexpr Outcome kInvalidUuid{9022, "Invalid UUID Format"};
constexpr Outcome kNoEnvironment{9023, "Unknown Execution Environment"};
constexpr Outcome kNoUnit{9028, "Unknown Deployment Unit"};
constexpr Outcome kNoUrl{9003, "Invalid arguments: URL"};
constexpr Outcome kUnsupported{9013, "Unsupported protocol for file transfer"};

bool is_uuid(std::string_view text) {
  if (text.size() != kNilUuid.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = kNilUuid[i] == '-';
    if (dash ? text[i] != '-' : std::isxdigit(static_cast<unsigned char>(text[i])) == 0) return false;
  }
  return true;
}

Outcome outcome_of(const DuOperation& operation) {
  if (!operation.uuid.empty() && !is_uuid(operation.uuid)) return kInvalidUuid;
  if (operation.kind != DuOperation::Kind::install) return kNoUnit;
  const auto url = Url::parse(operation.url);
  if (!url) return kNoUrl;
  if (url->scheme != "http" && url->scheme != "https") return kUnsupported;
  return kNoEnvironment;
}

OpResultStruct result_of(const DuOperation& operation, WallTime now) {
  const auto outcome = outcome_of(operation);
  OpResultStruct result;
  result.uuid = is_uuid(operation.uuid) ? operation.uuid : kNilUuid;
  if (operation.version.size() <= kMaxVersion) result.version = operation.version;
  result.current_state = "Failed";
  result.start_time = result.complete_time = to_date_time(now);
  result.fault_code = outcome.code;
  result.fault_string = outcome.text;
  return result;
}

}  // namespace

tl::expected<void, FaultCode> DeploymentUnits::change(const ChangeDuState& request, WallTime now) {
  if (request.operations.empty()) return tl::unexpected(FaultCode::invalid_arguments);
  if (request.operations.size() > kMaxOperations || untold_.size() == kMaxUntold) {
    return tl::unexpected(FaultCode::resources_exceeded);
  }
  DuStateChangeComplete complete;
  complete.command_key = request.command_key;
  for (const auto& operation : request.operations) complete.results.push_back(result_of(operation, now));
  untold_.push_back(std::move(complete));
  return {};
}

std::vector<EventStruct> DeploymentUnits::events() const {
  std::vector<EventStruct> events;
  if (!untold_.empty()) events.push_back({"11 DU STATE CHANGE COMPLETE", ""});
  for (const auto& complete : untold_) events.push_back({"M ChangeDUState", complete.command_key});
  return events;
}

}  // namespace hnbemu::cwmp

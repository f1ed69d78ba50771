#include "alarms/columns.h"

namespace hnbemu::alarms {
namespace {

constexpr std::size_t kMaxType = 64;
constexpr std::size_t kMaxProblem = 128;
constexpr std::size_t kMaxText = 256;
constexpr std::size_t kMaxObject = 512;

// At most so many bytes, and no half of a UTF-8 character.
std::string cut(std::string_view text, std::size_t size) {
  if (text.size() <= size) return std::string(text);
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0u) == 0x80u) --size;
  return std::string(text.substr(0, size));
}

}  // namespace

Columns common_columns(const Alarm& alarm, const std::string& object) {
  return {{"AlarmIdentifier", alarm.identifier},
          {"ManagedObjectInstance", cut(object, kMaxObject)},
          {"EventType", cut(alarm.definition->event_type, kMaxType)},
          {"ProbableCause", cut(alarm.definition->probable_cause, kMaxType)},
          {"SpecificProblem", cut(alarm.definition->specific_problem, kMaxProblem)},
          {"AdditionalText", cut(alarm.text, kMaxText)}};
}

}  // namespace hnbemu::alarms

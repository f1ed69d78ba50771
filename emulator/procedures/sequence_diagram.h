#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hnbemu::procedures {

inline constexpr std::size_t kMaxArrows = 200;  // of a diagram; it keeps the last

// A step that a device has taken, as its trace tells it.
struct TracedStep {
  std::string clause;  // "TS 32.583 5.1.1"
  std::string id;      // "2.3"
  std::string name;
  std::string result;  // "ok", or what went wrong
  bool operator==(const TracedStep&) const = default;
};

// What to_string(StepRecord) says, back again.
std::optional<TracedStep> parse_traced_step(std::string_view text);

// The last way into service that these steps took, oldest first, with the attempts of it that failed: discovery and
// registration (TS 32.583 5.1 and 5.2.1, TS 32.593 5.1); of a device that is no femtocell, its last session.
std::span<const TracedStep> last_bring_up(std::span<const TracedStep> steps);

// A Mermaid sequence diagram with the participants of the specification's figures, in their order.
std::string sequence_diagram(std::string_view device, std::span<const TracedStep> steps);

}  // namespace hnbemu::procedures

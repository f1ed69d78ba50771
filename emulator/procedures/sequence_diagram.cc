#include "procedures/sequence_diagram.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "procedures/step_table.h"

namespace hnbemu::procedures {
namespace {

struct Participant {
  Party party;
  const char* id;
  const char* name;
};
constexpr Participant kParticipants[] = {
    {Party::device, "Device", ""},
    {Party::outer_dns, "OuterDns", "DNS (outer)"},
    {Party::dns, "Dns", "DNS"},
    {Party::initial_segw, "InitialSegw", "Initial SeGW"},
    {Party::inner_dns, "InnerDns", "DNS (inner)"},
    {Party::initial_hms, "InitialHms", "Initial HMS"},
    {Party::serving_segw, "ServingSegw", "Serving SeGW"},
    {Party::segw, "Segw", "SeGW"},
    {Party::serving_hms, "Hms", "Serving HMS"},
    {Party::acs, "Acs", "ACS"},
    {Party::gateway, "Gateway", "gateway"},
};

bool is_bring_up(const TracedStep& step) {
  for (const auto* const clause : {"TS 32.583 5.1", "TS 32.583 5.2.1", "TS 32.593 5.1.2", "TS 32.593 5.1.3"})
    if (step.clause.starts_with(clause)) return true;
  return false;
}

// What is in no figure the device does alone.
Arrow arrow_of(const TracedStep& step) {
  static const auto kSteps = [] {
    std::vector<Step> all;
    for (const auto technology : {config::Technology::hnb, config::Technology::henb, config::Technology::none})
      std::ranges::move(steps_of(technology), std::back_inserter(all));
    return all;
  }();
  const auto found = std::ranges::find_if(
      kSteps, [&](const Step& one) { return one.id == step.id && one.clause == step.clause && one.name == step.name; });
  return found == kSteps.end() ? Arrow{} : found->arrow;
}

const char* id_of(Party party) {
  return std::ranges::find(kParticipants, party, &Participant::party)->id;
}

// A line of the diagram ends at ';' as well, and '#' begins a character's number.
std::string text_of(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ';' || c == '#') {
      fmt::format_to(std::back_inserter(out), "#{};", int{c});
    } else {
      out += c == '\n' || c == '\r' ? ' ' : c;
    }
  }
  return out;
}

std::string line_of(const TracedStep& step) {
  const auto arrow = arrow_of(step);
  const bool failed = step.result != "ok";
  const auto what = text_of(fmt::format("{} {}{}", step.id, step.name, failed ? ", failed: " + step.result : ""));
  if (arrow.from == arrow.to) return fmt::format("    Note over {}: {}\n", id_of(arrow.from), what);
  return fmt::format("    {}{}{}: {}\n", id_of(arrow.from),
                     failed            ? "-x"
                     : arrow.is_answer ? "-->>"
                                       : "->>",
                     id_of(arrow.to), what);
}

}  // namespace

std::optional<TracedStep> parse_traced_step(std::string_view text) {
  constexpr std::string_view kStep = " step ";
  const auto step = text.find(kStep);
  if (step == std::string_view::npos) return std::nullopt;
  const auto id = text.substr(step + kStep.size());
  const auto id_end = id.find(' ');
  const auto ms = id.find(" ms: ");
  const auto comma = ms == std::string_view::npos ? ms : id.rfind(", ", ms);
  if (comma == std::string_view::npos || id_end >= comma) return std::nullopt;
  return TracedStep{std::string(text.substr(0, step)), std::string(id.substr(0, id_end)),
                    std::string(id.substr(id_end + 1, comma - id_end - 1)), std::string(id.substr(ms + 5))};
}

std::span<const TracedStep> last_bring_up(std::span<const TracedStep> steps) {
  const bool femtocell = std::ranges::any_of(steps, is_bring_up);
  std::size_t begin = 0, end = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (femtocell && !is_bring_up(steps[i])) continue;
    // A new one begins after other steps, or with a step that has succeeded before; what failed is tried again in the
    // same.
    const auto seen = steps.subspan(begin, end - begin);
    const bool again =
        end == i && end > begin && steps[i - 1].result == "ok" && std::ranges::any_of(seen, [&](const TracedStep& one) {
          return one.id == steps[i].id && one.clause == steps[i].clause;
        });
    if (end != i || again) begin = i;
    end = i + 1;
  }
  return steps.subspan(begin, end - begin);
}

std::string sequence_diagram(std::string_view device, std::span<const TracedStep> steps) {
  const auto left_out = steps.size() - std::min(steps.size(), kMaxArrows);
  steps = steps.subspan(left_out);
  std::vector<Party> present{Party::device};
  for (const auto& step : steps) {
    const auto arrow = arrow_of(step);
    present.insert(present.end(), {arrow.from, arrow.to});
  }
  std::string out = "sequenceDiagram\n";
  for (const auto& [party, id, name] : kParticipants) {
    if (std::ranges::find(present, party) == present.end()) continue;
    out += fmt::format("    participant {} as {}\n", id, party == Party::device ? text_of(device) : name);
  }
  if (left_out > 0) out += fmt::format("    Note over Device: {} earlier steps left out\n", left_out);
  std::string_view clause;
  for (const auto& step : steps) {
    if (step.clause != clause) out += fmt::format("    Note over Device: {}\n", text_of(step.clause));
    clause = step.clause;
    out += line_of(step);
  }
  return out;
}

}  // namespace hnbemu::procedures

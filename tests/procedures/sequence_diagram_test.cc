#include "procedures/sequence_diagram.h"

#include <gmock/gmock.h>

#include <regex>
#include <set>
#include <sstream>

#include "procedures/step.h"
#include "procedures/step_table.h"

// What `hnbemu trace --format mermaid` draws.
namespace hnbemu {
namespace {

using procedures::last_bring_up;
using procedures::sequence_diagram;
using procedures::TracedStep;
using testing::HasSubstr;

std::vector<TracedStep> all_steps(config::Technology technology) {
  std::vector<TracedStep> steps;
  for (const auto& step : procedures::steps_of(technology))
    steps.push_back({std::string(step.clause), std::string(step.id), std::string(step.name), "ok"});
  return steps;
}

// Mermaid's grammar of sequence diagrams, as far as it is used: each line stands alone, and names a participant that
// was declared. Gives the arrows.
std::vector<std::string> arrows_of(const std::string& diagram) {
  std::istringstream lines(diagram);
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line, "sequenceDiagram");
  const std::regex participant(R"(    participant (\w+) as [^;#]+)");
  const std::regex note(R"(    Note over (\w+): ([^;#]|#\d+;)+)");
  const std::regex arrow(R"(    (\w+)(->>|-->>|-x)(\w+): ([^;#]|#\d+;)+)");
  std::set<std::string> declared;
  std::vector<std::string> arrows;
  std::smatch match;
  while (std::getline(lines, line)) {
    if (std::regex_match(line, match, participant)) {
      EXPECT_TRUE(declared.insert(match[1]).second) << line;
    } else if (std::regex_match(line, match, note)) {
      EXPECT_TRUE(declared.contains(match[1])) << line;
    } else if (std::regex_match(line, match, arrow)) {
      EXPECT_TRUE(declared.contains(match[1]) && declared.contains(match[3])) << line;
      arrows.push_back(line.substr(4));
    } else {
      ADD_FAILURE() << "no line of a sequence diagram: " << line;
    }
  }
  return arrows;
}

TEST(SequenceDiagram, WhenAStepIsBetweenTwo_ThenItIsAnArrow) {
  for (const auto technology : {config::Technology::hnb, config::Technology::henb, config::Technology::none}) {
    const auto steps = all_steps(technology);
    const auto arrows = arrows_of(sequence_diagram("hnb-0001", steps));
    const auto alone = std::ranges::count(steps, std::string("LAN connectivity"), &TracedStep::name);
    EXPECT_EQ(arrows.size() + static_cast<std::size_t>(alone), steps.size());
  }
}

// TS 32.583, figures 5.1.1-1 and 5.2.1-1.
TEST(SequenceDiagram, WhenAnHnbCameIntoService_ThenItsArrowsAreTheFigures) {
  const auto arrows = arrows_of(sequence_diagram("hnb-0001", all_steps(config::Technology::hnb)));
  for (const auto* const arrow :
       {"Device->>OuterDns: 2.1 ", "OuterDns-->>Device: 2.2 ", "Device->>InitialSegw: 2.3 ", "Device->>InnerDns: 2.4 ",
        "InnerDns-->>Device: 2.5 ", "Device->>InitialHms: 4 ", "InitialHms-->>Device: 5 ", "InitialHms->>Device: 6 ",
        "Device-->>InitialHms: 7 ", "Device->>InitialSegw: 9 ", "Device->>ServingSegw: 3 ", "Device->>Hms: 5.1 ",
        "Hms-->>Device: 5.2 ", "Hms->>Device: 5.3 ", "Device-->>Hms: 5.4 ", "Device->>InnerDns: 6.1 "})
    EXPECT_THAT(arrows, testing::Contains(testing::StartsWith(arrow)));
}

TEST(SequenceDiagram, WhenAStepFailed_ThenItsArrowIsCrossedAndSaysWhy) {
  const std::vector<TracedStep> steps{
      {"TS 32.583 5.1.1", "2.3", "secure connection to the Initial SeGW", "timeout: no #answer; none"}};
  EXPECT_THAT(
      arrows_of(sequence_diagram("hnb-0001", steps)),
      testing::ElementsAre("Device-xInitialSegw: 2.3 secure connection to the Initial SeGW, failed: timeout: no "
                           "#35;answer#59; none"));
}

TEST(SequenceDiagram, WhenThereWereManyAttempts_ThenTheLastArrowsAreDrawn) {
  const std::vector<TracedStep> steps(procedures::kMaxArrows + 7,
                                      {"TS 32.583 5.1.1", "2.3", "secure connection to the Initial SeGW", "timeout"});
  const auto diagram = sequence_diagram("hnb-0001", steps);
  EXPECT_EQ(arrows_of(diagram).size(), procedures::kMaxArrows);
  EXPECT_THAT(diagram, HasSubstr("7 earlier steps left out"));
  EXPECT_THAT(arrows_of(sequence_diagram("hnb-0001", {})), testing::IsEmpty());
}

TEST(SequenceDiagram, WhenTheDeviceHasBootedAgain_ThenTheLastWayIntoServiceIsMeant) {
  const TracedStep tunnel{"TS 32.583 5.2.1", "3", "secure connection to the Serving SeGW", "ok"};
  const TracedStep inform{"TS 32.583 5.2.1", "5.1", "Inform with location and identity", "ok"};
  const TracedStep session{"TR-069 3.7.1", "2", "Inform", "ok"};
  auto failed = tunnel;
  failed.result = "timeout: no answer";
  const auto expect = [](std::vector<TracedStep> steps, std::size_t last) {
    const auto found = last_bring_up(steps);
    EXPECT_EQ(std::vector(found.begin(), found.end()),
              std::vector(steps.end() - static_cast<std::ptrdiff_t>(last), steps.end()));
  };
  expect({tunnel, inform}, 2);
  expect({tunnel, inform, tunnel}, 1);
  expect({tunnel, inform, session, tunnel, inform}, 2);
  expect({tunnel, inform, failed, failed, tunnel, inform}, 4);
  const std::vector<TracedStep> served{tunnel, inform, session};
  EXPECT_EQ(last_bring_up(served).size(), 2u);
  EXPECT_EQ(last_bring_up({}).size(), 0u);
}

TEST(SequenceDiagram, WhenTheTraceTellsOfAStep_ThenItIsRead) {
  procedures::StepRecord record{
      {"2.3", "TS 32.583 5.1.1", "secure connection, to the Initial SeGW"}, {}, Millis{12}, {}};
  EXPECT_EQ(procedures::parse_traced_step(to_string(record)),
            (TracedStep{"TS 32.583 5.1.1", "2.3", "secure connection, to the Initial SeGW", "ok"}));
  record.error = Error{Cause::timeout, "no answer, in 3 ms: none"};
  const auto step = procedures::parse_traced_step(to_string(record));
  ASSERT_TRUE(step);
  EXPECT_THAT(step->result, HasSubstr("no answer"));
  for (const auto* const text : {"", "step", "TS 1 step 2", "TS 1 step 2 name"})
    EXPECT_FALSE(procedures::parse_traced_step(text)) << text;
}

}  // namespace
}  // namespace hnbemu

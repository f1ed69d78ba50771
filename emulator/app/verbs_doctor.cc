#include <unistd.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <cstdlib>

#include "app/command_line.h"
#include "app/verbs.h"
#include "config/profile.h"
#include "doctor/examine.h"
#include "doctor/probe.h"

namespace hnbemu::app {
namespace {

struct DoctorOptions {
  std::string fleet_file;
  std::string state_directory = fleet::kDefaultStateDirectory;
  bool json = false;
};

const char* colour_of(doctor::Verdict verdict) {
  const bool colours = ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
  if (!colours) return "";
  return verdict == doctor::Verdict::good ? "\033[32m" : verdict == doctor::Verdict::limited ? "\033[33m" : "\033[31m";
}

void print(const std::vector<doctor::Finding>& findings) {
  for (const auto& finding : findings) {
    const auto* const colour = colour_of(finding.verdict);
    fmt::print("{}{:<8}{}{:<21}{}\n", colour, to_string(finding.verdict), *colour == '\0' ? "" : "\033[0m",
               finding.subject, finding.fact);
    if (!finding.advice.empty()) fmt::print("{:<29}-> {}\n", "", finding.advice);
  }
}

int examine(const DoctorOptions& options) {
  const auto facts = doctor::probe(options.state_directory);
  auto findings = doctor::examine(facts);
  if (!options.fleet_file.empty()) {
    const auto fleet = config::load_fleet(options.fleet_file, config::known_profiles({HNBEMU_PROFILES}));
    if (!fleet) return complain(fleet.error());
    findings.pop_back();  // the room for any fleet: this one's is better
    for (auto& finding : doctor::fits(facts, *fleet)) findings.push_back(std::move(finding));
  }
  if (options.json) {
    boost::json::array list;
    for (const auto& finding : findings) {
      list.push_back(boost::json::object{{"verdict", to_string(finding.verdict)},
                                         {"subject", finding.subject},
                                         {"fact", finding.fact},
                                         {"advice", finding.advice}});
    }
    fmt::print("{}\n", boost::json::serialize(
                           boost::json::object{{"findings", std::move(list)}, {"capacity", doctor::capacity(facts)}}));
  } else {
    print(findings);
  }
  const auto is_missing = [](const auto& finding) { return finding.verdict == doctor::Verdict::missing; };
  return std::ranges::any_of(findings, is_missing) ? kFailed : kDone;
}

}  // namespace

void add_doctor_verb(CLI::App& app, Action& chosen) {
  CLI::App* verb = nullptr;
  const auto options = add_verb(
      app, "doctor", "What this machine has and lacks for a run; 1 if a run, or the fleet, is not possible here",
      "doctor my-fleet.yaml", chosen, examine, &verb);
  verb->add_option("FLEET", options->fleet_file, "Say whether this fleet fits");
  verb->add_option("--state-dir", options->state_directory, "Whose disk counts")->capture_default_str();
  add_json(*verb, options->json);
}

}  // namespace hnbemu::app

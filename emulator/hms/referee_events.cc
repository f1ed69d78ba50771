#include <algorithm>
#include <array>
#include <string>

#include "hms/referee.h"

namespace hnbemu::hms::referee {
namespace {

using cwmp::EventStruct;

// TR-069 3.7.1.5.
constexpr std::array<std::string_view, 15> kEvents = {
    "0 BOOTSTRAP",
    "1 BOOT",
    "2 PERIODIC",
    "3 SCHEDULED",
    "4 VALUE CHANGE",
    "5 KICKED",
    "6 CONNECTION REQUEST",
    "7 TRANSFER COMPLETE",
    "8 DIAGNOSTICS COMPLETE",
    "9 REQUEST DOWNLOAD",
    "10 AUTONOMOUS TRANSFER COMPLETE",
    "11 DU STATE CHANGE COMPLETE",
    "12 AUTONOMOUS DU STATE CHANGE COMPLETE",
    "13 WAKEUP",
    "14 HEARTBEAT",
};

// An `M` event comes with the event that its method causes.
struct Companion {
  std::string_view method;
  std::string_view event;
};
constexpr std::array<Companion, 6> kCompanions = {{
    {"M Reboot", "1 BOOT"},
    {"M ScheduleInform", "3 SCHEDULED"},
    {"M Download", "7 TRANSFER COMPLETE"},
    {"M ScheduleDownload", "7 TRANSFER COMPLETE"},
    {"M Upload", "7 TRANSFER COMPLETE"},
    {"M ChangeDUState", "11 DU STATE CHANGE COMPLETE"},
}};

// These stay queued until they are delivered, whatever happens but a restart of the device (TR-069 table 8).
constexpr std::array<std::string_view, 4> kNeverDiscarded = {"0 BOOTSTRAP", "7 TRANSFER COMPLETE",
                                                             "11 DU STATE CHANGE COMPLETE", "4 VALUE CHANGE"};

bool has_event(const std::vector<EventStruct>& events, std::string_view code) {
  return std::ranges::find(events, code, &EventStruct::event_code) != events.end();
}

bool is_hex_oui(std::string_view text) {
  return text.size() == 6 &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); });
}

// "X <OUI> <text>"
bool is_vendor_event(std::string_view code) {
  return code.starts_with("X ") && code.size() > 9 && is_hex_oui(code.substr(2, 6)) && code[8] == ' ';
}

bool is_method_event(std::string_view code) {
  return code.starts_with("M X_") || std::ranges::find(kCompanions, code, &Companion::method) != kCompanions.end();
}

void check_event(const EventStruct& event, Findings& findings) {
  const std::string_view code = event.event_code;
  const bool standard = std::ranges::find(kEvents, code) != kEvents.end();
  if (!standard && !is_method_event(code) && !is_vendor_event(code)) {
    findings.add(Rule::event_code, fmt::format("unknown event '{}'", code));
  }
  if (standard && !event.command_key.empty()) {
    findings.add(Rule::command_key, fmt::format("event '{}' has the CommandKey '{}'", code, event.command_key));
  }
  if (event.command_key.size() > kMaxCommandKeyLength) {
    findings.add(Rule::command_key, fmt::format("the CommandKey of '{}' has {} characters, at most {} are allowed",
                                                code, event.command_key.size(), kMaxCommandKeyLength));
  }
}

}  // namespace

void check_events(const std::vector<EventStruct>& events, Findings& findings) {
  if (events.size() > kMaxEvents) {
    findings.add(Rule::event_count, fmt::format("{} events, at most {} are allowed", events.size(), kMaxEvents));
    return;
  }
  for (auto event = events.begin(); event != events.end(); ++event) {
    check_event(*event, findings);
    if (std::find(events.begin(), event, *event) != event) {
      findings.add(Rule::event_duplicate, fmt::format("event '{}' stands there twice", event->event_code));
    }
  }
  for (const Companion& companion : kCompanions) {
    if (has_event(events, companion.method) && !has_event(events, companion.event)) {
      findings.add(Rule::event_combination, fmt::format("'{}' without '{}'", companion.method, companion.event));
    }
  }
}

void check_history(const cwmp::Inform& inform, const DeviceHistory& history, Findings& findings) {
  const bool bootstrap = has_event(inform.events, "0 BOOTSTRAP");
  const bool boot = has_event(inform.events, "1 BOOT");
  if (!bootstrap && history.bootstrap_due) {
    findings.add(Rule::bootstrap_missing, "the first contact with this HMS is without '0 BOOTSTRAP'");
  }
  if (bootstrap && history.bootstrap_settled && !history.bootstrap_allowed) {
    findings.add(Rule::bootstrap_repeated, "'0 BOOTSTRAP' again, although it was delivered and nothing was reset");
  }
  // TR-069 3.2.1.1: a restart begins the count anew.
  const bool restarted = boot && inform.retry_count == 0;
  if (history.last_session_failed && inform.retry_count <= history.last_retry_count && !restarted) {
    findings.add(Rule::retry_count, fmt::format("RetryCount {} after a failed session with RetryCount {}",
                                                inform.retry_count, history.last_retry_count));
  }
  for (const EventStruct& event : history.undelivered) {
    const bool kept = event.event_code.starts_with("M ") ||
                      std::ranges::find(kNeverDiscarded, event.event_code) != kNeverDiscarded.end();
    if (!kept || std::ranges::find(inform.events, event) != inform.events.end()) continue;
    if (restarted && event.event_code == "4 VALUE CHANGE") continue;
    // TR-069 3.7.1.5: `0 BOOTSTRAP` clears what was queued before it.
    if (bootstrap && event.event_code != "0 BOOTSTRAP") continue;
    findings.add(Rule::event_lost, fmt::format("'{}' was not delivered and is gone", event.event_code));
  }
}

}  // namespace hnbemu::hms::referee

#include "cwmp/event_queue.h"

#include <algorithm>
#include <array>

namespace hnbemu::cwmp {

namespace {

using enum EventRetry;

constexpr std::string_view kBootstrap = "0 BOOTSTRAP";

constexpr std::array kRules{
    EventRule{kBootstrap, always, "Inform"},
    EventRule{"1 BOOT", until_reboot, "Inform"},
    EventRule{"2 PERIODIC", always, "Inform"},
    EventRule{"3 SCHEDULED", always, "Inform"},
    EventRule{"4 VALUE CHANGE", until_reboot, "Inform"},
    EventRule{"5 KICKED", until_reboot, "Kicked"},
    EventRule{"6 CONNECTION REQUEST", never, "Inform"},
    EventRule{"7 TRANSFER COMPLETE", always, "TransferComplete"},
    EventRule{"8 DIAGNOSTICS COMPLETE", until_reboot, "Inform"},
    EventRule{"9 REQUEST DOWNLOAD", until_reboot, "RequestDownload"},
    EventRule{"10 AUTONOMOUS TRANSFER COMPLETE", always, "AutonomousTransferComplete"},
    EventRule{"11 DU STATE CHANGE COMPLETE", always, "DUStateChangeComplete"},
    EventRule{"12 AUTONOMOUS DU STATE CHANGE COMPLETE", always, "AutonomousDUStateChangeComplete"},
    EventRule{"13 WAKEUP", until_reboot, "Inform"},
    EventRule{"14 HEARTBEAT", never, "Inform"},
    EventRule{"M Reboot", always, "Inform"},
    EventRule{"M ScheduleInform", always, "Inform"},
    EventRule{"M Download", always, "TransferComplete"},
    EventRule{"M ScheduleDownload", always, "TransferComplete"},
    EventRule{"M Upload", always, "TransferComplete"},
    EventRule{"M ChangeDUState", always, "DUStateChangeComplete"},
};
constexpr EventRule kVendorRule{"X", always, "Inform"};

bool is_of_boot(const EventStruct& event) {
  return event.event_code == "1 BOOT" || event.event_code == "M Reboot";
}

}  // namespace

const EventRule& event_rule(std::string_view event_code) {
  const auto* rule = std::ranges::find(kRules, event_code, &EventRule::code);
  return rule == kRules.end() ? kVendorRule : *rule;
}

bool is_event_code(std::string_view text) {
  return text.starts_with("X ") || text.starts_with("M X_") ||
         std::ranges::find(kRules, text, &EventRule::code) != kRules.end();
}

bool EventQueue::push(EventStruct event) {
  if (event.event_code == kBootstrap) entries_.clear();
  const auto same = [&](const Entry& entry) { return !entry.under_way && entry.event == event; };
  if (std::ranges::any_of(entries_, same)) return true;
  const bool of_boot = is_of_boot(event);
  const auto alike = std::ranges::count(entries_, of_boot, [](const Entry& entry) { return is_of_boot(entry.event); });
  if (static_cast<std::size_t>(alike) == (of_boot ? kBootEvents : kMaxEvents - kBootEvents)) return false;
  entries_.push_back({std::move(event)});
  return true;
}

std::vector<EventStruct> EventQueue::pending() const {
  std::vector<EventStruct> events;
  for (const auto& entry : entries_) events.push_back(entry.event);
  return events;
}

std::vector<EventStruct> EventQueue::begin_delivery() {
  end_delivery();  // of a session that was abandoned
  for (auto& entry : entries_) entry.under_way = true;
  return pending();
}

void EventQueue::delivered(std::string_view rpc, std::span<const EventStruct> still) {
  std::erase_if(entries_, [&](const Entry& entry) {
    const bool its_own = entry.under_way && event_rule(entry.event.event_code).delivered_by == rpc;
    return its_own && std::ranges::find(still, entry.event) == still.end();
  });
}

void EventQueue::end_delivery() {
  std::erase_if(entries_, [](const Entry& entry) {
    return entry.under_way && event_rule(entry.event.event_code).retry == never;
  });
  std::vector<Entry> kept;
  for (auto& entry : entries_) {
    entry.under_way = false;
    if (std::ranges::find(kept, entry.event, &Entry::event) == kept.end()) kept.push_back(std::move(entry));
  }
  entries_ = std::move(kept);
}

void EventQueue::reboot() {
  end_delivery();
  std::erase_if(entries_, [](const Entry& entry) { return event_rule(entry.event.event_code).retry != always; });
}

}  // namespace hnbemu::cwmp

#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cwmp/rpc.h"

namespace hnbemu::cwmp {

// How an event is treated that could not be delivered (TR-069 3.7.1.5, table of event types).
enum class EventRetry {
  never,         // dropped when its session fails
  until_reboot,  // dropped when the device reboots
  always,        // kept until delivered, also over reboot and power loss
};

struct EventRule {
  std::string_view code;
  EventRetry retry;
  std::string_view delivered_by;  // the RPC whose response says that the ACS has it
};
inline constexpr std::size_t kMaxEventCode = 64;  // TR-069 A.3.3.1
// One of the standard's, or a vendor's: "X <OUI> …", "M X_…".
bool is_event_code(std::string_view text);
// Vendors' events have a rule of their own.
const EventRule& event_rule(std::string_view event_code);

// The events that the ACS has not acknowledged. Single events are kept once, those with a CommandKey once for each key;
// an event that occurs while the same one is under way is a new one.
class EventQueue {
 public:
  static constexpr std::size_t kMaxEvents = 64;  // TR-069 A.3.3.1, EventList
  // Room that is kept for `1 BOOT` and the `M Reboot`s of one session: what was promised to the ACS has a place.
  static constexpr std::size_t kBootEvents = 1 + kMaxReboots;

  // `0 BOOTSTRAP` discards all others: push it first. False if the queue is full.
  bool push(EventStruct event);
  bool push(std::string_view event_code) { return push(EventStruct{std::string(event_code), {}}); }

  bool empty() const { return entries_.empty(); }
  std::vector<EventStruct> pending() const;

  // A session: the events of its Inform, then what became of them.
  std::vector<EventStruct> begin_delivery();
  // The response of that method was received: "Inform", "TransferComplete" … What else it has to tell `still` counts.
  void delivered(std::string_view rpc, std::span<const EventStruct> still = {});
  void end_delivery();  // the session is over, well or not

  // After a reboot: what need not survive it is dropped. Then push `1 BOOT`.
  void reboot();

 private:
  struct Entry {
    EventStruct event;
    bool under_way = false;
  };

  std::vector<Entry> entries_;  // in the order of occurrence
};

}  // namespace hnbemu::cwmp

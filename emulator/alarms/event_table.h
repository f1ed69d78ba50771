#pragma once

#include <functional>
#include <string>
#include <vector>

#include "alarms/alarm.h"
#include "datamodel/data_model.h"

namespace hnbemu::alarms {

// Who hears of what is written: notification of value changes, by full parameter names.
struct Audience {
  std::function<void(const std::string& path)> tell;       // a value that counts as changed, even to an equal one
  std::function<bool(const std::string& path)> waits_for;  // told, and not heard yet
};

// Where an event went, and what had to go for it.
struct Placed {
  std::string row{};      // "….QueuedEvent.3."; "" if the device has no such table
  bool replaced = false;  // another event
  bool lost = false;      // one that the audience had not heard of
};

// HistoryEvent, ExpeditedEvent or QueuedEvent of one FaultMgmt (TR-196): a fixed number of rows, of which the next
// event takes the one that follows, the first after the last.
class EventTable {
 public:
  // `path` is the table's, "….QueuedEvent.". The device need not have it.
  EventTable(datamodel::DataModel& model, std::string path);

  // `object`: the distinguished name of what the alarm is about.
  Placed put(const Alarm& alarm, const AlarmEvent& event, const std::string& object, const Audience& audience);

  std::size_t next() const { return next_; }  // index of the row that the next event takes
  void restore(std::size_t next) { next_ = rows_.empty() ? 0 : next % rows_.size(); }

 private:
  datamodel::DataModel& model_;
  std::vector<std::string> rows_;
  std::size_t next_ = 0;
};

}  // namespace hnbemu::alarms

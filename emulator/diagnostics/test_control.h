#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "diagnostics/report.h"

namespace hnbemu::diagnostics {

// When which test begins and ends, by what is written to its object (TR-181 DiagnosticsState, TR-069 A.3.2.1):
// Requested begins it, also once more; another setting, or Canceled, ends it with None. One test an object at a time;
// those of several objects run side by side. On the device's executor; the model outlives it.
class TestControl {
 public:
  // `end` is told to end a test that runs, which ended() follows, at once or later.
  TestControl(datamodel::DataModel& model, std::function<void(std::size_t test)> end);
  TestControl(const TestControl&) = delete;

  const std::vector<TestObject>& objects() const { return objects_; }
  void power_up();  // the results of before are not kept, so the state is None
  void power_down();

  // The next test that may begin; from now on it runs.
  std::optional<std::size_t> begin();
  // It does not any more. What it found counts, unless it was ended meanwhile. True if the ACS must hear of it.
  bool ended(std::size_t test, const Report& report);

 private:
  struct State {
    bool wanted = false;  // and not begun
    bool running = false;
    bool useless = false;  // of the one that runs: nobody wants its results
    bool for_acs = false;
  };
  void on_changes(std::span<const datamodel::Change> changes);
  void cancel(std::size_t test);

  datamodel::DataModel& model_;
  std::function<void(std::size_t)> end_;
  std::vector<TestObject> objects_;
  std::vector<State> states_;
};

}  // namespace hnbemu::diagnostics

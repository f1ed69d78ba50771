#pragma once

#include <chrono>
#include <cstdio>
#include <mutex>
#include <string>

#include "device/status.h"

namespace hnbemu::app {

// One line a device and step, as they happen. Safe from any thread.
class Progress {
 public:
  explicit Progress(std::FILE* out);
  void step(const std::string& device, const procedures::StepRecord& record);
  void state(const device::Status& status);
  void event(const std::string& device, const std::string& text);
  void note(const std::string& text);
  void finish();  // what comes later is not shown

 private:
  void line(const std::string& device, const char* colour, const std::string& text);

  std::FILE* out_;
  bool colours_;  // on a terminal, unless NO_COLOR is set
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::mutex mutex_;
  bool finished_ = false;
};

}  // namespace hnbemu::app

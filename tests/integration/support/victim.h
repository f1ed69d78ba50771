#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <string>

namespace hnbemu::test {

// A program to be killed by a test: the test program itself, run again as `/proc/self/exe --victim=NAME`, with a body
// that a test file registers.
class Victim {
 public:
  Victim(const std::string& name, std::function<void()> body);
};

// True for a process that does not exist or waits only to be reaped.
bool is_gone(pid_t pid);
bool goes_within(pid_t pid, std::chrono::milliseconds time);

}  // namespace hnbemu::test

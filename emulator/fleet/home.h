#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"

namespace hnbemu::fleet {

inline constexpr const char* kDefaultStateDirectory = "/var/lib/hnbemu";

// Where a fleet keeps its things: STATE/NAME. Memory, keys, traces and log stay; `run` is of one run alone.
struct Layout {
  std::string directory;

  Layout(const std::string& state_directory, const std::string& name) : directory(state_directory + "/" + name) {}
  std::string socket() const { return directory + "/control"; }
  std::string memory() const { return directory + "/memory.sqlite"; }
  std::string log() const { return directory + "/log"; }
  std::string keys() const { return directory + "/pki"; }
  std::string run() const { return directory + "/run"; }
  std::string measurements(const std::string& device) const { return directory + "/measurements/" + device; }
  std::string trace(const std::string& device) const { return directory + "/trace/" + device; }
};

// A fleet's directory in the hands of this process. The lock goes with the process, however it dies.
class Home {
 public:
  // Makes what is missing, and empties `run`. Cause::configuration if another process has it.
  static Result<Home> claim(const std::string& state_directory, const std::string& name);
  const Layout& layout() const { return layout_; }
  void purge();  // all of it, the memory too

 private:
  Home(Layout layout, UniqueFd lock) : layout_(std::move(layout)), lock_(std::move(lock)) {}
  Layout layout_;
  UniqueFd lock_;
};

// Whether a process has the fleet of this directory.
bool is_running(const Layout& layout);
// The names of the fleets in a state directory, running or not, in their order.
std::vector<std::string> fleets_in(const std::string& state_directory);

}  // namespace hnbemu::fleet

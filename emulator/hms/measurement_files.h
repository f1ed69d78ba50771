#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "hms/http_message.h"

namespace hnbemu::hms {

// The file server beside the HMS: what devices PUT or POST below kPath. Safe from any thread.
class MeasurementFiles {
 public:
  static constexpr std::string_view kPath = "/pm/";
  static constexpr std::size_t kMaxFiles = 10'000;  // the oldest go
  static constexpr std::uint64_t kMaxBytes = std::uint64_t{256} << 20;

  // Where they are kept; "": their names alone are.
  explicit MeasurementFiles(std::string directory) : directory_(std::move(directory)) {}

  static bool is_file(const HttpRequest& request);
  HttpReply receive(const HttpRequest& request);
  std::vector<std::string> names() const;  // in the order in which they came

 private:
  struct File {
    std::string name;
    std::uint64_t bytes = 0;
  };
  void make_room();

  const std::string directory_;
  mutable std::mutex mutex_;  // for all below
  std::deque<File> files_;
  std::uint64_t bytes_ = 0;
};

}  // namespace hnbemu::hms

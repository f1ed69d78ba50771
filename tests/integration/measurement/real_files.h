#pragma once

#include <gtest/gtest.h>

#include "doubles/simulated_clock.h"
#include "integration/transfer/site.h"

namespace hnbemu {

// The real client for files below a device whose other ports are scripted. The simulated time stands while a file is on
// its way, so each call has of the machine's time what it was given of the simulated.
class RealFiles : public FileTransfer {
 public:
  struct Attempt {
    Deadline at{};      // when it began
    std::string name;   // of the file, without the URL's directory
    std::string cause;  // of its failure; "" if the server took it
  };

  explicit RealFiles(Clock& clock) : clock_(clock) {}
  Task<Result<FileReply>> transfer(FileRequest request, Path, Deadline deadline) override {
    const auto number = attempts.size();
    attempts.push_back({clock_.now(), request.url.target.substr(request.url.target.rfind('/') + 1), "pending"});
    const auto until = std::chrono::steady_clock::now() + (deadline - clock_.now());
    busy = true;
    auto call = client->transfer(std::move(request), {Plane::outer, netns::ip(file_transfer::kDevice), {}}, until);
    auto reply = co_await std::move(call);
    busy = false;
    attempts[number].cause = reply ? "" : std::string(to_string(reply.error().cause));
    last_error = reply ? "" : reply.error().detail;
    co_return reply;
  }

  FileTransfer* client = nullptr;
  bool busy = false;
  std::vector<Attempt> attempts;
  std::string last_error;

 private:
  Clock& clock_;
};

}  // namespace hnbemu

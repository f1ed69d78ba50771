#pragma once

#include <optional>

#include "ports/connection_requests.h"

namespace hnbemu::doubles {

// Takes an authenticated request whenever the test wants.
class ScriptedConnectionRequests : public ConnectionRequests {
 public:
  Result<> open(Path path, std::uint16_t) override {
    place = path.source;
    return {};
  }
  void close() override { place.reset(); }
  void serve(std::function<ConnectionRequestAccess()> access_of, std::function<bool()> ready,
             std::function<void()> requested) override {
    access = std::move(access_of);
    ready_ = std::move(ready);
    requested_ = std::move(requested);
  }
  // False: 503, or nobody listens.
  bool request() {
    if (!place || !ready_()) return false;
    requested_();
    return true;
  }

  std::optional<IpAddress> place;  // where it listens
  std::function<ConnectionRequestAccess()> access;

 private:
  std::function<bool()> ready_;
  std::function<void()> requested_;
};

}  // namespace hnbemu::doubles

#pragma once

#include <cstdint>

#include "base/time.h"
#include "base/unique_fd.h"

namespace hnbemu::loopback {

// A TCP port of the loopback. Throws if there is none.
class Listener {
 public:
  Listener();
  std::uint16_t port() const { return port_; }
  bool has_connection(Millis patience) const;
  UniqueFd accept() const;  // waits; none after close()
  void close() const;       // also for who waits

 private:
  UniqueFd socket_;
  std::uint16_t port_ = 0;
};

}  // namespace hnbemu::loopback

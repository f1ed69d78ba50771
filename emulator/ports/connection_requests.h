#pragma once

#include <functional>
#include <string>

#include "ports/path.h"
#include "ports/task.h"

namespace hnbemu {

// What an ACS must know to get through (TR-069 3.2.2): HTTP GET of the target with Digest authentication.
struct ConnectionRequestAccess {
  std::string target;    // "/Zk3…": unguessable; empty: there is none
  std::string username;  // empty: nobody can authenticate, since there is no request without authentication
  std::string password;
};

// The device's HTTP server for connection requests, on one address of the device.
class ConnectionRequests {
 public:
  virtual ~ConnectionRequests() = default;
  // Listens at the path's source address, and there alone; what was open before is closed first.
  virtual Result<> open(Path path, std::uint16_t port) = 0;
  virtual void close() = 0;
  // What a request is answered with, asked at each: `access`, and of an authenticated one `ready`: false if the device
  // is in a session or was asked too often (then the answer is 503, TR-069 3.2.2.1). `requested` comes when the whole
  // of a 200 has left, which is before the session may begin. All are called on the device's own executor.
  virtual void serve(std::function<ConnectionRequestAccess()> access, std::function<bool()> ready,
                     std::function<void()> requested) = 0;
};

}  // namespace hnbemu

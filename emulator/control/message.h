#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

// The control socket: HTTP/1.1 with JSON bodies on a Unix socket in a fleet's directory, for its owner alone.
namespace hnbemu::control {

inline constexpr std::size_t kMaxBodyBytes = std::size_t{1} << 20;     // of a request
inline constexpr std::size_t kMaxReplyBytes = std::size_t{256} << 20;  // of a reply: 20,000 devices in full
inline constexpr std::uint32_t kMaxHeaderBytes = 16 * 1024;
inline constexpr std::size_t kMaxSocketPath = 107;  // sockaddr_un

struct Request {
  std::string method;             // "GET"
  std::vector<std::string> path;  // "/devices/hnb-0001" is {"devices", "hnb-0001"}, decoded
  std::vector<std::pair<std::string, std::string>> query;
  std::string body;
};

struct Reply {
  int status = 200;
  std::string body;  // JSON
};

Reply reply(const boost::json::object& body);
// {"error": text} with a 4xx or 5xx.
Reply refuse(int status, const std::string& text);

// Errors: the target is no URL path.
Result<Request> to_request(std::string method, std::string_view target, std::string body);

}  // namespace hnbemu::control

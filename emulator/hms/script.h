#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

// An HMS that misbehaves on demand: what to do to which reply, as data.
namespace hnbemu::hms {

struct Misbehaviour {
  enum class Kind : std::uint8_t {
    // instead of the reply; the session has failed then
    drop,           // the connection goes down
    empty_ok,       // 200 without a body
    status,         // HTTP `code`, with Retry-After if `text` is not empty
    fault,          // a SOAP fault with CWMP fault `code`; 8005 asks for the same Inform again
    malformed_xml,  // the first half of the reply
    body,           // 200 with `text` as it is
    // beside the reply; the session goes on
    hold_requests,  // HoldRequests true
    close,          // Connection: close
    chunked,
    delay,  // by `delay`
  };
  Kind kind = Kind::drop;
  std::string serial = "*";   // glob
  std::uint64_t session = 0;  // the device's nth session, from 1; 0: any
  std::uint64_t step = 1;     // the session's nth HTTP request, from 1 (the Inform); 0: any
  std::uint64_t times = 1;    // then it is spent; 0: never
  int code = 0;
  std::string text;
  Millis delay{0};
};

class Script {
 public:
  static constexpr std::size_t kMaxMisbehaviours = 1000;

  // False if the script is full.
  bool add(Misbehaviour misbehaviour);
  // What to do to this reply, in the order of adding; counts it as done.
  std::vector<Misbehaviour> take(std::string_view serial, std::uint64_t session, std::uint64_t step);

 private:
  std::vector<Misbehaviour> pending_;
};

}  // namespace hnbemu::hms

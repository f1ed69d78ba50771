#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "cwmp/event_queue.h"
#include "cwmp/rpc.h"

namespace hnbemu::cwmp {

struct SessionConfig {
  Version version = Version::v1_0;
  DeviceId device_id;
  std::vector<std::string> inform_parameters;  // full names; what the model does not have is left out, as are repeats
  std::string parameter_key_path;
  std::string current_time;  // dateTime
  std::uint32_t retry_count = 0;
  std::string inform_id = "1";  // of the Inform's SOAP header
  Manners manners{};
};

// What the driver does next.
struct Post {
  std::string body;     // empty: an empty POST
  std::string message;  // "Inform", "SetParameterValuesResponse", "Fault"; "" of an empty POST
};
struct Redirect {  // posts the same again, there, until the session ends
  std::string location;
};
struct Finished {
  Result<Effects> outcome;
};
using Action = std::variant<Post, Redirect, Finished>;

// What came back.
struct HttpReply {
  int status = 0;
  std::string_view location;
  std::string_view retry_after;
  std::string_view body;
};

// One session of the device (TR-069 3.7), without a socket:
//
//   Action action = session.start();
//   while (!finished(action)) action = transport_ok ? session.next(reply) : session.fail(error);
//
// The events of the queue are in its Inform and are taken out of the queue when the ACS has acknowledged them.
class Session {
 public:
  static constexpr unsigned kMaxRedirects = 5;      // TR-069 3.4.1
  static constexpr unsigned kMaxInformRetries = 3;  // after fault 8005
  static constexpr unsigned kMaxRequests = 10'000;  // of the ACS; more is an ACS that never ends

  Session(SessionConfig config, datamodel::DataModel& model, EventQueue& events);

  Action start();
  Action next(const HttpReply& reply);
  Action fail(Error error);

  // The ACS's request that the last Post answers: "SetParameterValues"; "" if it answers none.
  const std::string& request() const { return request_; }
  const Effects& effects() const { return effects_; }  // of the requests so far
  bool accepted() const { return accepted_; }          // the InformResponse was received

 private:
  Action post_inform();
  Action on_redirect(std::string_view location);
  Action on_inform_reply(const HttpReply& reply);
  Action on_inform_fault(const Fault& fault);
  Action on_request(const HttpReply& reply);
  Action finish(Result<Effects> outcome);
  static Post envelope(Version version, std::string id, Body body);

  SessionConfig config_;
  datamodel::DataModel& model_;
  EventQueue& events_;
  std::vector<EventStruct> delivering_;
  Effects effects_;
  std::string request_;
  bool accepted_ = false;
  unsigned redirects_ = 0;
  unsigned inform_retries_ = 0;
  unsigned requests_ = 0;
};

}  // namespace hnbemu::cwmp

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/time.h"
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
  std::uint32_t timeout_s = 0;        // told to the ACS as SessionTimeout (1.3); 0: not told
  std::vector<Body> requests;         // of the device, in this order, after the InformResponse
  std::size_t scheduled_informs = 0;  // that the ACS asked for before, not due yet
  std::string inform_id = "1";        // of the Inform's SOAP header
  int set_status = 0;                 // of a SetParameterValuesResponse; 1: applied later (A.3.2.1)
  FileTypes files;
  OptionalMethods optional;
  bool transfers_at_once = false;  // a Download or Upload without delay is answered when it is done (Status 0)
};

// What the driver does next.
struct Post {
  std::string body;     // empty: an empty POST
  std::string message;  // "Inform", "SetParameterValuesResponse", "Fault"; "" of an empty POST
};
struct Redirect {  // posts the same again, there, until the session ends
  std::string location;
};
struct Perform {  // the transfer, which has begun, now; then performed()
  std::uint32_t transfer = 0;
};
struct Finished {
  Result<Effects> outcome;
};
using Action = std::variant<Post, Redirect, Perform, Finished>;

// What came back.
struct HttpReply {
  int status = 0;
  std::string_view location;
  std::string_view retry_after;
  std::string_view body;
  WallTime received{};
};

// A request of the device and what the ACS said to it: the response, or a Fault.
struct Answered {
  Body request;
  Body answer;
};

// One session of the device (TR-069 3.7), without a socket:
//
//   Action action = session.start();
//   while (!finished(action)) action = transport_ok ? session.next(reply) : session.fail(error);
//
// The events of the queue are in its Inform and are taken out of the queue when the ACS has acknowledged them. After
// the InformResponse the device tells of the transfers and changes of deployment units that were completed before the
// session, each of which is forgotten with its response, and asks what it has to ask, unless the ACS holds its
// requests; then the ACS asks.
class Session {
 public:
  static constexpr unsigned kMaxRedirects = 5;      // in a row, TR-069 3.4.1
  static constexpr unsigned kMaxRetries = 3;        // of one request of the device, after fault 8005
  static constexpr unsigned kMaxRequests = 10'000;  // of the ACS; more is an ACS that never ends

  Session(SessionConfig config, datamodel::DataModel& model, EventQueue& events, Transfers& transfers);

  Action start();
  Action next(const HttpReply& reply);
  Action fail(Error error);
  Action performed();  // the transfer has ended, or will not in time

  // The ACS's request that the last Post answers: "SetParameterValues"; "" if it answers none.
  const std::string& request() const { return request_; }
  const Effects& effects() const { return effects_; }    // of the requests so far
  bool accepted() const { return accepted_; }            // the InformResponse was received
  std::optional<Answered> take_answered();               // after each next(): the device's request that it completed
  std::optional<ScheduleInform> take_schedule_inform();  // after each next()
  Seconds retry_after() const { return retry_after_; }   // HTTP's, of a 503; 0 if there was none

 private:
  enum class Turn { inform, device, acs };
  Action post_inform();
  Action on_redirect(std::string_view location);
  Action on_inform_reply(const HttpReply& reply);
  Action on_inform_fault(const Fault& fault);
  Action on_answer(const HttpReply& reply);
  Action on_turn(const HttpReply& reply);
  Action on_request(Envelope message);
  Action ask();
  Body own_request() const;
  void on_answered(std::string_view rpc);
  std::vector<EventStruct> untold() const;                             // of what its own methods tell
  std::size_t told_first() const { return telling_.size() + units_; }  // before the requests of the configuration
  bool all_asked() const { return asked_ == told_first() + config_.requests.size(); }
  std::string own_id() const;  // of the device's request at hand
  Action finish(Result<Effects> outcome);
  bool agree_on_version(const Envelope& response);
  Post envelope(Version version, std::string id, Body body);

  SessionConfig config_;
  datamodel::DataModel& model_;
  EventQueue& events_;
  Transfers& transfers_;
  std::vector<EventStruct> delivering_;
  Effects effects_;
  std::string request_;
  std::optional<Answered> answered_;
  std::vector<std::uint32_t> telling_;  // transfers
  std::size_t units_ = 0;               // DUStateChangeCompletes, after these
  struct Performing {
    std::uint32_t transfer = 0;
    Envelope request;  // without its body
  };
  std::optional<Performing> performing_;
  Turn turn_ = Turn::inform;
  Version version_;  // as agreed with the ACS
  bool accepted_ = false;
  bool held_ = false;      // the ACS's last word on HoldRequests
  std::size_t asked_ = 0;  // of what it tells and asks
  WallTime received_{};
  unsigned redirects_ = 0;
  unsigned retries_ = 0;
  unsigned requests_ = 0;
  Seconds retry_after_{0};
};

}  // namespace hnbemu::cwmp

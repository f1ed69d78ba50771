#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "cwmp/messages.h"
#include "hms/violation.h"

namespace hnbemu::hms {

// What the HMS makes of an Inform: its requests of this session, or a refusal.
struct Decision {
  std::vector<cwmp::Body> requests;
  std::optional<cwmp::Fault> fault;
  std::optional<int> http_status;
};

// A request of the HMS and what the device made of it; the answer is empty while it is due.
struct Exchange {
  cwmp::Body request;
  cwmp::Body answer;
};

// One session as the ACS sees it (TR-069 3.7.2): messages in, replies out. It judges their order and correlation;
// the content is judged by the checks of referee.h, which it calls.
class Session {
 public:
  enum class State {
    opening,      // waits for the Inform
    device_turn,  // the device may ask, or hand over by an empty POST
    answer_due,   // the device owes an answer
    ended,        // both sides are done
    failed,
  };
  struct Reply {
    int status = 204;
    std::optional<cwmp::Envelope> envelope;
  };
  static constexpr std::size_t kMaxMessages = 10'000;  // of one session; more is a device that never ends it

  explicit Session(std::uint64_t number) : number_(number) {}

  // `envelope` holds an Inform, and the session is opening.
  Reply on_inform(const cwmp::Envelope& envelope, Decision decision, Findings& findings);
  // Any later message.
  Reply on_message(const cwmp::Envelope& envelope, Findings& findings);
  Reply on_empty_post(Findings& findings);
  // What is no SOAP message ends the session.
  Reply on_malformed();

  // Puts HoldRequests on the reply just made (TR-069 3.7.2.2); the next reply takes it back.
  void hold_requests(Reply& reply);
  // Back to before the Inform: a fault 8005 asks for it again in the same session (TR-069 A.5.2).
  void reopen();
  void fail() { state_ = State::failed; }

  State state() const { return state_; }
  bool opened() const { return opened_; }  // an Inform was answered by InformResponse
  bool live() const { return state_ != State::ended && state_ != State::failed; }
  // Nothing is open: the device may go without a further word.
  bool complete() const { return state_ == State::ended || (live() && opened_ && said_all_); }
  std::uint64_t number() const { return number_; }
  std::size_t messages() const { return messages_; }
  cwmp::Version version() const { return version_; }
  const std::vector<Exchange>& exchanges() const { return exchanges_; }

 private:
  Reply on_device_request(const cwmp::Envelope& envelope, Findings& findings);
  Reply on_answer(const cwmp::Envelope& envelope, Findings& findings);
  void check_headers(const cwmp::Envelope& envelope, Findings& findings);
  Reply next_request();
  Reply say(cwmp::Body body, std::optional<std::string> id);
  Reply refuse(int status);

  std::uint64_t number_;
  State state_ = State::opening;
  cwmp::Version version_ = cwmp::Version::v1_0;
  bool opened_ = false;
  bool empty_seen_ = false;  // the device has no more requests
  bool said_all_ = false;    // the last reply was empty
  bool held_ = false;        // the device was last told HoldRequests
  std::size_t messages_ = 0;
  std::deque<cwmp::Body> requests_;
  std::string request_id_;
  std::vector<Exchange> exchanges_;
};

// The ACS methods that it answers (TR-069 3.6).
const std::vector<std::string>& acs_methods();

}  // namespace hnbemu::hms

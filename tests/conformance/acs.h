#pragma once

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "cwmp/codec.h"
#include "ports/acs_http.h"
#include "ports/clock.h"

namespace hnbemu::conformance {

// One POST of the device.
struct Message {
  AcsRequest request;
  cwmp::Envelope envelope{};  // empty of an empty POST
  std::string name;           // "Inform", "GetParameterValuesResponse"; "" of an empty POST
  Deadline at{};
};

AcsResponse http(int status, std::string body = {});
// An envelope of CWMP 1.0 in the ACS's own hand: `body` and `header` as they stand, cwmp: being the prefix.
std::string soap(const std::string& body, const std::string& header = "");

// An ACS that a test scripts message by message. Left alone it accepts each Inform, sends `requests`, each once, and
// ends the session. What the device posts is held against the schema of `version`.
class Acs : public AcsHttp {
 public:
  using Reply = std::function<Result<AcsResponse>(const Message&)>;

  Acs(Clock& clock, cwmp::Version version) : speaks(version), clock_(clock), version_(version) {}
  Task<Result<AcsResponse>> post(AcsRequest request, Path path, Deadline deadline) override;
  void reset() override { ++sessions; }

  Millis answer_time{10};
  std::deque<cwmp::Body> requests;
  cwmp::Version speaks;
  bool hold = false;         // HoldRequests in all that it says
  std::string use_version;   // UseCWMPVersion in the InformResponse
  std::deque<Reply> script;  // of the next messages, before all else

  // In the script: what it does with one message.
  static Reply fail(Cause cause);
  static Reply answer(AcsResponse response);
  static Reply pass();         // as if left alone
  Reply say(cwmp::Body body);  // with the ID of the message
  static Reply raw(std::string body) { return answer(http(200, std::move(body))); }

  std::vector<Message> messages;
  unsigned sessions = 0;

  std::vector<cwmp::Inform> informs() const;
  std::vector<std::string> names() const;  // of all messages
  // What the device said to the ACS's requests, and its own requests but the Inform.
  std::vector<cwmp::Body> answers() const;
  void forget() { messages.clear(); }

 private:
  AcsResponse left_alone(const Message& message);
  AcsResponse envelope(const Message& message, cwmp::Body body) const;

  Clock& clock_;
  cwmp::Version version_;  // the device's
};

}  // namespace hnbemu::conformance

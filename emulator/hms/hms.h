#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "cwmp/messages.h"
#include "hms/authentication.h"
#include "hms/http_message.h"
#include "hms/journal.h"
#include "hms/measurement_files.h"
#include "hms/provisioning.h"
#include "hms/referee.h"
#include "hms/script.h"
#include "hms/session.h"

namespace hnbemu::hms {

struct Config {
  Role role = Role::serving;
  std::vector<ProvisioningRule> rules;  // the first that matches; a device that none matches is refused
  Authentication authentication;
  bool client_certificate_required = false;  // over TLS: a device without its own factory certificate breaks a rule
  bool first_contact_is_bootstrap = true;    // false: devices may have met this HMS before it was started
  Millis session_timeout{60'000};            // between two requests of one session
  MeasurementFiles* measurement_files = nullptr;  // it outlives the HMS; null: there is no file server
};

// One logical HMS: sessions by cookie, devices by identity, provisioning, referee. It may serve several listeners; all
// members are safe from any thread.
class Hms final : public HttpHandler {
 public:
  static constexpr std::size_t kMaxSessions = 20'000;
  static constexpr std::size_t kMaxQueued = 1000;  // requests of one device
  using Now = std::function<Deadline()>;

  explicit Hms(Config config, Now now = std::chrono::steady_clock::now);

  HttpReply handle(const HttpRequest& request) override;
  void connection_closed(std::uint64_t connection) override;

  const Journal& journal() const { return journal_; }
  // A request for the device's next session, behind what its rule says.
  Result<> enqueue(const std::string& device, cwmp::Body request);
  Result<> misbehave(Misbehaviour misbehaviour);
  // The device was reset, or its ACS URL changed, by someone else: its next Inform may be a `0 BOOTSTRAP`.
  void allow_bootstrap(const std::string& device);

 private:
  struct Device {
    referee::DeviceHistory history;
    std::uint64_t sessions = 0;
    std::string cookie;  // of its live session; "" if it has none
    bool provisioned = false;
    std::deque<cwmp::Body> queued;
  };
  struct Live {
    explicit Live(std::uint64_t number) : session(number) {}
    Session session;
    std::string cookie;
    std::string device;  // "" until the Inform
    cwmp::Inform inform;
    std::uint64_t device_session = 0;  // the device's nth
    std::uint64_t step = 0;            // HTTP requests so far
    std::uint64_t connection = 0;
    bool connection_open = true;
    Deadline last_heard{};
    bool fresh = false;  // provisions the device
    bool refused = false;
    bool inform_reply_due = false;  // the next reply answers the Inform
    std::string detail;
    std::size_t noted = 0;  // exchanges in the journal
  };
  using Message = Result<cwmp::Envelope>;  // an empty body for an empty POST

  HttpReply receive(const HttpRequest& request);
  HttpReply serve(const HttpRequest& request, const Message& message, Findings& findings);
  struct Place {
    Live* live = nullptr;  // null: it may open a session
    bool stray = false;    // it belongs to a session that is no more
  };
  Place locate(const HttpRequest& request, bool is_inform, Findings& findings);
  Live& open(const HttpRequest& request);
  Session::Reply advance(Live& live, const HttpRequest& request, const Message& message, Findings& findings);
  HttpReply reply_of(Live& live, Session::Reply answer);
  void disturb(Live& live, const Misbehaviour& how, HttpReply& reply);
  void settle(Live& live);

  Decision on_inform(Live& live, const cwmp::Inform& inform, const HttpRequest& request, Findings& findings);
  void leave_other_session(Device& device, const HttpRequest& request, Findings& findings);
  void note_exchanges(Live& live);
  void note_answer(Live& live, const Exchange& exchange);
  void close(const std::string& cookie, SessionOutcome outcome, const std::string& detail);
  void expire(Deadline now);
  void record(Findings& findings, const std::string& device, std::uint64_t session);
  void begin_record(const Live& live, const HttpRequest& request);

  const Config config_;
  const Now now_;
  const Authenticator authenticator_;
  Journal journal_;

  std::mutex mutex_;  // for all below
  Script script_;
  std::map<std::string, Device, std::less<>> devices_;               // at most kMaxDevices
  std::unordered_map<std::string, std::unique_ptr<Live>> sessions_;  // by cookie
  std::unordered_map<std::uint64_t, std::string> cookie_of_connection_;
  std::uint64_t last_session_ = 0;
  Deadline next_expiry_{};
};

// OUI-ProductClass-SerialNumber, or OUI-SerialNumber if the device has no product class (TR-069 3.4.4).
std::string identity_of(const cwmp::DeviceId& id);

}  // namespace hnbemu::hms

#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "alarms/journal.h"
#include "alarms/orders.h"
#include "device/access.h"
#include "device/agenda.h"
#include "device/alarm_generator.h"
#include "device/diagnostics.h"
#include "device/mailbox.h"
#include "device/measurements.h"
#include "device/pm_uploads.h"
#include "device/radio.h"
#include "device/self_watch.h"
#include "device/statistics.h"
#include "device/status.h"
#include "device/time_client.h"
#include "device/transfers.h"
#include "device/udp_connection_requests.h"
#include "generators/live.h"
#include "procedures/connection_requests.h"
#include "procedures/context.h"
#include "procedures/serving_elements.h"

namespace hnbemu::device {

struct Setup {
  std::string id;
  config::Profile profile;
  procedures::FactorySettings factory;
  Path outer;
  procedures::NetworkAround surroundings{};
  std::uint64_t seed = 0;
  config::Location position{};
  std::shared_ptr<const config::RadioMap> radio_map{};  // null: a few macro cells are made up
  std::string storage{};                                // directory for files; "": it has no room for any
  Memory memory{};                                      // from before the power was lost
  std::shared_ptr<const generators::Plan> plan{};       // null: no value lives
  std::shared_ptr<const pm::Plan> measurements{};       // null: it measures nothing
  std::string measurement_files{};                      // directory that outlives the device; "": no room for any
  config::DeviceFields fields{};                        // for the plan's templates
  generators::Facts facts{};
  SelfFacts self{};
};

// One femtocell: powers up, finds its way into service by the procedures of its specification, serves, and starts again
// after whatever befalls it. All of it runs on one executor, and so must every call below.
class Device {
 public:
  using Observer = std::function<void(const Device&)>;

  Device(boost::asio::any_io_executor executor, Setup setup, procedures::Ports ports, datamodel::DataModel model);

  // Called on the executor, as stop() is. Runs until stop(); then `finished` is called once, with the tunnel down and
  // nothing held.
  void start(std::function<void()> finished);
  void stop();

  void inform(std::string event_code);  // a session with this event, now
  void reboot();
  void factory_reset();
  void allow();  // a device that has left its operator may come back
  // A transfer that the ACS has not asked for. Why not, if it cannot be.
  std::optional<std::string> transfer(cwmp::Transfer transfer) { return transfers_.start(std::move(transfer)); }
  // Measurement files of the periods until now. Their names, or why there are none.
  tl::expected<std::vector<std::string>, std::string> send_measurements();
  void request(cwmp::Body body);  // to the ACS, in a session that begins now; with its event for Kicked

  const Status& status() const { return status_; }
  const procedures::StepLog& steps() const { return steps_; }
  procedures::StepLog& steps() { return steps_; }
  datamodel::DataModel& model() { return model_; }
  generators::Live& live() { return live_; }
  const cwmp::EventQueue& events() const { return events_; }
  const Path& path() const { return service_.hms_addresses.empty() ? context_.outer : service_.path; }  // to its HMS
  // Remembered keys that this profile has no place for.
  const std::vector<std::string>& forgotten() const { return forgotten_; }
  // Alarms by hand. Why not, if it cannot be.
  std::optional<std::string> order(const alarms::Order& order);
  const alarms::FaultManagement& alarms() const { return alarms_; }
  alarms::FaultManagement& alarms() { return alarms_; }
  std::uint64_t alarms_not_generated() const { return alarm_generator_.dropped(); }
  const alarms::Journal& alarm_journal() const { return journal_; }
  // After each event of an alarm, and when the HMS has heard of it: a line for people.
  void observe_alarms(std::function<void(const std::string& line)> observer) { on_alarm_ = std::move(observer); }
  void save();                                                          // what was set from outside is remembered soon
  void observe(Observer observer) { observer_ = std::move(observer); }  // after every change of status()

 private:
  struct InformRequest {
    std::string event_code;
  };
  struct RebootRequest {};
  struct FactoryResetRequest {};
  struct AllowRequest {};
  struct SaveRequest {};
  struct TellRequest {};    // of a transfer that is completed
  struct NotifyRequest {};  // a parameter with active notification has changed, or the clock has been set
  struct AccessChange {};   // of the outer address, or of the ACS that DHCP gave
  struct AskRequest {
    cwmp::Body body;
  };
  using Message = std::variant<InformRequest, RebootRequest, FactoryResetRequest, AllowRequest, SaveRequest,
                               NotifyRequest, TellRequest, AccessChange, AskRequest, TunnelEvent>;
  enum class End { stopped, reboot, factory_reset, service_lost, moved };

  void listen();
  bool takes_requests();
  void take_request();
  Task<void> run();
  Task<void> run_live();
  Task<void> wait_for_sooner();
  void power_up();
  Task<std::optional<End>> come_into_service();
  std::optional<End> asked_end() const;
  Task<Result<procedures::Service>> bring_up();
  Task<Result<procedures::Service>> register_with(procedures::ServingElements elements);
  Task<Result<procedures::Service>> come_by_initial_hms(bool again);
  Task<void> wait_to_retry(Error error);
  Task<void> stay_away();
  bool is_silent() const;
  Task<void> remember();
  Task<void> shut_down();
  Task<void> boot_again();
  Task<void> reset_to_factory();

  Task<End> serve();
  std::optional<End> handle(const Message& message);
  Task<std::optional<End>> hold_session();
  void tell_of_deployment_units();
  bool moved() const;
  bool gone_for_long() const;  // the Serving HMS, by the profile's time
  std::optional<End> on_access_change();
  bool access_is_new() const;  // since the last attempt began
  void watch_acs(const std::optional<Error>& error);
  void watch_access_and_clock();
  void note(const InformRequest& request);
  void note(const AskRequest& request);
  std::optional<End> on_tunnel_event(const TunnelEvent& event);
  Millis retry_wait(unsigned failures);
  void set_factory_values();

  void follow();
  void tell_of(const std::string& path);
  void watch_alarms();
  void show_radio();
  void become(State state);

  boost::asio::any_io_executor executor_;
  boost::asio::cancellation_signal cancel_;
  bool stopping_ = false;
  config::Profile profile_;
  datamodel::DataModel model_;
  cwmp::EventQueue events_;
  procedures::StepLog steps_;
  std::mt19937_64 random_;
  alarms::FaultManagement alarms_{model_, profile_.alarms};
  alarms::Journal journal_;
  procedures::Context context_;
  Access access_;
  TimeClient time_client_;
  Radio radio_;
  Statistics statistics_;
  Transfers transfers_;
  Measurements measurements_;
  PmUploads pm_uploads_;
  procedures::RequestWindow request_window_;
  UdpConnectionRequests udp_connection_requests_;
  Diagnostics diagnostics_;
  AlarmGenerator alarm_generator_;
  SelfWatch self_watch_;
  std::vector<Companion*> companions_{&access_,      &time_client_,     &radio_,      &statistics_,
                                      &transfers_,   &measurements_,    &pm_uploads_, &udp_connection_requests_,
                                      &diagnostics_, &alarm_generator_, &self_watch_};
  generators::Live live_;
  boost::asio::steady_timer live_sooner_;  // expired: the next live value is due earlier than was thought
  std::size_t tasks_ = 0;                  // run(), run_live() and the companions'
  bool ended_ = false;                     // run() has
  procedures::Service service_;
  unsigned binding_ = 0;                      // by which the device came, or tried to come, into service …
  std::string tried_acs_;                     // … and its ManagementServer.URL then
  std::optional<Deadline> unreachable_from_;  // the ACS: no connection since then
  std::optional<Deadline> gone_from_;         // the Serving HMS or its SeGWs likewise
  bool address_is_new_ = false;               // the inner one; the HMS has not heard of it
  Mailbox<Message> mailbox_;
  Agenda agenda_;
  std::optional<Deadline> session_due_;  // of a session that is wanted, or wanted again after a failed one
  std::vector<std::string> forgotten_;
  Status status_;
  Observer observer_;
  std::function<void(const std::string&)> on_alarm_;
};

}  // namespace hnbemu::device

#pragma once

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/ipsec/charon.h"
#include "adapters/ipsec/ike_connection.h"
#include "adapters/ipsec/vici_client.h"
#include "generators/facts.h"
#include "netns/netlink.h"
#include "ports/tunnel.h"

namespace hnbemu::ipsec {

// The Tunnel port over the device's own charon, which is started when it is first needed.
class IkeTunnel : public Tunnel {
 public:
  // `home`, the device's namespace, outlives it. `directory` exists and is the device's own.
  IkeTunnel(boost::asio::any_io_executor executor, const netns::Namespace& home, std::string directory, IpAddress outer,
            EspBackend esp, IkeConfig config);
  // Kills charon; the peer is not told. No call may be under way.
  ~IkeTunnel() override;

  Task<Result<TunnelState>> establish(TunnelRequest request, Deadline deadline) override;
  Task<Result<>> release(std::string name, Deadline deadline) override;
  // As it happens by itself when its time has come: new keys of the SAs, or a new IKE SA altogether (RFC 7296 2.8).
  // Returns at once; what comes of it is told as any event. False if there is no such tunnel.
  enum class Renewal { rekey_ike, rekey_child, reauthenticate };
  bool renew(const std::string& name, Renewal how);
  pid_t daemon() const { return charon_ ? charon_->pid() : 0; }
  void on_event(std::function<void(const TunnelEvent&)> handler) override { handler_ = std::move(handler); }

  // The SAs that are up, the serving one last: whenever one comes, changes or goes, and every kSaPeriod, for what they
  // carried. On the device's executor, also from inside establish() and release().
  static constexpr Seconds kSaPeriod{10};
  using SaHandler = std::function<void(std::vector<generators::IkeSa>)>;
  void on_sas(SaHandler handler) { sa_handler_ = std::move(handler); }

 private:
  // What is known of one connection, by its events.
  struct Connection {
    TunnelState state;
    std::string ike_id;                 // charon's unique id of the IKE SA; "" without one
    std::string child_id;               // … of the CHILD SA
    bool established = false;           // establish() has succeeded: from now on changes are told
    bool settling = false;              // a change is waited out before it is told
    bool lost = false;                  // … and it is about to be told
    unsigned events = 0;                // how many it had
    bool pending = false;               // by the last list-sas, charon is still about it
    generators::IkeSa sa{};             // by the last list-sas too
    boost::asio::steady_timer changed;  // cancelled at each event
    bool is_up() const { return !child_id.empty(); }
  };
  using Alive = std::shared_ptr<bool>;  // false once the IkeTunnel is gone

  // ike_tunnel.cc: what was asked for
  Task<Result<>> ensure_daemon(Deadline deadline);
  Task<Result<>> start_daemon(Deadline deadline);
  Task<Result<>> load_credentials(Deadline deadline);
  Task<Result<TunnelState>> initiate(TunnelRequest request, Deadline deadline);
  Task<Result<>> wait_for_child(std::string name, Deadline deadline);
  Task<void> abandon(std::string name);
  Task<Result<vici::Section>> ask(std::string command, vici::Section message, Deadline deadline);
  Task<Result<>> ask_and_wait(std::string command, vici::Section message, Deadline deadline,
                              std::vector<std::string>& log);
  bool has_daemon() const { return vici_ && vici_->is_open() && charon_ && charon_->running(); }
  void drop_daemon();
  Result<> protect(const IpAddress& inner);
  Result<> remove_leftovers();

  // ike_events.cc: what happens by itself
  void on_vici(const std::string& name, const vici::Section& message);
  void on_sa(const std::string& event, const std::string& connection, const vici::Section& sa, bool up);
  void on_rekey(Connection& known, const vici::Section& sa);
  Task<void> settle(std::string name, Alive alive);
  Task<bool> comes_back(std::string name, Alive alive);
  void tell(TunnelEvent event);

  // sa_watch.cc: what the SAs are
  void begin_sa(Connection& made);
  void ask_for_sas();
  void tell_sas();
  Task<void> watch_sas(Alive alive);

  boost::asio::any_io_executor executor_;
  const netns::Namespace& home_;
  std::string directory_;
  IpAddress outer_;
  EspBackend esp_;
  IkeConfig config_;
  std::function<void(const TunnelEvent&)> handler_;
  SaHandler sa_handler_;
  bool watching_sas_ = false;
  bool sas_changed_ = false;           // since charon was last asked
  boost::asio::steady_timer sas_due_;  // cancelled when they have
  std::optional<Charon> charon_;
  std::unique_ptr<vici::Client> vici_;
  bool starting_ = false;
  boost::asio::steady_timer started_;  // cancelled when charon has been started, or could not be
  std::map<std::string, Connection> connections_;
  std::deque<IpAddress> protected_;
  Alive alive_ = std::make_shared<bool>(true);
};

// Why charon gave up, or had got no further when the deadline passed, by its own words in their order.
Error classify(const std::vector<std::string>& log, bool deadline_passed);

}  // namespace hnbemu::ipsec

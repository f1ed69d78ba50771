#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/ipsec/charon.h"
#include "adapters/ipsec/vici_client.h"
#include "netns/netlink.h"
#include "ports/tunnel.h"

namespace hnbemu::ipsec {

struct IkeConfig {
  std::string identity;                  // IDi: an FQDN that the certificate carries
  std::string certificate;               // PEM
  std::string private_key;               // PEM
  std::vector<std::string> trusted_cas;  // PEM; the SeGW's certificate must chain to one
  std::vector<std::string> ike_proposals{"aes256-sha256-ecp256", "default"};
  std::vector<std::string> esp_proposals{"aes128gcm16", "default"};
  std::vector<std::string> remote_ts{"0.0.0.0/0"};
  Seconds dpd_delay{20};
};

// The Tunnel port over the device's own charon, which is started when it is first needed.
class IkeTunnel : public Tunnel {
 public:
  // `home`, the device's namespace, outlives it. `directory` exists and is the device's own.
  IkeTunnel(boost::asio::any_io_executor executor, const netns::Namespace& home, std::string directory, IpAddress outer,
            EspBackend esp, IkeConfig config);
  ~IkeTunnel() override;

  Task<Result<TunnelState>> establish(TunnelRequest request, Deadline deadline) override;
  Task<Result<>> release(std::string name, Deadline deadline) override;
  void on_event(std::function<void(const TunnelEvent&)> handler) override { handler_ = std::move(handler); }

 private:
  // What is known of one connection, by its events.
  struct Connection {
    TunnelState state;
    std::string unique_id;  // of the IKE SA; "" without one
    bool child_up = false;
    bool established = false;        // establish() has succeeded: from now on changes are told
    bool settling = false;           // a change is waited out before it is told
    std::vector<std::string> log{};  // charon's words while it is being established
  };

  Task<Result<>> ensure_daemon(Deadline deadline);
  Task<Result<TunnelState>> initiate(TunnelRequest request, Deadline deadline);
  Task<Result<>> wait_for_child(std::string name, Deadline deadline);
  vici::Section connection_message(const TunnelRequest& request) const;
  void on_vici(const std::string& name, const vici::Section& message);
  void on_sa(const std::string& event, const std::string& connection, const vici::Section& sa, bool up);
  Task<void> settle(std::string name);
  void on_daemon_gone();
  void drop_daemon();
  Result<> protect(const IpAddress& inner);  // what is bound to it never leaves in clear

  boost::asio::any_io_executor executor_;
  const netns::Namespace& home_;
  std::string directory_;
  IpAddress outer_;
  EspBackend esp_;
  IkeConfig config_;
  std::function<void(const TunnelEvent&)> handler_;
  std::optional<Charon> charon_;
  std::unique_ptr<vici::Client> vici_;
  std::map<std::string, Connection> connections_;
  boost::asio::steady_timer changed_;  // cancelled at each event of an SA
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

// Why charon gave up, by its own words in the order in which it said them.
Error classify(const std::vector<std::string>& log);

}  // namespace hnbemu::ipsec

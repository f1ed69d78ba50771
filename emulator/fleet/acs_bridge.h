#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "adapters/forward/forwarder.h"
#include "base/url.h"
#include "lab/lab.h"
#include "netns/uplink.h"

namespace hnbemu::fleet {

// The way between an ACS of the user's own and devices in namespaces that have no other. Without an uplink, TCP is
// carried: the devices find the ACS at an address in `wan`, or in `core` behind the lab's SeGW; an ACS on the host's
// loopback sees each device at a loopback address of its own, 127.64.0.1 and on, and reaches it there for connection
// requests. With an uplink there are routes instead, and everybody has their own address.
class AcsBridge {
 public:
  static constexpr std::uint16_t kConnectionRequestPort = 30'005;  // of the devices on the host's loopback
  static constexpr std::uint32_t kFirstLoopback = 0x7F400000;      // 127.64.0.0: a /16 for each fleet of the host
  static constexpr unsigned kMaxFleets = 60;                       // 127.64 to 127.123

  struct Settings {
    Url acs;
    bool over_wan = false;   // some devices have no IPsec
    bool over_core = false;  // some are behind the lab's SeGW
    bool uplink = false;
    std::size_t devices = 0;
  };
  static Result<std::unique_ptr<AcsBridge>> open(lab::Lab& lab, const Settings& settings);
  ~AcsBridge();
  AcsBridge(const AcsBridge&) = delete;
  AcsBridge& operator=(const AcsBridge&) = delete;

  // What a device takes the ACS's name for.
  const std::map<std::string, IpAddress>& hosts(bool over_core) const { return over_core ? core_hosts_ : wan_hosts_; }
  // Host and port of the device's connection-request URL; "" if it is the device's own address.
  std::string authority(std::size_t index) const;
  // The device has this address from now on, in its place of the network. Any thread.
  void learn(std::size_t index, const IpAddress& address, bool over_core);
  const std::vector<std::string>& advice() const { return advice_; }  // what the user still has to do

 private:
  struct Place {
    IpAddress address;
    bool over_core = false;
  };

  AcsBridge(lab::Lab& lab, Settings settings) : lab_(lab), settings_(std::move(settings)) {}
  Result<> take_slot();
  Result<> find_acs();
  Result<> route(bool over_core);
  Result<> carry(bool over_core);
  Result<> take_connection_requests();
  Result<forward::Outbound> towards_acs(const IpAddress& peer);
  Result<forward::Outbound> towards_device(std::size_t index);
  IpAddress loopback(std::size_t index) const;

  lab::Lab& lab_;
  Settings settings_;
  UniqueFd slot_lock_;
  unsigned slot_ = 0;
  IpAddress acs_;
  std::map<std::string, IpAddress> wan_hosts_;
  std::map<std::string, IpAddress> core_hosts_;
  std::vector<netns::Uplink> uplinks_;
  std::vector<std::string> advice_;
  std::optional<netns::Namespace> host_;

  std::mutex mutex_;  // for what follows
  std::map<IpAddress, std::size_t> devices_;
  std::vector<Place> places_;

  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
  std::vector<std::unique_ptr<forward::Forwarder>> forwarders_;
  std::thread thread_;
};

}  // namespace hnbemu::fleet

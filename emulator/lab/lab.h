#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "lab/address_plan.h"
#include "lab/config.h"
#include "lab/dhcp_server.h"
#include "lab/dns_server.h"
#include "lab/ntp_server.h"
#include "lab/pki.h"
#include "lab/segw.h"
#include "lab/site.h"
#include "ports/path.h"

namespace hnbemu::lab {

// What a device has of the access network: its end of the link is up, with a default route.
struct Attachment {
  std::string interface;
  netns::MacAddress mac{};
  Path outer;
  IpAddress public_address;  // by which others know it: a NAT's, or its own
};

// A home gateway between the device and the access network.
struct Nat {
  Seconds udp_lifetime{0};  // of a UDP binding that is not used; 0: as the kernel has it
};

struct Access {
  std::optional<Nat> nat{};
  bool by_dhcp = false;  // without a NAT: the device's end has no address and no route until DHCP gives its own
};

// Where the reference HMS listens (in `core`) and what it presents.
struct HmsSite {
  std::string name;
  IpAddress address;
  std::optional<IpAddress> public_address;  // in `wan`, of one that is there too
  Credential credential;
};

// A daemon of the lab that has ended of itself.
struct Ended {
  std::string_view role;  // "DNS", "NTP", "DHCP", "SeGW"
  std::string name;       // "outer", "inner" or the SeGW's own
  std::string log;        // which may say why
};

// The operator's network: wan (router, outer DNS), SeGWs, core (inner DNS, the HMSs' addresses), and the PKI. It lives
// in namespaces without a name and in child processes that die with this process, so nothing survives a SIGKILL. The
// caller may run HMSs in `core`, on sockets made with netns::socket_in.
class Lab {
 public:
  // Blocks for some tenths of a second: everything answers on return. On failure nothing is left.
  static Result<std::unique_ptr<Lab>> up(LabConfig config);
  ~Lab() { down(); }
  Lab(const Lab&) = delete;
  Lab& operator=(const Lab&) = delete;

  // Idempotent and bounded; sockets that others hold in `wan` and `core` are the only thing that it leaves.
  void down();

  // Any thread; blocks for a millisecond or two. The link goes with the device's namespace, its address (and the
  // gateway, a namespace of its own) with detach().
  Result<Attachment> attach(const std::string& device, const netns::Namespace& home, const Access& access = {});
  void detach(const std::string& device);

  // From now on the SeGW of that name gives addresses of its other pool, by turns: devices get theirs when they
  // re-authenticate, or come anew. Any thread; blocks for some milliseconds. Errors: configuration (no such SeGW, no
  // spare pool).
  Result<> renumber(const std::string& segw);

  // An address of `wan` or `core` that the devices reach.
  Result<> add_host(bool in_core, const IpAddress& address);

  std::vector<Ended> ended();  // until down()

  const LabConfig& config() const { return config_; }
  const Pki& pki() const { return pki_; }
  const AddressPlan& addresses() const { return plan_; }
  ipsec::EspBackend esp() const { return esp_; }
  const std::string& serving_segw() const;  // the initial one's name where they are the same
  const std::string& serving_hms() const;
  const std::vector<HmsSite>& hmss() const { return hmss_; }  // initial and serving first, each once
  const netns::Namespace& wan() const { return wan_->home; }  // until down()
  const netns::Namespace& core() const { return core_->home; }

 private:
  Lab(LabConfig config, const AddressPlan& plan, Pki pki, ipsec::EspBackend esp)
      : config_(std::move(config)), plan_(plan), pki_(std::move(pki)), esp_(esp) {}
  Result<> build(Deadline deadline);
  Result<> make_hms_sites();
  Result<> make_sites();
  Result<> start_dns(Deadline deadline);
  Result<> start_dhcp(Deadline deadline);
  Result<> start_ntp(Deadline deadline);
  Result<> start_segws(Deadline deadline);
  struct Daemon {
    Ended if_ended;
    netns::Process* process;
  };
  std::vector<Daemon> daemons();  // but the SeGWs
  // With attaching_ held:
  Result<std::size_t> take_slot(const std::string& device);
  void release(const std::string& device);
  Result<> join(std::size_t slot, const LinkAddresses& link, const netns::Namespace& home, bool by_dhcp);
  Result<> join_by_gateway(std::size_t slot, const LinkAddresses& link, const netns::Namespace& home, const Nat& nat);

  LabConfig config_;
  AddressPlan plan_;
  Pki pki_;
  ipsec::EspBackend esp_;
  std::vector<HmsSite> hmss_;

  std::optional<Site> wan_;
  std::optional<Site> core_;
  std::vector<DnsServer> dns_servers_;
  std::optional<DhcpServer> dhcp_server_;
  std::vector<NtpServer> ntp_servers_;
  std::vector<Segw> segws_;
  std::vector<std::string> segw_names_;  // of those that run, in the same order

  std::mutex renumbering_;
  std::mutex attaching_;                      // guards what follows and the wan's netlink socket
  std::map<std::string, std::size_t> slots_;  // device -> index of its /31
  std::set<std::size_t> free_slots_;          // below next_slot_
  std::size_t next_slot_ = 0;
  std::map<std::size_t, netns::Namespace> gateways_;  // slot -> the home gateway in front of the device
};

}  // namespace hnbemu::lab

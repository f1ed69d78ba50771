#pragma once

#include <fmt/format.h>

#include <string>

#include "adapters/ipsec/charon.h"
#include "base/time.h"
#include "lab/address_plan.h"
#include "lab/pki.h"
#include "lab/site.h"

namespace hnbemu::lab {

struct SegwSetup {
  std::string label;  // of its directory and of its links in wan and core
  SegwAddresses addresses;
  Credential credential;
  std::string device_root;  // PEM: who signs the devices' certificates
  IpAddress inner_dns;
  Prefix device_pool;
  Prefix core_prefix;
  std::string directory;  // of the lab; the SeGW makes its own in it
  ipsec::EspBackend esp = ipsec::EspBackend::kernel;
};

// A security gateway: charon as IKEv2 responder in a namespace of its own between wan and core. It routes to the
// devices and to the core, and nowhere else.
class Segw {
 public:
  // Returns when it accepts connections.
  static Result<Segw> start(Site& wan, Site& core, const SegwSetup& setup, Deadline deadline);
  bool running() const { return charon_.running(); }
  std::string log() const { return fmt::format("{}/{}/charon.log", setup_.directory, setup_.label); }
  void stop() { charon_.stop(); }
  // New IKE SAs get addresses of the spare pool from now on, or of the first one again. Blocks for some milliseconds.
  Result<> renumber(Deadline deadline);

 private:
  Segw(Site site, ipsec::Charon charon, SegwSetup setup)
      : site_(std::move(site)), charon_(std::move(charon)), setup_(std::move(setup)) {}
  Site site_;
  ipsec::Charon charon_;
  SegwSetup setup_;
  bool spare_ = false;  // addresses come from the spare pool
};

}  // namespace hnbemu::lab

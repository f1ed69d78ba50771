#pragma once

#include <cstddef>
#include <optional>

#include "lab/config.h"

namespace hnbemu::lab {

// The two ends of a /31.
struct LinkAddresses {
  IpAddress router;
  IpAddress host;
};

struct SegwAddresses {
  LinkAddresses wan;   // host: the SeGW's public address
  LinkAddresses core;  // router: the core's end
  Prefix inner_pool;
  std::optional<Prefix> spare_pool;
};

// Who has which address. The same configuration gives the same plan at every run.
class AddressPlan {
 public:
  // Cause::configuration if pools overlap, are too small, or are not IPv4 network addresses.
  static Result<AddressPlan> make(const LabConfig& config);

  std::size_t device_capacity() const;
  LinkAddresses device(std::size_t index) const;
  SegwAddresses segw(std::size_t index) const;
  IpAddress hms(std::size_t index) const;
  IpAddress public_hms(std::size_t index) const;  // in the wan, of one that is on the public Internet too
  IpAddress acs_in_wan() const;                   // where an ACS of the user's own is found without IPsec …
  IpAddress acs_in_core() const;                  // … and behind a SeGW
  IpAddress stun_in_wan() const;
  IpAddress stun_in_core() const;
  IpAddress outer_dns() const;
  IpAddress inner_dns() const;

 private:
  AddressPlan() = default;
  Prefix device_pool_;
  Prefix wan_;
  Prefix core_;
  Prefix inner_pool_;
  std::optional<Prefix> spare_pool_;
  unsigned inner_length_ = 0;  // of each SeGW's part of the inner pool
  unsigned spare_length_ = 0;
};

}  // namespace hnbemu::lab

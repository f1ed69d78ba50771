#pragma once

#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "base/time.h"
#include "cwmp/messages.h"
#include "datamodel/fault.h"

namespace hnbemu::cwmp {

// What vouchers have enabled and disabled on a device (TR-069 A.4.1.3, A.4.1.4, Annex C).
class Options {
 public:
  static constexpr std::size_t kMaxOptions = 64;           // more: fault 9004
  static constexpr std::size_t kMaxVouchers = 64;          // of one SetVouchers; more: fault 9004
  static constexpr std::size_t kMaxVoucherBytes = 65'536;  // of one voucher, decoded; more: fault 9004
  static constexpr std::int64_t kMaxDuration = 1200;       // of an option, in its units; more: fault 9003

  struct Refusal {
    datamodel::FaultCode code = datamodel::FaultCode::invalid_arguments;
    std::string why;
  };

  // All vouchers or none. A voucher is the base64 of a dsig:Signature with an Option in each of its Objects; its
  // signature is not verified, for there is no authority that devices like these trust. Refused are what is no voucher
  // (9003) and options of another device (9001).
  tl::expected<void, Refusal> apply(const SetVouchers& request, const DeviceId& device, WallTime now);

  // The one of that name, or all for ""; nothing if there is none of that name. What has expired is disabled.
  std::vector<OptionStruct> told(std::string_view name, WallTime now) const;

  const std::vector<OptionStruct>& all() const { return options_; }
  void restore(std::vector<OptionStruct> options) { options_ = std::move(options); }
  void clear() { options_.clear(); }

 private:
  std::vector<OptionStruct> options_;
};

}  // namespace hnbemu::cwmp

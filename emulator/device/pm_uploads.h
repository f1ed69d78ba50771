#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <map>

#include "device/abort.h"
#include "device/measurements.h"
#include "procedures/file_transfer.h"

namespace hnbemu::device {

// Sends the measurement files while the device is in service: one at a time, those of a Config object in their order,
// each until its server has taken it.
class PmUploads final : public Companion {
 public:
  static constexpr Seconds kFirstWait{10};  // after a failure; doubled each time
  static constexpr Seconds kLongestWait{900};
  static constexpr Seconds kUploadLimit{300};

  PmUploads(boost::asio::any_io_executor executor, procedures::Context& context, Measurements& measurements, bool post);

  void look() { wake_.push({}); }  // there are files to send
  void look_at_once();             // whatever failed before

  Task<void> run() override;
  void power_up() override;
  void power_down() override;
  void serve(const procedures::Service& service) override;
  void leave() override;
  void follow() override { wake_.push({}); }

 private:
  struct Wake {};
  struct Retry {
    unsigned failures = 0;
    Deadline next{};
    procedures::PmTarget tried{};
  };
  Task<Deadline> work();
  Task<void> send(pm::Waiting file, procedures::PmTarget target);
  Task<void> upload(procedures::FileJob job, std::optional<Result<std::uint64_t>>& sent);
  void note(const pm::Waiting& file, const Result<std::uint64_t>& sent);
  void settle();

  procedures::Context& context_;
  Measurements& measurements_;
  bool post_;
  Mailbox<Wake> wake_;
  Abort work_;
  bool powered_ = false;
  bool failing_ = false;                // and an alarm says so
  std::optional<Path> way_;             // to the file servers; none: not in service
  std::map<std::string, Retry> retry_;  // by row, of those that are enabled
};

}  // namespace hnbemu::device

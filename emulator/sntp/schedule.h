#pragma once

#include <random>
#include <string>
#include <vector>

#include "sntp/packet.h"

namespace hnbemu::sntp {

enum class Status : std::uint8_t { unsynchronised, synchronised, failed };

// Which server is asked when (RFC 4330 10): the servers in their order until one answers, then that one, less and less
// often. When none has answered, the round is made again after a wait that doubles.
class Schedule {
 public:
  static constexpr Seconds kAnswerTime{5};   // that a server has
  static constexpr Seconds kFirstRetry{15};  // RFC 4330 10: never asked more often
  static constexpr Seconds kMaxRetry{1024};
  static constexpr Seconds kMinPoll{64};
  static constexpr Seconds kMaxPoll{1024};
  static constexpr std::chrono::hours kHoldover{24};  // how long the time stays good without an answer

  explicit Schedule(std::mt19937_64& random) : random_(random) {}

  // From the beginning, with the first round now. Empty: nothing is due ever.
  void begin(std::vector<std::string> servers, Deadline now);
  // When server() is to be asked; Deadline::max() if none is.
  Deadline due() const { return due_; }
  const std::string& server() const { return servers_[current_]; }  // with due() reached
  void answered(Deadline now);
  void refused(Refusal why, Deadline now);
  Status status(Deadline now) const;

 private:
  bool next_server();  // false: the round has been made
  Seconds with_jitter(Seconds wait);

  std::mt19937_64& random_;
  std::vector<std::string> servers_;
  std::vector<bool> denied_;
  std::size_t current_ = 0;
  std::size_t asked_ = 0;  // of this round
  Deadline due_ = Deadline::max();
  Seconds poll_ = kMinPoll;
  Seconds retry_ = kFirstRetry;
  Deadline answered_at_{};  // the last time
  bool ever_answered_ = false;
  bool failed_ = false;  // a whole round, since it was begun
};

}  // namespace hnbemu::sntp

#include "pm/traffic.h"

#include <array>
#include <numbers>

#include "pm/dice.h"

namespace hnbemu::pm {
namespace {

constexpr double kHour = 3'600;
constexpr double kOverload = 0.25;  // failures at twice the load from which they rise
constexpr double kEasy = 0.6;       // that load
constexpr double kMaxFailure = 0.98;
constexpr double kPacketBits = 9'600;
constexpr double kLteBits = 35e6;  // a second, of a 10 MHz cell, downlink
constexpr double kUmtsBits = 7.2e6;
constexpr double kUplink = 0.15;  // of the downlink's bits

// What one draw shares: the dice, the counts that it fills, and how likely things fail.
class Draw {
 public:
  Draw(Rat rat, const Traffic& traffic, const Conditions& conditions, double seconds, std::uint64_t seed)
      : counts(rat), dice_(seed), traffic_(traffic), seconds_(seconds) {
    activity_ = activity(traffic, conditions.hour);
    load_ = load(traffic, conditions.hour);
    const double excess = std::max(0.0, load_ - kEasy);
    failure_ = std::clamp(traffic.failure + kOverload * excess * excess + conditions.fault, 0.0, kMaxFailure);
  }

  Counts counts;

 protected:
  double& at(std::size_t event) { return counts.sums[event]; }
  void peak(std::size_t which, double value) { counts.peaks[which] = std::max(counts.peaks[which], value); }
  double busy(double per_hour) const { return traffic_.subscribers * per_hour * activity_ * seconds_ / kHour; }

  // Attempts become successes and failures; these are divided among `Reasons` events from `fail` on. Gives the former.
  template <std::size_t Reasons>
  double attempt(double attempts, double probability, std::size_t succ, std::size_t fail,
                 const std::array<double, Reasons>& weights) {
    const double failed = dice_.share(attempts, probability);
    dice_.divide(failed, weights, &at(fail));
    at(succ) += attempts - failed;
    return attempts - failed;
  }
  double attempt(double attempts, double probability, Handover events) {
    return attempt<1>(attempts, probability, events.succ, events.fail, {1});
  }
  std::array<double, 3> rrc_reasons() const { return {0.2 + load_, 0.6, 0.2}; }

  void set_up(double succeeded, std::size_t setup_ms, std::size_t peak_ms, double typical) {
    const double mean = dice_.around(typical * (1 + load_), 0.1);
    at(setup_ms) += std::round(succeeded * mean);
    if (succeeded > 0) peak(peak_ms, std::round(mean * (1.5 + dice_.share(100, 0.5) / 50)));
  }
  void users(double user_seconds, std::size_t event, std::size_t peak_users) {
    at(event) += user_seconds;
    const double mean = user_seconds / seconds_;
    if (user_seconds > 0) peak(peak_users, std::ceil(mean + std::sqrt(mean)));
  }

  Dice dice_;
  const Traffic& traffic_;
  double seconds_;
  double activity_ = 0;
  double load_ = 0;
  double failure_ = 0;
};

constexpr std::array<double, 3> kSetup{0.2, 0.6, 0.2};
constexpr std::array<double, 4> kDrop{0.6, 0.1, 0.15, 0.15};

class LteDraw : public Draw {
 public:
  using Draw::Draw;
  void run() {
    at(e.on_s) = seconds_;
    connect();
    bear();
    release();
    move();
    carry();
  }

 private:
  static constexpr std::size_t kSignalling = 3;  // in kLteCauses
  static constexpr std::size_t kVoice = 0;       // in kQcis
  static constexpr std::size_t kVideo = 1;
  static constexpr std::size_t kIms = 2;
  static constexpr std::size_t kData = 4;

  void connect() {
    const double sessions = busy(traffic_.sessions_per_hour);
    const double calls = busy(traffic_.calls_per_hour);
    const std::array<double, 5> means{calls * 0.002, sessions * 0.001, sessions * 0.4 + calls * 0.5,
                                      busy(traffic_.signalling_per_hour), sessions * 0.6 + calls * 0.5};
    double connected = 0;
    for (std::size_t i = 0; i < means.size(); ++i) {
      const double succeeded =
          attempt(dice_.poisson(means[i]), failure_, e.rrc_succ + i, e.rrc_fail + i * 3, rrc_reasons());
      connected += succeeded;
      if (i != kSignalling) wanting_ += succeeded;
    }
    set_up(connected, e.setup_ms, e.peak_setup_ms, 45);
    attempt<1>(dice_.share(connected, 0.03 + failure_ / 4), 0.2 + failure_ / 2, e.reestab_succ, e.reestab_fail, {1});
    attempt<1>(connected, failure_ / 4, e.s1_succ, e.s1_fail, {1});
    wanting_ = attempt(wanting_, failure_ / 3, e.context_succ, e.context_fail, kSetup);
    const double calls_among = calls + sessions > 0 ? calls / (calls + sessions) : 0;
    calls_ = dice_.share(wanting_, calls_among);
  }

  void bear() {
    const std::array<double, 5> initial{0, 0, dice_.share(wanting_, 0.4), dice_.share(wanting_, 0.3), 0};
    for (std::size_t i = 0; i < initial.size(); ++i) {
      const double attempts = i == kData ? wanting_ - initial[3] : initial[i];
      set_[i] += attempt(attempts, failure_ / 2, e.init_succ + i, e.init_fail + i * 3, kSetup);
    }
    set_[kVoice] += attempt(calls_, failure_ / 2, e.add_succ + kVoice, e.add_fail, kSetup);
    const double video = dice_.share(calls_, 0.1);
    set_[kVideo] += attempt(video, failure_ / 2, e.add_succ + kVideo, e.add_fail + kVideo * 3, kSetup);
  }

  void release() {
    for (std::size_t i = 0; i < set_.size(); ++i) {
      const double dropped = dice_.share(set_[i], failure_ / 2);
      dice_.divide(dropped, kDrop, &at(e.drop + i * 4));
      const double idle = dice_.share(set_[i] - dropped, i <= kVideo ? 0.02 : 0.7);
      at(e.release_enb + i) += idle;
      at(e.release_mme + i) += set_[i] - dropped - idle;
      const double held = i <= kVideo ? traffic_.call_s : traffic_.session_s;
      at(e.session_s + i) += std::round(set_[i] * dice_.around(held, 0.1));
    }
    const double data = at(e.session_s + 3) + at(e.session_s + kData);
    users(data + at(e.session_s + kVoice), e.user_s, e.peak_users);
    at(e.csg_user_s) += std::round(at(e.user_s) * 0.8);
  }

  void move() {
    attempt(dice_.share(wanting_, 0.04), 0.03 + failure_, e.to_enb);
    attempt(dice_.poisson(busy(traffic_.calls_per_hour) * 0.1), 0.03 + failure_, e.from_enb);
    attempt(dice_.share(calls_, 0.03), 0.05 + failure_, e.to_utran);
    attempt(dice_.share(calls_, 0.01), 0.05 + failure_, e.to_geran);
    attempt<2>(dice_.poisson(busy(traffic_.sessions_per_hour) * 0.05), 0.1 + failure_, e.csg_succ, e.csg_fail, {2, 1});
    const double paged = dice_.poisson(busy(traffic_.sessions_per_hour) * 0.8);
    at(e.paging_discarded) = dice_.share(paged, std::min(0.5, load_ * 0.02));
    at(e.paging_passed) = paged - at(e.paging_discarded);
  }

  void carry() {
    const double kbits = traffic_.session_kbytes * 8'000;
    const double room = kLteBits * seconds_;
    double dl = 0, ul = 0;
    for (std::size_t i = 0; i < set_.size(); ++i) {
      double bits = set_[i] * dice_.around(i == kIms ? 40'000 : kbits, 0.3);
      if (i <= kVideo) bits = at(e.session_s + i) * (i == kVoice ? 24'000 : 600'000);
      const double down = std::round(std::min(bits, room - dl));
      const double up = std::round(i <= kVideo ? down : down * kUplink);
      at(e.dl_bits + i) += down;
      at(e.ul_bits + i) += up;
      dl += down;
      ul += up;
    }
    if (dl <= 0) return;
    packets(dl, ul);
    at(e.dl_active_s) += std::min(at(e.user_s), dl / 4e6);
    at(e.ul_active_s) += std::min(at(e.user_s), ul / 1e6);
    at(e.dl_prb_s) += 100 * dl / kLteBits;
    at(e.ul_prb_s) += std::min(100 * seconds_, 100 * ul / (kLteBits / 2));
    peak(e.peak_dl_rate, std::round(std::min(kLteBits, dl / seconds_ * dice_.around(8, 0.2)) / 1'000));
    peak(e.peak_ul_rate, std::round(std::min(kLteBits / 2, ul / seconds_ * dice_.around(8, 0.2)) / 1'000));
  }

  void packets(double dl, double ul) {
    at(e.dl_packets) = std::ceil(dl / kPacketBits);
    at(e.ul_packets) = std::ceil(ul / kPacketBits);
    at(e.dl_dropped) = std::floor(at(e.dl_packets) * std::min(0.2, dice_.around(0.0002 * (1 + load_), 0.3)));
    at(e.dl_lost) = std::floor(at(e.dl_packets) * std::min(0.2, dice_.around(0.0005 + failure_ / 20, 0.3)));
    at(e.ul_lost) = std::floor(at(e.ul_packets) * std::min(0.2, dice_.around(0.0005 + failure_ / 20, 0.3)));
    at(e.dl_delay_ms) = std::round(at(e.dl_packets) * dice_.around(12 * (1 + load_), 0.1));
  }

  const LteEvents& e = lte_events();
  double wanting_ = 0;  // contexts
  double calls_ = 0;
  std::array<double, 5> set_{};  // E-RABs by QCI
};

class UmtsDraw : public Draw {
 public:
  using Draw::Draw;
  void run() {
    at(e.on_s) = seconds_;
    connect();
    bear();
    carry();
    move();
  }

 private:
  void connect() {
    const double sessions = busy(traffic_.sessions_per_hour);
    const double calls = busy(traffic_.calls_per_hour);
    const std::array<double, 8> means{
        calls * 0.5,    sessions * 0.35, sessions * 0.25, calls * 0.5,
        sessions * 0.3, sessions * 0.1,  calls * 0.002,   busy(traffic_.signalling_per_hour)};
    double connected = 0;
    for (std::size_t i = 0; i < means.size(); ++i) {
      const double succeeded =
          attempt(dice_.poisson(means[i]), failure_, e.rrc_succ + i, e.rrc_fail + i * 3, rrc_reasons());
      connected += succeeded;
      const bool voice = i == 0 || i == 3 || i == 6;
      if (voice) calls_ += succeeded;
      if (!voice && i != 7) sessions_ += succeeded;
    }
    set_up(connected, e.setup_ms, e.peak_setup_ms, 280);
    const double registrations = at(e.rrc_succ + 7);
    attempt<1>(registrations, failure_ / 2 + 0.01, e.ue_succ, e.ue_fail, {1});
  }

  void bear() {
    const double streamed = dice_.share(calls_, 0.03);
    const double viewed = dice_.share(sessions_, 0.05);
    const double browsed = dice_.share(sessions_ - viewed, 0.6);
    domain({calls_ - streamed, streamed}, {e.cs_succ, e.cs_fail, e.cs_release, e.cs_drop, e.cs_call_s},
           traffic_.call_s);
    carried_ = domain({viewed, browsed, sessions_ - viewed - browsed},
                      {e.ps_succ, e.ps_fail, e.ps_release, e.ps_drop, e.ps_session_s}, traffic_.session_s);
    users(at(e.cs_call_s) + at(e.ps_session_s), e.user_s, e.peak_users);
  }

  struct Domain {
    std::size_t succ, fail, release, drop, held_s;
  };
  double domain(std::initializer_list<double> wanted, const Domain& events, double held) {
    std::size_t i = 0;
    double all = 0;
    for (const auto attempts : wanted) {
      const double set = attempt(attempts, failure_ / 2, events.succ + i, events.fail + i * 3, kSetup);
      const double dropped = dice_.share(set, failure_);
      dice_.divide(dropped, kDrop, &at(events.drop + i * 4));
      at(events.release + i) += set - dropped;
      all += set;
      ++i;
    }
    at(events.held_s) += std::round(all * dice_.around(held, 0.1));
    return all;
  }

  void carry() {
    const double bits = std::min(carried_ * dice_.around(traffic_.session_kbytes * 8'000, 0.3), kUmtsBits * seconds_);
    constexpr std::array<double, 4> kShares{0.9, 0.03, 0.03, 0.04};
    for (std::size_t i = 0; i < kShares.size(); ++i) {
      at(e.dl_bits + i) += std::round(bits * kShares[i]);
      at(e.ul_bits + i) += std::round(bits * kUplink * kShares[i]);
    }
  }

  void move() {
    const double calls = busy(traffic_.calls_per_hour);
    attempt(dice_.poisson(calls * 0.1), 0.04 + failure_, e.macro_cs);
    attempt(dice_.poisson(busy(traffic_.sessions_per_hour) * 0.02), 0.04 + failure_, e.macro_ps);
    attempt(dice_.poisson(calls * 0.02), 0.06 + failure_, e.gsm_cs);
    attempt(dice_.share(calls_, 0.05), 0.04 + failure_, e.intra);
    attempt(dice_.share(calls_, 0.03), 0.04 + failure_, e.inter);
    attempt(dice_.share(calls_, 0.02), 0.06 + failure_, e.to_gsm);
    const double paged = dice_.poisson(busy(traffic_.sessions_per_hour) * 0.8);
    at(e.paging_discarded) = dice_.share(paged, std::min(0.5, load_ * 0.02));
    at(e.paging_passed) = paged - at(e.paging_discarded);
  }

  const UmtsEvents& e = umts_events();
  double calls_ = 0;
  double sessions_ = 0;
  double carried_ = 0;
};

}  // namespace

double activity(const Traffic& traffic, double hour) {
  const double angle = (hour - traffic.peak_hour) / 24 * 2 * std::numbers::pi;
  return traffic.night + (1 - traffic.night) * (1 + std::cos(angle)) / 2;
}

double load(const Traffic& traffic, double hour) {
  const double held = traffic.calls_per_hour * traffic.call_s + traffic.sessions_per_hour * traffic.session_s;
  return traffic.subscribers * activity(traffic, hour) * held / kHour / traffic.capacity;
}

Counts draw(Rat rat, const Traffic& traffic, const Conditions& conditions, double seconds, std::uint64_t seed) {
  if (rat == Rat::lte) {
    LteDraw draw(rat, traffic, conditions, seconds, seed);
    draw.run();
    return std::move(draw.counts);
  }
  UmtsDraw draw(rat, traffic, conditions, seconds, seed);
  draw.run();
  return std::move(draw.counts);
}

}  // namespace hnbemu::pm

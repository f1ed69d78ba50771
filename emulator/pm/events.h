#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// What happens in a cell, as a flat list of things that are counted one by one; whatever a measurement says is a sum of
// these, so measurements agree with each other.
namespace hnbemu::pm {

enum class Rat : std::uint8_t { umts, lte };
std::string_view to_string(Rat rat);  // "umts"

inline constexpr std::string_view kLteCauses[] = {"emergency", "highPriorityAccess", "mt-Access", "mo-Signalling",
                                                  "mo-Data"};  // TS 36.331 EstablishmentCause
inline constexpr std::string_view kQcis[] = {"1", "2", "5", "8", "9"};
inline constexpr std::string_view kUmtsCauses[] = {  // TS 25.331 10.3.3.11
    "originatingConversational",
    "originatingInteractive",
    "originatingBackground",
    "terminatingConversational",
    "terminatingInteractive",
    "terminatingBackground",
    "emergency",
    "registration"};
inline constexpr std::string_view kCsClasses[] = {"Conv", "Strm"};  // traffic classes of TS 23.107
inline constexpr std::string_view kPsClasses[] = {"Strm", "Intact", "Bgrd"};
inline constexpr std::string_view kRrcReasons[] = {"congestion", "noReply", "unspecified"};
inline constexpr std::string_view kSetupReasons[] = {"transport", "radioNetwork", "misc"};
inline constexpr std::string_view kDropReasons[] = {"radioConnectionLost", "transport", "overload", "handover"};
inline constexpr std::string_view kCsgReasons[] = {"accessDenied", "other"};
inline constexpr std::string_view kDownlinkChannels[] = {"hsdpa", "64k", "128k", "384k"};
inline constexpr std::string_view kUplinkChannels[] = {"edch", "64k", "128k", "384k"};

// An event's place in the list is that of its first name, plus the places of the further ones in their lists.
struct Handover {
  std::size_t succ = 0;
  std::size_t fail = 0;
};
struct LteEvents {
  std::size_t on_s, off_s;  // seconds on the air, and not
  std::size_t rrc_succ, rrc_fail, setup_ms, reestab_succ, reestab_fail, user_s;
  std::size_t s1_succ, s1_fail, context_succ, context_fail;
  std::size_t init_succ, init_fail, add_succ, add_fail;  // E-RABs by QCI, failures by reason too
  std::size_t release_enb, release_mme, drop, session_s;
  Handover to_enb, from_enb, to_utran, to_geran;
  std::size_t csg_succ, csg_fail, csg_user_s, paging_passed, paging_discarded;
  std::size_t dl_bits, ul_bits, dl_packets, dl_dropped, dl_lost, ul_packets, ul_lost, dl_delay_ms;
  std::size_t dl_active_s, ul_active_s, dl_prb_s, ul_prb_s;           // percent of the PRBs times seconds
  std::size_t peak_setup_ms, peak_users, peak_dl_rate, peak_ul_rate;  // in the list of peaks
};
struct UmtsEvents {
  std::size_t on_s, off_s;
  std::size_t rrc_succ, rrc_fail, setup_ms, user_s;
  std::size_t cs_succ, cs_fail, cs_release, cs_drop, cs_call_s;  // RABs by class, failures by reason too
  std::size_t ps_succ, ps_fail, ps_release, ps_drop, ps_session_s;
  std::size_t dl_bits, ul_bits;
  Handover macro_cs, macro_ps, gsm_cs, intra, inter, to_gsm;
  std::size_t ue_succ, ue_fail, paging_passed, paging_discarded;
  std::size_t peak_setup_ms, peak_users;
};

// Dotted names, "rrc.fail.mo-Data.congestion".
class EventList {
 public:
  // Of the first of `name` with each of `first`, each of these with each of `second`.
  std::size_t add(std::string_view name, std::span<const std::string_view> first = {},
                  std::span<const std::string_view> second = {});
  std::size_t add_peak(std::string_view name);
  Handover add_handover(std::string_view name);

  const std::vector<std::string>& names() const { return names_; }
  const std::vector<std::string>& peaks() const { return peaks_; }
  // Those that a pattern means: whole components, "*" is any, what the pattern leaves out at the end is too.
  std::vector<std::size_t> matching(std::string_view pattern) const;

 private:
  std::vector<std::string> names_;
  std::vector<std::string> peaks_;
};

const EventList& events_of(Rat rat);
const LteEvents& lte_events();
const UmtsEvents& umts_events();

// What happened in a cell in some time: a number of each event, and the highest of each peak.
struct Counts {
  std::vector<double> sums;
  std::vector<double> peaks;

  Counts() = default;
  explicit Counts(Rat rat) : sums(events_of(rat).names().size()), peaks(events_of(rat).peaks().size()) {}
  void add(const Counts& other);
};

}  // namespace hnbemu::pm

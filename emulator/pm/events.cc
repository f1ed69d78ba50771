#include "pm/events.h"

#include <fmt/format.h>

#include <algorithm>

namespace hnbemu::pm {
namespace {

struct Lte {
  EventList list;
  LteEvents events{};

  Lte() {
    auto& e = events;
    e.on_s = list.add("time.on");
    e.off_s = list.add("time.off");
    e.rrc_succ = list.add("rrc.succ", kLteCauses);
    e.rrc_fail = list.add("rrc.fail", kLteCauses, kRrcReasons);
    e.setup_ms = list.add("rrc_setup_ms");
    e.reestab_succ = list.add("reestab.succ");
    e.reestab_fail = list.add("reestab.fail");
    e.user_s = list.add("rrc_user_s");
    e.s1_succ = list.add("s1.succ");
    e.s1_fail = list.add("s1.fail");
    e.context_succ = list.add("context.succ");
    e.context_fail = list.add("context.fail", kSetupReasons);
    e.init_succ = list.add("init.succ", kQcis);
    e.init_fail = list.add("init.fail", kQcis, kSetupReasons);
    e.add_succ = list.add("add.succ", kQcis);
    e.add_fail = list.add("add.fail", kQcis, kSetupReasons);
    e.release_enb = list.add("release.enb", kQcis);
    e.release_mme = list.add("release.mme", kQcis);
    e.drop = list.add("drop", kQcis, kDropReasons);
    e.session_s = list.add("session_s", kQcis);
    e.to_enb = list.add_handover("ho.to_enb");
    e.from_enb = list.add_handover("ho.from_enb");
    e.to_utran = list.add_handover("ho.to_utran");
    e.to_geran = list.add_handover("ho.to_geran");
    add_traffic();
  }

  void add_traffic() {
    auto& e = events;
    e.csg_succ = list.add("csg.succ");
    e.csg_fail = list.add("csg.fail", kCsgReasons);
    e.csg_user_s = list.add("csg_user_s");
    e.paging_passed = list.add("paging.passed");
    e.paging_discarded = list.add("paging.discarded");
    e.dl_bits = list.add("dl_bits", kQcis);
    e.ul_bits = list.add("ul_bits", kQcis);
    e.dl_packets = list.add("dl_packets");
    e.dl_dropped = list.add("dl_dropped");
    e.dl_lost = list.add("dl_lost");
    e.ul_packets = list.add("ul_packets");
    e.ul_lost = list.add("ul_lost");
    e.dl_delay_ms = list.add("dl_delay_ms");
    e.dl_active_s = list.add("dl_active_s");
    e.ul_active_s = list.add("ul_active_s");
    e.dl_prb_s = list.add("dl_prb_s");
    e.ul_prb_s = list.add("ul_prb_s");
    e.peak_setup_ms = list.add_peak("setup_ms");
    e.peak_users = list.add_peak("users");
    e.peak_dl_rate = list.add_peak("dl_rate");
    e.peak_ul_rate = list.add_peak("ul_rate");
  }
};

struct Umts {
  EventList list;
  UmtsEvents events{};

  Umts() {
    auto& e = events;
    e.on_s = list.add("time.on");
    e.off_s = list.add("time.off");
    e.rrc_succ = list.add("rrc.succ", kUmtsCauses);
    e.rrc_fail = list.add("rrc.fail", kUmtsCauses, kRrcReasons);
    e.setup_ms = list.add("rrc_setup_ms");
    e.user_s = list.add("rrc_user_s");
    e.cs_succ = list.add("cs.succ", kCsClasses);
    e.cs_fail = list.add("cs.fail", kCsClasses, kSetupReasons);
    e.cs_release = list.add("cs.release", kCsClasses);
    e.cs_drop = list.add("cs.drop", kCsClasses, kDropReasons);
    e.cs_call_s = list.add("cs_call_s");
    e.ps_succ = list.add("ps.succ", kPsClasses);
    e.ps_fail = list.add("ps.fail", kPsClasses, kSetupReasons);
    e.ps_release = list.add("ps.release", kPsClasses);
    e.ps_drop = list.add("ps.drop", kPsClasses, kDropReasons);
    e.ps_session_s = list.add("ps_session_s");
    e.dl_bits = list.add("dl_bits", kDownlinkChannels);
    e.ul_bits = list.add("ul_bits", kUplinkChannels);
    e.macro_cs = list.add_handover("ho.macro_cs");
    e.macro_ps = list.add_handover("ho.macro_ps");
    e.gsm_cs = list.add_handover("ho.gsm_cs");
    e.intra = list.add_handover("ho.intra");
    e.inter = list.add_handover("ho.inter");
    e.to_gsm = list.add_handover("ho.to_gsm");
    e.ue_succ = list.add("ue.succ");
    e.ue_fail = list.add("ue.fail");
    e.paging_passed = list.add("paging.passed");
    e.paging_discarded = list.add("paging.discarded");
    e.peak_setup_ms = list.add_peak("setup_ms");
    e.peak_users = list.add_peak("users");
  }
};

const Lte& lte() {
  static const Lte one;
  return one;
}
const Umts& umts() {
  static const Umts one;
  return one;
}

std::string_view take(std::string_view& text) {
  const auto one = text.substr(0, text.find('.'));
  text.remove_prefix(std::min(text.size(), one.size() + 1));
  return one;
}

bool matches(std::string_view name, std::string_view pattern) {
  while (!pattern.empty()) {
    const auto wanted = take(pattern);
    if (take(name) != wanted && wanted != "*") return false;
  }
  return true;
}

}  // namespace

std::string_view to_string(Rat rat) {
  return rat == Rat::umts ? "umts" : "lte";
}

std::size_t EventList::add(std::string_view name, std::span<const std::string_view> first,
                           std::span<const std::string_view> second) {
  const auto place = names_.size();
  if (first.empty()) names_.emplace_back(name);
  for (const auto& one : first) {
    if (second.empty()) names_.push_back(fmt::format("{}.{}", name, one));
    for (const auto& two : second) names_.push_back(fmt::format("{}.{}.{}", name, one, two));
  }
  return place;
}

std::size_t EventList::add_peak(std::string_view name) {
  peaks_.emplace_back(name);
  return peaks_.size() - 1;
}

Handover EventList::add_handover(std::string_view name) {
  const auto succ = add(fmt::format("{}.succ", name));
  return {succ, add(fmt::format("{}.fail", name))};
}

std::vector<std::size_t> EventList::matching(std::string_view pattern) const {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (matches(names_[i], pattern)) found.push_back(i);
  }
  return found;
}

const EventList& events_of(Rat rat) {
  return rat == Rat::umts ? umts().list : lte().list;
}
const LteEvents& lte_events() {
  return lte().events;
}
const UmtsEvents& umts_events() {
  return umts().events;
}

void Counts::add(const Counts& other) {
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += other.sums[i];
  for (std::size_t i = 0; i < peaks.size(); ++i) peaks[i] = std::max(peaks[i], other.peaks[i]);
}

}  // namespace hnbemu::pm

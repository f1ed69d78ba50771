#include "config/fleet_reader.h"

namespace hnbemu::config {
namespace {

constexpr std::int64_t kMaxDpdDelay = 86'400;
constexpr std::int64_t kMaxSaAge = 604'800;
constexpr std::size_t kMaxPskBytes = 1'024;
constexpr std::string_view kInitialSegw = "segw-initial.operator.example";

}  // namespace

// `lab`, `none` and `serving` (none on the way to the Initial HMS) are words; a SeGW of the user's own is a map. An
// override of a map says what is different.
void FleetReader::read_ipsec(const yaml::Node* node, DeviceConfig& device, bool inherits) {
  const bool direct = !device.serving_hms.empty();  // no Initial HMS
  if (node != nullptr && node->kind == yaml::Node::Kind::map) {
    read_own_segw(*node, device, inherits);
    return;
  }
  std::string word = "lab";
  if (node != nullptr) {
    word = yaml::read_text(*node, problems, "ipsec");
    if (word != "lab" && word != "none" && word != "serving") {
      problems.add(*node, fmt::format("'{}': lab, serving, none, or a map with segw and what the device agrees on "
                                      "with it",
                                      word));
    }
    if (word == "serving" && (direct || !fleet.lab.initial_hms_public)) {
      problems.add(*node,
                   "serving: it is for devices whose Initial HMS is on the public Internet "
                   "(lab: {initial_hms_public: true})");
    }
  }
  std::string segw;
  if (word == "lab") segw = direct ? fleet.lab.serving_segw : std::string(kInitialSegw);
  device.ike = fleet.lab.ike;
  device.initial_segw = direct ? "" : segw;
  device.serving_segw = direct ? segw : "";
}

void FleetReader::read_ike_times(yaml::Map& map, IkeSettings& ike) {
  ike.dpd_delay_s = map.integer("dpd_delay_s", {1, kMaxDpdDelay}, ike.dpd_delay_s);
  ike.ike_rekey_s = map.integer("ike_rekey_s", {0, kMaxSaAge}, ike.ike_rekey_s);
  ike.child_rekey_s = map.integer("child_rekey_s", {0, kMaxSaAge}, ike.child_rekey_s);
  ike.reauth_s = map.integer("reauth_s", {0, kMaxSaAge}, ike.reauth_s);
}

void FleetReader::read_own_segw(const yaml::Node& node, DeviceConfig& device, bool inherits) {
  const bool direct = !device.serving_hms.empty();
  yaml::Map map(node, problems, "ipsec");
  if (!inherits) device.ike = {};
  auto& ike = device.ike;
  auto& segw = direct ? device.serving_segw : device.initial_segw;
  segw = inherits ? map.text("segw", segw) : map.required_text("segw");
  if (!direct) {
    device.serving_segw = map.text("serving_segw", inherits ? device.serving_segw : "");
  } else if (const auto* const second = map.get("serving_segw")) {
    problems.add(*second, "a device with an ACS of its own has one SeGW: drop serving_segw");
  }
  ike.local_id = map.text("local_id", ike.local_id);
  ike.remote_id = map.text("remote_id", ike.remote_id);
  ike.psk = map.text("psk", ike.psk);
  for (const auto& [key, proposals] :
       {std::pair("ike_proposals", &ike.ike_proposals), std::pair("esp_proposals", &ike.esp_proposals)}) {
    const bool given = map.has(key);
    auto read = map.texts(key);
    if (given) *proposals = std::move(read);
  }
  if (const auto* const selectors = map.get("remote_ts")) {
    ike.remote_ts.clear();
    for (const auto& item : yaml::items(selectors, problems, "remote_ts")) {
      const auto prefix = Prefix::parse(yaml::read_text(*item, problems, "remote_ts"));
      if (!prefix) problems.add(*item, prefix.error().detail);
      ike.remote_ts.push_back(prefix.value_or(Prefix{}));
    }
  }
  read_ike_times(map, ike);
  if (ike.psk.size() > kMaxPskBytes) {
    const auto* const psk = map.get("psk");
    problems.add(psk == nullptr ? node : *psk, fmt::format("a psk has at most {} bytes", kMaxPskBytes));
  }
  map.finish();
}

}  // namespace hnbemu::config

#include "base/url.h"
#include "config/fleet_reader.h"

namespace hnbemu::config {
namespace {

constexpr std::size_t kMaxAreas = 1'000;

ServingArea read_area(const yaml::Node& node, yaml::Problems& problems) {
  yaml::Map map(node, problems, "an area");
  ServingArea area;
  area.name = map.required_text("name");
  area.south = map.number("south", {-90, 90}, area.south);
  area.north = map.number("north", {-90, 90}, area.north);
  area.west = map.number("west", {-180, 180}, area.west);
  area.east = map.number("east", {-180, 180}, area.east);
  if (area.south > area.north || area.west > area.east) problems.add(node, "the area is empty");
  area.serving_segw = map.text("serving_segw");
  area.serving_hms = map.text("serving_hms");
  if (const auto* const url = map.get("serving_hms"); url != nullptr && !area.serving_hms.empty()) {
    if (const auto parsed = Url::parse(area.serving_hms); !parsed) problems.add(*url, parsed.error().detail);
  }
  area.gateway = map.text("gateway");
  area.refused = map.flag("refused", false);
  map.finish();
  return area;
}

}  // namespace

// Of the lab: by which ways its devices come into service.
void FleetReader::read_ways(yaml::Map& lab) {
  auto& settings = fleet.lab;
  settings.initial_hms_public = lab.flag("initial_hms_public", false);
  settings.serving_hms_public = lab.flag("serving_hms_public", false);
  if (lab.has("spare_inner_pool")) settings.spare_inner_pool = read_prefix(lab, "spare_inner_pool", {});
  if (const auto* const node = lab.get("ike")) {
    yaml::Map ike(*node, problems, "ike");
    read_ike_times(ike, settings.ike);
    ike.finish();
  }
  const auto* const areas = lab.get("areas");
  for (const auto& item : yaml::items(areas, problems, "areas")) {
    if (settings.areas.size() == kMaxAreas) {
      problems.add(*item, fmt::format("more than {} areas", kMaxAreas));
      return;
    }
    settings.areas.push_back(read_area(*item, problems));
  }
}

}  // namespace hnbemu::config

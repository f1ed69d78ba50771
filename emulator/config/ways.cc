#include "config/ways.h"

namespace hnbemu::config {
namespace {

constexpr std::int64_t kMaxSeconds = 31'536'000;

}  // namespace

Ways read_ways(const yaml::Node& node, yaml::Problems& problems) {
  Ways ways;
  yaml::Map map(node, problems, "ways");
  ways.keep_initial_tunnel = map.choice("initial_tunnel", {"released", "kept"}, "released") == "kept";
  ways.serving_hms_outside = map.choice("serving_hms", {"inside", "outside"}, "inside") == "outside";
  ways.public_dns_for_serving_hems = map.choice("serving_hems_dns", {"private", "public"}, "private") == "public";
  ways.back_to_initial = Seconds(map.integer("back_to_initial_s", {0, kMaxSeconds}, 0));
  map.finish();
  return ways;
}

}  // namespace hnbemu::config

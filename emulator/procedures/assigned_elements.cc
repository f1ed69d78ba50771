#include "procedures/assigned_elements.h"

namespace hnbemu::procedures {
namespace {

// The standard's last: TR-196 has SecGWServer1 to 3 and FAPGWServer1 to 3.
constexpr char kLastNumber = '3';

std::vector<std::string> numbered_paths(const Context& context, std::string_view role) {
  std::string path(context.profile.path(role));
  if (path.empty()) return {};
  std::vector<std::string> paths{path};
  if (!path.ends_with("Server1")) return paths;
  for (char number = '2'; number <= kLastNumber; ++number) {
    path.back() = number;
    paths.push_back(path);
  }
  return paths;
}

}  // namespace

std::vector<std::string> numbered_values(const Context& context, std::string_view role) {
  std::vector<std::string> values;
  for (const auto& path : numbered_paths(context, role)) {
    if (auto value = context.model.value(path); value && !value->empty()) values.push_back(std::move(*value));
  }
  return values;
}

void clear_numbered_values(Context& context, std::string_view role) {
  for (const auto& path : numbered_paths(context, role)) {
    if (!context.model.value(path).value_or("").empty()) context.model.update(path, "");
  }
}

Result<ServingElements> initial_elements(const Context& context) {
  auto hms = Url::parse(context.factory.initial_hms);
  if (!hms) return tl::unexpected(hms.error());
  ServingElements elements;
  if (!context.factory.initial_segw.empty()) elements.segws = {context.factory.initial_segw};
  elements.hms = std::move(*hms);
  return elements;
}

Result<ServingElements> assigned_elements(const Context& context) {
  const auto& factory = context.factory;
  const auto initial = Url::parse(factory.initial_hms);
  const auto serving = Url::parse(context.value_of("acs_url"));
  if (!serving) return fail(Cause::protocol, "the HMS set an ACS URL that is none: " + serving.error().detail);

  ServingElements elements;
  elements.segws = numbered_values(context, "serving_segw");
  elements.hms = *serving;
  const bool same_hms = initial && *initial == *serving;
  if (elements.segws.empty() && same_hms) {
    return fail(Cause::refused_by_hms, "the Initial HMS assigned no Serving SeGW and no Serving HMS");
  }
  const std::vector<std::string> initial_segws{factory.initial_segw};
  if (elements.segws.empty() && !factory.initial_segw.empty()) elements.segws = initial_segws;
  elements.registered = same_hms && elements.segws == initial_segws;
  if (context.value_of("ipsec_enable") == "false") {
    elements.segws.clear();
    elements.registered = false;
  }
  const auto said = context.value_of("tunnel_for_cwmp");
  elements.hms_inside = said.empty() ? !context.profile.ways.serving_hms_outside : said == "true";
  return elements;
}

}  // namespace hnbemu::procedures

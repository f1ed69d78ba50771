#include "procedures/assigned_elements.h"

namespace hnbemu::procedures {

Result<ServingElements> initial_elements(const Context& context) {
  auto hms = Url::parse(context.factory.initial_hms);
  if (!hms) return tl::unexpected(hms.error());
  ServingElements elements;
  elements.segw = context.factory.initial_segw;
  elements.hms = std::move(*hms);
  return elements;
}

Result<ServingElements> assigned_elements(const Context& context) {
  const auto& factory = context.factory;
  const std::string segw = context.value_of("serving_segw");
  const auto initial = Url::parse(factory.initial_hms);
  const auto serving = Url::parse(context.value_of("acs_url"));
  if (!serving) return fail(Cause::protocol, "the HMS set an ACS URL that is none: " + serving.error().detail);

  const bool same_hms = initial && *initial == *serving;
  if (segw.empty() && same_hms) {
    return fail(Cause::refused_by_hms, "the Initial HMS assigned no Serving SeGW and no Serving HMS");
  }
  ServingElements elements;
  elements.segw = segw.empty() ? factory.initial_segw : segw;
  elements.hms = *serving;
  elements.registered = same_hms && elements.segw == factory.initial_segw;
  return elements;
}

}  // namespace hnbemu::procedures

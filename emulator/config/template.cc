#include <fmt/format.h>

#include "config/profile.h"
#include "config/suggest.h"

namespace hnbemu::config {

bool is_template(std::string_view text) {
  return text.find('{') != std::string_view::npos;
}

Result<std::string> expand(std::string_view text, const DeviceFields& fields) {
  std::string expanded;
  for (std::string_view rest = text; !rest.empty();) {
    const auto open = rest.find('{');
    expanded += rest.substr(0, open);
    if (open == std::string_view::npos) break;
    const auto close = rest.find('}', open);
    if (close == std::string_view::npos)
      return fail(Cause::configuration, fmt::format("'{}': '{{' without '}}'", text));
    const auto name = rest.substr(open + 1, close - open - 1);
    const auto field = fields.find(name);
    if (field == fields.end()) {
      std::vector<std::string> names;
      for (const auto& [known, value] : fields) names.push_back(known);
      return fail(Cause::configuration,
                  fmt::format("'{}': a device has no field '{}'{}", text, name, suggestion(name, names)));
    }
    expanded += field->second;
    rest.remove_prefix(close + 1);
  }
  return expanded;
}

}  // namespace hnbemu::config

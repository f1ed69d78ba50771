#include "profile/profile_model.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <unordered_set>

#include "config/suggest.h"
#include "datamodel/definition.h"
#include "datamodel/model_builder.h"

namespace hnbemu::profile {
namespace {

// All that is wrong, in the order of the file's parts.
class Mistakes {
 public:
  static constexpr std::size_t kMax = 100;

  void add(std::string_view place, std::string_view what) {
    if (lines_.size() < kMax) lines_.push_back(fmt::format("{}: {}", place, what));
  }
  Result<> result() const {
    if (lines_.empty()) return {};
    return fail(Cause::configuration, fmt::format("{}", fmt::join(lines_, "\n")));
  }

 private:
  std::vector<std::string> lines_;
};

// A fresh device's path as definitions write it: "Table.1.Name" -> "Table.{i}.Name".
std::string as_defined(std::string_view path) {
  std::string defined;
  while (!path.empty()) {
    const auto dot = path.find('.');
    const auto name = path.substr(0, dot);
    defined += !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isdigit(c); })
                   ? "{i}"
                   : name;
    if (dot == std::string_view::npos) break;
    defined += '.';
    path.remove_prefix(dot + 1);
  }
  return defined;
}

// Puts a profile's parts together.
class Assembly {
 public:
  explicit Assembly(const config::Profile& profile)
      : profile_(profile),
        builder_(profile.quirks.lenient_types ? datamodel::Typing::lenient : datamodel::Typing::strict) {}

  Result<std::shared_ptr<const datamodel::Model>> make() && {
    add_definitions();
    add_instances();
    auto model = builder_.build();
    check_mentions(datamodel::DataModel(model));
    if (auto good = mistakes_.result(); !good) return tl::unexpected(good.error());
    return model;
  }

 private:
  void add_definitions() {
    for (const auto& entry : profile_.parameters) {
      auto spec = datamodel::parse_definition(entry.path, entry.text);
      const auto added = spec ? builder_.add_parameter(std::move(*spec)) : tl::unexpected(spec.error());
      if (!added) mistakes_.add(entry.place, added.error().detail);
      if (defined_.insert(entry.path).second) names_.push_back(entry.path);
    }
    for (const auto& entry : profile_.tables) {
      if (const auto added = builder_.add_object({.path = entry.path, .writable = true}); !added)
        mistakes_.add(entry.place, added.error().detail);
    }
  }

  void add_instances() {
    for (const auto& entry : profile_.rows) {
      if (const auto added = builder_.add_row(entry.path); !added) mistakes_.add(entry.place, added.error().detail);
    }
    for (const auto& entry : profile_.values) {
      if (!is_defined(entry.path, entry.place, "value")) continue;
      // One that differs from device to device is checked when it is filled in; here only its path is.
      const auto set = config::is_template(entry.text) ? builder_.check_parameter(entry.path)
                                                       : builder_.set_value(entry.path, entry.text);
      if (!set) mistakes_.add(entry.place, set.error().detail);
    }
  }

  void check_mentions(const datamodel::DataModel& fresh) {
    for (const auto& entry : profile_.mentions) {
      if (!is_defined(entry.path, entry.place, entry.text) || fresh.value(entry.path)) continue;
      mistakes_.add(entry.place,
                    fmt::format("{}: a fresh device has no row for '{}': add it to rows", entry.text, entry.path));
    }
  }

  bool is_defined(const std::string& path, const std::string& place, std::string_view what) {
    const auto defined = as_defined(path);
    if (defined_.contains(defined)) return true;
    mistakes_.add(place,
                  fmt::format("{}: there is no parameter '{}'{}", what, path, config::suggestion(defined, names_)));
    return false;
  }

  const config::Profile& profile_;
  datamodel::ModelBuilder builder_;
  std::unordered_set<std::string> defined_;
  std::vector<std::string> names_;
  Mistakes mistakes_;
};

}  // namespace

Result<std::shared_ptr<const datamodel::Model>> make_model(const config::Profile& profile) {
  return Assembly(profile).make();
}

Result<> fill(datamodel::DataModel& model, const config::Profile& profile, config::DeviceFields fields) {
  fields.try_emplace("manufacturer", profile.manufacturer);
  fields.try_emplace("oui", profile.oui);
  fields.try_emplace("product_class", profile.product_class);
  fields.try_emplace("hardware_version", profile.hardware_version);
  fields.try_emplace("software_version", profile.software_version);
  Mistakes mistakes;
  for (const auto& entry : profile.values) {
    if (!config::is_template(entry.text)) continue;
    const auto value = config::expand(entry.text, fields);
    if (!value) {
      mistakes.add(entry.place, value.error().detail);
    } else if (!model.update(entry.path, *value)) {
      mistakes.add(entry.place, fmt::format("'{}' is no legal value of {}", *value, entry.path));
    }
  }
  return mistakes.result();
}

}  // namespace hnbemu::profile

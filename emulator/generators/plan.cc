#include "generators/plan.h"

#include <set>

#include "config/suggest.h"

namespace hnbemu::generators {
namespace {

namespace yaml = config::yaml;
using datamodel::DataModel;

// Values that a rule gives, as far as they can be known without a device: the first and last ones of a range.
struct Samples {
  const Spec& spec;

  std::vector<std::string> operator()(const Constant& rule) const { return {rule.text}; }
  std::vector<std::string> operator()(const Template&) const { return {}; }
  std::vector<std::string> operator()(const Sequence& rule) const { return rule.values; }
  std::vector<std::string> operator()(const Uptime& rule) const {
    if (rule.format.empty()) return {"0"};
    return {};
  }
  std::vector<std::string> operator()(const ClockTime&) const { return {"1970-01-01T00:00:00Z"}; }
  std::vector<std::string> operator()(const Counter& rule) const { return {fmt::to_string(rule.start)}; }
  std::vector<std::string> operator()(const RandomWalk& rule) const { return range(rule.min, rule.max); }
  std::vector<std::string> operator()(const Diurnal& rule) const { return range(rule.low, rule.high); }
  std::vector<std::string> operator()(const Choice& rule) const {
    std::vector<std::string> values;
    for (const auto& [value, weight] : rule.values) values.push_back(value);
    return values;
  }
  std::vector<std::string> operator()(const Real&) const { return {}; }

  static std::vector<std::string> range(double min, double max) {
    return {fmt::format("{:.0f}", min), fmt::format("{:.0f}", max)};
  }
};

// The canonical form that the parameter gives it.
Result<std::string> legal(DataModel& scratch, const std::string& path, const std::string& value,
                          const std::string& place) {
  if (!scratch.value(path))
    return fail(Cause::configuration, fmt::format("{}: there is no parameter '{}'", place, path));
  if (!scratch.update(path, value))
    return fail(Cause::configuration, fmt::format("{}: '{}' is no legal value of {}", place, value, path));
  return *scratch.value(path);
}

Result<> check_spec(DataModel& scratch, const Spec& spec) {
  if (!scratch.set_source(spec.path, nullptr))
    return fail(Cause::configuration,
                fmt::format("{}: '{}' is no parameter that can have a generator", spec.place, spec.path));
  for (const auto& value : std::visit(Samples{spec}, spec.rule)) {
    if (const auto good = legal(scratch, spec.path, value, spec.place); !good) return tl::unexpected(good.error());
  }
  return {};
}

Result<> check_link(DataModel& scratch, const Plan& plan, Link& link) {
  auto is = legal(scratch, link.when, link.is, link.place);
  if (!is) return tl::unexpected(is.error());
  auto to = legal(scratch, link.set, link.to, link.place);
  if (!to) return tl::unexpected(to.error());
  link.is = std::move(*is);
  link.to = std::move(*to);
  for (const auto& path : {link.when, link.set}) {
    const bool made_when_read = std::any_of(plan.specs.begin(), plan.specs.end(), [&](const Spec& spec) {
      return spec.path == path && spec.every == Seconds{0};
    });
    if (made_when_read)
      return fail(Cause::configuration, fmt::format("{}: {} is made when it is read, so that no link sees it or sets "
                                                    "it; give its generator 'every_s'",
                                                    link.place, path));
  }
  return {};
}

}  // namespace

Result<std::shared_ptr<const Plan>> read_plan(const config::Profile& profile,
                                              std::shared_ptr<const datamodel::Model> model) {
  auto plan = std::make_shared<Plan>();
  yaml::Problems problems;
  if (profile.generators) {
    auto specs = read_generators(*profile.generators, problems);
    if (!specs) return tl::unexpected(specs.error());
    plan->specs = std::move(*specs);
  }
  if (profile.links) {
    auto links = read_links(*profile.links, problems);
    if (!links) return tl::unexpected(links.error());
    plan->links = std::move(*links);
  }
  DataModel scratch(std::move(model));
  for (const auto& spec : plan->specs) {
    if (auto good = check_spec(scratch, spec); !good) return tl::unexpected(good.error());
  }
  for (auto& link : plan->links) {
    if (auto good = check_link(scratch, *plan, link); !good) return tl::unexpected(good.error());
  }
  return plan;
}

}  // namespace hnbemu::generators

#include "procedures/pm_jobs.h"

#include "base/number.h"
#include "base/url.h"

namespace hnbemu::procedures {
namespace {

std::string config_table(const Context& context) {
  return fmt::format("{}FAP.PerfMgmt.Config.", context.profile.root());
}

std::vector<std::string> services(const Context& context) {
  std::vector<std::string> paths;
  const auto table = fmt::format("{}Services.FAPService.", context.profile.root());
  const auto state = context.model.table_state(table);
  if (!state) return paths;
  for (const auto row : state->rows) paths.push_back(fmt::format("{}{}.", table, row));
  return paths;
}

PmTarget target_of(const Context& context, const std::string& object, unsigned id, const char* enable) {
  const auto value = [&](const char* name) { return context.model.value(object + name).value_or(""); };
  PmTarget target;
  target.job.row = object;
  target.job.id = id;
  target.job.interval = Seconds(parse_number<std::uint32_t>(value("PeriodicUploadInterval")).value_or(0));
  const auto time = value("PeriodicUploadTime");
  if (time != unknown_time) target.job.phase = parse_date_time(time);
  target.url = value("URL");
  target.username = value("Username");
  target.password = value("Password");
  target.enabled = value(enable) == "true" && !target.url.empty();
  return target;
}

std::optional<std::string> no_interval(const pm::Plan& plan, std::string_view text) {
  const auto seconds = parse_number<std::uint32_t>(text);
  if (seconds && pm::granularity_of(plan, Seconds(*seconds))) return std::nullopt;
  return fmt::format(
      "Invalid parameter value: the interval is at most {} s, and of more than {} s a whole number of these",
      pm::kMaxInterval.count(), plan.granularity.count());
}

std::optional<std::string> no_url(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto url = Url::parse(text);
  if (url && url->is_for_files()) return std::nullopt;
  return "Invalid parameter value: a URL for measurement files is http, https, ftp, ftps or sftp";
}

void guard(datamodel::DataModel& model, const pm::Plan& plan, const std::string& object, bool there) {
  using Refusal = datamodel::DataModel::Refusal;
  const auto interval = object + "PeriodicUploadInterval";
  const auto url = object + "URL";
  model.refuse_when(interval,
                    there ? Refusal([&plan](std::string_view text) { return no_interval(plan, text); }) : nullptr);
  model.refuse_when(url, there ? Refusal(no_url) : nullptr);
}

}  // namespace

std::vector<PmTarget> pm_targets(const Context& context) {
  std::vector<PmTarget> targets;
  const auto table = config_table(context);
  if (const auto state = context.model.table_state(table)) {
    for (const auto row : state->rows) {
      targets.push_back(target_of(context, fmt::format("{}{}.", table, row), row, "Enable"));
    }
  }
  unsigned id = 0;
  for (const auto& service : services(context)) {
    ++id;
    const auto object = service + "PerfMgmt.FileMgmt.";
    if (!context.model.value(object + "URL")) continue;
    targets.push_back(target_of(context, object, id, "PeriodicUploadEnable"));
  }
  return targets;
}

void guard_pm_rows(Context& context, const pm::Plan& plan) {
  for (const auto& target : pm_targets(context)) guard(context.model, plan, target.job.row, true);
}

void guard_new_pm_rows(Context& context, const pm::Plan& plan) {
  context.model.observe([&context, &plan, table = config_table(context)](std::span<const datamodel::Change> changes) {
    using Kind = datamodel::Change::Kind;
    for (const auto& change : changes) {
      if (change.kind != Kind::added && change.kind != Kind::deleted) continue;
      if (change.path.starts_with(table) && change.path != table) {
        guard(context.model, plan, change.path, change.kind == Kind::added);
      }
    }
  });
}

std::string pm_file_url(const std::string& url, const std::string& name) {
  const auto query = url.find('?');
  auto place = url.substr(0, query);
  if (!place.ends_with('/')) place += '/';
  return place + name + (query == std::string::npos ? "" : url.substr(query));
}

std::vector<PmCell> pm_cells(const Context& context) {
  std::vector<PmCell> cells;
  const auto element = pm_origin(context).local_dn;
  const bool hnb = context.profile.technology == config::Technology::hnb;
  unsigned number = 0;
  for (const auto& service : services(context)) {
    ++number;
    const auto add = [&](pm::Rat rat, const char* control) {
      const auto path = fmt::format("{}FAPControl.{}RFTxStatus", service, control);
      if (!context.model.value(path)) return;
      const auto* const kind = rat == pm::Rat::lte ? "EUtranCellFDD" : "UtranCellFDD";
      cells.push_back({{rat, fmt::format("{},{}={}", element, kind, number)}, service, path});
    };
    add(hnb ? pm::Rat::umts : pm::Rat::lte, "");
    add(pm::Rat::umts, "UMTS.");
    add(pm::Rat::lte, "LTE.");
  }
  return cells;
}

pm::Origin pm_origin(const Context& context) {
  const auto& profile = context.profile;
  std::string prefix;
  for (const auto& service : services(context)) {
    if (prefix.empty()) prefix = context.model.value(service + "DNPrefix").value_or("");
  }
  const auto serial = context.value_of("serial_number");
  return {context.value_of("manufacturer"),
          std::move(prefix),
          "ManagedElement=" + serial,
          profile.technology == config::Technology::hnb ? "HNB" : "HeNB",
          context.value_of("product_class"),
          context.value_of("software_version"),
          fmt::format("{}-{}", profile.oui, serial)};
}

}  // namespace hnbemu::procedures

#include "procedures/cm_file.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include "datamodel/path.h"
#include "files/cm_file.h"
#include "procedures/configuration.h"
#include "procedures/faults.h"

namespace hnbemu::procedures {
namespace {

// TS 32.300: "SubNetwork=1,ManagedElement=HENB000001" names what its last part names.
std::string_view last_name(std::string_view dn) {
  dn.remove_prefix(std::min(dn.size(), dn.rfind(',') + 1));
  dn.remove_prefix(std::min(dn.size(), dn.find('=') + 1));
  return dn;
}

std::optional<std::string> foreign(const Context& context, const files::CmFile& file) {
  if (auto why = of_another_kind(context, file.oui, file.product_class)) return why;
  const auto serial = context.value_of("serial_number");
  const auto name = last_name(file.local_dn);
  if (name.empty() || name == serial || name == fmt::format("{}-{}", context.profile.oui, serial)) return std::nullopt;
  return fmt::format("the configuration file is for localDn '{}', this device has '{}'", file.local_dn, serial);
}

// The tables that get rows of the file's, with the rows that they have besides.
std::vector<datamodel::Setting> tables_with(const datamodel::DataModel& model, const std::vector<std::string>& rows) {
  std::map<std::string, std::set<std::uint32_t>, std::less<>> wanted;
  for (const auto& row : rows) {
    const auto dot = row.rfind('.', row.size() - 2);
    const auto number = datamodel::instance_number(std::string_view(row).substr(dot + 1, row.size() - dot - 2));
    wanted[row.substr(0, dot + 1)].insert(number.value_or(0));
  }
  std::vector<datamodel::Setting> tables;
  for (auto& [table, numbers] : wanted) {
    const auto there = model.table_state(table);
    if (there && std::ranges::includes(there->rows, numbers)) continue;
    if (there) numbers.insert(there->rows.begin(), there->rows.end());
    tables.push_back({table, fmt::format("{}", fmt::join(numbers, " "))});
  }
  return tables;
}

std::vector<datamodel::Setting> settings_of(const datamodel::DataModel& model, files::CmFile file) {
  auto settings = tables_with(model, file.rows);
  for (auto& parameter : file.parameters) {
    const bool is_object = parameter.value.empty() && model.names(parameter.path + ".", true).has_value();
    if (!is_object) settings.push_back(std::move(parameter));
  }
  return settings;
}

}  // namespace

Task<Installed> install_cm_file(Context& context, std::string file) {
  std::ifstream stream(file, std::ios::binary);
  auto read = files::read_cm_file(stream);
  if (!read) co_return download_fault(read.error());
  if (const auto why = foreign(context, *read)) co_return corrupted(*why);

  const auto size = read->parameters.size();
  ConfigurationNote note{{}, {}, fmt::format("{} {}", read->format_version, read->date)};
  auto settings = settings_of(context.model, std::move(*read));
  auto apply = apply_settings(context, std::move(settings), std::move(note));
  auto applied = co_await std::move(apply);
  if (applied)
    context.log.add(LogLevel::notice, fmt::format("configuration taken from a CM file: {} parameters", size));
  co_return applied;
}

}  // namespace hnbemu::procedures

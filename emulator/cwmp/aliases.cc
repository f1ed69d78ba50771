#include "cwmp/aliases.h"

#include <fmt/format.h>

#include "cwmp/rpc.h"
#include "datamodel/path.h"

namespace hnbemu::cwmp {
namespace {

using datamodel::FaultCode;

bool is_so(const datamodel::DataModel& model, std::string_view object, std::string_view parameter,
           std::string_view value) {
  return !object.empty() && model.value(fmt::format("{}{}", object, parameter)) == value;
}

// The rows that a path names by alias, from the outermost: "Device.T.[a].", "Device.T.[a].U.[b].".
std::vector<std::string> aliased_rows(std::string_view path) {
  std::vector<std::string> rows;
  for (auto rest = path; !rest.empty();) {
    const auto name = datamodel::take_name(rest);
    if (!rest.empty() && datamodel::instance_alias(name)) rows.emplace_back(path.substr(0, path.size() - rest.size()));
  }
  return rows;
}

class Creation {
 public:
  explicit Creation(datamodel::DataModel& model) : model_(model) {}

  // Of the rows that the path names; what is there already is no fault.
  std::optional<FaultCode> add_rows_of(const std::string& path) {
    for (auto& row : aliased_rows(path)) {
      if (model_.names(row, true)) continue;
      if (created_.size() == kMaxCreated) return FaultCode::resources_exceeded;
      if (const auto added = model_.add_object(row); !added) return added.error();
      created_.push_back(std::move(row));
    }
    return std::nullopt;
  }
  void undo() {
    for (auto row = created_.rbegin(); row != created_.rend(); ++row) model_.delete_object(*row);
  }

 private:
  datamodel::DataModel& model_;
  std::vector<std::string> created_;
};

}  // namespace

std::string_view object_of(std::string_view parameter) {
  return parameter.substr(0, parameter.rfind('.') + 1);
}

PathNames::PathNames(const datamodel::DataModel& model, std::string_view management_server)
    : model_(model),
      aliases_(is_so(model, management_server, "AliasBasedAddressing", "true") &&
               is_so(model, management_server, "InstanceMode", "InstanceAlias")) {}

std::string PathNames::shown(std::string path) {
  if (!aliases_) return path;
  // The last row of the path, with all that is around it, is what is shown differently.
  std::size_t end = 0;
  for (std::string_view rest = path; !rest.empty();) {
    const auto name = datamodel::take_name(rest);
    const bool whole = !rest.empty() || path.ends_with('.');
    if (whole && datamodel::instance_number(name)) end = path.size() - rest.size();
  }
  return end == 0 ? path : row(std::string_view(path).substr(0, end)) + path.substr(end);
}

// At most as deep as a path has rows.
const std::string& PathNames::row(std::string_view path) {
  const auto known = rows_.find(path);
  if (known != rows_.end()) return known->second;
  const auto number_at = path.rfind('.', path.size() - 2) + 1;
  const auto table = std::string(path.substr(0, number_at));
  const auto alias = model_.value(fmt::format("{}Alias", path));
  auto name = shown(table);
  name += alias && !alias->empty() ? fmt::format("[{}].", *alias) : std::string(path.substr(number_at));
  return rows_.emplace(path, std::move(name)).first->second;
}

bool creates_instances(const datamodel::DataModel& model, std::string_view management_server) {
  return is_so(model, management_server, "AliasBasedAddressing", "true") &&
         is_so(model, management_server, "AutoCreateInstances", "true");
}

tl::expected<void, std::vector<datamodel::ParameterFault>> set_creating(
    datamodel::DataModel& model, const std::vector<datamodel::Assignment>& assignments) {
  Creation creation(model);
  std::map<std::string, FaultCode, std::less<>> not_added;
  for (const auto& assignment : assignments) {
    if (const auto why = creation.add_rows_of(assignment.path)) not_added.emplace(assignment.path, *why);
  }
  auto done = model.set(assignments);  // what is below a row that is not there is at fault, and so is all
  if (done) return done;
  creation.undo();
  for (auto& fault : done.error()) {
    const auto why = not_added.find(fault.path);
    if (why != not_added.end()) fault = {fault.path, why->second, std::string(fault_text(why->second))};
  }
  return done;
}

}  // namespace hnbemu::cwmp

#include "datamodel/data_model.h"

#include <cassert>
#include <unordered_set>

#include "datamodel/tree.h"

namespace hnbemu::datamodel {
namespace {

using Kind = Tree::Place::Kind;

// Without the prefix, which is whatever the ACS bound to XML Schema.
std::optional<Type> declared_type(std::string_view xsi_type) {
  const auto colon = xsi_type.find(':');
  return type_named(colon == std::string_view::npos ? xsi_type : xsi_type.substr(colon + 1));
}

tl::expected<std::string, FaultCode> checked(const Parameter& parameter, const Assignment& assignment, Typing typing) {
  const bool type_fits = assignment.xsi_type.empty() || declared_type(assignment.xsi_type) == parameter.type;
  if (!type_fits && typing == Typing::strict) return tl::unexpected(FaultCode::invalid_parameter_type);
  auto value = conform(parameter.type, parameter.facets, assignment.value);
  if (value) return std::move(*value);
  return tl::unexpected(type_fits ? FaultCode::invalid_parameter_value : FaultCode::invalid_parameter_type);
}

std::string fault_text(FaultCode code, const Assignment& assignment, const Parameter* parameter) {
  switch (code) {
    case FaultCode::invalid_arguments:
      return "Parameter is named twice";
    case FaultCode::invalid_parameter_name:
      return "Invalid parameter name";
    case FaultCode::non_writable_parameter:
      return "Attempt to set a non-writable parameter";
    case FaultCode::invalid_parameter_type:
      return fmt::format("Invalid parameter type {}; it is {}", assignment.xsi_type, xsd_name(parameter->type));
    default:
      return "Invalid parameter value";
  }
}

// A row that came or went, and what its table's counter says now.
std::vector<Change> table_changes(const Tree& tree, const Tree::Place& table, Change change) {
  std::vector<Change> changes{std::move(change)};
  const ParameterId counter = tree.model().object(table.object).number_of_entries;
  if (counter != kNone)
    changes.push_back({tree.path(table.row, counter), tree.value(table.row, counter), changes.front().origin});
  return changes;
}

}  // namespace

DataModel::DataModel(std::shared_ptr<const Model> model) : tree_(std::make_unique<Tree>(std::move(model))) {}
DataModel::~DataModel() = default;
DataModel::DataModel(DataModel&&) noexcept = default;

tl::expected<std::vector<ParameterValue>, FaultCode> DataModel::values(std::string_view path) const {
  const auto place = tree_->find(path);
  if (!place) return tl::unexpected(FaultCode::invalid_parameter_name);
  std::vector<ParameterValue> values;
  std::string prefix(path);
  tree_->values(*place, prefix, values);
  return values;
}

tl::expected<std::vector<ParameterName>, FaultCode> DataModel::names(std::string_view path, bool next_level) const {
  const auto place = tree_->find(path);
  if (!place) return tl::unexpected(FaultCode::invalid_parameter_name);
  if (place->kind == Kind::parameter && next_level) return tl::unexpected(FaultCode::invalid_arguments);
  std::vector<ParameterName> names;
  if (!next_level && !path.empty()) names.push_back({std::string(path), tree_->writable(*place)});
  std::string prefix(path);
  tree_->names(*place, prefix, next_level, names);
  return names;
}

std::optional<std::string> DataModel::value(std::string_view path) const {
  const auto place = tree_->find(path);
  if (!place || place->kind != Kind::parameter) return std::nullopt;
  return tree_->value(place->row, place->parameter);
}

tl::expected<void, std::vector<ParameterFault>> DataModel::set(std::span<const Assignment> assignments, Origin origin) {
  struct Write {
    RowId row;
    ParameterId parameter;
    std::string value;
  };
  std::vector<Write> writes;
  std::vector<ParameterFault> faults;
  std::unordered_set<std::string_view> named;
  for (const Assignment& assignment : assignments) {
    const Parameter* parameter = nullptr;
    const auto fault = [&](FaultCode code) {
      faults.push_back({assignment.path, code, fault_text(code, assignment, parameter)});
    };
    const auto place = tree_->find(assignment.path);
    if (!named.insert(assignment.path).second) {
      fault(FaultCode::invalid_arguments);
    } else if (!place || place->kind != Kind::parameter) {
      fault(FaultCode::invalid_parameter_name);
    } else {
      parameter = &tree_->model().parameter(place->parameter);
      auto value = checked(*parameter, assignment, tree_->model().typing());
      if (!parameter->writable && (origin == Origin::acs || parameter->counts != kNone)) {
        fault(FaultCode::non_writable_parameter);
      } else if (!value) {
        fault(value.error());
      } else if (const auto required = required_.find(assignment.path);
                 required != required_.end() && !required->second(*value)) {
        fault(FaultCode::invalid_parameter_value);
      } else {
        writes.push_back({place->row, place->parameter, std::move(*value)});
      }
    }
  }
  if (!faults.empty()) return tl::unexpected(std::move(faults));

  std::vector<Change> changes;
  for (Write& write : writes) {
    if (tree_->assign(write.row, write.parameter, write.value))
      changes.push_back({tree_->path(write.row, write.parameter), std::move(write.value), origin});
  }
  notify(changes);
  return {};
}

void DataModel::require(std::string_view path, std::function<bool(std::string_view)> legal) {
  required_.insert_or_assign(std::string(path), std::move(legal));
}

bool DataModel::update(std::string_view path, std::string_view value) {
  const auto place = tree_->find(path);
  if (!place || place->kind != Kind::parameter) return false;
  const Parameter& parameter = tree_->model().parameter(place->parameter);
  auto legal = conform(parameter.type, parameter.facets, value);
  if (!legal || parameter.counts != kNone) return false;
  if (tree_->assign(place->row, place->parameter, *legal)) {
    const Change change{std::string(path), std::move(*legal), Origin::device};
    notify({&change, 1});
  }
  return true;
}

bool DataModel::set_source(std::string_view path, Source source) {
  const auto place = tree_->find(path);
  if (!place || place->kind != Kind::parameter) return false;
  if (tree_->model().parameter(place->parameter).counts != kNone) return false;
  tree_->set_source(place->row, place->parameter, std::move(source));
  return true;
}

tl::expected<std::uint32_t, FaultCode> DataModel::add_object(std::string_view path, Origin origin) {
  const auto table = tree_->find(path);
  if (!table || table->kind != Kind::table || (origin == Origin::acs && !tree_->writable(*table)))
    return tl::unexpected(FaultCode::invalid_parameter_name);
  const auto number = tree_->add_row(*table);
  if (!number) return tl::unexpected(FaultCode::resources_exceeded);
  notify(table_changes(*tree_, *table, {fmt::format("{}{}.", path, *number), {}, origin, Change::Kind::added}));
  return *number;
}

tl::expected<void, FaultCode> DataModel::delete_object(std::string_view path, Origin origin) {
  const auto place = tree_->find(path);
  const bool is_row = place && place->kind == Kind::object && tree_->model().object(place->object).table;
  if (!is_row || (origin == Origin::acs && !tree_->writable(*place)))
    return tl::unexpected(FaultCode::invalid_parameter_name);
  const Tree::Place table{Kind::table, tree_->row(place->row).parent, place->object, kNone};
  tree_->remove_row(place->row);
  notify(table_changes(*tree_, table, {std::string(path), {}, origin, Change::Kind::deleted}));
  return {};
}

tl::expected<std::vector<ParameterAttributes>, FaultCode> DataModel::attributes(std::string_view path) const {
  const auto below = values(path);
  if (!below) return tl::unexpected(below.error());
  std::vector<ParameterAttributes> all;
  for (const auto& value : *below) {
    const auto place = tree_->find(value.path);
    all.push_back({value.path, tree_->attributes(place->row, place->parameter)});
  }
  return all;
}

tl::expected<void, FaultCode> DataModel::set_attributes(std::span<const AttributesAssignment> assignments) {
  for (const auto& assignment : assignments) {
    if (!tree_->find(assignment.path)) return tl::unexpected(FaultCode::invalid_parameter_name);
  }
  std::vector<Change> changes;
  for (const auto& assignment : assignments) {
    auto below = attributes(assignment.path);
    for (auto& [path, now] : *below) {
      now.notification = assignment.notification.value_or(now.notification);
      now.subscriber = assignment.subscriber.value_or(now.subscriber);
      const auto place = tree_->find(path);
      if (!tree_->set_attributes(place->row, place->parameter, now)) continue;
      changes.push_back({std::move(path), fmt::format("{} {}", now.notification, now.subscriber ? "Subscriber" : "-"),
                         Origin::acs, Change::Kind::attributes});
    }
  }
  notify(changes);
  return {};
}

unsigned DataModel::notification(std::string_view path) const {
  const auto place = tree_->find(path);
  if (!place || place->kind != Tree::Place::Kind::parameter) return 0;
  if (tree_->model().parameter(place->parameter).active_notify == ActiveNotify::force_enabled) {
    return Attributes::kMaxNotification;
  }
  return tree_->attributes(place->row, place->parameter).notification;
}

void DataModel::seal() {
  tree_->seal();
}

void DataModel::reset() {
  tree_->reset();
}

std::optional<TableState> DataModel::table_state(std::string_view path) const {
  const auto table = tree_->find(path);
  if (!table || table->kind != Kind::table) return std::nullopt;
  return tree_->table_state(*table);
}

bool DataModel::restore_table(std::string_view path, const TableState& state) {
  const auto table = tree_->find(path);
  return table && table->kind == Kind::table && tree_->restore_table(*table, state);
}

void DataModel::observe(std::function<void(std::span<const Change>)> observer) {
  observers_.push_back(std::move(observer));
}

void DataModel::notify(std::span<const Change> changes) {
  assert(!notifying_ && "an observer writes to the model it observes");
  if (changes.empty()) return;
  notifying_ = true;
  for (const auto& observer : observers_) observer(changes);
  notifying_ = false;
}

}  // namespace hnbemu::datamodel

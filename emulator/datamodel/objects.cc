// AddObject and DeleteObject of a DataModel.
#include <cctype>

#include "datamodel/data_model.h"
#include "datamodel/path.h"
#include "datamodel/references.h"
#include "datamodel/tree.h"

namespace hnbemu::datamodel {
namespace {

using Kind = Tree::Place::Kind;

// A row that came or went, and what its table's counter says now.
std::vector<Change> table_changes(const Tree& tree, const Tree::Place& table, Change change) {
  std::vector<Change> changes{std::move(change)};
  const ParameterId counter = tree.model().object(table.object).number_of_entries;
  if (counter != kNone)
    changes.push_back({tree.path(table.row, counter), tree.value(table.row, counter), changes.front().origin});
  return changes;
}

// Takes "[alias]." off the end of a path; "" if that is no alias.
std::optional<std::string_view> take_alias(std::string_view& path) {
  const auto open = path.rfind(".[");
  if (!path.ends_with("].") || open == std::string_view::npos) return std::nullopt;
  const auto alias = path.substr(open + 1, path.size() - open - 2);
  path = path.substr(0, open + 1);
  return instance_alias(alias).value_or(std::string_view{});
}

}  // namespace

tl::expected<std::uint32_t, FaultCode> DataModel::add_object(std::string_view path, Origin origin) {
  if (exhausted()) return tl::unexpected(FaultCode::internal_error);
  const auto alias = take_alias(path);
  return add_row(path, alias, origin);
}

tl::expected<std::uint32_t, FaultCode> DataModel::add_row(std::string_view path, std::optional<std::string_view> alias,
                                                          Origin origin) {
  const auto table = tree_->find(path);
  if (!table || table->kind != Kind::table || (origin == Origin::acs && !tree_->writable(*table)))
    return tl::unexpected(FaultCode::invalid_parameter_name);
  const Model& model = tree_->model();
  const KeyId key = model.object(table->object).alias;
  const ParameterId id = key == kNone ? kNone : model.key(key).parameters.front();
  if (alias) {
    // TR-106, data type Alias: it begins with a letter.
    const bool legal = id != kNone && !alias->empty() && std::isalpha(static_cast<unsigned char>(alias->front())) &&
                       conform(Type::string, model.parameter(id).facets, *alias);
    if (!legal || tree_->keys().find(table->row, key, *alias) != kNone)
      return tl::unexpected(FaultCode::invalid_parameter_name);
  }
  const RowId row = tree_->add_row(*table);
  if (row == kNone) return tl::unexpected(FaultCode::resources_exceeded);
  std::vector<std::pair<RowId, ParameterId>> assigned;
  if (alias && tree_->assign(row, id, std::string(*alias))) assigned.emplace_back(row, id);
  if (make_unique(*tree_, row, assigned) != kNone && origin != Origin::device) {
    tree_->remove_row(row);
    return tl::unexpected(FaultCode::resources_exceeded);
  }
  const auto number = tree_->row(row).instance;
  const auto added = tree_->path({Kind::object, row, table->object, kNone});
  std::vector<Change> values;
  for (const auto& [where, parameter] : assigned)
    values.push_back({tree_->path(where, parameter), tree_->stored(where, parameter), origin});
  tell(table_changes(*tree_, *table, {added, {}, origin, Change::Kind::added}), std::move(values));
  return number;
}

tl::expected<void, FaultCode> DataModel::delete_object(std::string_view path, Origin origin) {
  if (exhausted()) return tl::unexpected(FaultCode::internal_error);
  const auto place = tree_->find(path);
  const bool is_row = place && place->kind == Kind::object && tree_->model().object(place->object).table;
  if (!is_row || (origin == Origin::acs && !tree_->writable(*place)))
    return tl::unexpected(FaultCode::invalid_parameter_name);
  const Tree::Place table{Kind::table, tree_->row(place->row).parent, place->object, kNone};
  if (tree_->rows(table.row, table.object).size() <= tree_->model().object(table.object).min_rows)
    return tl::unexpected(FaultCode::request_denied);
  const auto deleted = tree_->path(*place);
  tree_->remove_row(place->row);
  auto cleared = clear_references(*tree_, deleted);
  tell(table_changes(*tree_, table, {deleted, {}, origin, Change::Kind::deleted}), std::move(cleared));
  return {};
}

}  // namespace hnbemu::datamodel

#include "profile/tree.h"

#include <fmt/ranges.h>

namespace hnbemu::profile {
namespace {

using datamodel::Facets;
using datamodel::Model;
using datamodel::ObjectId;
using datamodel::RowId;
using datamodel::Size;

class Walk {
 public:
  explicit Walk(const std::shared_ptr<const Model>& model) : model_(*model), fresh_(model) {}

  std::vector<TreeNode> take() && {
    members(datamodel::kRootObject, datamodel::kRootRow, "", 0);
    return std::move(nodes_);
  }

 private:
  // `row` is kNone inside a table that has none.
  void members(ObjectId object, RowId row, const std::string& path, std::size_t depth) {
    for (const auto& member : model_.object(object).members) {
      const auto name = path + std::string(model_.name(member));
      if (!member.is_object) {
        const auto& parameter = model_.parameter(member.id);
        const auto value = row == datamodel::kNone ? parameter.value : fresh_.value(name).value_or("");
        nodes_.push_back({TreeNode::Kind::parameter, name, depth, parameter.writable, 0, &parameter, value});
      } else if (model_.object(member.id).table) {
        table(member.id, row, name + ".", depth);
      } else {
        nodes_.push_back({TreeNode::Kind::object, name + ".", depth, false, 0, nullptr, ""});
        members(member.id, row, name + ".", depth + 1);
      }
    }
  }

  void table(ObjectId id, RowId row, const std::string& path, std::size_t depth) {
    const auto rows = row == datamodel::kNone ? std::span<const RowId>{} : model_.rows(row, id);
    nodes_.push_back({TreeNode::Kind::table, path, depth, model_.object(id).writable, rows.size(), nullptr, ""});
    if (rows.empty()) return members(id, datamodel::kNone, path + "{i}.", depth + 1);
    for (const auto one : rows) {
      const auto inside = fmt::format("{}{}.", path, model_.row(one).instance);
      nodes_.push_back({TreeNode::Kind::row, inside, depth + 1, false, 0, nullptr, ""});
      members(id, one, inside, depth + 2);
    }
  }

  const Model& model_;
  datamodel::DataModel fresh_;
  std::vector<TreeNode> nodes_;
};

std::string text_of(const datamodel::Range& range) {
  const auto min = range.min ? range.min->to_string() : "";
  const auto max = range.max ? range.max->to_string() : "";
  return min == max ? min : min + ":" + max;
}

std::string text_of(const Size& size) {
  if (size.min == size.max) return fmt::to_string(size.min);
  return fmt::format("{}:{}", size.min == 0 ? "" : fmt::to_string(size.min),
                     size.max == UINT32_MAX ? "" : fmt::to_string(size.max));
}

template <class Limits>
std::string limits_text(const std::vector<Limits>& limits) {
  std::vector<std::string> texts;
  for (const auto& limit : limits) texts.push_back(text_of(limit));
  return texts.empty() ? "" : fmt::format("({})", fmt::join(texts, "|"));
}

}  // namespace

std::vector<TreeNode> tree_of(const std::shared_ptr<const Model>& model) {
  return Walk(model).take();
}

std::string type_text(const datamodel::Parameter& parameter) {
  const Facets& facets = parameter.facets;
  std::string text;
  auto type = parameter.type;
  if (facets.list_items) {
    type = facets.item_type;
    text = "list";
    if (const auto items = text_of(*facets.list_items); items != ":") text += fmt::format("[{}]", items);
    if (facets.list_size) text += fmt::format("({})", text_of(*facets.list_size));
    text += ' ';
  }
  const auto name = datamodel::xsd_name(type);
  text += name.substr(name.find(':') + 1);
  text += limits_text(facets.ranges) + limits_text(facets.sizes);
  if (!facets.enumeration.empty()) text += fmt::format("{{{}}}", fmt::join(facets.enumeration, "|"));
  return text;
}

std::string notification_text(const datamodel::Parameter& parameter) {
  using enum datamodel::ActiveNotify;
  std::string text = parameter.forced_inform ? "inform" : "";
  const auto* const active = parameter.active_notify == force_enabled           ? "active=forced"
                             : parameter.active_notify == force_default_enabled ? "active=default"
                             : parameter.active_notify == can_deny              ? "active=deniable"
                                                                                : "";
  if (!text.empty() && *active != '\0') text += ' ';
  return text + active;
}

}  // namespace hnbemu::profile

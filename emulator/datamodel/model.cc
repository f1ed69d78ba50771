#include "datamodel/model.h"

#include <algorithm>

namespace hnbemu::datamodel {

std::string_view Model::name(const Member& member) const {
  return member.is_object ? objects_[member.id].name : parameters_[member.id].name;
}

std::optional<Member> Model::member(ObjectId object, std::string_view wanted) const {
  const Object& parent = objects_[object];
  const auto hash = std::hash<std::string_view>{}(wanted);
  for (auto at = std::ranges::lower_bound(parent.by_name, hash, {}, &Object::Named::hash);
       at != parent.by_name.end() && at->hash == hash; ++at) {
    const Member& found = parent.members[at->member];
    if (name(found) == wanted) return found;
  }
  return std::nullopt;
}

Model::Extent Model::extent(ObjectId object) const {
  Extent extent;
  std::vector<ObjectId> open{object};
  while (!open.empty()) {
    const ObjectId id = open.back();
    open.pop_back();
    for (const Member& member : objects_[id].members) {
      if (!member.is_object) extent.parameters.push_back(member.id);
      if (member.is_object) (objects_[member.id].table ? extent.tables : open).push_back(member.id);
    }
  }
  return extent;
}

std::span<const RowId> Model::rows(RowId parent, ObjectId table) const {
  const auto found = tables_.find(place(parent, table));
  return found == tables_.end() ? std::span<const RowId>{} : found->second;
}

const std::string* Model::value(RowId row, ParameterId parameter) const {
  const auto found = values_.find(place(row, parameter));
  return found == values_.end() ? nullptr : &found->second;
}

}  // namespace hnbemu::datamodel

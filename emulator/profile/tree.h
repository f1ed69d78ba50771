#pragma once

#include <string>
#include <vector>

#include "datamodel/data_model.h"

namespace hnbemu::profile {

// One line of a fresh device's tree: an object, a table, a row, or a parameter.
struct TreeNode {
  enum class Kind { object, table, row, parameter };
  Kind kind = Kind::object;
  std::string path;
  std::size_t depth = 0;                            // objects around it
  bool writable = false;                            // of a table: the ACS may add rows
  std::size_t rows = 0;                             // of a table
  const datamodel::Parameter* parameter = nullptr;  // lives as long as the model
  std::string value;
};

// The tree in its order. A table without a row shows what a row of it would be, as "Table.{i}.".
std::vector<TreeNode> tree_of(const std::shared_ptr<const datamodel::Model>& model);

// How definitions write the parameter's type: "list(:64) string", "unsignedInt(1:10)", "string{Up|Down}".
std::string type_text(const datamodel::Parameter& parameter);
// What the standard says on notification: "inform", "active=forced" …
std::string notification_text(const datamodel::Parameter& parameter);

}  // namespace hnbemu::profile

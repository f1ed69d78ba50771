#pragma once

#include <memory>
#include <vector>

#include "config/profile.h"
#include "datamodel/data_model.h"
#include "generators/spec.h"

namespace hnbemu::generators {

// What lives in the devices of one profile; they share it.
struct Plan {
  std::vector<Spec> specs;  // a path once
  std::vector<Link> links;  // values in their canonical form
};

// What the profile says, looked at with its model: every path is a parameter of the fresh device, and every value that
// a rule may give is legal there. Errors name file, line and column.
Result<std::shared_ptr<const Plan>> read_plan(const config::Profile& profile,
                                              std::shared_ptr<const datamodel::Model> model);

}  // namespace hnbemu::generators

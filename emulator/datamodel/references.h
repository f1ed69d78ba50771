#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "datamodel/tree.h"

namespace hnbemu::datamodel {

// What is stored when `text` is set to a reference: full paths without a dot at the end, with instance numbers for
// aliases (TR-106 3.2.4). A path that begins with a dot is below the Root or Service Object, as TR-106 had it before
// Amendment 12. Nothing if `text` refers to what it may not refer to.
std::optional<std::string> resolve_reference(const Tree& tree, RowId row, ParameterId parameter, std::string_view text);

// Makes strong references to the row that was at `path`, and to all below it, null; of lists, takes the item out.
// Gives what changed. Costs the number of strong references.
std::vector<Change> clear_references(Tree& tree, std::string_view path);

}  // namespace hnbemu::datamodel

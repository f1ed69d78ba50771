#pragma once

#include <map>
#include <string>
#include <string_view>

#include "tr106/document.h"

namespace hnbemu::tr106 {

using NamedTypes = std::map<std::string, DataType, std::less<>>;

// What a value of the type has before facets of its own. The items of a list of lists may be anything.
void become(Syntax& syntax, const DataType& type, bool own_list);
// Whether the type's name says all of the value's type, but for a list that differs from the type's.
bool says_all(const DataType& type, const Syntax& syntax);

// Whether a type of that name can be told from the built-in types and from what stands around it in a table.
bool legal_type_name(std::string_view name);

// Whether the type's values are confined by ranges; those of the others are confined by sizes.
bool is_number(BaseType type);
// Whether `text` is a number that may limit the type's ranges.
bool is_limit(BaseType type, std::string_view text);

}  // namespace hnbemu::tr106

#pragma once

#include <string>

#include "base/result.h"
#include "datamodel/model_builder.h"
#include "tr106/document.h"

namespace hnbemu::tr106 {

// What CWMP has for a type of TR-106: `any` and `decimal` are strings, `integer` is a long.
datamodel::Type cwmp_type(BaseType type);

datamodel::ObjectSpec object_spec(const Object& object);
// Of the object's parameter. "parameter=" is no default that a model can have.
datamodel::ParameterSpec parameter_spec(const std::string& object_path, const Parameter& parameter);
// Of a parameter's whole path and the line that defines it (parameter_line.h).
Result<datamodel::ParameterSpec> parse_spec(const std::string& path, std::string_view line);

// A default that is none of the parameter's values; patterns that RE2 lacks what it takes for (datamodel/pattern.h).
// Published documents have such.
void leave_out_what_is_wrong(datamodel::ParameterSpec& spec);

// All objects and parameters of the document, with its root (import.h: with_root). Defaults that their own facets
// forbid are left out: published documents have such.
Result<> add_to(datamodel::ModelBuilder& builder, const Document& document);

}  // namespace hnbemu::tr106

#pragma once

#include <string>

#include "base/result.h"
#include "datamodel/model_builder.h"
#include "tr106/document.h"

namespace hnbemu::tr106 {

// What CWMP has for a type of TR-106: `any` and `decimal` are strings, `integer` is a long.
datamodel::Type cwmp_type(BaseType type);

datamodel::ObjectSpec object_spec(const Object& object);
// Of the object's parameter. A default that other parameters have, or that the parameter's own facets forbid (published
// documents have such), is left out.
datamodel::ParameterSpec parameter_spec(const std::string& object_path, const Parameter& parameter);

// All objects and parameters of the document, with its root (import.h: with_root).
Result<> add_to(datamodel::ModelBuilder& builder, const Document& document);

}  // namespace hnbemu::tr106

#pragma once

#include <string>
#include <vector>

#include "config/profile.h"
#include "datamodel/model_builder.h"
#include "tr106/document.h"

namespace hnbemu::profile {

// What a profile has of the standards' model tables, where it stands in the device.
struct ModelParts {
  struct Object {
    datamodel::ObjectSpec spec;
    std::vector<datamodel::ParameterSpec> parameters;
  };
  std::vector<Object> objects;           // in the order of the tree
  std::vector<tr106::Profile> profiles;  // of the tables, with the paths that they have in the device
  std::vector<std::string> documents;    // where the tables are from: "tr-181-2-17-0-cwmp.xml"
  std::vector<std::string> mistakes;     // "file:line:column: what"
};

// An object that is asked for comes with all below it and the objects around it, but of these only what is asked for;
// a table always with the parameter that counts its rows.
ModelParts read_model_parts(const config::Profile& profile);

}  // namespace hnbemu::profile

#pragma once

#include <string>
#include <string_view>

namespace hnbemu::tr106 {

// TR-106 3.1: letters, digits, "_", "-", other scripts; {i} in the place of an instance number. An object's path ends
// in
// ".", or is "" for what stands beside a service's table.
bool legal_object_path(std::string_view path);
bool legal_parameter_name(std::string_view name);

// TR-106 A.2.3.4, scope "normal": the full path that `target` means in the object `object_path` (which ends in "."). A
// target that starts in a place outside of what is known stays as it is: of a component, for one, the root is not.
std::string resolve_reference(std::string_view object_path, std::string_view target, bool in_model);

}  // namespace hnbemu::tr106

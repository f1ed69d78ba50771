#pragma once

#include <string>
#include <string_view>

namespace hnbemu::cwmp {

// A SOAP message for eyes: the values of parameters that are secrets by their name (…Password, …PreSharedKey, …Secret
// …) and of <Password> elements are "***". Anything that is no XML comes back as it is. Linear in the text.
std::string mask_secrets(std::string_view soap);

}  // namespace hnbemu::cwmp

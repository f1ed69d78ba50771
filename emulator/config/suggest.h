#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hnbemu::config {

// ", did you mean 'count'?" if one of `names` is near enough to `wrong` to be meant, else "".
std::string suggestion(std::string_view wrong, const std::vector<std::string>& names);

}  // namespace hnbemu::config

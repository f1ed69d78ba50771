#pragma once

#include <cstddef>
#include <istream>
#include <string>

namespace hnbemu {

// The next bytes of the stream, at most so many. To know whether there are more than a limit, ask for one byte more
// than it. What fails shows in the stream's state, as ever.
std::string read_up_to(std::istream& in, std::size_t most);

}  // namespace hnbemu

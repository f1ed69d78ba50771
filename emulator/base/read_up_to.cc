#include "base/read_up_to.h"

#include <algorithm>
#include <array>

namespace hnbemu {

// In pieces: limits are large, and files are small.
std::string read_up_to(std::istream& in, std::size_t most) {
  std::string text;
  std::array<char, 16'384> piece{};
  while (in && text.size() < most) {
    in.read(piece.data(), static_cast<std::streamsize>(std::min(piece.size(), most - text.size())));
    text.append(piece.data(), static_cast<std::size_t>(in.gcount()));
  }
  return text;
}

}  // namespace hnbemu

#include <cstdlib>
#include <sstream>

#include "files/cm_file.h"

// What a file server hands out as a CM file. What is read can be written, and is read alike.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hnbemu::files;
  std::istringstream stream(std::string(reinterpret_cast<const char*>(data), size));
  const auto file = read_cm_file(stream);
  if (!file) return 0;
  for (const auto& row : file->rows)
    if (!row.ends_with('.')) std::abort();
  std::istringstream written(to_xml(*file));
  const auto again = read_cm_file(written);
  if (again && again->parameters != file->parameters) std::abort();
  return 0;
}

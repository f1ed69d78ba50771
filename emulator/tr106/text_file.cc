#include "tr106/text_file.h"

#include <fstream>

namespace hnbemu::tr106 {

Result<std::string> read_text_file(const std::filesystem::path& file, std::size_t most) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error) return fail(Cause::configuration, fmt::format("{}: {}", file.string(), error.message()));
  if (size > most) return fail(Cause::configuration, fmt::format("{}: longer than {} bytes", file.string(), most));
  std::string text(size, '\0');
  std::ifstream in(file, std::ios::binary);
  if (!in.read(text.data(), static_cast<std::streamsize>(size)))
    return fail(Cause::configuration, fmt::format("{}: cannot be read", file.string()));
  return text;
}

}  // namespace hnbemu::tr106

#include "tr106/file_version.h"

#include <charconv>
#include <vector>

namespace hnbemu::tr106 {
namespace {

struct VersionedName {
  std::vector<unsigned> numbers;
  std::string label;  // "-common", "" if none
};

std::optional<VersionedName> parse(std::string_view name) {
  if (!name.starts_with("tr-") || !name.ends_with(".xml")) return std::nullopt;
  name.remove_prefix(2);
  name.remove_suffix(4);
  VersionedName parsed;
  while (name.starts_with('-')) {
    unsigned number = 0;
    const auto* end = name.data() + name.size();
    const auto [behind, error] = std::from_chars(name.data() + 1, end, number);
    if (error != std::errc() || (behind != end && *behind != '-')) break;
    parsed.numbers.push_back(number);
    name.remove_prefix(static_cast<std::size_t>(behind - name.data()));
  }
  if (parsed.numbers.empty()) return std::nullopt;
  parsed.label = name;
  return parsed;
}

bool begins_with(const std::vector<unsigned>& numbers, const std::vector<unsigned>& start) {
  return numbers.size() >= start.size() && std::equal(start.begin(), start.end(), numbers.begin());
}

}  // namespace

std::optional<std::string> matching_file(const std::filesystem::path& folder, std::string_view name) {
  std::error_code error;
  if (std::filesystem::is_regular_file(folder / name, error)) return std::string(name);
  const auto wanted = parse(name);
  if (!wanted) return std::nullopt;
  std::optional<std::string> best;
  std::vector<unsigned> best_numbers;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    auto candidate = entry.path().filename().string();
    const auto version = parse(candidate);
    if (!version || version->label != wanted->label || !begins_with(version->numbers, wanted->numbers)) continue;
    if (best && version->numbers <= best_numbers) continue;
    best = std::move(candidate);
    best_numbers = version->numbers;
  }
  return best;
}

}  // namespace hnbemu::tr106

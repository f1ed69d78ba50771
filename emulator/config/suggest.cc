#include "config/suggest.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace hnbemu::config {
namespace {

constexpr std::size_t kMaxNameLength = 256;  // longer ones are not compared

char lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

// Edits (insert, delete, replace, swap of neighbours) between two names, letter case aside.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

}  // namespace

std::string suggestion(std::string_view wrong, const std::vector<std::string>& names) {
  if (wrong.size() > kMaxNameLength) return {};
  const std::size_t near = std::max<std::size_t>(1, wrong.size() / 3);
  std::size_t best_distance = near + 1;
  const std::string* best = nullptr;
  for (const std::string& name : names) {
    if (name.size() > wrong.size() + near || wrong.size() > name.size() + near) continue;
    const std::size_t d = distance(wrong, name);
    if (d < best_distance) {
      best_distance = d;
      best = &name;
    }
  }
  return best == nullptr ? std::string{} : fmt::format(", did you mean '{}'?", *best);
}

}  // namespace hnbemu::config

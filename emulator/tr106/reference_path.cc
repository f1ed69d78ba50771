#include "tr106/reference_path.h"

#include <algorithm>
#include <cctype>

#include "tr106/document.h"

namespace hnbemu::tr106 {
namespace {

constexpr std::string_view kServices = ".Services.";

// "Device." or "FAPService.{i}."
std::string_view top_object(std::string_view path) {
  auto end = path.find('.') + 1;
  if (path.substr(end).starts_with("{i}.")) end += 4;
  return path.substr(0, end);
}

bool is_root(std::string_view path) {
  return path.starts_with("Device.") || path.starts_with("InternetGatewayDevice.");
}

std::string up(std::string_view object_path, std::string_view target) {
  const auto hashes = target.find_first_not_of('#');
  auto rest = hashes == std::string_view::npos ? std::string_view() : target.substr(hashes);
  std::string_view from = object_path;
  for (std::size_t level = 0; level < target.size() - rest.size(); ++level) {
    if (from.empty()) return std::string(target);
    from = parent_path(from);
  }
  if (rest.starts_with('.')) rest.remove_prefix(1);
  return from.empty() ? std::string(target) : std::string(from) + std::string(rest);
}

}  // namespace

bool legal_parameter_name(std::string_view name) {
  return !name.empty() && name.size() <= datamodel::kMaxPathLength &&
         std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '-' || c >= 0x80; });
}

bool legal_object_path(std::string_view path) {
  if (!path.empty() && (!path.ends_with('.') || path.size() > datamodel::kMaxPathLength)) return false;
  bool after_name = false;  // {i} stands behind a name
  while (!path.empty()) {
    const auto name = path.substr(0, path.find('.'));
    path.remove_prefix(name.size() + 1);
    if (name == "{i}" ? !after_name : !legal_parameter_name(name)) return false;
    after_name = name != "{i}";
  }
  return true;
}

std::string_view parent_path(std::string_view object_path) {
  if (object_path.ends_with(".{i}.")) object_path.remove_suffix(4);
  object_path.remove_suffix(object_path.empty() ? 0 : 1);
  const auto dot = object_path.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : object_path.substr(0, dot + 1);
}

std::string resolve_reference(std::string_view object_path, std::string_view target, bool in_model) {
  if (is_root(target)) return std::string(target);
  if (target.starts_with('#')) return up(object_path, target);
  if (!target.starts_with('.')) return std::string(object_path) + std::string(target);
  if (is_root(object_path)) return std::string(top_object(object_path)) + std::string(target.substr(1));
  if (!in_model) return std::string(target);
  // Of a service: another service stands beside it, all else that begins with a dot is its own.
  if (target.starts_with(kServices)) return std::string(target.substr(kServices.size()));
  return std::string(top_object(object_path)) + std::string(target.substr(1));
}

}  // namespace hnbemu::tr106

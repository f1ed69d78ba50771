#include "cwmp/mask.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace hnbemu::cwmp {
namespace {

constexpr std::string_view kMask = "***";
constexpr std::array<std::string_view, 7> kSecretEndings{"password",   "presharedkey", "secret", "passphrase",
                                                         "privatekey", "wepkey",       "psk"};

bool is_secret(std::string_view name) {
  while (!name.empty() && std::isspace(static_cast<unsigned char>(name.back()))) name.remove_suffix(1);
  return std::any_of(kSecretEndings.begin(), kSecretEndings.end(), [&](std::string_view ending) {
    if (name.size() < ending.size()) return false;
    const auto tail = name.substr(name.size() - ending.size());
    return std::equal(tail.begin(), tail.end(), ending.begin(),
                      [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
  });
}

// "cwmp:Value xsi:type=…" -> "Value"
std::string_view local_name(std::string_view tag) {
  tag = tag.substr(0, tag.find_first_of(" \t\r\n/"));
  const auto colon = tag.find(':');
  return colon == std::string_view::npos ? tag : tag.substr(colon + 1);
}

}  // namespace

// Tag by tag: what stands between <Name> and its end says whether the next <Value> is a secret.
std::string mask_secrets(std::string_view soap) {
  std::string out;
  out.reserve(soap.size());
  bool secret_value = false;
  std::string_view open;  // the element whose text comes next
  while (!soap.empty()) {
    const auto begin = soap.find('<');
    const auto text = soap.substr(0, begin);
    const bool hidden = (open == "Value" && secret_value) || (open != "Name" && !open.empty() && is_secret(open));
    if (open == "Name") secret_value = is_secret(text);
    out += hidden && !text.empty() ? kMask : text;
    if (begin == std::string_view::npos) break;
    const auto end = soap.find('>', begin);
    const auto tag = soap.substr(begin, end == std::string_view::npos ? end : end - begin + 1);
    out += tag;
    const bool opens = tag.size() > 2 && tag[1] != '/' && tag[1] != '?' && tag[1] != '!' && tag[tag.size() - 2] != '/';
    open = opens ? local_name(tag.substr(1, tag.size() - 2)) : std::string_view{};
    soap.remove_prefix(begin + tag.size());
  }
  return out;
}

}  // namespace hnbemu::cwmp

#include "adapters/ipsec/sa_facts.h"

#include <algorithm>

#include "base/number.h"

namespace hnbemu::ipsec {
namespace {

using generators::ChildSa;
using generators::Nat;

constexpr Seconds kRounding{2};  // of charon's ages

template <class T>
T number(std::string_view text, int base = 10) {
  return parse_number<T>(text, base).value_or(0);
}

// strongSwan's "PRF_HMAC_SHA2_256" and "AES_CBC" are TR-181's "HMAC-SHA2-256" and "AES-CBC".
std::string algorithm(std::string_view name) {
  if (name.starts_with("PRF_")) name.remove_prefix(4);
  std::string text(name);
  std::replace(text.begin(), text.end(), '_', '-');
  return text;
}

WallTime created(WallTime known, WallTime now, std::string_view age) {
  const WallTime told = std::chrono::floor<Seconds>(now) - Seconds(number<std::int64_t>(age));
  return std::chrono::abs(told - known) <= kRounding ? known : told;
}

ChildSa child_of(const vici::Section& told, WallTime now, const std::vector<ChildSa>& known) {
  ChildSa child;
  child.inbound_spi = number<std::uint32_t>(told.text("spi-in"), 16);
  child.outbound_spi = number<std::uint32_t>(told.text("spi-out"), 16);
  const auto before = std::find_if(known.begin(), known.end(),
                                   [&](const ChildSa& one) { return one.inbound_spi == child.inbound_spi; });
  child.created = created(before == known.end() ? WallTime{} : before->created, now, told.text("install-time"));
  child.traffic = {number<std::uint64_t>(told.text("bytes-out")), number<std::uint64_t>(told.text("bytes-in")),
                   number<std::uint64_t>(told.text("packets-out")), number<std::uint64_t>(told.text("packets-in"))};
  return child;
}

}  // namespace

void read_sa(const vici::Section& told, WallTime now, generators::IkeSa& sa) {
  sa.created = created(sa.created, now, told.text("established"));
  sa.nat = told.text("nat-local") == "yes" ? Nat::local : told.text("nat-remote") == "yes" ? Nat::remote : Nat::none;
  sa.encryption = algorithm(told.text("encr-alg"));
  sa.key_length = number<unsigned>(told.text("encr-keysize"));
  sa.integrity = algorithm(told.text("integ-alg"));
  if (sa.integrity.empty()) sa.integrity = "NONE";  // AEAD, RFC 5282
  sa.pseudo_random_function = algorithm(told.text("prf-alg"));
  sa.diffie_hellman_group = algorithm(told.text("dh-group"));
  const auto known = std::exchange(sa.children, {});
  const auto* children = told.section("child-sas");
  if (children == nullptr) return;
  for (const auto& [name, value] : children->members) {
    const auto* child = std::get_if<vici::Section>(&value);
    if (child != nullptr && child->text("state") == "INSTALLED") sa.children.push_back(child_of(*child, now, known));
  }
}

}  // namespace hnbemu::ipsec

#include "lab/address_plan.h"

#include <algorithm>
#include <bit>
#include <vector>

namespace hnbemu::lab {
namespace {

constexpr unsigned kDnsOffset = 1;
constexpr std::uint64_t kFirstLink = 2;     // of the SeGWs, in the wan and the core prefix
constexpr unsigned kLongestInnerPool = 29;  // charon gives neither the first nor the last address of a pool

std::uint64_t size_of(const Prefix& prefix) {
  return std::uint64_t{1} << (32 - prefix.length);
}

IpAddress at(const Prefix& prefix, std::uint64_t offset) {
  return IpAddress::v4(prefix.address.to_v4() + static_cast<std::uint32_t>(offset));
}

LinkAddresses link_at(const Prefix& prefix, std::uint64_t first, std::size_t index) {
  return {at(prefix, first + 2 * index), at(prefix, first + 2 * index + 1)};
}

struct Named {
  const char* key;
  const Prefix* prefix;
};

Result<> check_form(const Named& pool) {
  const auto& prefix = *pool.prefix;
  const bool v4 = prefix.address.family() == IpAddress::Family::v4;
  if (v4 && prefix.length > 0 && prefix.length <= 31 && prefix.address.to_v4() % size_of(prefix) == 0) return {};
  return fail(Cause::configuration,
              fmt::format("lab: {} {} is not an IPv4 network such as 10.128.0.0/16", pool.key, prefix.to_string()));
}

Result<> check_pools(const std::vector<Named>& pools) {
  for (const auto& pool : pools) {
    if (auto good = check_form(pool); !good) return good;
  }
  for (auto a = pools.begin(); a != pools.end(); ++a) {
    for (auto b = a + 1; b != pools.end(); ++b) {
      if (a->prefix->contains(b->prefix->address) || b->prefix->contains(a->prefix->address)) {
        return fail(Cause::configuration, fmt::format("lab: {} {} and {} {} overlap; change one of them", a->key,
                                                      a->prefix->to_string(), b->key, b->prefix->to_string()));
      }
    }
  }
  return {};
}

Result<> check_room(const Named& pool, std::uint64_t needed) {
  if (size_of(*pool.prefix) >= needed) return {};
  return fail(Cause::configuration, fmt::format("lab: {} {} is too small: {} addresses are needed", pool.key,
                                                pool.prefix->to_string(), needed));
}

}  // namespace

Result<AddressPlan> AddressPlan::make(const LabConfig& config) {
  const Named wan{"wan_prefix", &config.wan_prefix};
  const Named core{"core_prefix", &config.core_prefix};
  const Named inner{"inner_pool", &config.inner_pool};
  const std::uint64_t segws = segws_of(config).size();
  const std::uint64_t hmss = hmss_of(config).size();
  const auto links_end = kFirstLink + 2 * segws;
  const auto parts = std::bit_ceil(segws);
  const auto divided = static_cast<unsigned>(std::countr_zero(parts));
  const auto configured = hmss_of(config);
  const bool any_public = std::ranges::any_of(configured, &HmsConfig::is_public);
  std::vector<Named> pools{{"device_pool", &config.device_pool}, wan, core, inner};
  if (config.spare_inner_pool) pools.push_back({"spare_inner_pool", &*config.spare_inner_pool});

  auto good =
      check_pools(pools)
          .and_then([&] { return check_room(wan, any_public ? 2 * std::max(links_end, hmss) : links_end); })
          .and_then([&] { return check_room(core, 2 * std::max(links_end, hmss)); })
          .and_then([&] { return check_room(inner, parts << (32 - kLongestInnerPool)); })
          .and_then([&] {
            return config.spare_inner_pool ? check_room(pools.back(), parts << (32 - kLongestInnerPool)) : Result<>{};
          });
  if (!good) return tl::unexpected(good.error());
  AddressPlan plan;
  plan.device_pool_ = config.device_pool;
  plan.wan_ = config.wan_prefix;
  plan.core_ = config.core_prefix;
  plan.inner_pool_ = config.inner_pool;
  plan.inner_length_ = config.inner_pool.length + divided;
  plan.spare_pool_ = config.spare_inner_pool;
  if (plan.spare_pool_) plan.spare_length_ = plan.spare_pool_->length + divided;
  return plan;
}

std::size_t AddressPlan::device_capacity() const {
  return size_of(device_pool_) / 2;
}

LinkAddresses AddressPlan::device(std::size_t index) const {
  return link_at(device_pool_, 0, index);
}

SegwAddresses AddressPlan::segw(std::size_t index) const {
  const auto part_of = [&](const Prefix& pool, unsigned length) {
    return Prefix{at(pool, index * size_of({pool.address, length})), length};
  };
  const auto spare = spare_pool_ ? std::optional(part_of(*spare_pool_, spare_length_)) : std::nullopt;
  return {link_at(wan_, kFirstLink, index), link_at(core_, kFirstLink, index), part_of(inner_pool_, inner_length_),
          spare};
}

IpAddress AddressPlan::hms(std::size_t index) const {
  return at(core_, size_of(core_) / 2 + index);
}

IpAddress AddressPlan::public_hms(std::size_t index) const {
  return at(wan_, size_of(wan_) / 2 + index);
}

IpAddress AddressPlan::acs_in_wan() const {
  return at(wan_, size_of(wan_) - 2);
}

IpAddress AddressPlan::acs_in_core() const {
  return at(core_, size_of(core_) - 2);
}

IpAddress AddressPlan::stun_in_wan() const {
  return at(wan_, size_of(wan_) - 3);
}

IpAddress AddressPlan::stun_in_core() const {
  return at(core_, size_of(core_) - 3);
}

IpAddress AddressPlan::outer_dns() const {
  return at(wan_, kDnsOffset);
}

IpAddress AddressPlan::inner_dns() const {
  return at(core_, kDnsOffset);
}

}  // namespace hnbemu::lab

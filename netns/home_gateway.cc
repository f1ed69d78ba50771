#include "netns/home_gateway.h"

#include <nftables/libnftables.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <mutex>

namespace hnbemu::netns {
namespace {

std::string script_of(const HomeGatewayRules& rules) {
  return fmt::format(
      "table ip home {{\n"
      " chain leaving {{ type nat hook postrouting priority srcnat; oifname \"{0}\" masquerade; }}\n"
      " chain through {{ type filter hook forward priority filter; policy drop;\n"
      "  ct state established,related accept; iifname \"{1}\" accept; }}\n"
      " chain here {{ type filter hook input priority filter; policy accept; iifname \"{0}\" ct state new drop; }}\n"
      "}}\n",
      rules.outside, rules.inside);
}

// In the namespace of the calling thread. The library keeps tables of its own that threads would share.
Result<> apply(const std::string& script) {
  static std::mutex one_at_a_time;
  const std::lock_guard lock(one_at_a_time);
  const std::unique_ptr<nft_ctx, decltype(&nft_ctx_free)> context(nft_ctx_new(NFT_CTX_DEFAULT), &nft_ctx_free);
  if (!context) return fail(Cause::resources, "nftables: no memory");
  nft_ctx_buffer_output(context.get());
  nft_ctx_buffer_error(context.get());
  if (nft_run_cmd_from_buffer(context.get(), script.c_str()) == 0) return {};
  std::string why = nft_ctx_get_error_buffer(context.get());
  why.resize(std::min(why.find('\n'), why.size()));
  return fail(Cause::system,
              fmt::format("nftables: {} (a NAT needs the kernel's nf_tables, nft_masq and nf_conntrack)", why));
}

// /proc/sys/net is that of the calling thread's namespace.
Result<> set_lifetime(std::chrono::seconds lifetime) {
  for (const char* const name : {"nf_conntrack_udp_timeout", "nf_conntrack_udp_timeout_stream"}) {
    const auto path = std::string("/proc/sys/net/netfilter/") + name;
    std::ofstream file(path);
    if (file << lifetime.count() && file.flush()) continue;
    return fail(Cause::system, fmt::format("{} cannot be written (in a container /proc/sys may be read-only)", path));
  }
  return {};
}

}  // namespace

Result<> make_home_gateway(const Namespace& gateway, const HomeGatewayRules& rules) {
  const Enter scope(gateway);
  if (!scope.entered()) return scope.entered();
  auto applied = apply(script_of(rules));
  if (!applied || rules.udp_lifetime.count() == 0) return applied;
  return set_lifetime(rules.udp_lifetime);
}

}  // namespace hnbemu::netns

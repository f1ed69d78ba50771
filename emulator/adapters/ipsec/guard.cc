#include "adapters/ipsec/guard.h"

#include <arpa/inet.h>
#include <linux/xfrm.h>

#include <cerrno>

#include "adapters/ipsec/xfrm.h"
#include "netns/device_socket.h"
#include "netns/netlink.h"

namespace hnbemu::ipsec {
namespace {

constexpr std::uint32_t kRulePriority = 230;           // behind charon's own table, 220
constexpr std::uint32_t kPolicyPriority = 0xffffffff;  // behind all of charon's

struct alignas(NLA_ALIGNTO) Mark {
  nlattr attribute{sizeof(Mark), XFRMA_MARK};
  // Of what is not outer traffic. It also makes this another policy than charon's with the same selector, which would
  // replace it.
  xfrm_mark value{0, netns::kOuterMark};
};

struct BlockPolicy {
  nlmsghdr header{};
  xfrm_userpolicy_info policy{};
  Mark mark;
};

struct UnblockPolicy {
  nlmsghdr header{};
  xfrm_userpolicy_id policy{};
  Mark mark;
};

xfrm_selector from(const IpAddress& inner) {
  xfrm_selector selector{};
  selector.family = AF_INET;
  selector.saddr.a4 = htonl(inner.to_v4());
  selector.prefixlen_s = 32;
  return selector;
}

Result<int> ask(const netns::Namespace& home, nlmsghdr& header, std::uint16_t type, std::size_t size) {
  header.nlmsg_len = static_cast<std::uint32_t>(size);
  header.nlmsg_type = type;
  header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
  return ask_xfrm(home, header);
}

Result<> block(const netns::Namespace& home, const IpAddress& inner) {
  BlockPolicy message;
  auto& policy = message.policy;
  policy.sel = from(inner);
  policy.priority = kPolicyPriority;
  policy.dir = XFRM_POLICY_OUT;
  policy.action = XFRM_POLICY_BLOCK;
  policy.lft.soft_byte_limit = policy.lft.hard_byte_limit = XFRM_INF;
  policy.lft.soft_packet_limit = policy.lft.hard_packet_limit = XFRM_INF;
  const auto refusal = ask(home, message.header, XFRM_MSG_UPDPOLICY, sizeof message);
  if (!refusal) return tl::unexpected(refusal.error());
  if (*refusal != 0) return fail_errno(fmt::format("blocking {} outside its tunnel", inner.to_string()), *refusal);
  return {};
}

Result<> unblock(const netns::Namespace& home, const IpAddress& inner) {
  UnblockPolicy message;
  message.policy.sel = from(inner);
  message.policy.dir = XFRM_POLICY_OUT;
  const auto refusal = ask(home, message.header, XFRM_MSG_DELPOLICY, sizeof message);
  if (!refusal) return tl::unexpected(refusal.error());
  if (*refusal != 0 && *refusal != ENOENT) return fail_errno("unblocking " + inner.to_string(), *refusal);
  return {};
}

}  // namespace

Result<> add_guard(const netns::Namespace& home, EspBackend esp, const IpAddress& inner) {
  if (esp == EspBackend::kernel) return block(home, inner);
  auto netlink = netns::Netlink::open(home);
  if (!netlink) return tl::unexpected(netlink.error());
  return netlink->remove_unreachable_rule({inner, 32}, kRulePriority).and_then([&] {
    return netlink->add_unreachable_rule({inner, 32}, kRulePriority);
  });
}

Result<> remove_guard(const netns::Namespace& home, EspBackend esp, const IpAddress& inner) {
  if (esp == EspBackend::kernel) return unblock(home, inner);
  auto netlink = netns::Netlink::open(home);
  if (!netlink) return tl::unexpected(netlink.error());
  return netlink->remove_unreachable_rule({inner, 32}, kRulePriority);
}

}  // namespace hnbemu::ipsec

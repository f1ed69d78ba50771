#include "adapters/ipsec/xfrm.h"

#include <linux/xfrm.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

#include "netns/netlink.h"

namespace hnbemu::ipsec {
namespace {

constexpr int kAnswerTimeoutMs = 1000;
constexpr std::uint32_t kRoutingTable = 220;  // charon's own
constexpr std::uint8_t kAnyProtocol = 255;    // IPSEC_PROTO_ANY

struct FlushStates {
  nlmsghdr header{};
  xfrm_usersa_flush which{};
};

Result<> flush(const netns::Namespace& home, nlmsghdr& header, std::uint16_t type, std::size_t size) {
  header.nlmsg_len = static_cast<std::uint32_t>(size);
  header.nlmsg_type = type;
  header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
  const auto refusal = ask_xfrm(home, header);
  if (!refusal) return tl::unexpected(refusal.error());
  if (*refusal != 0) return fail_errno("removing what a killed charon left in the kernel", *refusal);
  return {};
}

}  // namespace

Result<int> ask_xfrm(const netns::Namespace& home, const nlmsghdr& request) {
  const auto socket = netns::socket_in(home, AF_NETLINK, SOCK_RAW, NETLINK_XFRM);
  if (!socket && socket.error().native == EPROTONOSUPPORT) return EPROTONOSUPPORT;  // no XFRM at all
  if (!socket) return tl::unexpected(socket.error());
  if (::send(socket->get(), &request, request.nlmsg_len, 0) < 0) return fail_errno("asking NETLINK_XFRM", errno);
  pollfd answer{socket->get(), POLLIN, 0};
  if (::poll(&answer, 1, kAnswerTimeoutMs) != 1) return fail(Cause::timeout, "no answer from NETLINK_XFRM");
  struct {
    nlmsghdr header;
    nlmsgerr error;
    char rest[512];
  } reply{};
  const auto size = ::recv(socket->get(), &reply, sizeof reply, 0);
  if (size < static_cast<ssize_t>(sizeof(nlmsghdr) + sizeof(nlmsgerr)) || reply.header.nlmsg_type != NLMSG_ERROR) {
    return fail(Cause::protocol, "NETLINK_XFRM's answer cannot be read");
  }
  return -reply.error.error;
}

// The policies last: without its address nothing inner is sent, in clear or otherwise.
Result<> clear_ipsec(const netns::Namespace& home, const IpAddress& outer) {
  auto netlink = netns::Netlink::open(home);
  if (!netlink) return tl::unexpected(netlink.error());
  nlmsghdr policies{};
  FlushStates states;
  states.which.proto = kAnyProtocol;
  return netlink->remove_routes(kRoutingTable)
      .and_then([&] { return netlink->remove_host_addresses(outer); })
      .and_then([&] { return flush(home, states.header, XFRM_MSG_FLUSHSA, sizeof states); })
      .and_then([&] { return flush(home, policies, XFRM_MSG_FLUSHPOLICY, sizeof policies); });
}

}  // namespace hnbemu::ipsec

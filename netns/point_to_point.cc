#include "netns/point_to_point.h"

namespace hnbemu::netns {
namespace {

constexpr std::chrono::seconds kOperationalTimeout{2};
constexpr unsigned kPointToPointLength = 31;

Result<> configure(const LinkEnd& own, const LinkEnd& peer) {
  const auto addressed =
      own.bare ? Result<>{} : own.netlink->add_address(own.interface, Prefix{own.address, kPointToPointLength});
  return addressed.and_then([&] { return own.netlink->set_up(own.interface, own.forwarding); }).and_then([&] {
    return own.netlink->add_neighbour(own.interface, peer.address, mac_for(peer.address));
  });
}

}  // namespace

MacAddress mac_for(const IpAddress& address) {
  const auto& bytes = address.bytes();
  return {0x02, 0x00, bytes[0], bytes[1], bytes[2], bytes[3]};
}

Result<> connect(const LinkEnd& a, const LinkEnd& b, unsigned mtu) {
  const Interface own{a.interface, mac_for(a.address)};
  const Interface peer{b.interface, mac_for(b.address)};
  if (auto made = a.netlink->add_veth(own, *b.home, peer, mtu); !made) return made;
  const auto deadline = std::chrono::steady_clock::now() + kOperationalTimeout;
  auto done = configure(a, b)
                  .and_then([&] { return configure(b, a); })
                  .and_then([&] { return a.netlink->wait_until_operational(a.interface, deadline); })
                  .and_then([&] { return b.netlink->wait_until_operational(b.interface, deadline); });
  if (!done) static_cast<void>(a.netlink->remove_link(a.interface));
  return done;
}

}  // namespace hnbemu::netns

#include "lab/site.h"

namespace hnbemu::lab {

Result<Site> Site::create() {
  auto home = netns::Namespace::create();
  if (!home) return tl::unexpected(home.error());
  auto netlink = netns::Netlink::open(*home);
  if (!netlink) return tl::unexpected(netlink.error());
  return Site{std::move(*home), std::move(*netlink)};
}

}  // namespace hnbemu::lab

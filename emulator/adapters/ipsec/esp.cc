#include "adapters/ipsec/esp.h"

#include <arpa/inet.h>
#include <linux/netlink.h>
#include <linux/xfrm.h>
#include <netinet/in.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "adapters/ipsec/xfrm.h"

namespace hnbemu::ipsec {
namespace {

constexpr unsigned kKeyBytes = 20;  // AES-128 and the salt of RFC 4106

// XFRM_MSG_NEWSA with rfc4106(gcm(aes)): the kernel loads its ESP and cipher modules for it, or refuses.
struct NewSa {
  nlmsghdr header{};
  xfrm_usersa_info info{};
  struct alignas(NLA_ALIGNTO) {
    nlattr attribute{};
    char name[64]{};
    unsigned key_bits = kKeyBytes * 8;
    unsigned icv_bits = 128;
    char key[kKeyBytes]{};
  } aead{};
};

NewSa esp_state() {
  NewSa message;
  message.header.nlmsg_len = sizeof message;
  message.header.nlmsg_type = XFRM_MSG_NEWSA;
  message.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE;
  auto& info = message.info;
  info.id.daddr.a4 = htonl(INADDR_LOOPBACK);
  info.saddr.a4 = htonl(INADDR_LOOPBACK);
  info.id.spi = htonl(0x1000);
  info.id.proto = IPPROTO_ESP;
  info.family = AF_INET;
  info.mode = XFRM_MODE_TUNNEL;
  info.lft.soft_byte_limit = info.lft.hard_byte_limit = XFRM_INF;
  info.lft.soft_packet_limit = info.lft.hard_packet_limit = XFRM_INF;
  message.aead.attribute.nla_type = XFRMA_ALG_AEAD;
  message.aead.attribute.nla_len =
      sizeof(nlattr) + sizeof message.aead.name + 2 * sizeof(unsigned) + sizeof message.aead.key;
  std::strncpy(message.aead.name, "rfc4106(gcm(aes))", sizeof message.aead.name - 1);
  return message;
}

Result<bool> kernel_takes_esp() {
  const auto scratch = netns::Namespace::create();
  if (!scratch) return tl::unexpected(scratch.error());
  const NewSa message = esp_state();
  const auto refusal = ask_xfrm(*scratch, message.header);
  if (!refusal) return tl::unexpected(refusal.error());
  return *refusal == 0;
}

}  // namespace

Result<EspBackend> find_esp_backend() {
  const auto kernel = kernel_takes_esp();
  if (!kernel) return tl::unexpected(kernel.error());
  if (*kernel) return EspBackend::kernel;
  if (::access("/dev/net/tun", R_OK | W_OK) != 0) {
    return fail(Cause::system,
                "this kernel has no ESP and there is no usable /dev/net/tun for ESP in user space: load esp4, or "
                "give this machine or container the TUN device",
                errno);
  }
  return EspBackend::user_space;
}

}  // namespace hnbemu::ipsec

#include "integration/support/dns_query.h"

#include "integration/support/network.h"

namespace hnbemu::test {
namespace {

constexpr int kTries = 5;
constexpr std::size_t kHeader = 12;
constexpr std::size_t kRecord = 16;  // a pointer to the name, type, class, TTL, length, four octets

std::string question(const std::string& name) {
  std::string text("\0\1\1\0\0\1\0\0\0\0\0\0", kHeader);
  for (std::size_t begin = 0; begin <= name.size();) {
    const auto end = std::min(name.find('.', begin), name.size());
    text += static_cast<char>(end - begin);
    text += name.substr(begin, end - begin);
    begin = end + 1;
  }
  return text + std::string("\0\0\1\0\1", 5);
}

// The answer section holds A records alone: the lab's servers send no CNAME.
DnsAnswer parse(const std::string& answer, std::size_t question_size) {
  const auto octet = [&](std::size_t at) { return static_cast<unsigned char>(answer.at(at)); };
  DnsAnswer out;
  out.code = octet(3) & 0x0F;
  const std::size_t count = octet(7);
  for (std::size_t i = 0; i < count; ++i) {
    const auto at = question_size + i * kRecord + 12;
    out.addresses.push_back(
        IpAddress::v4((octet(at) << 24U) | (octet(at + 1) << 16U) | (octet(at + 2) << 8U) | octet(at + 3)));
  }
  return out;
}

}  // namespace

DnsAnswer ask(const netns::Namespace& home, const IpAddress& server, const std::string& name, const IpAddress& source) {
  const auto fd = netns::udp_bound(home, source.to_string(), 0);
  const auto text = question(name);
  for (int i = 0; i < kTries; ++i) {
    netns::send_to(fd, server.to_string(), 53, text);
    const auto answer = netns::receive(fd, 1000);
    if (answer.size() >= text.size()) return parse(answer, text.size());
  }
  return {};
}

}  // namespace hnbemu::test

#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <string>

#include "base/address.h"
#include "netns/namespace.h"

namespace hnbemu::netns {

// For tests in namespaces: without root there is nothing to test, and it says so.
class NamespaceTest : public testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "network namespaces need root";
  }
};

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().to_string());
  return std::move(*result);
}

inline void must(const Result<>& result) {
  if (!result) throw std::runtime_error(result.error().to_string());
}

inline IpAddress ip(const std::string& text) {
  return IpAddress::parse(text).value();
}

inline sockaddr_in endpoint(const std::string& address, std::uint16_t port) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_port = htons(port);
  out.sin_addr.s_addr = htonl(ip(address).to_v4());
  return out;
}

inline UniqueFd udp_bound(const Namespace& home, const std::string& address, std::uint16_t port) {
  auto fd = must(socket_in(home, AF_INET, SOCK_DGRAM));
  const auto local = endpoint(address, port);
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&local), sizeof local) != 0) {
    throw std::runtime_error("bind " + address);
  }
  return fd;
}

// 0, or the errno that the kernel answered with.
inline int send_to(const UniqueFd& fd, const std::string& address, std::uint16_t port, const std::string& text) {
  const auto remote = endpoint(address, port);
  const auto sent =
      ::sendto(fd.get(), text.data(), text.size(), 0, reinterpret_cast<const sockaddr*>(&remote), sizeof remote);
  return sent < 0 ? errno : 0;
}

// What arrives within the time, or nothing.
inline std::string receive(const UniqueFd& fd, int timeout_ms = 2000) {
  pollfd waiting{fd.get(), POLLIN, 0};
  if (::poll(&waiting, 1, timeout_ms) <= 0) return {};
  std::string text(2048, '\0');
  const auto length = ::recv(fd.get(), text.data(), text.size(), 0);
  text.resize(length < 0 ? 0 : static_cast<std::size_t>(length));
  return text;
}

}  // namespace hnbemu::netns

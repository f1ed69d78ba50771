#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>
#include <optional>
#include <thread>

#include "integration/support/network.h"
#include "netns/netlink.h"
#include "netns/point_to_point.h"
#include "netns/process.h"
#include "ports/path.h"
#include "ports/task.h"

namespace hnbemu::netns {

inline constexpr const char* kDevice = "192.0.2.1";
inline constexpr const char* kFirstRouter = "192.0.2.0";
inline constexpr const char* kSecondRouter = "192.0.2.3";
inline constexpr const char* kHost = "192.0.2.5";
inline constexpr const char* kSilent = "203.0.113.1";        // the second router drops it without a word
inline constexpr const char* kUnreachable = "198.51.100.1";  // the first router has no route

// device - first router - second router - host, each a namespace.
class HopsTest : public NamespaceTest {
 protected:
  struct Node {
    Namespace home = must(Namespace::create());
    Netlink netlink = must(Netlink::open(home));
  };

  void SetUp() override {
    NamespaceTest::SetUp();
    if (IsSkipped()) return;
    nodes_.resize(4);
    link(0, kDevice, 1, kFirstRouter);
    link(1, "192.0.2.2", 2, kSecondRouter);
    link(2, "192.0.2.4", 3, kHost);
    route(0, "0.0.0.0/0", kFirstRouter, "up0");
    route(1, "192.0.2.4/31", kSecondRouter, "up1");
    route(1, "203.0.113.0/24", kSecondRouter, "up1");
    route(2, "0.0.0.0/0", "192.0.2.2", "down1");
    route(3, "0.0.0.0/0", "192.0.2.4", "down2");
    must(nodes_[2].netlink.add_blackhole(must(Prefix::parse("203.0.113.0/24"))));
    directory_ = std::filesystem::temp_directory_path() / fmt::format("hnbemu-hops-{}", ::getpid());
    std::filesystem::create_directories(directory_);
  }
  void TearDown() override {
    servers_.clear();
    if (!directory_.empty()) std::filesystem::remove_all(directory_);
  }

  void link(std::size_t a, const char* address_a, std::size_t b, const char* address_b) {
    const LinkEnd up{&nodes_[a].netlink, &nodes_[a].home, fmt::format("up{}", a), ip(address_a), true};
    const LinkEnd down{&nodes_[b].netlink, &nodes_[b].home, fmt::format("down{}", a), ip(address_b), true};
    must(connect(up, down));
  }
  void route(std::size_t node, const char* to, const char* via, const char* interface) {
    must(nodes_[node].netlink.add_route({must(Prefix::parse(to)), ip(via), interface}));
  }

  const Namespace& device() { return nodes_[0].home; }
  static Path path() { return {Plane::outer, ip(kDevice), {ip(kHost)}}; }
  static Deadline in(Millis time) { return std::chrono::steady_clock::now() + time; }

  // Runs the coroutine to its end.
  template <class T>
  T run(Task<T> task) {
    std::optional<T> result;
    boost::asio::co_spawn(io_, std::move(task), [&](const std::exception_ptr& bug, T value) {
      if (bug) std::rethrow_exception(bug);
      result = std::move(value);
    });
    io_.restart();
    io_.run();
    return std::move(*result);
  }

  std::string file(const std::string& name, const std::string& text) {
    const auto path = directory_ / name;
    std::ofstream(path) << text;
    return path.string();
  }
  // A daemon on the host; true when it takes connections at the port.
  bool serve(std::vector<std::string> argv, std::uint16_t port) {
    Command command{std::move(argv), {"PATH=/usr/sbin:/usr/bin:/sbin:/bin"}, (directory_ / "log").string()};
    servers_.push_back(must(Process::spawn(nodes_[3].home, command)));
    const auto deadline = in(Seconds{20});
    while (std::chrono::steady_clock::now() < deadline) {
      const auto fd = must(socket_in(nodes_[3].home, AF_INET, SOCK_STREAM));
      const auto remote = endpoint(kHost, port);
      if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&remote), sizeof remote) == 0) return true;
      pollfd waiting{fd.get(), POLLOUT, 0};
      ::poll(&waiting, 1, 100);
      int error = 0;
      socklen_t size = sizeof error;
      ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size);
      if (error == 0 && (waiting.revents & POLLOUT) != 0) return true;
      std::this_thread::yield();
    }
    return false;
  }

  boost::asio::io_context io_;
  std::vector<Node> nodes_;
  std::filesystem::path directory_;
  std::vector<Process> servers_;
};

}  // namespace hnbemu::netns

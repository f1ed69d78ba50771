#include "adapters/forward/forwarder.h"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <atomic>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <filesystem>
#include <future>
#include <thread>

namespace hnbemu::forward {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

const IpAddress kSource = *IpAddress::parse("127.64.0.5");  // what the target shall see
const IpAddress kLoopback = *IpAddress::parse("127.0.0.1");

std::size_t descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

Result<UniqueFd> bound_socket() {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(kSource.to_v4());
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0) return fail_errno("bind", errno);
  return fd;
}

UniqueFd listen_on(std::uint16_t& port) {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  sockaddr_in name{};
  socklen_t size = sizeof name;
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(kLoopback.to_v4());
  auto* const generic = reinterpret_cast<sockaddr*>(&name);
  if (::bind(fd.get(), generic, size) != 0 || ::listen(fd.get(), SOMAXCONN) != 0) throw std::runtime_error("listen");
  ::getsockname(fd.get(), generic, &size);
  port = ntohs(name.sin_port);
  return fd;
}

// The forwarder runs on a thread of its own; the test plays the device and the ACS with blocking sockets.
class ForwarderTest : public testing::Test {
 protected:
  void SetUp() override { start({}); }

  void start(Limits limits) {
    on_thread([&] {
      forwarder_.reset();
      auto listening = listen_on(port_);
      auto target = [this](const IpAddress& peer) { return target_of(peer); };
      forwarder_ = std::move(*Forwarder::open(io_.get_executor(), std::move(listening), target, limits));
    });
  }

  void TearDown() override {
    on_thread([&] { forwarder_.reset(); });
    work_.reset();
    thread_.join();
  }

  Result<Outbound> target_of(const IpAddress& peer) {
    peers_.push_back(peer.to_string());
    if (broken_) return fail(Cause::resources, "no socket");
    auto socket = bound_socket();
    if (!socket) return tl::unexpected(socket.error());
    return Outbound{std::move(*socket), kLoopback, acs_port_};
  }

  void on_thread(const std::function<void()>& function) {
    const auto done = std::make_shared<std::promise<void>>();
    asio::post(io_, [&function, done] {
      function();
      done->set_value();
    });
    done->get_future().wait();
  }

  Stats stats() {
    Stats now;
    on_thread([&] { now = forwarder_->stats(); });
    return now;
  }
  Stats stats_when(const std::function<bool(const Stats&)>& enough) {
    const auto deadline = std::chrono::steady_clock::now() + Seconds{5};
    Stats now = stats();
    while (!enough(now) && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(Millis{2});
      now = stats();
    }
    return now;
  }

  tcp::socket device() {
    tcp::socket socket(local_);
    socket.connect(tcp::endpoint(asio::ip::address_v4::loopback(), port_));
    return socket;
  }

  static std::string read_all(tcp::socket& socket, error_code& error) {
    std::string text;
    asio::read(socket, asio::dynamic_buffer(text), error);
    return text;
  }
  static error_code end_of(tcp::socket& socket) {
    error_code error;
    read_all(socket, error);
    return error;
  }
  static std::string read_some(tcp::socket& socket, std::size_t size) {
    std::string text(size, '\0');
    asio::read(socket, asio::buffer(text));
    return text;
  }

  asio::io_context local_;
  tcp::acceptor acs_{local_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
  const std::uint16_t acs_port_ = acs_.local_endpoint().port();
  std::vector<std::string> peers_;
  std::atomic<bool> broken_ = false;
  asio::io_context io_;
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work_{io_.get_executor()};
  std::thread thread_{[this] { io_.run(); }};
  std::uint16_t port_ = 0;
  std::unique_ptr<Forwarder> forwarder_;
};

TEST_F(ForwarderTest, WhenADeviceConnects_ThenTheTargetSeesTheAddressThatWasBoundForIt) {
  auto client = device();
  auto server = acs_.accept();
  EXPECT_EQ(server.remote_endpoint().address().to_string(), kSource.to_string());
  asio::write(client, asio::buffer("request", 7));
  EXPECT_EQ(read_some(server, 7), "request");
  asio::write(server, asio::buffer("answer", 6));
  EXPECT_EQ(read_some(client, 6), "answer");
  const auto now = stats_when([](const Stats& some) { return some.bytes_back == 6; });
  EXPECT_EQ(peers_, std::vector<std::string>{"127.0.0.1"});
  EXPECT_EQ(now.connections, 1U);
  EXPECT_EQ(now.bytes_forward, 7U);
  EXPECT_EQ(now.bytes_back, 6U);
  EXPECT_EQ(now.open, 1U);
}

TEST_F(ForwarderTest, WhenOneSideSendsItsLastByte_ThenTheOtherWayGoesOn) {
  auto client = device();
  auto server = acs_.accept();
  asio::write(client, asio::buffer("all", 3));
  client.shutdown(tcp::socket::shutdown_send);
  error_code error;
  EXPECT_EQ(read_all(server, error), "all");
  EXPECT_EQ(error, asio::error::eof);
  asio::write(server, asio::buffer("still", 5));
  server.shutdown(tcp::socket::shutdown_send);
  EXPECT_EQ(read_all(client, error), "still");
  EXPECT_EQ(error, asio::error::eof);
  EXPECT_EQ(stats_when([](const Stats& now) { return now.open == 0; }).open, 0U);
}

TEST_F(ForwarderTest, WhenMuchIsSentBothWaysAtOnce_ThenAllOfItArrives) {
  auto client = device();
  auto server = acs_.accept();
  std::string out(std::size_t{8} << 20, '\0');
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<char>(i * 2654435761U >> 13);
  const std::string back(out.rbegin(), out.rend());
  const auto send = [](tcp::socket& socket, const std::string& text) {
    asio::write(socket, asio::buffer(text));
    socket.shutdown(tcp::socket::shutdown_send);
  };
  std::thread one([&] { send(client, out); });
  std::thread other([&] { send(server, back); });
  std::string received;
  std::thread third([&] {
    error_code error;
    received = read_all(server, error);
  });
  error_code error;
  EXPECT_EQ(read_all(client, error), back);
  for (auto* thread : {&one, &other, &third}) thread->join();
  EXPECT_EQ(received, out);
}

TEST_F(ForwarderTest, WhenTheTargetRefuses_ThenTheDeviceIsReset) {
  error_code ignored;
  const auto endpoint = acs_.local_endpoint();
  acs_.close(ignored);
  acs_ = tcp::acceptor(local_, tcp::v4());
  acs_.bind(endpoint);  // bound, not listening
  auto client = device();
  EXPECT_EQ(end_of(client), asio::error::connection_reset);
  EXPECT_EQ(stats().refused, 1U);
  EXPECT_EQ(stats().open, 0U);
}

TEST_F(ForwarderTest, WhenTheTargetDoesNotAnswer_ThenTheDeviceIsResetAtTheDeadline) {
  start({.connections = kMaxConnections, .connect = Millis{100}});
  const auto endpoint = acs_.local_endpoint();
  acs_.close();
  acs_ = tcp::acceptor(local_, tcp::v4());
  acs_.bind(endpoint);
  acs_.listen(0);  // one connection waits in the queue, the next one's SYN is dropped
  tcp::socket filler(local_);
  filler.connect(endpoint);
  auto client = device();
  EXPECT_EQ(end_of(client), asio::error::connection_reset);
  EXPECT_EQ(stats().refused, 1U);
}

TEST_F(ForwarderTest, WhenThereIsNoSocketForTheTarget_ThenTheDeviceIsReset) {
  broken_ = true;
  auto client = device();
  EXPECT_EQ(end_of(client), asio::error::connection_reset);
  EXPECT_EQ(stats().refused, 1U);
}

TEST_F(ForwarderTest, WhenTheTargetResets_ThenTheDeviceIsResetToo) {
  auto client = device();
  auto server = acs_.accept();
  asio::write(client, asio::buffer("x", 1));
  EXPECT_EQ(read_some(server, 1), "x");
  server.set_option(asio::socket_base::linger(true, 0));
  server.close();
  EXPECT_EQ(end_of(client), asio::error::connection_reset);
}

TEST_F(ForwarderTest, WhenNothingPassesForTheIdleTime_ThenBothSidesAreReset) {
  start({.connections = kMaxConnections, .connect = kConnectTimeout, .idle = Millis{600}});
  const auto begin = std::chrono::steady_clock::now();
  auto client = device();
  auto server = acs_.accept();
  for (int i = 0; i < 3; ++i) {
    std::this_thread::sleep_for(Millis{250});
    asio::write(client, asio::buffer("x", 1));
    EXPECT_EQ(read_some(server, 1), "x");
  }
  EXPECT_EQ(end_of(client), asio::error::connection_reset);
  EXPECT_EQ(end_of(server), asio::error::connection_reset);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, Millis{3 * 250 + 600 - 5});
}

TEST_F(ForwarderTest, WhenTooManyConnectionsAreOpen_ThenMoreAreResetAndTheOthersGoOn) {
  start({.connections = 2});
  auto first = device();
  auto first_server = acs_.accept();
  auto second = device();
  auto second_server = acs_.accept();
  auto third = device();
  EXPECT_EQ(end_of(third), asio::error::connection_reset);
  EXPECT_EQ(stats().over_limit, 1U);
  asio::write(first, asio::buffer("x", 1));
  EXPECT_EQ(read_some(first_server, 1), "x");
  second.close();
  second_server.close();
  stats_when([](const Stats& now) { return now.open == 1; });
  auto fourth = device();
  auto fourth_server = acs_.accept();
  asio::write(fourth_server, asio::buffer("y", 1));
  EXPECT_EQ(read_some(fourth, 1), "y");
}

TEST_F(ForwarderTest, WhenOnePeerNeverReads_ThenOnlyItsConnectionStands) {
  auto stalled = device();
  auto stalled_server = acs_.accept();
  stalled.non_blocking(true);
  const std::string much(std::size_t{1} << 20, 'x');
  error_code error;
  std::size_t sent = 0;
  const auto deadline = std::chrono::steady_clock::now() + Millis{500};
  while (std::chrono::steady_clock::now() < deadline) sent += stalled.write_some(asio::buffer(much), error);
  EXPECT_EQ(error, asio::error::would_block);  // the pressure reaches the sender
  auto client = device();
  auto server = acs_.accept();
  asio::write(client, asio::buffer("through", 7));
  EXPECT_EQ(read_some(server, 7), "through");
  EXPECT_EQ(read_some(stalled_server, sent), std::string(sent, 'x'));
}

TEST_F(ForwarderTest, WhenClosed_ThenAllIsResetAndNoDescriptorIsHeld) {
  on_thread([&] { forwarder_.reset(); });
  const auto before = descriptors();
  start({});
  std::vector<tcp::socket> ends;
  for (int i = 0; i < 20; ++i) {
    ends.push_back(device());
    ends.push_back(acs_.accept());
  }
  on_thread([&] { forwarder_->close(); });
  for (auto& end : ends) EXPECT_EQ(end_of(end), asio::error::connection_reset);
  tcp::socket late(local_);
  error_code error;
  late.connect(tcp::endpoint(asio::ip::address_v4::loopback(), port_), error);
  EXPECT_EQ(error, asio::error::connection_refused);
  late.close();
  ends.clear();
  on_thread([] {});  // the handlers of what was closed have run
  EXPECT_EQ(descriptors(), before);
}

TEST_F(ForwarderTest, WhenManyHaveComeAndGone_ThenNoDescriptorIsHeld) {
  const auto before = descriptors();
  for (int i = 0; i < 200; ++i) {
    auto client = device();
    auto server = acs_.accept();
    client.close();
    EXPECT_TRUE(end_of(server));
  }
  EXPECT_EQ(stats_when([](const Stats& now) { return now.open == 0; }).open, 0U);
  on_thread([] {});
  EXPECT_EQ(descriptors(), before);
}

TEST(ForwarderWithoutDescriptorsTest, WhenNoneIsLeft_ThenItWaitsWithoutSpinningAndGoesOnLater) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "UBSan's check of virtual calls needs a pipe: it cannot look at memory without descriptors";
#endif
  asio::io_context io;
  std::uint16_t port = 0;
  int asked = 0;
  auto listening = listen_on(port);
  const auto target = [&](const IpAddress&) -> Result<Outbound> {
    ++asked;
    return fail(Cause::resources, "not wanted here");
  };
  auto forwarder = std::move(*Forwarder::open(io.get_executor(), std::move(listening), target));
  tcp::socket client(io);
  client.connect(tcp::endpoint(asio::ip::address_v4::loopback(), port));

  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const UniqueFd lowest_free(::dup(client.native_handle()));
  const rlimit none_left{static_cast<rlim_t>(lowest_free.get()), limit.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &none_left);
  const auto handlers = io.run_for(Millis{350});
  ::setrlimit(RLIMIT_NOFILE, &limit);
  EXPECT_EQ(asked, 0);
  EXPECT_LT(handlers, 12U);  // two for each try

  const auto deadline = std::chrono::steady_clock::now() + Seconds{5};
  while (asked == 0 && std::chrono::steady_clock::now() < deadline) io.run_one_until(deadline);
  EXPECT_EQ(asked, 1);
}

}  // namespace
}  // namespace hnbemu::forward

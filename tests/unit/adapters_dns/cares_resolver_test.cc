#include "adapters/dns/cares_resolver.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <sys/socket.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <filesystem>

namespace hnbemu::dns {
namespace {

using boost::asio::ip::udp;
using testing::ElementsAre;
const IpAddress kLoopback = *IpAddress::parse("127.0.0.1");

// A DNS server of one answer: addresses, or a response code (RFC 1035 4.1.1), or nothing.
class Server {
 public:
  explicit Server(boost::asio::io_context& io) : socket_(io, udp::endpoint(udp::v4(), 0)) { receive(); }
  std::uint16_t port() const { return socket_.local_endpoint().port(); }

  std::vector<IpAddress> addresses;
  unsigned char code = 0;
  bool silent = false;
  bool garbage = false;
  int questions = 0;
  int ignored_questions = 0;

 private:
  void receive() {
    socket_.async_receive_from(boost::asio::buffer(buffer_), from_, [this](auto error, std::size_t size) {
      if (error) return;
      ++questions;
      if (!silent && questions > ignored_questions) answer(std::string(buffer_.data(), size));
      receive();
    });
  }
  void answer(std::string message) {
    const auto question_end = message.find('\0', 12) + 5;
    message.resize(question_end);  // without the query's additional records
    message[2] = static_cast<char>(0x81);
    message[3] = static_cast<char>(0x80 | code);
    message[7] = static_cast<char>(addresses.size());
    message[11] = 0;
    for (const auto& address : addresses) {
      message += std::string("\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04", 12);
      message.append(reinterpret_cast<const char*>(address.bytes().data()), 4);
    }
    if (garbage) message.assign(100, '\xff');
    socket_.send_to(boost::asio::buffer(message), from_);
  }

  udp::socket socket_;
  udp::endpoint from_;
  std::array<char, 1500> buffer_{};
};

class CaresResolverTest : public testing::Test {
 protected:
  Result<std::vector<IpAddress>> resolve(std::vector<IpAddress> servers, Millis patience = Seconds{8}) {
    resolver_ = std::make_unique<CaresResolver>(io_.get_executor(), home_, server_.port());
    std::optional<Result<std::vector<IpAddress>>> result;
    const Path path{Plane::inner, IpAddress{}, std::move(servers)};
    auto task = resolver_->resolve("segw.example", path, std::chrono::steady_clock::now() + patience);
    auto done = [&](const std::exception_ptr& bug, Result<std::vector<IpAddress>> value) {
      if (bug) std::rethrow_exception(bug);
      result = std::move(value);
    };
    boost::asio::co_spawn(io_, std::move(task), boost::asio::bind_cancellation_slot(cancel_.slot(), std::move(done)));
    io_.restart();
    while (!result && io_.run_one_for(patience + Seconds{2}) > 0) {
    }
    EXPECT_TRUE(result) << "the call never completed";
    return result.value_or(fail(Cause::system, "never completed"));
  }
  Cause cause(std::vector<IpAddress> servers, Millis patience = Seconds{8}) {
    const auto result = resolve(std::move(servers), patience);
    EXPECT_FALSE(result);
    return result ? Cause::system : result.error().cause;
  }

  boost::asio::io_context io_;
  Server server_{io_};
  netns::Namespace home_ = *netns::Namespace::current();
  std::unique_ptr<CaresResolver> resolver_;
  boost::asio::cancellation_signal cancel_;
};

TEST_F(CaresResolverTest, WhenTheNameHasTwoAddresses_ThenTheyComeInTheServersOrder) {
  server_.addresses = {IpAddress::v4(0xc6120002), IpAddress::v4(0xc6120001)};
  const auto result = resolve({kLoopback});
  ASSERT_TRUE(result) << result.error().to_string();
  EXPECT_THAT(*result, ElementsAre(IpAddress::v4(0xc6120002), IpAddress::v4(0xc6120001)));
}

TEST_F(CaresResolverTest, WhenThereIsNoSuchNameOrNoAddress_ThenThatIsTheCauseAndTheServerIsNamed) {
  EXPECT_EQ(cause({kLoopback}), Cause::dns_no_such_name);  // no data
  server_.code = 3;                                        // NXDOMAIN
  const auto result = resolve({kLoopback});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().cause, Cause::dns_no_such_name);
  EXPECT_THAT(result.error().detail, testing::HasSubstr("'segw.example'"));
  EXPECT_THAT(result.error().detail, testing::HasSubstr("127.0.0.1"));
}

TEST_F(CaresResolverTest, WhenTheServerFails_ThenTheCauseIsDnsFailure) {
  server_.code = 2;  // SERVFAIL
  EXPECT_EQ(cause({kLoopback}), Cause::dns_failure);
}

TEST_F(CaresResolverTest, WhenNobodyAnswers_ThenItEndsAtTheDeadline) {
  server_.silent = true;
  EXPECT_EQ(cause({kLoopback}, Millis{300}), Cause::timeout);
}

TEST_F(CaresResolverTest, WhenTheAnswerIsGarbage_ThenItIsNotTaken) {
  server_.garbage = true;
  EXPECT_EQ(cause({kLoopback}, Millis{300}), Cause::timeout);
}

TEST_F(CaresResolverTest, WhenThereIsNoServer_ThenThatIsSaid) {
  EXPECT_EQ(cause({}), Cause::dns_failure);
}

TEST_F(CaresResolverTest, WhenTheFirstServerIsSilent_ThenTheSecondIsAsked) {
  server_.addresses = {IpAddress::v4(0xc6120002)};
  server_.ignored_questions = 1;
  EXPECT_TRUE(resolve({kLoopback, kLoopback}));
  EXPECT_EQ(server_.questions, 2);
}

TEST_F(CaresResolverTest, WhenCancelled_ThenItEndsAtOnce) {
  server_.silent = true;
  boost::asio::steady_timer soon(io_, Millis{50});
  soon.async_wait([&](auto) { cancel_.emit(boost::asio::cancellation_type::terminal); });
  EXPECT_EQ(cause({kLoopback}), Cause::cancelled);
}

TEST_F(CaresResolverTest, WhenManyNamesWereAsked_ThenNoDescriptorIsHeld) {
  server_.addresses = {IpAddress::v4(0xc6120002)};
  const auto descriptors = [] {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return std::distance(begin(all), end(all));
  };
  ASSERT_TRUE(resolve({kLoopback, kLoopback}));  // a thread keeps its own namespace open
  const auto before = descriptors();
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(resolve({kLoopback}));
  io_.restart();
  io_.poll();
  EXPECT_EQ(descriptors(), before);
}

}  // namespace
}  // namespace hnbemu::dns

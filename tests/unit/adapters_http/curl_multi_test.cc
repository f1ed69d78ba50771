#include "adapters/http/curl_multi.h"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <mutex>

#include "hms/server.h"

namespace hnbemu::http {
namespace {

// Tells the number of the connection that a request came by.
class Counter : public hms::HttpHandler {
 public:
  hms::HttpReply handle(const hms::HttpRequest& request) override {
    hms::HttpReply reply;
    reply.status = 200;
    reply.body = std::to_string(request.connection);
    if (request.target == "/slow") reply.delay = Seconds{3};
    return reply;
  }
  void connection_closed(std::uint64_t) override {}
};

IpAddress loopback(int last) {
  return *IpAddress::parse("127.0.0." + std::to_string(last));
}

class CurlMultiTest : public testing::Test {
 protected:
  struct Get {
    CURL* easy = curl_easy_init();
    std::string body;
    std::optional<Result<CURLcode>> result;
    int completions = 0;
    boost::asio::cancellation_signal cancel;
    ~Get() { curl_easy_cleanup(easy); }
  };
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* body) {
    static_cast<std::string*>(body)->append(data, size * count);
    return size * count;
  }

  void SetUp() override {
    auto socket = hms::listen_on(loopback(1), 0);
    ASSERT_TRUE(socket);
    port_ = *hms::port_of(*socket);
    std::vector<hms::Listener> listeners;
    listeners.push_back({std::move(*socket), &counter_, std::nullopt});
    server_ = std::move(*hms::Server::start(std::move(listeners)));
  }
  void begin(Get& get, const std::string& target, const IpAddress& source, Millis patience = Seconds{5}) {
    get.body.clear();
    get.result.reset();
    const auto url = fmt::format("http://127.0.0.1:{}{}", port_, target);
    curl_easy_setopt(get.easy, CURLOPT_URL, url.c_str());
    curl_easy_setopt(get.easy, CURLOPT_WRITEFUNCTION, &CurlMultiTest::on_body);
    curl_easy_setopt(get.easy, CURLOPT_WRITEDATA, &get.body);
    auto task = multi_->perform(get.easy, Path{Plane::inner, source, {}}, std::chrono::steady_clock::now() + patience);
    auto done = [&get](const std::exception_ptr& bug, Result<CURLcode> value) {
      if (bug) std::rethrow_exception(bug);
      get.result = std::move(value);
      ++get.completions;
    };
    boost::asio::co_spawn(io_, std::move(task),
                          boost::asio::bind_cancellation_slot(get.cancel.slot(), std::move(done)));
  }
  void run() {
    io_.restart();
    io_.run_for(Seconds{10});
  }
  std::string connection_of(Get& get, const IpAddress& source) {
    begin(get, "/", source);
    run();
    return get.result && *get.result && **get.result == CURLE_OK ? get.body : "failed";
  }
  Cause cause_of(const Get& get) const {
    return get.result && !*get.result ? get.result->error().cause : Cause::system;
  }

  boost::asio::io_context io_;
  netns::Namespace home_ = *netns::Namespace::current();
  Counter counter_;
  std::unique_ptr<hms::Server> server_;
  std::uint16_t port_ = 0;
  std::unique_ptr<CurlMulti> multi_ = std::make_unique<CurlMulti>(io_.get_executor(), home_);
};

TEST_F(CurlMultiTest, WhenSeveralRunAtOnce_ThenEachEndsOnceWithItsOwnVerdict) {
  std::array<Get, 5> gets;
  for (auto& get : gets) begin(get, "/", loopback(1));
  curl_easy_setopt(gets[4].easy, CURLOPT_URL, "http://127.0.0.1:1/");
  run();
  for (auto& get : gets) {
    ASSERT_TRUE(get.result && *get.result);
    EXPECT_EQ(get.completions, 1);
    EXPECT_EQ(**get.result, &get == &gets[4] ? CURLE_COULDNT_CONNECT : CURLE_OK);
  }
}

TEST_F(CurlMultiTest, WhenThePathIsAnother_ThenNoConnectionOfTheFirstIsReused) {
  Get get;
  const auto first = connection_of(get, loopback(1));
  EXPECT_EQ(connection_of(get, loopback(1)), first);
  const auto other = connection_of(get, loopback(2));
  EXPECT_NE(other, first);
  EXPECT_EQ(connection_of(get, loopback(1)), first);
  EXPECT_NE(connection_of(get, loopback(2)), other);
}

TEST_F(CurlMultiTest, WhenOneIsLateOrCancelled_ThenTheOthersGoOn) {
  Get late;
  Get cancelled;
  Get good;
  begin(late, "/slow", loopback(1), Millis{100});
  begin(cancelled, "/slow", loopback(1));
  begin(good, "/", loopback(1));
  boost::asio::steady_timer soon(io_, Millis{50});
  soon.async_wait([&](auto) { cancelled.cancel.emit(boost::asio::cancellation_type::terminal); });
  run();
  EXPECT_EQ(cause_of(late), Cause::timeout);
  EXPECT_EQ(cause_of(cancelled), Cause::cancelled);
  ASSERT_TRUE(good.result && *good.result);
  EXPECT_EQ(**good.result, CURLE_OK);
}

TEST_F(CurlMultiTest, WhenAllIsClosedOrGone_ThenWhatIsUnderWayEndsAtOnceAndItsHandleMayGo) {
  for (const bool gone : {false, true}) {
    auto get = std::make_unique<Get>();
    begin(*get, "/slow", loopback(1));
    boost::asio::steady_timer soon(io_, Millis{50});
    soon.async_wait([&](auto) {
      if (gone) multi_.reset();
      if (!gone) multi_->close_all();
      curl_easy_cleanup(std::exchange(get->easy, nullptr));
    });
    run();
    EXPECT_EQ(cause_of(*get), Cause::network);
  }
}

TEST_F(CurlMultiTest, WhenTheSourceIsNoneOfTheHost_ThenTheErrorSaysSo) {
  Get get;
  begin(get, "/", *IpAddress::parse("192.0.2.1"));
  run();
  ASSERT_TRUE(get.result && !*get.result);
  EXPECT_NE(get.result->error().detail.find("192.0.2.1"), std::string::npos);
}

}  // namespace
}  // namespace hnbemu::http

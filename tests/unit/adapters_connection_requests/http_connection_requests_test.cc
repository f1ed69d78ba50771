#include "adapters/connection_requests/http_connection_requests.h"

#include <curl/curl.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <filesystem>
#include <future>
#include <thread>

#include "client.h"

namespace hnbemu::connection_requests {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::uint16_t kPort = 7547;

std::size_t descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

// The server runs on a thread of its own; the test is the ACS.
class HttpConnectionRequestsTest : public testing::Test {
 protected:
  void SetUp() override {
    on_thread([&] {
      server_ = std::make_unique<HttpConnectionRequests>(io_.get_executor(), home_);
      auto requested = [&] {
        ++requested_;
        if (on_request_) on_request_();
      };
      server_->serve([&] { return access_; }, [&] { return ready_.load(); }, requested);
      opened_ = server_->open({Plane::inner, address_, {}}, kPort);
    });
    ASSERT_TRUE(opened_) << opened_.error().to_string();
  }

  void TearDown() override {
    on_thread([&] { server_.reset(); });
    work_.reset();
    thread_.join();
  }

  void on_thread(const std::function<void()>& function) {
    const auto done = std::make_shared<std::promise<void>>();
    asio::post(io_, [&function, done] {
      function();
      done->set_value();
    });
    done->get_future().wait();
  }

  tcp::socket connect() { return connect(address_); }
  tcp::socket connect(const IpAddress& address) {
    tcp::socket socket(local_);
    socket.connect(tcp::endpoint(asio::ip::address_v4(address.to_v4()), kPort));
    return socket;
  }

  std::string exchange(const std::string& request) {
    auto socket = connect();
    error_code error;
    asio::write(socket, asio::buffer(request), error);
    return rest_of(socket);
  }
  static std::string rest_of(tcp::socket& socket) {
    std::string text;
    error_code error;
    asio::read(socket, asio::dynamic_buffer(text), error);
    EXPECT_EQ(error, asio::error::eof) << "the answer was cut by a reset";
    return text;
  }
  static std::string get(const std::string& authorization = {}) {
    const std::string header = authorization.empty() ? std::string{} : "Authorization: " + authorization + "\r\n";
    return fmt::format("GET /Zk3 HTTP/1.1\r\nHost: device\r\n{}\r\n", header);
  }
  bool requested_within(Seconds time) const {
    const auto deadline = std::chrono::steady_clock::now() + time;
    while (requested_ == 0 && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(Millis{1});
    return requested_ > 0;
  }
  std::string authenticated() { return get(Credentials{}.header(exchange(get()))); }

  std::string url() const { return fmt::format("http://{}:{}{}", address_.to_string(), kPort, access_.target); }

  // A loopback address of this process.
  IpAddress address_ = IpAddress::v4(0x7f4d0000U | (static_cast<std::uint32_t>(::getpid()) & 0x7fffU) << 1U);
  netns::Namespace home_ = *netns::Namespace::current();
  ConnectionRequestAccess access_{"/Zk3", "acs", "secret"};
  std::atomic<bool> ready_ = true;
  std::atomic<int> requested_ = 0;
  std::function<void()> on_request_;
  Result<> opened_;
  asio::io_context local_;
  asio::io_context io_;
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work_{io_.get_executor()};
  std::thread thread_{[this] { io_.run(); }};
  std::unique_ptr<HttpConnectionRequests> server_;
};

TEST_F(HttpConnectionRequestsTest, WhenARealClientAuthenticates_ThenTheSessionIsAskedForOnce) {
  std::string body;
  long status = 0;
  CURL* const curl = curl_easy_init();
  curl_easy_setopt(curl, CURLOPT_URL, url().c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_DIGEST);
  curl_easy_setopt(curl, CURLOPT_USERPWD, "acs:secret");
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, 5L);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
  curl_easy_setopt(
      curl, CURLOPT_WRITEFUNCTION, +[](char* data, std::size_t, std::size_t size, std::string* out) {
        out->append(data, size);
        return size;
      });
  EXPECT_EQ(curl_easy_perform(curl), CURLE_OK);
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_cleanup(curl);
  EXPECT_EQ(status, 200);
  EXPECT_EQ(body, "");
  EXPECT_TRUE(requested_within(Seconds{5}));
  EXPECT_EQ(requested_, 1);
}

// TR-069 3.2.2: "The CPE MUST send this HTTP response immediately upon successful authentication, prior to it
// initiating the resulting Session. The length of the message-body in the HTTP response MUST be zero."
TEST_F(HttpConnectionRequestsTest, WhenTheSessionIsAskedFor_ThenTheWholeAnswerHasLeft) {
  const auto request = authenticated();
  auto socket = connect();
  std::promise<std::string> seen;
  const auto look = [&] {
    std::string text(4096, '\0');
    std::size_t size = 0;
    ssize_t got = 0;
    while ((got = ::recv(socket.native_handle(), &text[size], text.size() - size, MSG_DONTWAIT)) > 0) {
      size += static_cast<std::size_t>(got);
    }
    text.resize(size);
    seen.set_value(text + (got == 0 ? "[closed]" : "[open]"));
  };
  on_thread([&] { on_request_ = look; });
  asio::write(socket, asio::buffer(request));
  EXPECT_EQ(seen.get_future().get(), "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n[closed]");
}

TEST_F(HttpConnectionRequestsTest, WhenTheRequestIsNotAccepted_ThenTheStatusSaysWhyAndNoSessionIsAskedFor) {
  EXPECT_THAT(exchange(get()), HasSubstr("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm="));
  EXPECT_THAT(exchange("GET / HTTP/1.1\r\nHost: d\r\n\r\n"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(exchange("POST /Zk3 HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 405 "), HasSubstr("Allow: GET\r\n")));
  ready_ = false;
  EXPECT_THAT(exchange(authenticated()), AllOf(StartsWith("HTTP/1.1 503 "), Not(HasSubstr("Retry-After"))));
  EXPECT_EQ(requested_, 0);
}

TEST_F(HttpConnectionRequestsTest, WhenTheRequestIsOfHttp10_ThenItIsServedAllTheSame) {
  const auto challenge = exchange("GET /Zk3 HTTP/1.0\r\n\r\n");
  EXPECT_THAT(challenge, HasSubstr("401 Unauthorized"));
  const auto request = fmt::format("GET /Zk3 HTTP/1.0\r\nAuthorization: {}\r\n\r\n", Credentials{}.header(challenge));
  EXPECT_THAT(exchange(request), HasSubstr("200 OK"));
  EXPECT_TRUE(requested_within(Seconds{5}));
}

TEST_F(HttpConnectionRequestsTest, WhenTheRequestIsNoHttp_ThenItIsRefusedAndTheNextOneServed) {
  EXPECT_THAT(exchange("\x16\x03\x01 TLS perhaps\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(exchange("GET /Zk3 HTTP/9.9\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  const std::string header = "GET /Zk3 HTTP/1.1\r\nX: " + std::string(kMaxHeaderBytes + 1000U, 'x') + "\r\n\r\n";
  EXPECT_THAT(exchange(header), StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(exchange(authenticated()), StartsWith("HTTP/1.1 200 "));
}

TEST_F(HttpConnectionRequestsTest, WhenTheRequestCarriesData_ThenTheyAreIgnored) {
  auto request = authenticated();
  request.insert(request.find("Host:"), "Content-Length: 40000\r\n");
  EXPECT_THAT(exchange(request + std::string(40000, 'x')), StartsWith("HTTP/1.1 200 "));
  EXPECT_TRUE(requested_within(Seconds{5}));
}

TEST_F(HttpConnectionRequestsTest, WhenSlowClientsTakeAllPlaces_ThenOthersWaitNoLongerThanTheReadTimeout) {
  const auto request = authenticated();
  std::vector<tcp::socket> slow;
  for (std::size_t i = 0; i < kMaxConnections; ++i) {
    slow.push_back(connect());
    asio::write(slow.back(), asio::buffer("GET /", 5));
  }
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THAT(exchange(request), StartsWith("HTTP/1.1 200 "));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, kReadTimeout + Seconds{1});
  for (auto& socket : slow) EXPECT_EQ(rest_of(socket), "");
}

TEST_F(HttpConnectionRequestsTest, WhenTheAddressChanges_ThenItListensAtTheNewOneAlone) {
  const auto old = address_;
  address_ = IpAddress::v4(old.to_v4() + 1);
  EXPECT_THROW(connect(), boost::system::system_error);
  on_thread([&] { opened_ = server_->open({Plane::inner, address_, {}}, kPort); });
  ASSERT_TRUE(opened_);
  EXPECT_THAT(exchange(get()), StartsWith("HTTP/1.1 401 "));
  EXPECT_THROW(connect(old), boost::system::system_error);
}

TEST_F(HttpConnectionRequestsTest, WhenTheAddressIsTaken_ThenTheErrorNamesIt) {
  HttpConnectionRequests second(io_.get_executor(), home_);
  const auto opened = second.open({Plane::inner, address_, {}}, kPort);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().native, EADDRINUSE);
  EXPECT_THAT(opened.error().detail, HasSubstr(fmt::format("{}:{}", address_.to_string(), kPort)));
}

TEST_F(HttpConnectionRequestsTest, WhenClosedByTheRequestItself_ThenAllEnds) {
  on_thread([&] { on_request_ = [&] { server_->close(); }; });
  const auto request = authenticated();
  auto waiting = connect();
  EXPECT_THAT(exchange(request), StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(rest_of(waiting), "");
  EXPECT_THROW(connect(), boost::system::system_error);
}

TEST_F(HttpConnectionRequestsTest, WhenManyHaveAsked_ThenOneDescriptorIsHeld) {
  exchange(get());  // Asio's own descriptors are there now
  on_thread([&] { server_->close(); });
  on_thread([] {});
  const auto before = descriptors();
  on_thread([&] { opened_ = server_->open({Plane::inner, address_, {}}, kPort); });
  for (int i = 0; i < 100; ++i) {
    auto gone = connect();
    gone.close();
    EXPECT_THAT(exchange(get()), StartsWith("HTTP/1.1 401 "));
  }
  const auto deadline = std::chrono::steady_clock::now() + Seconds{5};
  while (descriptors() != before + 1 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(Millis{2});
  }
  EXPECT_EQ(descriptors(), before + 1);
}

}  // namespace
}  // namespace hnbemu::connection_requests

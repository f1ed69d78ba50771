#include "adapters/http/curl_acs_http.h"

#include <gmock/gmock.h>

#include <atomic>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <mutex>

#include "hms/authentication.h"
#include "hms/server.h"
#include "lab/pki.h"

namespace hnbemu::http {
namespace {

constexpr const char* kEnvelope = "<soap:Envelope/>";
const IpAddress kLoopback = *IpAddress::parse("127.0.0.1");

// Answers what the test has prepared, and keeps what came.
class Recorder : public hms::HttpHandler {
 public:
  hms::HttpReply handle(const hms::HttpRequest& request) override {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    if (replies_.empty()) return {};
    auto reply = std::move(replies_.front());
    replies_.pop_front();
    return reply;
  }
  void connection_closed(std::uint64_t) override {}

  void prepare(hms::HttpReply reply) {
    const std::lock_guard lock(mutex_);
    replies_.push_back(std::move(reply));
  }
  std::vector<hms::HttpRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  mutable std::mutex mutex_;
  std::deque<hms::HttpReply> replies_;
  std::vector<hms::HttpRequest> requests_;
};

hms::HttpReply reply(int status, std::string body = "", hms::Headers headers = {}) {
  hms::HttpReply out;
  out.status = status;
  out.body = std::move(body);
  out.headers = std::move(headers);
  return out;
}

class CurlAcsHttpTest : public testing::Test {
 protected:
  void serve(std::optional<hms::TlsConfig> tls = std::nullopt) {
    auto socket = hms::listen_on(kLoopback, 0);
    ASSERT_TRUE(socket);
    port_ = *hms::port_of(*socket);
    scheme_ = tls ? "https" : "http";
    std::vector<hms::Listener> listeners;
    listeners.push_back({std::move(*socket), &recorder_, std::move(tls)});
    server_ = std::move(*hms::Server::start(std::move(listeners)));
  }
  void serve_tls(const lab::Credential& credential, const std::string& factory_ca = "") {
    serve(hms::TlsConfig{credential.certificate, credential.private_key, factory_ca, false});
  }
  void make_client(TlsConfig tls = {}) {
    client_ = std::make_unique<CurlAcsHttp>(io_.get_executor(), home_, std::move(tls));
  }
  AcsRequest request(std::string body = kEnvelope) const {
    AcsRequest out;
    out.url = {scheme_, "hms.example", port_, "/cwmp"};
    out.address = kLoopback;
    out.body = std::move(body);
    return out;
  }
  Result<AcsResponse> post(AcsRequest what, Millis patience = Seconds{5}) {
    if (!client_) make_client();
    std::optional<Result<AcsResponse>> result;
    auto task = client_->post(std::move(what), path_, std::chrono::steady_clock::now() + patience);
    auto done = [&](const std::exception_ptr& bug, Result<AcsResponse> value) {
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
  Cause cause_of(AcsRequest what, Millis patience = Seconds{5}) {
    const auto response = post(std::move(what), patience);
    EXPECT_FALSE(response);
    return response ? Cause::system : response.error().cause;
  }

  boost::asio::io_context io_;
  netns::Namespace home_ = *netns::Namespace::current();
  const Path path_{Plane::inner, kLoopback, {}};
  Recorder recorder_;
  std::unique_ptr<hms::Server> server_;
  std::string scheme_ = "http";
  std::uint16_t port_ = 0;
  std::unique_ptr<CurlAcsHttp> client_;
  boost::asio::cancellation_signal cancel_;
};

// TR-069 3.4.1.
TEST_F(CurlAcsHttpTest, WhenAnEnvelopeIsPosted_ThenItsHeadersAreThoseOfCwmp) {
  serve();
  recorder_.prepare(reply(200, "<answer/>", {{"Content-Type", "text/xml"}}));
  const auto response = post(request());
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "<answer/>");
  EXPECT_EQ(response->content_type, "text/xml");
  const auto requests = recorder_.requests();
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0].method, "POST");
  EXPECT_EQ(requests[0].target, "/cwmp");
  EXPECT_EQ(requests[0].body, kEnvelope);
  EXPECT_EQ(requests[0].header("SOAPAction"), "");
  EXPECT_EQ(requests[0].header("Content-Type"), "text/xml; charset=utf-8");
  EXPECT_EQ(requests[0].header("Host"), "hms.example:" + std::to_string(port_));
  EXPECT_FALSE(requests[0].header("Expect"));
}

TEST_F(CurlAcsHttpTest, WhenThePostIsEmpty_ThenItHasNeitherSoapActionNorContentType) {
  serve();
  ASSERT_TRUE(post(request("")));
  const auto requests = recorder_.requests();
  EXPECT_FALSE(requests[0].header("SOAPAction"));
  EXPECT_FALSE(requests[0].header("Content-Type"));
  EXPECT_EQ(requests[0].header("Content-Length"), "0");
}

TEST_F(CurlAcsHttpTest, WhenSeveralArePosted_ThenOneConnectionCarriesThemAndCookiesComeBack) {
  serve();
  recorder_.prepare(reply(200, "x", {{"Set-Cookie", "session=42"}}));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(post(request()));
  client_->reset();
  ASSERT_TRUE(post(request()));
  const auto requests = recorder_.requests();
  EXPECT_EQ(requests[0].connection, requests[2].connection);
  EXPECT_NE(requests[0].connection, requests[3].connection);
  EXPECT_FALSE(requests[0].header("Cookie"));
  EXPECT_EQ(requests[2].header("Cookie"), "session=42");
  EXPECT_FALSE(requests[3].header("Cookie"));
}

TEST_F(CurlAcsHttpTest, WhenTheAcsClosesOrChunks_ThenTheSessionGoesOn) {
  serve();
  auto closing = reply(200, "one");
  closing.ending = hms::HttpReply::Ending::close;
  recorder_.prepare(std::move(closing));
  auto chunked = reply(200, "two");
  chunked.chunked = true;
  recorder_.prepare(std::move(chunked));
  EXPECT_EQ(post(request())->body, "one");
  EXPECT_EQ(post(request())->body, "two");
}

TEST_F(CurlAcsHttpTest, WhenTheAcsRedirectsOrIsBusy_ThenTheCallerIsToldAndNothingIsFollowed) {
  serve();
  recorder_.prepare(reply(302, "", {{"Location", "http://elsewhere.example/"}}));
  recorder_.prepare(reply(503, "", {{"Retry-After", "17"}}));
  const auto redirect = post(request());
  EXPECT_EQ(redirect->status, 302);
  EXPECT_EQ(redirect->location, "http://elsewhere.example/");
  EXPECT_EQ(post(request())->retry_after, "17");
  EXPECT_EQ(recorder_.requests().size(), 2u);
}

class Challenge : public CurlAcsHttpTest, public testing::WithParamInterface<hms::Authentication> {};

TEST_P(Challenge, WhenTheAcsChallenges_ThenTheDeviceAnswersAndARightPasswordIsTaken) {
  const hms::Authenticator authenticator(GetParam());
  class Guard : public hms::HttpHandler {
   public:
    explicit Guard(const hms::Authenticator& door) : door_(door) {}
    hms::HttpReply handle(const hms::HttpRequest& request) override {
      ++seen;
      hms::Findings findings;
      const auto challenge = door_.challenge(request, std::chrono::steady_clock::now() + later.load(), findings);
      return challenge ? reply(401, "", {{"WWW-Authenticate", *challenge}}) : reply(200, "welcome");
    }
    void connection_closed(std::uint64_t) override {}
    std::atomic<int> seen{0};
    std::atomic<std::chrono::hours> later{std::chrono::hours(0)};

   private:
    const hms::Authenticator& door_;
  } guard(authenticator);
  auto socket = hms::listen_on(kLoopback, 0);
  port_ = *hms::port_of(*socket);
  std::vector<hms::Listener> listeners;
  listeners.push_back({std::move(*socket), &guard, std::nullopt});
  const auto server = *hms::Server::start(std::move(listeners));

  auto right = request();
  right.username = "device";
  right.password = "secret";
  EXPECT_EQ(post(right)->body, "welcome");
  EXPECT_EQ(guard.seen, 2);
  EXPECT_EQ(post(right)->body, "welcome");
  EXPECT_EQ(guard.seen, 3) << "once challenged, it answers of itself";
  guard.later = std::chrono::hours(24);
  EXPECT_EQ(post(right)->body, "welcome") << "a nonce that is stale by now";
  guard.later = std::chrono::hours(0);
  guard.seen = 3;
  client_->reset();
  auto wrong = right;
  wrong.password = "guess";
  EXPECT_EQ(post(wrong)->status, 401);
  EXPECT_LE(guard.seen, 6);
}

TEST_F(CurlAcsHttpTest, WhenNobodyListens_ThenTheCauseIsTheNetwork) {
  auto socket = hms::listen_on(kLoopback, 0);
  port_ = *hms::port_of(*socket);
  socket->reset();
  EXPECT_EQ(cause_of(request()), Cause::network);
}

TEST_F(CurlAcsHttpTest, WhenTheConnectionDrops_ThenTheCauseIsTheNetworkAndTheNextPostWorks) {
  serve();
  auto drop = reply(200);
  drop.ending = hms::HttpReply::Ending::drop;
  recorder_.prepare(std::move(drop));
  EXPECT_EQ(cause_of(request()), Cause::network);
  EXPECT_TRUE(post(request()));
}

TEST_F(CurlAcsHttpTest, WhenTheAcsIsSlow_ThenTheCallEndsAtItsDeadline) {
  serve();
  auto slow = reply(200);
  slow.delay = Seconds{3};
  recorder_.prepare(std::move(slow));
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(cause_of(request(), Millis{200}), Cause::timeout);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, Seconds{2});
}

TEST_F(CurlAcsHttpTest, WhenTheBodyIsTooLarge_ThenTheCauseIsResources) {
  serve();
  recorder_.prepare(reply(200, std::string(kMaxBodyBytes + 1, 'x')));
  EXPECT_EQ(cause_of(request()), Cause::resources);
}

TEST_F(CurlAcsHttpTest, WhenCancelledOrReset_ThenTheCallEndsAtOnceForThatReason) {
  serve();
  for (const bool cancel : {true, false}) {
    auto slow = reply(200);
    slow.delay = Seconds{3};
    recorder_.prepare(std::move(slow));
    make_client();
    boost::asio::steady_timer soon(io_, Millis{50});
    soon.async_wait([&](auto) {
      if (cancel) cancel_.emit(boost::asio::cancellation_type::terminal);
      if (!cancel) client_->reset();
    });
    EXPECT_EQ(cause_of(request()), cancel ? Cause::cancelled : Cause::network);
  }
}

hms::Authentication authentication(hms::Authentication::Scheme scheme, hms::Authentication::Algorithm algorithm) {
  hms::Authentication out;
  out.scheme = scheme;
  out.algorithm = algorithm;
  out.accounts = {{"device", "secret"}};
  return out;
}

using Scheme = hms::Authentication::Scheme;
using Algorithm = hms::Authentication::Algorithm;
std::string name_of(const testing::TestParamInfo<hms::Authentication>& info) {
  if (info.param.scheme == Scheme::basic) return "Basic";
  return info.param.algorithm == Algorithm::md5 ? "DigestMd5" : "DigestSha256";
}
INSTANTIATE_TEST_SUITE_P(Schemes, Challenge,
                         testing::Values(authentication(Scheme::basic, Algorithm::md5),
                                         authentication(Scheme::digest, Algorithm::md5),
                                         authentication(Scheme::digest, Algorithm::sha256)),
                         name_of);

class CurlAcsHttpTlsTest : public CurlAcsHttpTest {
 protected:
  lab::Pki pki_ = *lab::Pki::create();
  TlsConfig trusting() const { return {pki_.operator_root.certificate(), "", ""}; }
};

TEST_F(CurlAcsHttpTlsTest, WhenTheCertificateIsGood_ThenTheDevicesOwnIsOffered) {
  serve_tls(*pki_.operator_root.issue("hms.example"), pki_.manufacturer.certificate());
  const auto own = *pki_.manufacturer.issue("0001.device.example");
  make_client({pki_.operator_root.certificate(), own.certificate, own.private_key});
  const auto response = post(request());
  ASSERT_TRUE(response) << response.error().to_string();
  const auto requests = recorder_.requests();
  ASSERT_TRUE(requests[0].certificate);
  EXPECT_TRUE(requests[0].certificate->trusted);
  EXPECT_THAT(requests[0].certificate->names, testing::Contains("0001.device.example"));
}

TEST_F(CurlAcsHttpTlsTest, WhenTheCertificateIsWrong_ThenTheCauseIsTheCertificate) {
  for (const auto& wrong : {*pki_.stranger.issue("hms.example"), *pki_.operator_root.issue("other.example"),
                            *pki_.operator_root.issue("hms.example", lab::Validity::expired())}) {
    serve_tls(wrong);
    make_client(trusting());
    EXPECT_EQ(cause_of(request()), Cause::tls_certificate);
  }
  EXPECT_TRUE(recorder_.requests().empty());
}

TEST_F(CurlAcsHttpTlsTest, WhenTheServerSpeaksNoTls_ThenTheCauseIsTheHandshake) {
  serve();
  scheme_ = "https";
  make_client(trusting());
  EXPECT_EQ(cause_of(request()), Cause::tls_handshake);
}

}  // namespace
}  // namespace hnbemu::http

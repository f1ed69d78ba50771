#include "hms/server.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "cwmp/codec.h"
#include "device_double.h"
#include "test_pki.h"

// Over loopback, with libcurl as the device.
namespace hnbemu::hms {
namespace {

std::string xml(cwmp::Body body) {
  cwmp::Envelope envelope;
  envelope.id = "1";
  envelope.body = std::move(body);
  return cwmp::encode(envelope);
}

class Curl {
 public:
  Curl() : handle_(curl_easy_init()) {
    curl_easy_setopt(handle_, CURLOPT_TIMEOUT, 10L);
    curl_easy_setopt(handle_, CURLOPT_COOKIEFILE, "");
    curl_easy_setopt(
        handle_, CURLOPT_WRITEFUNCTION, +[](char* data, size_t, size_t size, std::string* out) {
          out->append(data, size);
          return size;
        });
    curl_easy_setopt(handle_, CURLOPT_WRITEDATA, &body);
    curl_easy_setopt(handle_, CURLOPT_POST, 1L);
  }
  ~Curl() { curl_easy_cleanup(handle_); }
  Curl(const Curl&) = delete;
  Curl& operator=(const Curl&) = delete;

  // The HTTP status, or the negative CURLcode.
  long post(const std::string& url, const std::string& content) {
    body.clear();
    curl_slist* headers = curl_slist_append(nullptr, content.empty() ? "Content-Type:" : "Content-Type: text/xml");
    if (!content.empty()) headers = curl_slist_append(headers, "SOAPAction;");
    curl_easy_setopt(handle_, CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle_, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(handle_, CURLOPT_POSTFIELDSIZE, static_cast<long>(content.size()));
    curl_easy_setopt(handle_, CURLOPT_COPYPOSTFIELDS, content.c_str());
    const CURLcode code = curl_easy_perform(handle_);
    curl_slist_free_all(headers);
    long status = 0;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    return code == CURLE_OK ? status : -static_cast<long>(code);
  }
  void pem(CURLoption option, const std::string& text) {
    curl_blob blob{const_cast<char*>(text.data()), text.size(), CURL_BLOB_COPY};
    curl_easy_setopt(handle_, option, &blob);
  }
  // A whole session of a good device; the status of its last reply.
  long play(const std::string& url, const cwmp::Inform& inform) {
    long status = post(url, xml(inform));
    if (status == 200) status = post(url, "");
    for (int i = 0; i < 20 && status == 200; ++i) {
      auto request = cwmp::decode(body);
      if (!request) return -1000;
      request->body = DeviceDouble::good_answer(request->body);
      status = post(url, cwmp::encode(*request));
    }
    return status;
  }
  CURL* get() { return handle_; }

  std::string body;

 private:
  CURL* handle_;
};

struct ServerTest : testing::Test {
  Config config = config_of(Role::serving);
  std::optional<TlsConfig> tls;
  std::unique_ptr<Hms> hms;
  std::unique_ptr<Server> server;
  std::uint16_t port = 0;

  std::string start() {
    server.reset();
    hms = std::make_unique<Hms>(config);
    auto socket = listen_on(IpAddress::v4(0x7f000001), 0);
    EXPECT_TRUE(socket);
    port = *port_of(*socket);
    std::vector<Listener> listeners;
    listeners.push_back({std::move(*socket), hms.get(), tls});
    auto started = Server::start(std::move(listeners));
    EXPECT_TRUE(started) << (started ? "" : started.error().to_string());
    if (started) server = std::move(*started);
    return fmt::format("{}://localhost:{}/", tls ? "https" : "http", port);
  }
};

TEST_F(ServerTest, WhenDeviceRegistersOverHttp_ThenItIsProvisionedOverOneConnection) {
  const std::string url = start();
  Curl curl;
  EXPECT_EQ(curl.play(url, henb_inform()), 204);
  long connects = -1;
  curl_easy_getinfo(curl.get(), CURLINFO_NUM_CONNECTS, &connects);
  EXPECT_EQ(connects, 0);
  EXPECT_TRUE(hms->journal().device(kHenb)->provisioned);
  EXPECT_EQ(violations_of(*hms), "");
}

TEST_F(ServerTest, WhenDigestIsAsked_ThenRightPasswordPassesAndWrongOneIsRecorded) {
  for (const auto algorithm : {Authentication::Algorithm::md5, Authentication::Algorithm::sha256}) {
    config.authentication = {Authentication::Scheme::digest, algorithm, "hms", {{"user", "secret"}}};
    const std::string url = start();
    Curl good;
    curl_easy_setopt(good.get(), CURLOPT_HTTPAUTH, CURLAUTH_DIGEST);
    curl_easy_setopt(good.get(), CURLOPT_USERPWD, "user:secret");
    EXPECT_EQ(good.play(url, henb_inform()), 204);
    EXPECT_EQ(violations_of(*hms), "");
    Curl bad;
    curl_easy_setopt(bad.get(), CURLOPT_HTTPAUTH, CURLAUTH_DIGEST);
    curl_easy_setopt(bad.get(), CURLOPT_USERPWD, "user:wrong");
    EXPECT_EQ(bad.post(url, xml(henb_inform())), 401);
    EXPECT_TRUE(broke(*hms, Rule::authentication));
  }
}

TEST_F(ServerTest, WhenBasicIsAsked_ThenRightPasswordPasses) {
  config.authentication = {Authentication::Scheme::basic, {}, "hms", {{"user", "secret"}}};
  const std::string url = start();
  Curl curl;
  EXPECT_EQ(curl.post(url, xml(henb_inform())), 401);
  curl_easy_setopt(curl.get(), CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
  curl_easy_setopt(curl.get(), CURLOPT_USERPWD, "user:secret");
  EXPECT_EQ(curl.play(url, henb_inform()), 204);
}

struct TlsServerTest : ServerTest {
  TestPki operator_pki;
  TestPki factory_pki;

  TlsServerTest() {
    const auto identity = operator_pki.issue("localhost", "DNS:localhost");
    tls = TlsConfig{identity.certificate, identity.key, factory_pki.ca(), false};
    config.client_certificate_required = true;
  }
  void offer(Curl& curl, const TestPki::Identity& identity) {
    curl.pem(CURLOPT_SSLCERT_BLOB, identity.certificate);
    curl.pem(CURLOPT_SSLKEY_BLOB, identity.key);
  }
};

TEST_F(TlsServerTest, WhenDeviceOffersItsFactoryCertificate_ThenThereIsNoViolation) {
  const std::string url = start();
  Curl curl;
  curl.pem(CURLOPT_CAINFO_BLOB, operator_pki.ca());
  offer(curl, factory_pki.issue("00C0FF-1001", ""));
  EXPECT_EQ(curl.play(url, henb_inform()), 204);
  EXPECT_EQ(violations_of(*hms), "");
}

TEST_F(TlsServerTest, WhenDeviceOffersNoCertificateOrAForeignOne_ThenItIsAViolation) {
  const std::string url = start();
  Curl none;
  none.pem(CURLOPT_CAINFO_BLOB, operator_pki.ca());
  EXPECT_EQ(none.play(url, henb_inform()), 204);
  EXPECT_TRUE(broke(*hms, Rule::client_certificate));

  const std::string other_url = start();
  Curl foreign;
  foreign.pem(CURLOPT_CAINFO_BLOB, operator_pki.ca());
  offer(foreign, TestPki().issue("00C0FF-1001", ""));
  EXPECT_EQ(foreign.play(other_url, henb_inform()), 204);
  EXPECT_TRUE(broke(*hms, Rule::client_certificate));
}

TEST_F(TlsServerTest, WhenUntrustedClientsAreRefused_ThenHandshakeFails) {
  tls->refuse_untrusted_client = true;
  const std::string url = start();
  Curl curl;
  curl.pem(CURLOPT_CAINFO_BLOB, operator_pki.ca());
  EXPECT_LT(curl.post(url, xml(henb_inform())), 0);
  EXPECT_TRUE(hms->journal().devices().empty());
}

TEST_F(TlsServerTest, WhenKeyIsNotTheCertificates_ThenServerDoesNotStart) {
  tls->private_key = operator_pki.issue("x", "").key;
  auto socket = listen_on(IpAddress::v4(0x7f000001), 0);
  std::vector<Listener> listeners;
  listeners.push_back({std::move(*socket), nullptr, tls});
  const auto started = Server::start(std::move(listeners));
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().cause, Cause::configuration);
}

TEST_F(ServerTest, WhenScriptDropsConnection_ThenDeviceSeesNoReply) {
  const std::string url = start();
  Misbehaviour drop;
  ASSERT_TRUE(hms->misbehave(drop));
  Curl curl;
  EXPECT_LT(curl.post(url, xml(henb_inform())), 0);
  EXPECT_EQ(hms->journal().device(kHenb)->recent.back().outcome, SessionOutcome::failed);
}

TEST_F(ServerTest, WhenScriptClosesAfterEachReplyAndChunks_ThenSessionGoesOnByCookie) {
  const std::string url = start();
  Misbehaviour each;
  each.step = 0;
  each.times = 0;
  each.kind = Misbehaviour::Kind::close;
  ASSERT_TRUE(hms->misbehave(each));
  each.kind = Misbehaviour::Kind::chunked;
  ASSERT_TRUE(hms->misbehave(each));
  Curl curl;
  EXPECT_EQ(curl.play(url, henb_inform()), 204);
  EXPECT_TRUE(hms->journal().device(kHenb)->provisioned);
  EXPECT_EQ(violations_of(*hms), "");
}

TEST_F(ServerTest, WhenScriptDelays_ThenReplyComesLater) {
  const std::string url = start();
  Misbehaviour slow;
  slow.kind = Misbehaviour::Kind::delay;
  slow.delay = Millis(120);
  ASSERT_TRUE(hms->misbehave(slow));
  Curl curl;
  EXPECT_EQ(curl.post(url, xml(henb_inform())), 200);
  double seconds = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_TOTAL_TIME, &seconds);
  EXPECT_GE(seconds, 0.12);
}

TEST_F(ServerTest, WhenBodyIsOverTheLimit_ThenItIsRefused) {
  const std::string url = start();
  Curl curl;
  const long status = curl.post(url, std::string(kMaxBodyBytes + 1, 'x'));
  EXPECT_TRUE(status == 413 || status < 0) << status;
  EXPECT_TRUE(hms->journal().devices().empty());
}

// A raw connection: what comes back to `text`, until the other end closes or two seconds have passed.
std::string raw_exchange(std::uint16_t port, std::string_view text) {
  const UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(port);
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval limit{2, 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0) return "no connection";
  if (::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL) < 0) return "not sent";
  std::string got;
  char buffer[4096];
  for (ssize_t size = 0; (size = ::recv(socket.get(), buffer, sizeof buffer, 0)) > 0;) {
    got.append(buffer, static_cast<std::size_t>(size));
  }
  return got;
}

TEST_F(ServerTest, WhenPeerSendsNoHttpOrEndlessHeaders_ThenItIsRefused) {
  start();
  EXPECT_THAT(raw_exchange(port, "\x16\x03\x01 hello\r\n\r\n"), testing::HasSubstr("HTTP/1.1 400"));
  EXPECT_THAT(raw_exchange(port, "POST / HTTP/1.1\r\nX: " + std::string(kMaxHeaderBytes, 'x')),
              testing::HasSubstr("HTTP/1.1 431"));
  EXPECT_TRUE(hms->journal().devices().empty());
}

TEST_F(ServerTest, WhenServerStopsWithOpenConnections_ThenItEndsAtOnce) {
  const std::string url = start();
  Curl curl;
  EXPECT_EQ(curl.post(url, xml(henb_inform())), 200);
  const auto before = std::chrono::steady_clock::now();
  server.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - before, Millis(1000));
}

TEST_F(ServerTest, WhenServerStopsDuringALongReply_ThenItEndsWithinItsGrace) {
  const std::string url = start();
  Misbehaviour slow;
  slow.kind = Misbehaviour::Kind::delay;
  slow.delay = std::chrono::hours(1);
  ASSERT_TRUE(hms->misbehave(slow));
  Curl curl;
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, 200L);
  EXPECT_LT(curl.post(url, xml(henb_inform())), 0);
  const auto before = std::chrono::steady_clock::now();
  server.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - before, kStopGrace + Millis(1000));
}

}  // namespace
}  // namespace hnbemu::hms

#include "adapters/throughput/curl_throughput.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include "integration/diagnostics/hops.h"

namespace hnbemu::netns {
namespace {

using diagnostics::Failure;
constexpr std::size_t kFile = std::size_t{4} << 20;

constexpr const char* kNginx = R"(
daemon off; user root; worker_processes 1; pid {0}/nginx.pid; error_log {0}/nginx.log;
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {0}/body; proxy_temp_path {0}/p; fastcgi_temp_path {0}/f;
  uwsgi_temp_path {0}/u; scgi_temp_path {0}/s;
  server {{
    listen 192.0.2.5:80; root {0}/files; client_max_body_size 0;
    location /up/ {{ dav_methods PUT; }}
    location /slow/ {{ limit_rate 200k; alias {0}/files/; }}
    location /moved {{ return 302 http://192.0.2.5/file; }}
  }}
}}
)";
constexpr const char* kVsftpd = R"(listen=YES
listen_address=192.0.2.5
background=NO
anonymous_enable={1}
local_enable=NO
write_enable=YES
anon_upload_enable=YES
anon_root={0}/files
secure_chroot_dir={0}/empty
seccomp_sandbox=NO
isolate_network=NO
pasv_enable={2}
xferlog_enable=NO
)";

class ThroughputIntegration : public HopsTest {
 protected:
  void SetUp() override {
    HopsTest::SetUp();
    if (IsSkipped()) return;
    for (const auto* const name : {"files/up", "empty"}) std::filesystem::create_directories(directory_ / name);
    file("files/file", std::string(kFile, 'x'));
    ::chmod((directory_ / "files/up").c_str(), 0777);
  }
  void serve_http() {
    const auto configuration = file("nginx.conf", fmt::format(kNginx, directory_.string()));
    ASSERT_TRUE(serve({"/usr/sbin/nginx", "-e", (directory_ / "early.log").string(), "-c", configuration}, 80));
  }
  void serve_ftp(const char* anonymous = "YES", const char* pasv = "YES") {
    const auto configuration = file("vsftpd.conf", fmt::format(kVsftpd, directory_.string(), anonymous, pasv));
    ASSERT_TRUE(serve({"/usr/sbin/vsftpd", configuration}, 21));
  }
  static ThroughputRequest request(const std::string& url, bool upload = false) {
    ThroughputRequest wanted;
    wanted.upload = upload;
    wanted.url = must(Url::parse(url));
    wanted.address = ip(kHost);
    wanted.upload_bytes = kFile;
    return wanted;
  }
  ThroughputOutcome move(const ThroughputRequest& wanted, Millis limit = Seconds{60}) {
    throughput::CurlThroughput throughput(io_.get_executor(), device());
    auto outcome = run(throughput.run(wanted, path(), in(limit)));
    EXPECT_TRUE(outcome) << outcome.error().to_string();
    return outcome.value_or(ThroughputOutcome{Failure::internal, "", {}});
  }
  std::optional<Failure> failure(const std::string& url, bool upload = false) {
    return move(request(url, upload)).failure;
  }
  static void expect_order(const diagnostics::ThroughputConnection& measured) {
    ASSERT_TRUE(measured.tcp_open_request && measured.tcp_open_response && measured.request && measured.begin &&
                measured.end);
    EXPECT_LE(*measured.tcp_open_request, *measured.tcp_open_response);
    EXPECT_LE(*measured.tcp_open_response, *measured.request);
    EXPECT_LE(*measured.request, *measured.begin);
    EXPECT_LT(*measured.begin, *measured.end);
  }
  // More than the data, by the headers of its segments.
  static void expect_ip_bytes(std::uint64_t bytes) {
    EXPECT_GT(bytes, kFile + kFile / 100);
    EXPECT_LT(bytes, kFile + kFile / 5);
  }
};

TEST_F(ThroughputIntegration, WhenAFileIsDownloadedByHttp_ThenTimesAndBytesAreMeasured) {
  serve_http();
  const auto outcome = move(request("http://h.example/file"));
  ASSERT_FALSE(outcome.failure) << outcome.detail;
  ASSERT_EQ(outcome.measured.connections.size(), 1U);
  const auto& measured = outcome.measured.connections[0];
  expect_order(measured);
  EXPECT_GT(measured.test_bytes, kFile);  // with HTTP's headers
  EXPECT_LT(measured.test_bytes, kFile + 1000);
  expect_ip_bytes(measured.ip_bytes_received);
  EXPECT_GT(measured.ip_bytes_sent, 0U);
  EXPECT_LT(measured.ip_bytes_sent, kFile / 4);
}

TEST_F(ThroughputIntegration, WhenAFileIsUploadedByHttp_ThenTheServerHasAllOfIt) {
  serve_http();
  const auto outcome = move(request("http://h.example/up/it", true));
  ASSERT_FALSE(outcome.failure) << outcome.detail;
  const auto& measured = outcome.measured.connections[0];
  expect_order(measured);
  EXPECT_EQ(std::filesystem::file_size(directory_ / "files/up/it"), kFile);
  EXPECT_GE(measured.test_bytes, kFile);
  expect_ip_bytes(measured.ip_bytes_sent);
}

TEST_F(ThroughputIntegration, WhenAFileIsDownloadedByFtp_ThenItIsTheDataConnectionThatCounts) {
  serve_ftp();
  const auto outcome = move(request("ftp://h.example/file"));
  ASSERT_FALSE(outcome.failure) << outcome.detail;
  const auto& measured = outcome.measured.connections[0];
  expect_order(measured);
  EXPECT_EQ(measured.test_bytes, kFile);
  expect_ip_bytes(measured.ip_bytes_received);
}

TEST_F(ThroughputIntegration, WhenAFileIsUploadedByFtp_ThenTheServerHasAllOfIt) {
  serve_ftp();
  const auto outcome = move(request("ftp://h.example/up/it", true));
  ASSERT_FALSE(outcome.failure) << outcome.detail;
  const auto& measured = outcome.measured.connections[0];
  expect_order(measured);
  EXPECT_EQ(std::filesystem::file_size(directory_ / "files/up/it"), kFile);
  EXPECT_EQ(measured.test_bytes, kFile);
  expect_ip_bytes(measured.ip_bytes_sent);
}

TEST_F(ThroughputIntegration, WhenSeveralConnectionsDownload_ThenEachHasTheFile) {
  serve_http();
  auto wanted = request("http://h.example/file");
  wanted.connections = 3;
  const auto outcome = move(wanted);
  ASSERT_FALSE(outcome.failure) << outcome.detail;
  ASSERT_EQ(outcome.measured.connections.size(), 3U);
  for (const auto& measured : outcome.measured.connections) EXPECT_GT(measured.test_bytes, kFile);
}

TEST_F(ThroughputIntegration, WhenATestIsBasedOnTime_ThenItEndsThen) {
  serve_http();
  auto wanted = request("http://h.example/slow/file");
  wanted.duration = Seconds{2};
  wanted.increment = Seconds{1};
  const auto outcome = move(wanted);
  ASSERT_FALSE(outcome.failure) << outcome.detail;
  const auto& measured = outcome.measured.connections[0];
  EXPECT_LT(measured.test_bytes, kFile / 2);
  EXPECT_GT(measured.test_bytes, 100'000U);
  ASSERT_EQ(outcome.measured.increments.size(), 2U);
  EXPECT_GT(outcome.measured.increments[1].test_bytes, 50'000U);
}

TEST_F(ThroughputIntegration, WhenAnUploadIsBasedOnTime_ThenTheFileEndsThen) {
  serve_http();
  auto wanted = request("http://h.example/up/it", true);
  wanted.duration = Seconds{1};
  const auto outcome = move(wanted);
  ASSERT_FALSE(outcome.failure) << outcome.detail;
  EXPECT_GT(std::filesystem::file_size(directory_ / "files/up/it"), 0U);
}

TEST_F(ThroughputIntegration, WhenHttpFails_ThenItIsSaidHow) {
  EXPECT_EQ(failure("http://h.example/file"), Failure::init_connection_failed);
  serve_http();
  EXPECT_EQ(failure("http://h.example/none"), Failure::transfer_failed);
  EXPECT_EQ(failure("http://h.example/moved"), Failure::transfer_failed);
  EXPECT_EQ(failure("http://h.example/file", true), Failure::no_transfer_complete);
}

TEST_F(ThroughputIntegration, WhenFtpFails_ThenItIsSaidAtWhichStage) {
  EXPECT_EQ(failure("ftp://h.example/file"), Failure::init_connection_failed);
  serve_ftp();
  EXPECT_EQ(failure("ftp://h.example/none"), Failure::transfer_failed);
  EXPECT_EQ(failure("ftp://h.example/nowhere/file"), Failure::no_cwd);
  EXPECT_EQ(failure("ftp://h.example/not-here", true), Failure::no_stor);
}

TEST_F(ThroughputIntegration, WhenFtpTakesNoUserOrNoPasv_ThenThatIsSaid) {
  serve_ftp("YES", "NO");
  EXPECT_EQ(failure("ftp://h.example/file"), Failure::no_pasv);
}

TEST_F(ThroughputIntegration, WhenNothingComesInTime_ThenItIsATimeout) {
  serve_http();
  const auto outcome = move(request("http://h.example/slow/file"), Seconds{1});
  EXPECT_EQ(outcome.failure, Failure::timeout);
}

TEST_F(ThroughputIntegration, WhenItIsCancelled_ThenItEndsAtOnce) {
  serve_http();
  throughput::CurlThroughput throughput(io_.get_executor(), device());
  boost::asio::cancellation_signal cancel;
  std::optional<Result<ThroughputOutcome>> end;
  auto task = [&]() -> Task<Result<ThroughputOutcome>> {
    co_await boost::asio::this_coro::throw_if_cancelled(false);
    auto wanted = request("http://h.example/slow/file");
    co_return co_await throughput.run(std::move(wanted), path(), in(Seconds{60}));
  };
  boost::asio::co_spawn(io_, task(),
                        boost::asio::bind_cancellation_slot(
                            cancel.slot(), [&](const std::exception_ptr& bug, Result<ThroughputOutcome> outcome) {
                              if (bug) std::rethrow_exception(bug);
                              end = std::move(outcome);
                            }));
  boost::asio::steady_timer later(io_, Millis{300});
  later.async_wait([&](auto) { cancel.emit(boost::asio::cancellation_type::terminal); });
  const auto begun = std::chrono::steady_clock::now();
  io_.run();
  ASSERT_TRUE(end);
  ASSERT_FALSE(*end);
  EXPECT_EQ(end->error().cause, Cause::cancelled);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, Seconds{15});
}

}  // namespace
}  // namespace hnbemu::netns

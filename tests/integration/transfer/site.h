#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>
#include <optional>

#include "adapters/file_transfer/curl_file_transfer.h"
#include "integration/support/file_servers.h"
#include "integration/support/network.h"
#include "lab/pki.h"
#include "netns/point_to_point.h"

namespace hnbemu::file_transfer {

using netns::ip;
using netns::must;

inline constexpr const char* kDevice = "192.0.2.0";
inline constexpr const char* kServer = "192.0.2.1";
inline constexpr const char* kName = "files.example";
inline constexpr std::uint64_t kLimit = std::uint64_t{1} << 30;

// A server as a device's user sees it.
struct Service {
  std::string scheme;
  std::uint16_t port;
  std::string directory;  // of the URL; "" or "/basic"
  const char* name;       // of the test
};

// A device and real file servers, a namespace each, with a link between.
class Site : public netns::NamespaceTest {
 protected:
  void SetUp() override {
    NamespaceTest::SetUp();
    if (IsSkipped()) return;
    std::filesystem::create_directories(directory_ + "/files");
    device_ = must(netns::Namespace::create());
    server_ = must(netns::Namespace::create());
    auto near = must(netns::Netlink::open(*device_));
    auto far = must(netns::Netlink::open(*server_));
    must(netns::connect({&near, &*device_, "eth0", ip(kDevice)}, {&far, &*server_, "eth0", ip(kServer)}));
    const auto authority = must(lab::CertificateAuthority::create("operator"));
    const auto manufacturer = must(lab::CertificateAuthority::create("manufacturer"));
    must(write(must(authority.issue(kName)), directory_, "server"));
    std::ofstream(directory_ + "/manufacturer.pem") << manufacturer.certificate();
    const auto factory = must(manufacturer.issue("device"));
    tls_ = {authority.certificate(), factory.certificate, factory.private_key};
    make_client(tls_);
  }
  void TearDown() override {
    client_.reset();
    servers_.reset();
    std::filesystem::remove_all(directory_);
  }

  void make_client(http::TlsConfig tls, Patience patience = {Seconds{5}, Seconds{2}, 8}) {
    client_ = std::make_unique<CurlFileTransfer>(io_.get_executor(), *device_, std::move(tls), patience);
  }
  void start_servers(const std::string& only) {
    servers_.emplace(
        *server_, directory_, kServer,
        std::vector<std::string>{"--certificate", directory_ + "/server.pem", "--key", directory_ + "/server.key",
                                 "--client-ca", directory_ + "/manufacturer.pem", "--only", only});
  }

  FileRequest get(const Service& service, const std::string& file) const {
    FileRequest out;
    out.url = {service.scheme, kName, service.port, service.directory + file};
    out.address = ip(kServer);
    out.username = test::FileServers::kUser;
    out.password = test::FileServers::kPassword;
    out.file = directory_ + "/download";
    out.limit = kLimit;
    return out;
  }
  // `meanwhile` is called every few milliseconds.
  Result<FileReply> transfer(FileRequest request, const std::function<void()>& meanwhile = {}) {
    std::optional<Result<FileReply>> result;
    auto task = client_->transfer(std::move(request), {Plane::outer, ip(kDevice), {}},
                                  std::chrono::steady_clock::now() + Seconds{60});
    boost::asio::co_spawn(io_, std::move(task), [&](const std::exception_ptr& bug, Result<FileReply> value) {
      if (bug) std::rethrow_exception(bug);
      result = std::move(value);
    });
    const auto patience = std::chrono::steady_clock::now() + Seconds{70};
    io_.restart();
    while (!result && std::chrono::steady_clock::now() < patience) {
      io_.run_one_for(Millis{2});
      if (meanwhile) meanwhile();
    }
    EXPECT_TRUE(result) << "the call never completed";
    return result.value_or(fail(Cause::system, "never completed"));
  }
  std::string cause_of(FileRequest request, const std::function<void()>& meanwhile = {}) {
    const auto reply = transfer(std::move(request), meanwhile);
    last_ = reply ? "" : reply.error().detail;
    return reply ? "none" : std::string(to_string(reply.error().cause));
  }

  static std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void serve_file(const std::string& name, const std::string& content, std::uint64_t size = 0) const {
    const auto path = directory_ + "/files/" + name;
    std::ofstream(path, std::ios::binary) << content;
    if (size > 0) std::filesystem::resize_file(path, size);
    // What was written just now has no strong validator (RFC 9110 8.8.2.2): it could change within the second.
    std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now() - std::chrono::hours{24});
  }

  const std::string directory_ = fmt::format("{}/transfer-{}", testing::TempDir(), ::getpid());
  boost::asio::io_context io_;
  std::optional<netns::Namespace> device_;
  std::optional<netns::Namespace> server_;
  http::TlsConfig tls_;
  std::optional<test::FileServers> servers_;
  std::unique_ptr<CurlFileTransfer> client_;
  std::string last_;  // error's detail
};

}  // namespace hnbemu::file_transfer

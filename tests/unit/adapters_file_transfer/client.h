#pragma once

#include <gmock/gmock.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>

#include "adapters/file_transfer/curl_file_transfer.h"
#include "loopback/raw_server.h"

namespace hnbemu::file_transfer {

inline const IpAddress kLoopback = *IpAddress::parse("127.0.0.1");

// A client on this machine's loopback, and a directory for its files.
class ClientTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(directory_); }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  FileRequest get(const std::string& scheme, const std::string& target = "/file") const {
    FileRequest out;
    out.url = {scheme, "files.example", server_.port(), target};
    out.address = kLoopback;
    out.file = path_of("download");
    out.limit = kLimit;
    return out;
  }
  FileRequest put(const std::string& scheme, const std::string& content) const {
    auto out = get(scheme);
    out.method = FileRequest::Method::put;
    out.file = path_of("upload");
    std::ofstream(out.file) << content;
    return out;
  }
  Result<FileReply> transfer(FileRequest request, Millis patience = Seconds{20}) {
    std::optional<Result<FileReply>> result;
    auto task = client_.transfer(std::move(request), path_, std::chrono::steady_clock::now() + patience);
    auto done = [&](const std::exception_ptr& bug, Result<FileReply> value) {
      if (bug) std::rethrow_exception(bug);
      result = std::move(value);
    };
    boost::asio::co_spawn(io_, std::move(task), boost::asio::bind_cancellation_slot(cancel_.slot(), std::move(done)));
    io_.restart();
    while (!result && io_.run_one_for(patience + Seconds{20}) > 0) {
    }
    EXPECT_TRUE(result) << "the call never completed";
    return result.value_or(fail(Cause::system, "never completed"));
  }
  std::string cause_of(FileRequest request, Millis patience = Seconds{20}) {
    const auto reply = transfer(std::move(request), patience);
    EXPECT_TRUE(reply || !reply.error().detail.empty());
    last_ = reply ? "" : reply.error().detail;
    return reply ? "none" : std::string(to_string(reply.error().cause));
  }

  std::string path_of(const std::string& name) const { return directory_ + "/" + name; }
  std::string content_of(const std::string& name) const {
    std::ifstream file(path_of(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void write(const std::string& name, const std::string& content) const { std::ofstream(path_of(name)) << content; }

  static constexpr std::uint64_t kLimit = 1'000'000;

  const std::string directory_ = fmt::format("{}/file-transfer-{}", testing::TempDir(), ::getpid());
  loopback::RawServer server_;
  boost::asio::io_context io_;
  boost::asio::cancellation_signal cancel_;
  netns::Namespace home_ = *netns::Namespace::current();
  Path path_{Plane::inner, kLoopback, {}};
  CurlFileTransfer client_{io_.get_executor(), home_, {}, {Seconds{2}, Seconds{1}, 8}};
  std::string last_;  // error's detail
};

}  // namespace hnbemu::file_transfer

#include <mutex>

#include "client.h"

namespace hnbemu::file_transfer {
namespace {

using loopback::http_reply;
using loopback::send_all;
using testing::HasSubstr;
using testing::Not;

// The next request's header and body; "" when the other end has gone.
std::string read_all(int socket) {
  std::string bytes;
  char piece[4096];
  std::size_t wanted = 0;
  for (;;) {
    const auto end = bytes.find("\r\n\r\n");
    if (end != std::string::npos) {
      const auto at = bytes.find("Content-Length: ");
      wanted = end + 4 + (at < end ? std::stoul(bytes.substr(at + 16)) : 0);
      if (bytes.size() >= wanted) return bytes;
    }
    const auto size = ::recv(socket, piece, sizeof piece, 0);
    if (size <= 0) return "";
    bytes.append(piece, static_cast<std::size_t>(size));
  }
}

class HttpFileTest : public ClientTest {
 protected:
  // Each request gets the next reply, the last one for good; the connection is closed after `close`.
  void answer(std::vector<std::string> replies, bool close = false) {
    server_.play([this, replies = std::move(replies), close](int socket) {
      for (std::string request = read_all(socket); !request.empty(); request = read_all(socket)) {
        std::size_t number = 0;
        {
          const std::lock_guard lock(mutex_);
          requests_.push_back(request);
          number = std::min(requests_.size(), replies.size()) - 1;
        }
        if (!send_all(socket, replies[number]) || close) return;
      }
    });
  }
  std::vector<std::string> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> requests_;
};

TEST_F(HttpFileTest, WhenTheFileIsThere_ThenItIsWritten) {
  answer({http_reply("200 OK", "firmware")});
  const auto reply = transfer(get("http", "/a file%20é"));
  ASSERT_TRUE(reply) << reply.error().to_string();
  EXPECT_EQ(reply->status, 200);
  EXPECT_EQ(reply->bytes, 8u);
  EXPECT_EQ(content_of("download"), "firmware");
  EXPECT_THAT(requests().at(0), HasSubstr("GET /a%20file%20%C3%A9 HTTP/1.1\r\n"));
  EXPECT_THAT(requests().at(0), HasSubstr(fmt::format("Host: files.example:{}\r\n", server_.port())));
  EXPECT_THAT(requests().at(0), Not(HasSubstr("Authorization")));
}

TEST_F(HttpFileTest, WhenTheHostIsOddlySpelled_ThenItIsStillTheAddressThatIsAsked) {
  answer({http_reply("200 OK", "firmware")});
  auto request = get("http");
  request.url.host = "user@no-such-name.invalid";
  EXPECT_TRUE(transfer(request));
}

TEST_F(HttpFileTest, WhenTheFileIsEmpty_ThenNothingOfAnOldOneIsLeft) {
  write("download", "old");
  answer({http_reply("200 OK", "")});
  const auto reply = transfer(get("http"));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->bytes, 0u);
  EXPECT_EQ(content_of("download"), "");
}

TEST_F(HttpFileTest, WhenAFileIsPutOrPosted_ThenItArrivesWithItsType) {
  answer({http_reply("201 Created", "thanks")});
  auto request = put("http", "counters");
  request.content_type = "text/xml";
  const auto reply = transfer(request);
  ASSERT_TRUE(reply) << reply.error().to_string();
  EXPECT_EQ(reply->status, 201);
  EXPECT_EQ(reply->bytes, 8u);
  request.method = FileRequest::Method::post;
  request.content_type = "";
  ASSERT_TRUE(transfer(request));
  EXPECT_THAT(requests().at(0), HasSubstr("PUT /file HTTP/1.1\r\n"));
  EXPECT_THAT(requests().at(0), HasSubstr("Content-Type: text/xml\r\n"));
  EXPECT_THAT(requests().at(0), testing::EndsWith("\r\n\r\ncounters"));
  EXPECT_THAT(requests().at(1), HasSubstr("POST /file HTTP/1.1\r\n"));
  EXPECT_THAT(requests().at(1), HasSubstr("Content-Type: application/octet-stream\r\n"));
  EXPECT_THAT(requests().at(1), testing::EndsWith("\r\n\r\ncounters"));
}

TEST_F(HttpFileTest, WhenAnUploadIsChallenged_ThenAllOfItComesAgainWithTheUser) {
  answer(
      {http_reply("401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"r\"", "who?"), http_reply("201 Created", "")});
  auto request = put("http", "counters");
  request.username = "femto";
  request.password = "secret";
  const auto reply = transfer(request);
  ASSERT_TRUE(reply) << reply.error().to_string();
  EXPECT_EQ(reply->bytes, 8u);
  EXPECT_THAT(requests().at(0), Not(HasSubstr("Authorization")));
  EXPECT_THAT(requests().at(1), HasSubstr("Authorization: Basic ZmVtdG86c2VjcmV0\r\n"));
  EXPECT_THAT(requests().at(1), testing::EndsWith("counters"));
}

TEST_F(HttpFileTest, WhenTheServerTakesNoSuchUser_ThenItIsAuthenticationAndNoFile) {
  answer({http_reply("401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"r\"", "who?")});
  EXPECT_EQ(cause_of(get("http")), "authentication");
  auto request = get("http");
  request.username = "femto";
  EXPECT_EQ(cause_of(request), "authentication");
  EXPECT_EQ(content_of("download"), "");
}

TEST_F(HttpFileTest, WhenTheStatusIsAnError_ThenTheCauseSaysWhich) {
  const std::vector<std::pair<std::string, std::string>> kinds = {{"404 Not Found", "not-found"},
                                                                  {"403 Forbidden", "not-found"},
                                                                  {"503 Service Unavailable", "http-status"},
                                                                  {"507 Insufficient Storage", "resources"}};
  for (const auto& [status, cause] : kinds) {
    server_.play([status = status](int socket) {
      read_all(socket);
      send_all(socket, http_reply(status, "no"));
    });
    EXPECT_EQ(cause_of(get("http")), cause) << last_;
    EXPECT_EQ(cause_of(put("http", "counters")), cause) << last_;
  }
}

TEST_F(HttpFileTest, WhenItIsARedirect_ThenItsLocationIsTheValue) {
  answer({http_reply("307 Temporary Redirect\r\nLocation: http://other.example/file", "there")});
  const auto reply = transfer(get("http"));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 307);
  EXPECT_EQ(reply->location, "http://other.example/file");
  EXPECT_EQ(content_of("download"), "");
}

TEST_F(HttpFileTest, WhenTheBodyIsShorterThanAnnounced_ThenItIsInterruptedAndWhatCameIsKept) {
  answer({"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nfirst half"}, true);
  EXPECT_EQ(cause_of(get("http")), "interrupted") << last_;
  EXPECT_EQ(content_of("download"), "first half");
}

TEST_F(HttpFileTest, WhenItGoesOn_ThenTheRestIsAskedForOfTheSameFile) {
  answer({"HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 100\r\n\r\nfirst "}, true);
  ASSERT_EQ(cause_of(get("http")), "interrupted");
  answer({http_reply("201 Created", "")});
  ASSERT_TRUE(transfer(put("http", "counters"))) << "something else in between";
  answer({http_reply("206 Partial Content\r\nETag: \"v1\"\r\nContent-Range: bytes 6-11/12", "second")});
  auto request = get("http");
  request.resume = 6;
  const auto reply = transfer(request);
  ASSERT_TRUE(reply) << reply.error().to_string();
  EXPECT_EQ(reply->bytes, 12u);
  EXPECT_EQ(content_of("download"), "first second");
  EXPECT_THAT(requests().back(), HasSubstr("Range: bytes=6-\r\n"));
  EXPECT_THAT(requests().back(), HasSubstr("If-Range: \"v1\"\r\n"));
}

TEST_F(HttpFileTest, WhenTheServerCannotGoOn_ThenItBeginsAgain) {
  write("download", "first ");
  auto request = get("http");
  request.resume = 6;
  answer({http_reply("200 OK", "all of it")});
  ASSERT_TRUE(transfer(request));
  EXPECT_EQ(content_of("download"), "all of it");
  EXPECT_THAT(requests().back(), Not(HasSubstr("If-Range")));
  server_.play([](int socket) {
    const bool range = read_all(socket).find("Range") != std::string::npos;
    send_all(socket, range ? http_reply("416 Range Not Satisfiable\r\nContent-Range: bytes */3", "")
                           : http_reply("200 OK", "new"));
  });
  ASSERT_TRUE(transfer(request));
  EXPECT_EQ(content_of("download"), "new");
}

TEST_F(HttpFileTest, WhenAllOfItWasThereAlready_ThenItIsDone) {
  write("download", "all of it");
  auto request = get("http");
  request.resume = 9;
  answer({http_reply("416 Range Not Satisfiable\r\nContent-Range: bytes */9", "")});
  const auto reply = transfer(request);
  ASSERT_TRUE(reply) << reply.error().to_string();
  EXPECT_EQ(reply->bytes, 9u);
  EXPECT_EQ(content_of("download"), "all of it");
}

TEST_F(HttpFileTest, WhenTheServerSendsAnotherRange_ThenItIsRefused) {
  write("download", "first ");
  auto request = get("http");
  request.resume = 6;
  answer({http_reply("206 Partial Content\r\nContent-Range: bytes 2-7/8", "second")});
  EXPECT_EQ(cause_of(request), "protocol") << last_;
  request.resume = 0;
  EXPECT_EQ(cause_of(request), "protocol") << last_;
}

TEST_F(HttpFileTest, WhenTheFileIsTooLarge_ThenNotMoreThanTheLimitIsWritten) {
  answer({"HTTP/1.1 200 OK\r\nContent-Length: 1000001\r\n\r\nx"});
  EXPECT_EQ(cause_of(get("http")), "resources") << last_;
  EXPECT_EQ(content_of("download"), "");
  server_.play([](int socket) {
    read_all(socket);
    const std::string piece(65'536, 'x');
    if (!send_all(socket, "HTTP/1.1 200 OK\r\n\r\n")) return;
    while (send_all(socket, piece)) {
    }
  });
  EXPECT_EQ(cause_of(get("http")), "resources") << last_;
  EXPECT_LE(std::filesystem::file_size(path_of("download")), kLimit);
}

TEST_F(HttpFileTest, WhenTheHeadersHaveNoEnd_ThenItIsGivenUp) {
  server_.play([](int socket) {
    read_all(socket);
    if (!send_all(socket, "HTTP/1.1 200 OK\r\n")) return;
    while (send_all(socket, "X-Header: some more of it\r\n")) {
    }
  });
  EXPECT_EQ(cause_of(get("http")), "resources") << last_;
}

TEST_F(HttpFileTest, WhenTheBodyOfAnErrorHasNoEnd_ThenTheStatusCounts) {
  server_.play([](int socket) {
    read_all(socket);
    const std::string piece(65'536, 'x');
    if (!send_all(socket, "HTTP/1.1 404 Not Found\r\n\r\n")) return;
    while (send_all(socket, piece)) {
    }
  });
  EXPECT_EQ(cause_of(get("http")), "not-found") << last_;
  EXPECT_EQ(content_of("download"), "");
}

// Reads the request, sends the words, and says nothing more.
loopback::RawServer::Script stall_after(std::string words) {
  return [words = std::move(words)](int socket) {
    read_all(socket);
    send_all(socket, words);
    read_all(socket);
  };
}

TEST_F(HttpFileTest, WhenTheServerStalls_ThenItIsGivenUpBeforeTheDeadline) {
  server_.play(stall_after("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nfirst half"));
  EXPECT_EQ(cause_of(get("http"), Seconds{60}), "interrupted") << last_;
  EXPECT_EQ(content_of("download"), "first half");
  server_.play(stall_after(""));
  EXPECT_EQ(cause_of(get("http"), Seconds{60}), "timeout") << last_;
}

TEST_F(HttpFileTest, WhenTheDeadlineComes_ThenItIsATimeoutAndWhatCameIsKept) {
  server_.play(stall_after("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nfirst half"));
  EXPECT_EQ(cause_of(get("http"), Millis{300}), "timeout") << last_;
  EXPECT_EQ(content_of("download"), "first half");
}

TEST_F(HttpFileTest, WhenNobodyListens_ThenItIsTheNetwork) {
  auto request = get("http");
  request.url.port = 1;
  EXPECT_EQ(cause_of(request), "network") << last_;
  server_.play([](int) {});
  EXPECT_EQ(cause_of(get("http")), "network") << last_;
}

TEST_F(HttpFileTest, WhenTheSchemeIsUnknown_ThenNobodyIsAsked) {
  EXPECT_EQ(cause_of(get("tftp")), "unsupported");
  EXPECT_FALSE(std::filesystem::exists(path_of("download")));
}

TEST_F(HttpFileTest, WhenTheDiskIsFull_ThenItSaysSo) {
  answer({http_reply("200 OK", "firmware")});
  auto request = get("http");
  request.file = "/dev/full";
  EXPECT_EQ(cause_of(request), "resources") << last_;
  EXPECT_THAT(last_, HasSubstr("/dev/full"));
}

TEST_F(HttpFileTest, WhenTheLocalFileCannotBeUsed_ThenItIsNamed) {
  auto request = get("http");
  request.file = path_of("no/such/directory");
  EXPECT_EQ(cause_of(request), "system");
  EXPECT_THAT(last_, HasSubstr(request.file));
}

TEST_F(HttpFileTest, WhenTheDeviceStops_ThenTheCallEndsAtOnce) {
  server_.play([this](int socket) {
    read_all(socket);
    boost::asio::post(io_, [this] { cancel_.emit(boost::asio::cancellation_type::terminal); });
    read_all(socket);
  });
  EXPECT_EQ(cause_of(get("http"), Seconds{60}), "cancelled");
}

TEST_F(HttpFileTest, WhenAllIsDone_ThenNoDescriptorIsHeld) {
  const auto count = [] {
    const std::filesystem::directory_iterator descriptors("/proc/self/fd");
    return std::distance(begin(descriptors), end(descriptors));
  };
  server_.play(loopback::be_a_good_acs);
  ASSERT_TRUE(transfer(get("http")));
  const auto before = count();
  ASSERT_TRUE(transfer(get("http")));
  const auto deadline = std::chrono::steady_clock::now() + Seconds{5};  // the server's end closes on its own thread
  while (count() > before && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_LE(count(), before);
}

TEST_F(HttpFileTest, WhenTheIoContextGoesWithATransferUnderWay_ThenNothingIsLeft) {
  boost::asio::io_context io;
  server_.play([&io](int socket) {
    read_all(socket);
    io.stop();
    read_all(socket);
  });
  CurlFileTransfer client(io.get_executor(), home_, {});
  auto task = client.transfer(get("http"), path_, std::chrono::steady_clock::now() + Seconds{60});
  boost::asio::co_spawn(io, std::move(task), [](const std::exception_ptr&, const Result<FileReply>&) {});
  io.run();
}

}  // namespace
}  // namespace hnbemu::file_transfer

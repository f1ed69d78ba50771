#include <condition_variable>
#include <mutex>

#include "adapters/file_transfer/crew.h"
#include "client.h"
#include "ftp_server.h"

namespace hnbemu::file_transfer {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

class FtpFileTest : public ClientTest {
 protected:
  std::shared_ptr<FtpServer> serve(FtpManners manners) {
    auto ftp = std::make_shared<FtpServer>(std::move(manners));
    server_.play([ftp](int socket) { ftp->converse(socket); });
    return ftp;
  }
};

TEST_F(FtpFileTest, WhenTheFileIsThere_ThenItIsFetchedByTheUser) {
  const auto ftp = serve({});
  auto request = get("ftp", "/dir/a%20file");
  request.username = "femto";
  request.password = "secret";
  const auto reply = transfer(request);
  ASSERT_TRUE(reply) << reply.error().to_string();
  EXPECT_EQ(reply->status, 200);
  EXPECT_EQ(reply->bytes, 8u);
  EXPECT_EQ(content_of("download"), "firmware");
  EXPECT_THAT(ftp->commands(), Contains("USER femto"));
  EXPECT_THAT(ftp->commands(), Contains("PASS secret"));
  EXPECT_THAT(ftp->commands(), Contains("CWD dir"));
  EXPECT_THAT(ftp->commands(), Contains("RETR a file"));
}

TEST_F(FtpFileTest, WhenAFileIsPut_ThenItArrives) {
  const auto ftp = serve({});
  const auto reply = transfer(put("ftp", "counters"));
  ASSERT_TRUE(reply) << reply.error().to_string();
  EXPECT_EQ(reply->bytes, 8u);
  EXPECT_EQ(ftp->stored(), "counters");
}

TEST_F(FtpFileTest, WhenTheUrlHasAType_ThenItIsTheTypeOfTheTransfer) {
  const auto ftp = serve({});
  ASSERT_TRUE(transfer(get("ftp", "/file;type=a")));
  EXPECT_THAT(ftp->commands(), Contains("TYPE A"));
  EXPECT_THAT(ftp->commands(), Contains("RETR file"));
}

TEST_F(FtpFileTest, WhenItGoesOn_ThenTheRestIsAskedFor) {
  const auto ftp = serve({});
  write("download", "firm");
  auto request = get("ftp");
  request.resume = 4;
  const auto reply = transfer(request);
  ASSERT_TRUE(reply) << reply.error().to_string();
  EXPECT_EQ(reply->bytes, 8u);
  EXPECT_EQ(content_of("download"), "firmware");
  EXPECT_THAT(ftp->commands(), Contains("REST 4"));
}

TEST_F(FtpFileTest, WhenTheServerCannotGoOn_ThenItBeginsAgain) {
  FtpManners manners;
  manners.rest_reply = "502 no\r\n";
  serve(manners);
  write("download", "old ");
  auto request = get("ftp");
  request.resume = 4;
  const auto reply = transfer(request);
  ASSERT_TRUE(reply) << reply.error().to_string();
  EXPECT_EQ(content_of("download"), "firmware");
  write("download", "longer than the file there");
  request.resume = 26;
  ASSERT_TRUE(transfer(request));
  EXPECT_EQ(content_of("download"), "firmware");
}

TEST_F(FtpFileTest, WhenTheServerRefuses_ThenTheCauseSaysWhat) {
  struct Case {
    std::string FtpManners::*reply;
    std::string words, cause;
  };
  const std::vector<Case> cases = {{&FtpManners::password_reply, "530 no\r\n", "authentication"},
                                   {&FtpManners::retr_reply, "550 no such file\r\n", "not-found"},
                                   {&FtpManners::retr_reply, "450 busy\r\n", "interrupted"},
                                   {&FtpManners::greeting, "421 too many\r\n", "network"},
                                   {&FtpManners::greeting, "HTTP/1.1 400 Bad Request\r\n", "timeout"},
                                   {&FtpManners::end_reply, "426 aborted\r\n", "interrupted"}};
  for (const auto& [reply, words, cause] : cases) {
    FtpManners manners;
    manners.*reply = words;
    serve(manners);
    EXPECT_EQ(cause_of(get("ftp")), cause) << words << last_;
  }
  FtpManners full;
  full.stor_reply = "552 quota\r\n";
  serve(full);
  EXPECT_EQ(cause_of(put("ftp", "counters")), "resources") << last_;
}

TEST_F(FtpFileTest, WhenTheServerDiesHalfWay_ThenItIsInterruptedAndWhatCameIsKept) {
  FtpManners manners;
  manners.sent = 4;
  manners.dies = true;
  serve(manners);
  EXPECT_EQ(cause_of(get("ftp")), "interrupted") << last_;
  EXPECT_EQ(content_of("download"), "firm");
}

TEST_F(FtpFileTest, WhenTheEndIsNeverConfirmed_ThenTheDeadlineHolds) {
  FtpManners manners;
  manners.end_reply = "";
  serve(manners);
  EXPECT_EQ(cause_of(get("ftp"), Millis{400}), "timeout") << last_;
}

TEST_F(FtpFileTest, WhenTheDiskIsFull_ThenTheServerNeedNotAgree) {
  FtpManners manners;
  manners.end_reply = "";
  serve(manners);
  auto request = get("ftp");
  request.file = "/dev/full";
  EXPECT_EQ(cause_of(request), "resources") << last_;
}

TEST_F(FtpFileTest, WhenTheGoodbyeIsNotAnswered_ThenNobodyWaits) {
  FtpManners manners;
  manners.quit_reply = "";
  serve(manners);
  EXPECT_TRUE(transfer(get("ftp"), Millis{5000}));
}

// The address in a PASV reply is the server's to say, and the network behind the device none of its business.
TEST_F(FtpFileTest, WhenTheServerNamesAnotherAddress_ThenTheDataStillComesFromTheServer) {
  FtpManners manners;
  manners.epsv_reply = "502 no\r\n";
  manners.pasv_reply = "227 to (192,0,2,1,{},{})\r\n";
  const auto ftp = serve(manners);
  path_.source = *IpAddress::parse("127.0.0.9");
  const auto reply = transfer(get("ftp"));
  ASSERT_TRUE(reply) << reply.error().to_string();
  EXPECT_EQ(content_of("download"), "firmware");
  EXPECT_EQ(ftp->data_peer(), "127.0.0.9");
}

TEST_F(FtpFileTest, WhenTheReplyHasNoEnd_ThenItIsGivenUp) {
  server_.play([](int socket) {
    while (loopback::send_all(socket, "220-some more words of welcome\r\n")) {
    }
  });
  EXPECT_EQ(cause_of(get("ftp")), "resources") << last_;
}

TEST_F(FtpFileTest, WhenTheFileIsTooLarge_ThenNotMoreThanTheLimitIsWritten) {
  FtpManners manners;
  manners.content.assign(kLimit + 1, 'x');
  serve(manners);
  EXPECT_EQ(cause_of(get("ftp")), "resources") << last_;
  EXPECT_EQ(content_of("download"), "");
}

TEST_F(FtpFileTest, WhenTheUserHasALineEnd_ThenNoCommandIsSmuggledIn) {
  const auto ftp = serve({});
  auto request = get("ftp");
  request.username = "femto\r\nDELE file";
  EXPECT_EQ(cause_of(request), "configuration");
  EXPECT_EQ(cause_of(get("ftp", "/a%0d%0aDELE%20file")), "configuration");
  EXPECT_THAT(ftp->commands(), Not(Contains(HasSubstr("DELE"))));
}

TEST_F(FtpFileTest, WhenItIsADirectory_ThenItIsNoFile) {
  EXPECT_EQ(cause_of(get("ftp", "/dir/")), "not-found");
  EXPECT_EQ(cause_of(get("ftp", "/dir;type=D")), "not-found");
  EXPECT_EQ(cause_of(get("sftp", "/dir/")), "not-found");
}

TEST_F(FtpFileTest, WhenThePeerSpeaksNoSsh_ThenItIsTheNetwork) {
  server_.play([](int socket) { loopback::send_all(socket, "HTTP/1.1 400 Bad Request\r\n\r\n"); });
  EXPECT_EQ(cause_of(get("sftp")), "network") << last_;
}

TEST_F(FtpFileTest, WhenTheDeviceStops_ThenTheCallEndsAtOnceAndItsFileIsLeftAlone) {
  server_.play([this](int socket) {
    loopback::send_all(socket, "220 ready\r\n");
    boost::asio::post(io_, [this] { cancel_.emit(boost::asio::cancellation_type::terminal); });
    loopback::read_request(socket);
  });
  EXPECT_EQ(cause_of(get("ftp"), Seconds{60}), "cancelled");
}

// Holds its connections until it is told, and counts them.
class Gate {
 public:
  void hold(int socket) {
    {
      std::unique_lock lock(mutex_);
      ++held_;
      most_ = std::max(most_, held_);
      arrived_.notify_all();
      open_.wait(lock, [this] { return is_open_; });
      --held_;
    }
    loopback::send_all(socket, "421 enough\r\n");
  }
  bool wait_for(unsigned connections) {
    std::unique_lock lock(mutex_);
    return arrived_.wait_for(lock, Seconds{20}, [&] { return held_ == connections; });
  }
  unsigned open() {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
    open_.notify_all();
    return most_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_, open_;
  unsigned held_ = 0, most_ = 0;
  bool is_open_ = false;
};

TEST_F(FtpFileTest, WhenMoreRunThanThereAreThreads_ThenTheOthersWaitTheirTurnOrTheirDeadline) {
  Gate gate;
  server_.play([&gate](int socket) { gate.hold(socket); });
  CurlFileTransfer client(io_.get_executor(), home_, {});
  constexpr unsigned kMore = 20;
  std::map<std::string, unsigned> causes;
  const auto start = [&](unsigned number, Millis patience) {
    auto request = get("ftp");
    request.file += std::to_string(number);
    auto task = client.transfer(std::move(request), path_, std::chrono::steady_clock::now() + patience);
    boost::asio::co_spawn(io_, std::move(task), [&](const std::exception_ptr&, const Result<FileReply>& reply) {
      ++causes[reply ? "none" : std::string(to_string(reply.error().cause))];
    });
  };
  for (unsigned i = 0; i < kMaxThreads + kMore; ++i) start(i, Seconds{60});
  io_.poll();
  ASSERT_TRUE(gate.wait_for(kMaxThreads));
  start(kMaxThreads + kMore, Millis{1});
  while (causes["timeout"] == 0 && io_.run_one_for(Seconds{5}) > 0) {
  }
  EXPECT_EQ(causes["timeout"], 1u);
  EXPECT_EQ(gate.open(), kMaxThreads);
  io_.restart();
  io_.run();
  EXPECT_EQ(causes["network"], kMaxThreads + kMore);
}

}  // namespace
}  // namespace hnbemu::file_transfer

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "control/client.h"
#include "control/server.h"

namespace hnbemu::control {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ControlTest : public ::testing::Test {
 protected:
  ControlTest() : socket_(fmt::format("{}hnbemu_control_{}", ::testing::TempDir(), ::getpid())) {}
  void serve(Handler handler) {
    auto server = Server::start(socket_, std::move(handler));
    ASSERT_TRUE(server) << server.error().detail;
    server_ = std::move(*server);
  }
  std::string socket_;
  std::unique_ptr<Server> server_;
};

TEST_F(ControlTest, WhenAsked_ThenPathQueryAndBodyAreDecoded) {
  serve([](const Request& request) {
    return Reply{201, fmt::format("{} {} {}={} {}", request.method, fmt::join(request.path, "|"),
                                  request.query.at(0).first, request.query.at(0).second, request.body)};
  });
  const auto reply = call(socket_, "PATCH", "/a%20b/c?path=" + encoded("Device.A & B"), "body");
  ASSERT_TRUE(reply) << reply.error().detail;
  EXPECT_EQ(reply->status, 201);
  EXPECT_EQ(reply->body, "PATCH a b|c path=Device.A & B body");
}

TEST_F(ControlTest, WhenTheSocketIsThere_ThenOnlyItsOwnerMayUseIt) {
  serve([](const Request&) { return Reply{}; });
  struct stat status {};
  ASSERT_EQ(::stat(socket_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  server_.reset();
  EXPECT_NE(::stat(socket_.c_str(), &status), 0);
  EXPECT_EQ(call(socket_, "GET", "/").error().cause, Cause::network);
}

TEST_F(ControlTest, WhenOneHandlerBlocks_ThenOthersAreAnswered) {
  std::atomic<bool> go_on = false;
  serve([&](const Request& request) {
    while (request.path.at(0) == "slow" && !go_on) std::this_thread::sleep_for(Millis{1});
    return Reply{200, request.path.at(0)};
  });
  std::thread slow([&] { EXPECT_EQ(call(socket_, "GET", "/slow").value().body, "slow"); });
  EXPECT_EQ(call(socket_, "GET", "/fast").value().body, "fast");
  go_on = true;
  slow.join();
}

TEST_F(ControlTest, WhenABodyIsHuge_ThenItIsRefusedWithTheReason) {
  serve([](const Request&) { return Reply{}; });
  const auto reply = call(socket_, "POST", "/", std::string(kMaxBodyBytes + 1, 'x'));
  ASSERT_TRUE(reply) << reply.error().detail;
  EXPECT_EQ(reply->status, 413);
  EXPECT_THAT(reply->body, HasSubstr("at most 1048576 bytes"));
}

TEST_F(ControlTest, WhenNobodyAnswersInTime_ThenThatIsTheError) {
  serve([](const Request&) {
    std::this_thread::sleep_for(Millis{1500});
    return Reply{};
  });
  EXPECT_EQ(call(socket_, "GET", "/", "", Seconds{1}).error().cause, Cause::timeout);
}

TEST_F(ControlTest, WhenThePathOfTheSocketIsTooLong_ThenItIsTold) {
  const auto server = Server::start(std::string(200, 'x'), [](const Request&) { return Reply{}; });
  ASSERT_FALSE(server);
  EXPECT_THAT(server.error().detail, HasSubstr("--state-dir"));
}

TEST(ControlRequest, WhenTheTargetIsWrong_ThenItIsNoRequest) {
  EXPECT_THAT(to_request("GET", "/a/b", "").value().path, ElementsAre("a", "b"));
  for (const auto* const target : {"", "a", "/%zz", "/%ff", "/a%00b", "/a?x=%0a"})
    EXPECT_FALSE(to_request("GET", target, "")) << target;
}

}  // namespace
}  // namespace hnbemu::control

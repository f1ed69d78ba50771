#include "integration/cwmp/kill_test.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <boost/asio/steady_timer.hpp>
#include <iostream>
#include <random>

#include "cwmp/codec.h"
#include "integration/cwmp/ledger.h"
#include "loopback/raw_server.h"

// A device that is killed at any moment, with its real memory and HTTP: what it has acknowledged stays, what it owes is
// told, nothing is half done.
namespace hnbemu {
namespace {

constexpr Millis kEventPause{3};       // of the device, between events of its own
constexpr unsigned kMaxMessages = 25;  // before a kill

// Tells the test which vendor's events are safe.
class TellingStore : public Store {
 public:
  TellingStore(std::unique_ptr<Store> store, int pipe) : store_(std::move(store)), pipe_(pipe) {}
  Task<Result<>> commit(std::vector<StoreWrite> writes, Deadline deadline) override {
    std::string told;
    for (const auto& write : writes) {
      if (write.key == "fact events" && write.value) told = *write.value + "\n";
    }
    auto done = co_await store_->commit(std::move(writes), deadline);
    if (done && ::write(pipe_, told.data(), told.size()) != static_cast<ssize_t>(told.size())) ::_exit(1);
    co_return done;
  }

 private:
  std::unique_ptr<Store> store_;
  int pipe_;
};

// Keeps the device busy: an event of its own whenever it is in service and has few to tell.
void make_events(boost::asio::steady_timer& timer, device::Device& device, unsigned& number) {
  timer.expires_after(kEventPause);
  timer.async_wait([&](auto) {
    if (device.status().state == device::State::in_service || device.status().state == device::State::registered) {
      if (device.events().pending().size() < 3) device.inform(fmt::format("X 02A1B2 {}", ++number));
    }
    make_events(timer, device, number);
  });
}

class SessionKillTest : public KillTest {
 protected:
  SessionKillTest() {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    told_ = UniqueFd(ends[0]);
    teller_ = UniqueFd(ends[1]);
    ::fcntl(told_.get(), F_SETFL, O_NONBLOCK);
  }

  std::unique_ptr<Store> watch(std::unique_ptr<Store> store) override {
    return std::make_unique<TellingStore>(std::move(store), teller_.get());
  }
  void keep_busy(boost::asio::io_context& io, device::Device& device) override {
    make_events(timer_.emplace(io), device, number_);
  }

  std::string reply_to(const std::string& body) override {
    std::optional<cwmp::Body> request;
    if (!body.empty()) {
      const auto message = cwmp::decode(body);
      EXPECT_TRUE(message) << body;
      if (!message) return "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n";
      if (const auto* inform = std::get_if<cwmp::Inform>(&message->body)) {
        ledger_.on_inform(*inform);
        return loopback::http_reply("200 OK", cwmp::encode({cwmp::Version::v1_0, "1", {}, cwmp::InformResponse{}}));
      }
      ledger_.on_answer(message->body);
    }
    request = ledger_.next_request();
    if (!request) return "HTTP/1.1 204 No Content\r\n\r\n";
    return loopback::http_reply("200 OK", cwmp::encode({cwmp::Version::v1_0, "7", {}, *request}));
  }

  // Lines of [["X 02A1B2 7",""],…].
  void on_message() override {
    char piece[4096];
    for (ssize_t size = 0; (size = ::read(told_.get(), piece, sizeof piece)) > 0;) {
      commits_.append(piece, static_cast<std::size_t>(size));
    }
    const std::string whole = commits_.substr(0, commits_.rfind('\n') + 1);
    commits_.erase(0, whole.size());
    constexpr std::string_view kEvent = "\"X 02A1B2 ";
    for (auto at = whole.find(kEvent); at != std::string::npos; at = whole.find(kEvent, at + 1)) {
      const auto code = whole.substr(at + 1, whole.find('"', at + 1) - at - 1);
      number_ = std::max(number_, static_cast<unsigned>(std::stoul(code.substr(kEvent.size() - 1))));
      ledger_.committed(code);
    }
  }

  bool owes_nothing() const override { return ledger_.owes_nothing(); }

  Ledger ledger_{20260721};
  unsigned number_ = 0;  // of the last event of the device's own

 private:
  UniqueFd told_, teller_;
  std::string commits_;
  std::optional<boost::asio::steady_timer> timer_;
};

TEST_F(SessionKillTest, WhenTheDeviceIsKilledAtAnyMoment_ThenNothingAcknowledgedIsLostAndNothingIsHalfDone) {
  std::mt19937 moments(20260721);
  for (int kill = 0; kill < kKills && ledger_.complaints().empty() && !HasFailure(); ++kill) {
    const auto messages = std::uniform_int_distribution(1u, kMaxMessages)(moments);
    const std::chrono::microseconds pause(std::uniform_int_distribution(0, 4'000)(moments));
    live(End{messages, pause});
    ledger_.power_lost();
    number_ += 100;  // those that were never committed are not asked for
  }
  if (ledger_.complaints().empty()) live(std::nullopt);  // what is scheduled comes yet
  EXPECT_TRUE(ledger_.owes_nothing());
  for (const auto& complaint : ledger_.complaints()) ADD_FAILURE() << complaint;
  std::cout << ledger_.summary() << "\n";
}

}  // namespace
}  // namespace hnbemu

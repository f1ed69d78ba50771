#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <filesystem>
#include <thread>

#include "adapters/store/database.h"
#include "cwmp/codec.h"
#include "device/device.h"
#include "integration/cwmp/ledger.h"
#include "loopback/loopback_device.h"
#include "loopback/raw_server.h"

// A device that is killed at any moment, with its real memory and HTTP: what it has acknowledged stays, what it owes is
// told, nothing is half done.
namespace hnbemu {
namespace {

constexpr int kKills = 100;
constexpr Seconds kQuiet{10};          // so long without a word, and the device hangs
constexpr Millis kEventPause{3};       // of the device, between events of its own
constexpr unsigned kMaxMessages = 25;  // before a kill
const std::string kId = "henb-0001";

// Tells the parent which vendor's events are safe.
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

[[noreturn]] void be_a_device(const loopback::Factory& factory, const std::string& file, Url acs, unsigned number,
                              bool busy, int pipe) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const auto database = store::Database::open(file, store::Durability::process_crash);
  auto memory = database ? (*database)->load(kId) : Result<Memory>(fail(Cause::system, ""));
  if (!memory) ::_exit(1);
  boost::asio::io_context io;
  SteadyClock clock;
  doubles::PortCalls calls;
  doubles::ScriptedResolver resolver{clock, calls};
  doubles::ScriptedTunnel tunnel{clock, calls};
  doubles::ScriptedConnectionRequests connection_requests;
  doubles::ScriptedUdp udp{io.get_executor(), clock};
  http::CurlAcsHttp http(io.get_executor(), factory.home, {});
  TellingStore store((*database)->store_of(io.get_executor(), kId), pipe);
  device::Setup setup;
  setup.id = kId;
  setup.profile = factory.profile;
  setup.profile.boot_time = Seconds{0};
  setup.factory.serving_hms = acs.to_string();
  setup.outer = {Plane::inner, loopback::kLoopback, {}};
  setup.memory = std::move(*memory);
  const procedures::Ports ports{clock, resolver, tunnel, http, store, connection_requests, udp};
  device::Device device(io.get_executor(), std::move(setup), ports, factory.make_model());
  device.start([] { ::_exit(1); });
  boost::asio::steady_timer timer(io);
  if (busy) make_events(timer, device, number);
  io.run();
  ::_exit(1);
}

class SessionKillTest : public testing::Test {
 protected:
  SessionKillTest() {
    std::string pattern = std::filesystem::temp_directory_path() / "hnbemu-kill-XXXXXX";
    directory_ = ::mkdtemp(pattern.data());
    listener_ = UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(listener_.get(), generic, size), 0);
    EXPECT_EQ(::listen(listener_.get(), 4), 0);
    EXPECT_EQ(::getsockname(listener_.get(), generic, &size), 0);
    url_ = {"http", "127.0.0.1", ntohs(address.sin_port), "/"};
    set_read_timeout(listener_.get(), Millis{20});
  }
  ~SessionKillTest() override { std::filesystem::remove_all(directory_); }

  static void set_read_timeout(int socket, Millis time) {
    const timeval limit{time.count() / 1000, time.count() % 1000 * 1000};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }

  // One life of the device, until `messages` have come from it and `pause` has passed; or, if `until_quiet`, until it
  // owes nothing.
  void live(unsigned messages, std::chrono::microseconds pause, bool until_quiet) {
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const UniqueFd told(ends[0]);
    UniqueFd teller(ends[1]);
    const pid_t child = ::fork();
    if (child == 0) be_a_device(factory_, directory_ + "/memory.db", url_, number_, !until_quiet, teller.get());
    ASSERT_GT(child, 0);
    teller.reset();
    ::fcntl(told.get(), F_SETFL, O_NONBLOCK);
    told_ = told.get();
    messages_left_ = until_quiet ? 0 : messages;
    std::thread killer;
    const auto kill_soon = [&] {
      killer = std::thread([=] {
        std::this_thread::sleep_for(pause);
        ::kill(child, SIGKILL);
      });
    };
    heard_ = std::chrono::steady_clock::now();
    while (!gone(child)) {
      const bool over = until_quiet ? ledger_.owes_nothing() : messages_left_ == 0;
      const bool hangs = std::chrono::steady_clock::now() > heard_ + kQuiet;
      EXPECT_FALSE(hangs) << "the device says nothing";
      if ((over || hangs) && !killer.joinable()) kill_soon();
      const UniqueFd socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (socket.get() >= 0) converse(socket.get(), kill_soon, killer, until_quiet);
    }
    if (killer.joinable()) killer.join();
    listen_to_commits();
  }

  static bool gone(pid_t child) {
    int status = 0;
    if (::waitpid(child, &status, WNOHANG) != child) return false;
    EXPECT_TRUE(WIFSIGNALED(status)) << "the device ended by itself";
    return true;
  }

  template <class Kill>
  void converse(int socket, Kill kill_soon, std::thread& killer, bool until_quiet) {
    set_read_timeout(socket, kQuiet);
    while (const auto body = loopback::read_request(socket)) {
      heard_ = std::chrono::steady_clock::now();
      listen_to_commits();
      if (messages_left_ > 0) --messages_left_;
      if (!until_quiet && messages_left_ == 0 && !killer.joinable()) kill_soon();
      if (!loopback::send_all(socket, reply_to(*body))) return;
    }
  }

  std::string reply_to(const std::string& body) {
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
  void listen_to_commits() {
    char piece[4096];
    for (ssize_t size = 0; (size = ::read(told_, piece, sizeof piece)) > 0;) {
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

  loopback::Factory factory_{HNBEMU_SOURCE_DIR "/tests/conformance/henb.yaml"};
  std::string directory_;
  UniqueFd listener_;
  Url url_;
  Ledger ledger_{20260721};
  unsigned number_ = 0;  // of the last event of the device's own
  unsigned messages_left_ = 0;
  int told_ = -1;
  std::string commits_;
  Deadline heard_;
};

TEST_F(SessionKillTest, WhenTheDeviceIsKilledAtAnyMoment_ThenNothingAcknowledgedIsLostAndNothingIsHalfDone) {
  std::mt19937 moments(20260721);
  for (int kill = 0; kill < kKills && ledger_.complaints().empty(); ++kill) {
    const auto messages = std::uniform_int_distribution(1u, kMaxMessages)(moments);
    const std::chrono::microseconds pause(std::uniform_int_distribution(0, 4'000)(moments));
    live(messages, pause, false);
    if (HasFatalFailure()) return;
    ledger_.power_lost();
    number_ += 100;  // those that were never committed are not asked for
  }
  if (ledger_.complaints().empty()) live(0, Millis{0}, true);  // what is scheduled comes yet
  EXPECT_TRUE(ledger_.owes_nothing());
  for (const auto& complaint : ledger_.complaints()) ADD_FAILURE() << complaint;
  std::cout << ledger_.summary() << "\n";
}

}  // namespace
}  // namespace hnbemu

#include "integration/cwmp/kill_test.h"

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <csignal>

#include "adapters/file_transfer/curl_file_transfer.h"
#include "adapters/store/database.h"
#include "loopback/raw_server.h"

namespace hnbemu {
namespace {

constexpr Seconds kQuiet{15};  // so long without a word, and the device hangs: a session is retried after 5 to 10 s
constexpr Millis kLook{20};    // for a connection, before the device is looked after again
const std::string kId = "henb-0001";

}  // namespace

void KillTest::be_the_device() {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const auto database = store::Database::open(directory() + "/memory.db", store::Durability::process_crash);
  auto memory = database ? (*database)->load(kId) : Result<Memory>(fail(Cause::system, ""));
  if (!memory) ::_exit(1);
  boost::asio::io_context io;
  SteadyClock clock;
  doubles::PortCalls calls;
  doubles::ScriptedResolver resolver{clock, calls};
  doubles::ScriptedTunnel tunnel{clock, calls};
  doubles::ScriptedConnectionRequests connection_requests;
  doubles::ScriptedUdp udp{io.get_executor(), clock};
  http::CurlAcsHttp http(io.get_executor(), factory_.home, {});
  file_transfer::CurlFileTransfer files(io.get_executor(), factory_.home, {});
  const auto store = watch((*database)->store_of(io.get_executor(), kId));
  device::Setup setup;
  setup.id = kId;
  setup.profile = factory_.profile;
  setup.profile.boot_time = Seconds{0};
  setup.factory.serving_hms = Url{"http", "127.0.0.1", listener_.port(), "/"}.to_string();
  setup.outer = {Plane::inner, loopback::kLoopback, {}};
  setup.storage = directory();
  setup.memory = std::move(*memory);
  const procedures::Ports ports{clock, resolver, tunnel, http, *store, connection_requests, files, udp, {}};
  device::Device device(io.get_executor(), std::move(setup), ports, factory_.make_model());
  device.start([] { ::_exit(1); });
  if (end_) keep_busy(io, device);
  io.run();
  ::_exit(1);
}

void KillTest::live(std::optional<End> end) {
  end_ = end;
  heard_ = 0;
  device_ = ::fork();
  if (device_ == 0) be_the_device();
  ASSERT_GT(device_, 0);
  last_heard_ = std::chrono::steady_clock::now();
  while (!is_gone()) {
    const bool hangs = std::chrono::steady_clock::now() > last_heard_ + kQuiet;
    if (hangs && !killer_) ADD_FAILURE() << "the device says nothing";
    if (hangs || (end_ ? heard_ >= end_->messages : owes_nothing())) kill_soon();
    if (listener_.has_connection(kLook)) converse(listener_.accept().get());
  }
  killer_.reset();
  on_message();
  // The dead device's connections that nobody has accepted are not of its next life.
  while (listener_.has_connection(Millis{0})) listener_.accept();
}

void KillTest::converse(int socket) {
  const timeval limit{kQuiet.count(), 0};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  while (const auto body = loopback::read_request(socket)) {
    last_heard_ = std::chrono::steady_clock::now();
    on_message();
    ++heard_;
    if (end_ && heard_ >= end_->messages) kill_soon();
    if (!loopback::send_all(socket, reply_to(*body))) return;
  }
}

void KillTest::kill_soon() {
  if (killer_) return;
  killer_.emplace([device = device_, pause = end_ ? end_->pause : std::chrono::microseconds{0}] {
    std::this_thread::sleep_for(pause);
    ::kill(device, SIGKILL);
  });
}

bool KillTest::is_gone() {
  int status = 0;
  if (::waitpid(device_, &status, WNOHANG) != device_) return false;
  EXPECT_TRUE(WIFSIGNALED(status)) << "the device ended by itself";
  return true;
}

}  // namespace hnbemu

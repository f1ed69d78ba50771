#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <csignal>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "cwmp/codec.h"
#include "files/firmware.h"
#include "integration/cwmp/kill_test.h"
#include "loopback/raw_server.h"

// A device that is killed at any moment of its file transfers: each Download that it has answered is told, and none
// after its TransferComplete was answered and that answer was acted upon.
namespace hnbemu {
namespace {

constexpr unsigned kMaxMessages = 20;   // before a kill
constexpr std::size_t kMaxWaiting = 4;  // Downloads that are not told
constexpr Millis kBetweenHalves{2};     // of a file: some kills come then

// A process that answers every GET with the file, in two halves.
class FileServer {
 public:
  explicit FileServer(const std::string& file) : process_(::fork()) {
    if (process_ == 0) serve(loopback::http_reply("200 OK", file));
  }
  FileServer(const FileServer&) = delete;
  FileServer& operator=(const FileServer&) = delete;
  ~FileServer() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  std::uint16_t port() const { return listener_.port(); }

 private:
  [[noreturn]] void serve(std::string_view reply) const {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const auto half = reply.size() / 2;
    for (;;) {
      const auto socket = listener_.accept();
      while (socket.get() >= 0 && loopback::read_request(socket.get())) {
        if (!loopback::send_all(socket.get(), reply.substr(0, half))) break;
        std::this_thread::sleep_for(kBetweenHalves);
        if (!loopback::send_all(socket.get(), reply.substr(half))) break;
      }
    }
  }

  loopback::Listener listener_;
  pid_t process_;
};

// The ACS's books.
class Books {
 public:
  Books(std::uint16_t file_port, std::uint16_t firmware_port) : file_port_(file_port), firmware_port_(firmware_port) {}

  bool balanced() const { return waiting() == 0; }
  std::size_t waiting() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(asked_, [this](const auto& key) { return !told_.contains(key); }));
  }
  void heard(const cwmp::TransferComplete& complete) {
    const auto& key = complete.command_key;
    if (!sent_.contains(key)) complaints.push_back(key + " was told, and never asked for");
    if (settled_.contains(key)) complaints.push_back(key + " was told after its answer was acted upon");
    if (complete.fault_code != 0) {
      complaints.push_back(fmt::format("{}: fault {} {}", key, complete.fault_code, complete.fault_string));
    }
    ++told_[key];
    answered_.insert(key);
  }
  // The device goes on in the session: it has read what it was answered, and committed it.
  void goes_on() {
    settled_.merge(answered_);
    answered_.clear();
  }
  void session_begins() { answered_.clear(); }
  void taken(bool well) {
    if (well) asked_.insert(last_);
  }
  std::optional<cwmp::Body> next() {
    if (waiting() >= kMaxWaiting || sent_.size() >= limit) return std::nullopt;
    cwmp::Download download;
    last_ = fmt::format("d{}", sent_.size());
    sent_.insert(last_);
    download.command_key = last_;
    const bool firmware = sent_.size() % 4 == 0;
    download.file_type = firmware ? "1 Firmware Upgrade Image" : "3 Vendor Configuration File";
    download.url = fmt::format("http://127.0.0.1:{}/file", firmware ? firmware_port_ : file_port_);
    return download;
  }
  std::string summary() const {
    std::size_t again = 0;
    for (const auto& [key, times] : told_) again += times - 1;
    return fmt::format("{} sent, {} answered, {} told, {} of the tellings again", sent_.size(), asked_.size(),
                       told_.size(), again);
  }

  std::vector<std::string> complaints;
  std::size_t limit = 1'000'000;

 private:
  std::uint16_t file_port_;
  std::uint16_t firmware_port_;
  std::string last_;
  std::set<std::string> sent_;
  std::set<std::string> asked_;  // answered by the device: it must tell
  std::map<std::string, std::size_t> told_;
  std::set<std::string> answered_;  // in this session, its TransferComplete
  std::set<std::string> settled_;
};

class TransferKillTest : public KillTest {
 protected:
  std::string reply_to(const std::string& body) override {
    const auto say = [](cwmp::Body message) {
      return loopback::http_reply("200 OK", cwmp::encode({cwmp::Version::v1_2, "1", {}, std::move(message)}));
    };
    if (!body.empty()) {
      const auto message = cwmp::decode(body);
      EXPECT_TRUE(message) << body;
      if (!message) return "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n";
      if (std::holds_alternative<cwmp::Inform>(message->body)) {
        books_.session_begins();
        return say(cwmp::InformResponse{});
      }
      books_.goes_on();
      if (const auto* complete = std::get_if<cwmp::TransferComplete>(&message->body)) {
        books_.heard(*complete);
        cwmp::Envelope out{cwmp::Version::v1_2, message->id, {}, cwmp::TransferCompleteResponse{}};
        return loopback::http_reply("200 OK", cwmp::encode(out));
      }
      books_.taken(std::holds_alternative<cwmp::DownloadResponse>(message->body));
    } else {
      books_.goes_on();
    }
    auto request = books_.next();
    return request ? say(std::move(*request)) : "HTTP/1.1 204 No Content\r\n\r\n";
  }

  bool owes_nothing() const override { return books_.balanced(); }

  std::string firmware() const {
    const auto image = directory() + "/image";
    EXPECT_TRUE(files::write_firmware(image, {"02A1B2", "LTE-HeNB", "1.0", "9.9.9", 50'000, {}}, {}));
    std::ifstream stream(image, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  const FileServer configurations_{
      "hnbemu vendor configuration 1\noui: 02A1B2\nproduct_class: LTE-HeNB\n\n"
      "Device.Time.NTPServer1 = set.example\nend\n"};
  const FileServer images_{firmware()};
  Books books_{configurations_.port(), images_.port()};
};

TEST_F(TransferKillTest, WhenTheDeviceIsKilledAtAnyMoment_ThenEachDownloadIsToldAndNoneAfterItsAnswer) {
  std::mt19937 moments(20260721);
  for (int kill = 0; kill < kKills && books_.complaints.empty() && !HasFailure(); ++kill) {
    const auto messages = std::uniform_int_distribution(2u, kMaxMessages)(moments);
    const std::chrono::microseconds pause(std::uniform_int_distribution(0, 8'000)(moments));
    live(End{messages, pause});
  }
  books_.limit = 0;  // no more
  if (books_.complaints.empty()) live(std::nullopt);
  EXPECT_TRUE(books_.balanced());
  for (const auto& complaint : books_.complaints) ADD_FAILURE() << complaint;
  std::cout << books_.summary() << "\n";
}

}  // namespace
}  // namespace hnbemu

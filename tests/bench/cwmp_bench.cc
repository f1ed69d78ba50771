// Bench: CPU time of a device's periodic session over HTTP and TLS, beside bare sockets
#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <csignal>
#include <cstdio>
#include <stdexcept>

#include "cwmp/codec.h"
#include "hms/server.h"
#include "lab/pki.h"
#include "loopback/loopback_device.h"
#include "loopback/raw_server.h"

// Connect, Inform, empty POST, close: what it costs a device's thread, beside the same bytes over bare sockets. The ACS
// is a process of its own, so that it counts for nothing. All take turns, round by round, so that what disturbs the
// machine disturbs all; the figures are the medians of the rounds. Google Benchmark would run one after the other, and
// count the whole process.
namespace hnbemu {
namespace {

constexpr int kRounds = 5;
constexpr int kSessions = 500;  // of all devices together, in one turn
constexpr int kTlsSessions = 100;
constexpr double kMaxUserUs = 100;  // above bare sockets, without TLS
constexpr double kMaxTotalUs = 150;
constexpr double kMaxSpread = 1.1;  // of the cost of a session, from 1 device to 500

struct Cost {
  double user_us = 0;
  double total_us = 0;
};

Cost used_by_thread() {
  rusage usage{};
  ::getrusage(RUSAGE_THREAD, &usage);
  const auto us = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
  };
  return {us(usage.ru_utime), us(usage.ru_utime) + us(usage.ru_stime)};
}

class Acs : public hms::HttpHandler {
 public:
  hms::HttpReply handle(const hms::HttpRequest& request) override {
    hms::HttpReply reply;
    reply.status = request.body.empty() ? 204 : 200;
    if (!request.body.empty()) reply.body = accept_;
    return reply;
  }
  void connection_closed(std::uint64_t) override {}

 private:
  const std::string accept_ = cwmp::encode({cwmp::Version::v1_0, "1", {}, cwmp::InformResponse{}});
};

// The ACS's process, with a port for HTTP and one for HTTPS.
class AcsProcess {
 public:
  AcsProcess() {
    const auto ca = lab::CertificateAuthority::create("bench");
    const auto identity = ca->issue("127.0.0.1");
    root_ = ca->certificate();
    std::vector<hms::Listener> listeners;
    Acs acs;
    for (auto* const port : {&plain_, &tls_}) {
      auto socket = hms::listen_on(loopback::kLoopback, 0);
      *port = *hms::port_of(*socket);
      hms::TlsConfig tls{identity->certificate, identity->private_key, "", false};
      listeners.push_back({std::move(*socket), &acs, port == &tls_ ? std::optional(std::move(tls)) : std::nullopt});
    }
    process_ = ::fork();
    if (process_ != 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const auto server = hms::Server::start(std::move(listeners));
    if (!server) ::_exit(1);
    for (;;) ::pause();
  }
  ~AcsProcess() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  AcsProcess(const AcsProcess&) = delete;
  AcsProcess& operator=(const AcsProcess&) = delete;

  std::uint16_t port(bool tls) const { return tls ? tls_ : plain_; }
  const std::string& root() const { return root_; }

 private:
  pid_t process_ = -1;
  std::uint16_t plain_ = 0, tls_ = 0;
  std::string root_;
};

// The same session by hand.
class BareClient {
 public:
  BareClient(const AcsProcess& acs, bool tls, const std::string& inform) : port_(acs.port(tls)) {
    const auto post = [&](const std::string& headers, const std::string& body) {
      return fmt::format(
          "POST / HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nUser-Agent: hnbemu\r\n{}Content-Length: {}\r\n\r\n{}", port_,
          headers, body.size(), body);
    };
    inform_ = post("Content-Type: text/xml; charset=utf-8\r\nSOAPAction:\r\n", inform);
    empty_ = post("", "");
    if (!tls) return;
    context_.reset(SSL_CTX_new(TLS_client_method()));
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new_mem_buf(acs.root().data(), -1), &BIO_free);
    const std::unique_ptr<X509, decltype(&X509_free)> root(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr),
                                                           &X509_free);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context_.get()), root.get());
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
  }

  void session() {
    const UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) throw_up();
    SslPointer ssl{nullptr, &SSL_free};
    if (context_) {
      ssl.reset(SSL_new(context_.get()));
      SSL_set_fd(ssl.get(), socket.get());
      if (SSL_connect(ssl.get()) != 1) throw_up();
    }
    exchange(socket.get(), ssl.get(), inform_, "</soap-env:Envelope>");
    exchange(socket.get(), ssl.get(), empty_, "\r\n\r\n");
    if (ssl) SSL_shutdown(ssl.get());
  }

 private:
  using SslPointer = std::unique_ptr<SSL, decltype(&SSL_free)>;
  [[noreturn]] static void throw_up() { throw std::runtime_error("the ACS is not there"); }
  static void exchange(int socket, SSL* ssl, const std::string& request, std::string_view end) {
    const auto size = static_cast<int>(request.size());
    const auto sent = ssl != nullptr ? SSL_write(ssl, request.data(), size)
                                     : static_cast<int>(::send(socket, request.data(), request.size(), MSG_NOSIGNAL));
    if (sent != size) throw_up();
    char reply[16'384];
    for (std::size_t got = 0; !std::string_view(reply, got).ends_with(end);) {
      const auto more = ssl != nullptr ? SSL_read(ssl, reply + got, static_cast<int>(sizeof reply - got))
                                       : static_cast<int>(::recv(socket, reply + got, sizeof reply - got, 0));
      if (more <= 0) throw_up();
      got += static_cast<std::size_t>(more);
    }
  }

  std::uint16_t port_;
  std::string inform_, empty_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{nullptr, &SSL_CTX_free};
};

// What takes turns.
struct Contender {
  std::string name;
  int devices = 0;  // 0: bare sockets
  bool tls = false;
  std::function<void()> turn;
  int sessions = 0;  // in one turn
  std::vector<Cost> costs{};
};

class Fleet {
 public:
  Fleet(const loopback::Factory& factory, const AcsProcess& acs, bool tls, int count) {
    const Url url{tls ? "https" : "http", "127.0.0.1", acs.port(tls), "/"};
    for (int i = 0; i < count; ++i) {
      devices_.push_back(std::make_unique<loopback::LoopbackDevice>(io_.get_executor(), factory, url,
                                                                    http::TlsConfig{acs.root(), "", ""}));
    }
  }
  void hold(int sessions) {
    const int each = sessions / static_cast<int>(devices_.size());
    for (auto& device : devices_) {
      boost::asio::co_spawn(io_, hold_one_by_one(*device, each), [](const std::exception_ptr& bug) {
        if (bug) std::rethrow_exception(bug);
      });
    }
    io_.restart();
    io_.run();
  }

 private:
  // NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters): the fleet outlives its sessions
  static Task<void> hold_one_by_one(loopback::LoopbackDevice& device, int count) {
    for (int i = 0; i < count; ++i) {
      const auto held = co_await device.session("2 PERIODIC");
      if (!held) throw std::runtime_error(held.error().to_string());
    }
  }

  boost::asio::io_context io_;
  std::vector<std::unique_ptr<loopback::LoopbackDevice>> devices_;
};

// The Inform of a device, as it is on the wire.
std::string sample_inform(const loopback::Factory& factory) {
  loopback::RawServer server;
  std::string inform;
  server.play([&](int socket) { inform = loopback::read_request(socket).value_or(""); });
  boost::asio::io_context io;
  loopback::LoopbackDevice device(io.get_executor(), factory, {"http", "127.0.0.1", server.port(), "/"});
  auto session = device.session("2 PERIODIC");
  boost::asio::co_spawn(io, std::move(session), [](const std::exception_ptr&, const Result<>&) {});
  io.run();
  return inform;
}

Cost median(const std::vector<Cost>& costs) {
  const auto middle = [&](double Cost::*part) {
    std::vector<double> values;
    for (const auto& cost : costs) values.push_back(cost.*part);
    std::ranges::nth_element(values, values.begin() + static_cast<long>(values.size() / 2));
    return values[values.size() / 2];
  };
  return {middle(&Cost::user_us), middle(&Cost::total_us)};
}

void take_turn(Contender& contender) {
  const auto before = used_by_thread();
  contender.turn();
  const auto after = used_by_thread();
  contender.costs.push_back(
      {(after.user_us - before.user_us) / contender.sessions, (after.total_us - before.total_us) / contender.sessions});
}

void report(const std::vector<Contender>& contenders) {
  std::printf("%-22s %12s %12s %12s %12s %8s %8s\n", "CPU us a session", "user", "user+system", "user above",
              "total above", "to bare", "to one");
  for (const bool tls : {false, true}) {
    Cost bare;
    Cost one;
    double spread = 1;
    Cost worst;
    for (const auto& contender : contenders) {
      if (contender.tls != tls) continue;
      const auto cost = median(contender.costs);
      if (contender.devices == 0) bare = cost;
      if (contender.devices == 1) one = cost;
      const Cost above{cost.user_us - bare.user_us, cost.total_us - bare.total_us};
      const double to_one = contender.devices == 0 ? 1 : cost.total_us / one.total_us;
      spread = std::max({spread, to_one, 1 / to_one});
      worst = {std::max(worst.user_us, above.user_us), std::max(worst.total_us, above.total_us)};
      std::printf("%-22s %12.1f %12.1f %12.1f %12.1f %8.2f %8.2f\n", contender.name.c_str(), cost.user_us,
                  cost.total_us, above.user_us, above.total_us, cost.total_us / bare.total_us, to_one);
    }
    if (tls) continue;
    const auto verdict = [](bool good) { return good ? "met" : "missed"; };
    std::printf("  at most %.0f us user above bare sockets: %s; %.0f us in all: %s; flat within %.0f %%: %s\n",
                kMaxUserUs, verdict(worst.user_us <= kMaxUserUs), kMaxTotalUs, verdict(worst.total_us <= kMaxTotalUs),
                (kMaxSpread - 1) * 100, verdict(spread <= kMaxSpread));
  }
}

void run() {
  const AcsProcess acs;  // before there is any thread
  const loopback::Factory factory("umts-hnb");
  const auto inform = sample_inform(factory);
  std::vector<std::unique_ptr<Fleet>> fleets;
  std::vector<std::unique_ptr<BareClient>> clients;
  std::vector<Contender> contenders;
  for (const bool tls : {false, true}) {
    const int sessions = tls ? kTlsSessions : kSessions;
    const std::string scheme = tls ? "https" : "http";
    auto& client = *clients.emplace_back(std::make_unique<BareClient>(acs, tls, inform));
    const auto bare = [&client, sessions] {
      for (int i = 0; i < sessions; ++i) client.session();
    };
    contenders.push_back({scheme + ", bare sockets", 0, tls, bare, sessions});
    for (const int devices : {1, 10, 100, 500}) {
      if (devices > sessions) continue;
      auto& fleet = *fleets.emplace_back(std::make_unique<Fleet>(factory, acs, tls, devices));
      fleet.hold(devices);  // what is made once
      contenders.push_back({fmt::format("{}, {} devices", scheme, devices), devices, tls,
                            [&fleet, sessions] { fleet.hold(sessions); }, sessions});
    }
  }
  for (int round = 0; round < kRounds; ++round) {
    for (auto& contender : contenders) take_turn(contender);
  }
  report(contenders);
}

// For a profiler: nothing but the sessions.
void run_alone(int devices) {
  const AcsProcess acs;
  const loopback::Factory factory("umts-hnb");
  Fleet fleet(factory, acs, false, devices);
  constexpr int kTurns = 2;
  for (int turn = 0; turn < kTurns; ++turn) fleet.hold(std::max(kSessions, devices));
}

}  // namespace
}  // namespace hnbemu

// cwmp_bench [DEVICES]
int main(int argc, char** argv) {
  try {
    if (argc > 1) {
      hnbemu::run_alone(std::max(1, std::atoi(argv[1])));
    } else {
      hnbemu::run();
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "cwmp_bench: %s\n", error.what());
    return 1;
  }
  return 0;
}

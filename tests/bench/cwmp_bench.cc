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
#include <limits>
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

constexpr int kRounds = 9;
constexpr int kSessions = 500;  // of all devices together, in one turn
constexpr int kTlsSessions = 100;
constexpr double kMaxUserUs = 100;  // above bare sockets, without TLS
constexpr double kMaxTotalUs = 150;
constexpr double kMaxSpread = 1.1;  // of that total, from 1 device to 500

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

// The same sessions by hand: of so many clients at once, step by step.
class BareClients {
 public:
  BareClients(const AcsProcess& acs, bool tls, const std::string& inform) : port_(acs.port(tls)) {
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

  void sessions(int count) {
    std::vector<Connection> connections;
    for (int i = 0; i < count; ++i) connections.push_back(connect());
    for (const auto& [request, end] :
         {std::pair<const std::string&, std::string_view>{inform_, "</soap-env:Envelope>"}, {empty_, "\r\n\r\n"}}) {
      for (const auto& connection : connections) send(connection, request);
      for (const auto& connection : connections) receive(connection, end);
    }
    for (const auto& [socket, ssl] : connections) {
      if (ssl) SSL_shutdown(ssl.get());
    }
  }

 private:
  using SslPointer = std::unique_ptr<SSL, decltype(&SSL_free)>;
  struct Connection {
    UniqueFd socket;
    SslPointer ssl{nullptr, &SSL_free};
  };
  [[noreturn]] static void throw_up() { throw std::runtime_error("the ACS is not there"); }

  Connection connect() {
    Connection made;
    made.socket.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const int socket = made.socket.get();
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) throw_up();
    if (!context_) return made;
    made.ssl.reset(SSL_new(context_.get()));
    SSL_set_fd(made.ssl.get(), socket);
    if (SSL_connect(made.ssl.get()) != 1) throw_up();
    return made;
  }
  static void send(const Connection& to, const std::string& request) {
    const auto size = static_cast<int>(request.size());
    const auto sent = to.ssl ? SSL_write(to.ssl.get(), request.data(), size)
                             : static_cast<int>(::send(to.socket.get(), request.data(), request.size(), MSG_NOSIGNAL));
    if (sent != size) throw_up();
  }
  static void receive(const Connection& from, std::string_view end) {
    char reply[16'384];
    for (std::size_t got = 0; !std::string_view(reply, got).ends_with(end);) {
      const auto more = from.ssl ? SSL_read(from.ssl.get(), reply + got, static_cast<int>(sizeof reply - got))
                                 : static_cast<int>(::recv(from.socket.get(), reply + got, sizeof reply - got, 0));
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
  int devices = 0;
  bool bare = false;
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

// Each is beside bare sockets of the same number: a lone one wakes up for each answer, also without any device.
void report(const std::vector<Contender>& contenders) {
  std::printf("%-20s %10s %10s %10s %10s %10s %10s %8s\n", "CPU us a session", "bare user", "bare total", "user",
              "total", "user above", "total above", "to one");
  Cost worst;
  double least = std::numeric_limits<double>::max();
  Cost bare;
  double one = 0;
  for (const auto& contender : contenders) {
    const auto cost = median(contender.costs);
    if (contender.bare) {
      bare = cost;
      continue;
    }
    const Cost above{cost.user_us - bare.user_us, cost.total_us - bare.total_us};
    if (contender.devices == 1) one = above.total_us;
    const auto name = fmt::format("{}, {} devices", contender.tls ? "https" : "http", contender.devices);
    std::printf("%-20s %10.1f %10.1f %10.1f %10.1f %10.1f %10.1f %8.2f\n", name.c_str(), bare.user_us, bare.total_us,
                cost.user_us, cost.total_us, above.user_us, above.total_us, above.total_us / one);
    if (contender.tls) continue;
    worst = {std::max(worst.user_us, above.user_us), std::max(worst.total_us, above.total_us)};
    least = std::min(least, above.total_us);
  }
  const auto verdict = [](bool good) { return good ? "met" : "missed"; };
  std::printf("http: at most %.0f us user above bare sockets: %s; %.0f us in all: %s; flat within %.0f %%: %s\n",
              kMaxUserUs, verdict(worst.user_us <= kMaxUserUs), kMaxTotalUs, verdict(worst.total_us <= kMaxTotalUs),
              (kMaxSpread - 1) * 100, verdict(worst.total_us <= kMaxSpread * least));
}

void run() {
  const AcsProcess acs;  // before there is any thread
  const loopback::Factory factory("umts-hnb");
  const auto inform = sample_inform(factory);
  std::vector<std::unique_ptr<Fleet>> fleets;
  std::vector<std::unique_ptr<BareClients>> clients;
  std::vector<Contender> contenders;
  for (const bool tls : {false, true}) {
    const int sessions = tls ? kTlsSessions : kSessions;
    auto& bare = *clients.emplace_back(std::make_unique<BareClients>(acs, tls, inform));
    for (const int devices : {1, 10, 100, 500}) {
      if (devices > sessions) continue;
      const auto hold_bare = [&bare, devices, sessions] {
        for (int i = 0; i < sessions / devices; ++i) bare.sessions(devices);
      };
      auto& fleet = *fleets.emplace_back(std::make_unique<Fleet>(factory, acs, tls, devices));
      fleet.hold(devices);  // what is made once
      contenders.push_back({devices, true, tls, hold_bare, sessions});
      contenders.push_back({devices, false, tls, [&fleet, sessions] { fleet.hold(sessions); }, sessions});
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

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fstream>

#include "cwmp/codec.h"
#include "loopback/loopback_device.h"
#include "loopback/raw_server.h"

// What an ACS may do to its devices over real HTTP: the device gives up with a named cause, in bounded time and memory,
// and the device beside it in the same thread goes on.
namespace hnbemu {
namespace {

using loopback::http_reply;
using loopback::read_request;
using loopback::send_all;

constexpr Millis kPatience{700};       // with one answer
constexpr Millis kLongestStall{3000};  // of the other device: its session, on a machine that is busy
constexpr std::size_t kAnnouncedBytes = 100'000'000;
constexpr std::size_t kAttackBytes = 4'000'000'000;  // of an attack that does not end; more than kPatience lets through

std::string repeat(std::string_view text, std::size_t count) {
  std::string all;
  all.reserve(text.size() * count);
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

std::string soap(cwmp::Body body) {
  return cwmp::encode({cwmp::Version::v1_0, "1", {}, std::move(body)});
}

std::string set_values(std::size_t count, const std::string& name) {
  cwmp::SetParameterValues set;
  set.parameters.assign(count, {name, "1", "xsd:int"});
  return soap(std::move(set));
}

// Plays the script once the Inform is there.
template <class Attack>
loopback::RawServer::Script after_inform(Attack attack) {
  return [attack](int socket) {
    if (read_request(socket)) attack(socket);
  };
}

// Until the device goes, or until kAttackBytes are sent.
void send_until_cut(int socket, std::string_view head, std::string_view piece) {
  if (!send_all(socket, head)) return;
  for (std::size_t sent = 0; sent < kAttackBytes && send_all(socket, piece);) sent += piece.size();
}

loopback::RawServer::Script answer_inform_with(std::string bytes) {
  return after_inform([bytes = std::move(bytes)](int socket) {
    send_all(socket, bytes);
    read_request(socket);
  });
}

// Accepts the Inform and sends the bytes as the ACS's request.
loopback::RawServer::Script request_with(std::string bytes) {
  return [bytes = std::move(bytes)](int socket) {
    read_request(socket);
    send_all(socket, http_reply("200 OK", soap(cwmp::InformResponse{})));
    while (read_request(socket) && send_all(socket, bytes)) {
    }
  };
}

std::size_t status_bytes(std::string_view field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field)) return std::stoul(line.substr(field.size())) * 1024;
  }
  return 0;
}

class HostileAcs : public testing::Test {
 protected:
  // One session with the hostile server; meanwhile the other device holds sessions with a good one.
  Result<> attack(loopback::RawServer::Script script) {
    EXPECT_TRUE(run(victim_));  // what is made once is not the attack's
    hostile_.play(std::move(script));
    other_sessions_ = 0;
    attacked_ = true;
    boost::asio::co_spawn(io_, be_the_other(), [](const std::exception_ptr& bug) {
      if (bug) std::rethrow_exception(bug);
    });
    std::ofstream("/proc/self/clear_refs") << "5";
    const auto before = status_bytes("VmRSS:");
    auto outcome = run(victim_);
    const auto peak = status_bytes("VmHWM:");
    attacked_ = false;
    while (other_sessions_ == 0 && io_.run_one() > 0) {
    }
    const auto grown = peak > before ? peak - before : 0;
    std::cout << "memory grew by " << grown / 1024 << " KiB, the other device held " << other_sessions_
              << " sessions, the longest " << longest_.count() << " ms; "
              << (outcome ? "no error" : outcome.error().to_string()) << "\n";
    EXPECT_LE(grown, procedures::kMaxSessionBytes);
    EXPECT_GE(other_sessions_, 1u);
    EXPECT_LE(longest_, kLongestStall);
    return outcome;
  }

  void expect_given_up(loopback::RawServer::Script script, Cause cause) {
    const auto begin = std::chrono::steady_clock::now();
    const auto outcome = attack(std::move(script));
    EXPECT_LE(std::chrono::steady_clock::now() - begin, 2 * (kPatience + kLongestStall));
    ASSERT_FALSE(outcome);
    EXPECT_EQ(to_string(outcome.error().cause), to_string(cause)) << outcome.error().to_string();
    EXPECT_FALSE(outcome.error().detail.empty());
    EXPECT_LE(outcome.error().detail.size(), 1'000u);
    hostile_.play(loopback::be_a_good_acs);
    const auto recovered = run(victim_);
    EXPECT_TRUE(recovered) << recovered.error().to_string();
  }

  Result<> run(loopback::LoopbackDevice& device) {
    std::optional<Result<>> outcome;
    auto session = device.session("2 PERIODIC");
    boost::asio::co_spawn(io_, std::move(session), [&](const std::exception_ptr& bug, Result<> result) {
      if (bug) std::rethrow_exception(bug);
      outcome = std::move(result);
    });
    io_.restart();
    while (!outcome && io_.run_one() > 0) {
    }
    return outcome.value_or(fail(Cause::system, "never completed"));
  }

  Task<void> be_the_other() {
    do {
      const auto begin = std::chrono::steady_clock::now();
      const auto held = co_await other_.session("2 PERIODIC");
      EXPECT_TRUE(held);
      ++other_sessions_;
      longest_ = std::max(longest_, std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now() - begin));
    } while (attacked_);
  }

  Url url(const loopback::RawServer& server) const { return {"http", "127.0.0.1", server.port(), "/"}; }

  loopback::Factory factory_{"umts-hnb"};
  loopback::RawServer hostile_;
  loopback::RawServer good_;
  boost::asio::io_context io_;
  loopback::LoopbackDevice victim_{io_.get_executor(), factory_, url(hostile_), {}, kPatience};
  loopback::LoopbackDevice other_{io_.get_executor(), factory_, url(good_)};
  bool attacked_ = false;
  std::size_t other_sessions_ = 0;
  Millis longest_{0};
};

TEST_F(HostileAcs, WhenItAnswersWithAnXmlBomb_ThenTheSessionFails) {
  std::string bomb = "<!DOCTYPE a [<!ENTITY e0 \"ha\">";
  for (int i = 1; i < 40; ++i) bomb += fmt::format("<!ENTITY e{} \"&e{};&e{};\">", i, i - 1, i - 1);
  expect_given_up(answer_inform_with(http_reply("200 OK", bomb + "]><a>&e39;</a>")), Cause::protocol);
}

TEST_F(HostileAcs, WhenItAnswersWithAnExternalEntity_ThenTheSessionFails) {
  expect_given_up(
      answer_inform_with(http_reply("200 OK", R"(<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>)")),
      Cause::protocol);
}

TEST_F(HostileAcs, WhenItsElementsNestTooDeep_ThenTheSessionFails) {
  expect_given_up(answer_inform_with(http_reply("200 OK", repeat("<a>", 1'000'000))), Cause::resources);
}

TEST_F(HostileAcs, WhenItsBodyIsAnnouncedTooLong_ThenTheSessionFails) {
  const auto head = fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", kAnnouncedBytes);
  expect_given_up(after_inform([head](int socket) { send_until_cut(socket, head, repeat("<a/>", 16'384)); }),
                  Cause::resources);
}

TEST_F(HostileAcs, WhenItsBodyHasNoEnd_ThenTheSessionFails) {
  expect_given_up(
      after_inform([](int socket) { send_until_cut(socket, "HTTP/1.1 200 OK\r\n\r\n", repeat("<a/>", 16'384)); }),
      Cause::resources);
}

TEST_F(HostileAcs, WhenItsChunksNeverEnd_ThenTheSessionFails) {
  const auto chunk = "10000\r\n" + std::string(65'536, 'x') + "\r\n";
  expect_given_up(after_inform([chunk](int socket) {
                    send_until_cut(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", chunk);
                  }),
                  Cause::resources);
}

TEST_F(HostileAcs, WhenAChunksExtensionNeverEnds_ThenTheSessionFails) {
  expect_given_up(after_inform([](int socket) {
                    send_until_cut(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;",
                                   std::string(65'536, 'x'));
                  }),
                  Cause::timeout);
}

TEST_F(HostileAcs, WhenTheTrailersNeverEnd_ThenTheSessionFails) {
  expect_given_up(after_inform([](int socket) {
                    send_until_cut(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
                                   repeat("X-Trailer: some text\r\n", 3'000));
                  }),
                  Cause::resources);
}

TEST_F(HostileAcs, WhenTheBodyOfItsDenialHasNoEnd_ThenTheSessionFails) {
  victim_.context().set_value_of("acs_username", "device");
  const std::string head = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"a\"\r\n\r\n";
  expect_given_up(after_inform([head](int socket) { send_until_cut(socket, head, std::string(65'536, 'x')); }),
                  Cause::resources);
}

TEST_F(HostileAcs, WhenEachNonceIsStale_ThenTheSessionFails) {
  victim_.context().set_value_of("acs_username", "device");
  expect_given_up(
      [](int socket) {
        for (unsigned i = 0; read_request(socket); ++i) {
          send_all(socket, http_reply(fmt::format("401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"a\", "
                                                  "qop=\"auth\", nonce=\"{}\", stale=true",
                                                  i),
                                      ""));
        }
      },
      Cause::resources);
}

TEST_F(HostileAcs, WhenItDripsAByteAtATime_ThenTheSessionEndsAtTheDeadline) {
  expect_given_up(after_inform([](int socket) {
                    const auto reply = http_reply("200 OK", soap(cwmp::InformResponse{}));
                    for (const char byte : reply) {
                      if (!send_all(socket, {&byte, 1})) return;
                      std::this_thread::sleep_for(Millis{50});
                    }
                  }),
                  Cause::timeout);
}

TEST_F(HostileAcs, WhenItSaysNothing_ThenTheSessionEndsAtTheDeadline) {
  expect_given_up(after_inform([](int socket) { read_request(socket); }), Cause::timeout);
}

TEST_F(HostileAcs, WhenAHeaderIsAMegabyteLong_ThenTheSessionFails) {
  expect_given_up(answer_inform_with("HTTP/1.1 200 OK\r\nX: " + std::string(1'000'000, 'x') + "\r\n\r\n"),
                  Cause::resources);
}

TEST_F(HostileAcs, WhenItsHeadersNeverEnd_ThenTheSessionFails) {
  expect_given_up(after_inform([](int socket) {
                    send_until_cut(socket, "HTTP/1.1 200 OK\r\n", repeat("X-Header: some text\r\n", 3'000));
                  }),
                  Cause::resources);
}

TEST_F(HostileAcs, WhenItSaysContinueWithoutEnd_ThenTheSessionFails) {
  expect_given_up(
      after_inform([](int socket) { send_until_cut(socket, "", repeat("HTTP/1.1 100 Continue\r\n\r\n", 3'000)); }),
      Cause::resources);
}

TEST_F(HostileAcs, WhenItRedirectsWithoutEnd_ThenTheSessionFails) {
  const auto reply = http_reply(fmt::format("302 Found\r\nLocation: http://127.0.0.1:{}/again", hostile_.port()), "");
  expect_given_up(
      [reply](int socket) {
        while (read_request(socket) && send_all(socket, reply)) {
        }
      },
      Cause::protocol);
}

TEST_F(HostileAcs, WhenItsBodyIsCompressed_ThenItIsNotUnpacked) {
  expect_given_up(
      answer_inform_with(http_reply("200 OK\r\nContent-Encoding: gzip", "\x1f\x8b\x08" + std::string(10'000, '\0'))),
      Cause::protocol);
}

TEST_F(HostileAcs, WhenItSetsAHundredThousandParameters_ThenTheSessionFails) {
  expect_given_up(request_with(http_reply("200 OK", set_values(100'000, "A"))), Cause::resources);
}

// As many as a document may hold: each of them is at fault, and the answer says so.
TEST_F(HostileAcs, WhenItSetsAsManyParametersAsItMay_ThenTheyAreAnsweredInBoundedMemory) {
  const auto request = http_reply("200 OK", set_values(49'000, "InternetGatewayDevice." + std::string(50, 'x')));
  const auto outcome = attack([request](int socket) {
    read_request(socket);
    send_all(socket, http_reply("200 OK", soap(cwmp::InformResponse{})));
    read_request(socket);
    send_all(socket, request);
    if (read_request(socket)) send_all(socket, "HTTP/1.1 204 No Content\r\n\r\n");
  });
  EXPECT_TRUE(outcome) << outcome.error().to_string();
}

TEST_F(HostileAcs, WhenEachAnswerSetsMoreCookies_ThenTheSessionFails) {
  const std::string value(4'000, 'c');
  expect_given_up(
      [value](int socket) {
        unsigned number = 0;
        for (bool first = true; read_request(socket); first = false) {
          std::string head = "200 OK";
          for (int i = 0; i < 20; ++i) head += fmt::format("\r\nSet-Cookie: n{}={}; Path=/", ++number, value);
          if (!send_all(socket, http_reply(head, first ? soap(cwmp::InformResponse{}) : soap(cwmp::GetRpcMethods{})))) {
            return;
          }
        }
      },
      Cause::resources);
}

}  // namespace
}  // namespace hnbemu

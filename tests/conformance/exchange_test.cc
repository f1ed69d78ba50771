#include <algorithm>

#include "conformance/rule.h"

// Typical sessions, each replayed with each failure at each of its messages.
namespace hnbemu::conformance {
namespace {

using testing::Contains;
using testing::Not;

constexpr const char* kEvent = "X 02A1B2 EXCHANGE";  // of the session; kept until it is heard

struct Exchange {
  const char* name;
  std::vector<cwmp::Body> requests;                // of the ACS
  std::optional<cwmp::Kicked> own = {};            // of the device
  bool redirected = false;                         // its first message
  std::function<bool(Device&)> applied = nullptr;  // what its request asks for is done
};

const std::vector<Exchange>& exchanges() {
  static const auto has_set = [](Device& device) { return device.value(kServer1) == "set.example"; };
  static const auto has_added = [](Device& device) { return device.value(kServerCount) != "0"; };
  static const std::vector<Exchange> all{
      {"Plain", {}},
      {"SetParameterValues",
       {cwmp::SetParameterValues{{{kServer1, "set.example", "xsd:string"}}, "key"}},
       std::nullopt,
       false,
       has_set},
      {"WholeTree", {cwmp::GetParameterNames{"", false}, cwmp::GetParameterValues{{""}}}},
      {"AddObject", {cwmp::AddObject{kServers, "key"}}, std::nullopt, false, has_added},
      {"Reboot", {cwmp::Reboot{"key"}}},
      {"Kicked", {cwmp::GetRpcMethods{}}, cwmp::Kicked{"a", "b", "c", "d"}},
      {"Redirected",
       {cwmp::SetParameterValues{{{kServer1, "set.example", "xsd:string"}}, "key"}},
       std::nullopt,
       true,
       has_set}};
  return all;
}

struct Failure {
  const char* name;
  Acs::Reply reply;
};

const std::vector<Failure>& failures() {
  static const auto fault = [](int code) {
    return soap(
        fmt::format("<s:Fault><faultcode>s:Server</faultcode><faultstring>CWMP fault</faultstring><detail>"
                    "<cwmp:Fault><FaultCode>{}</FaultCode><FaultString>scripted</FaultString></cwmp:Fault>"
                    "</detail></s:Fault>",
                    code));
  };
  static const std::vector<Failure> all{
      {"Refused", Acs::fail(Cause::network)},
      {"Timeout", Acs::fail(Cause::timeout)},
      {"TlsCertificate", Acs::fail(Cause::tls_certificate)},
      {"TlsHandshake", Acs::fail(Cause::tls_handshake)},
      {"BodyOverTheLimit", Acs::fail(Cause::resources)},
      {"Http401", Acs::answer(http(401))},
      {"Http403", Acs::answer(http(403))},
      {"Http404", Acs::answer(http(404))},
      {"Http500", Acs::answer(http(500))},
      {"Http503", Acs::answer(http(503))},
      {"Truncated", Acs::raw(soap("<cwmp:GetRPCMethods/>").substr(0, 200))},
      {"Malformed", Acs::raw("<s:Envelope><s:Body></s:Envelope>")},
      {"NoCwmp", Acs::raw("<html><body>Login</body></html>")},
      {"Fault8001", Acs::raw(fault(8001))},
      {"Fault8005", Acs::raw(fault(8005))},
      {"Empty", Acs::answer(http(200))},
  };
  return all;
}

// What the standard makes of the failure at the message of that name.
enum class Outcome { retried, repeated, answered, ended };

Outcome outcome_of(const std::string& failure, const std::string& message) {
  const bool own_request = message == "Inform" || message == "Kicked";
  if (failure == "Fault8005" && own_request) return Outcome::repeated;          // A.5.2, in the session
  if (failure == "Fault8001" && message == "Kicked") return Outcome::answered;  // a fault is an answer
  if (failure == "Empty" && !own_request) return Outcome::ended;                // 3.7.2.4: the ACS has nothing to ask
  return Outcome::retried;
}

class ExchangeDevice : public Device {
 public:
  explicit ExchangeDevice(const Exchange& exchange) : exchange_(exchange) {
    power_on();
    acs->forget();
  }

  // Plays the exchange; the message of that index is answered with the failure. Gives the names of its messages.
  std::vector<std::string> play(std::optional<std::size_t> index = {}, Acs::Reply failure = nullptr) {
    acs->requests.assign(exchange_.requests.begin(), exchange_.requests.end());
    if (exchange_.redirected) {
      auto moved = http(302);
      moved.location = "http://other.operator.example/there";
      acs->script.push_back(Acs::answer(moved));
    }
    if (index) {
      while (acs->script.size() < *index) acs->script.push_back(Acs::pass());
      if (acs->script.size() > *index) acs->script.resize(*index);
      acs->script.push_back(std::move(failure));
    }
    if (exchange_.own) {
      device->request(*exchange_.own);
      run_for(Seconds{1});
    } else {
      session(kEvent);
    }
    return acs->names();
  }

 private:
  const Exchange& exchange_;
};

class ExchangeTest : public testing::TestWithParam<std::tuple<std::size_t, std::size_t>> {
 protected:
  const Exchange& exchange() const { return exchanges()[std::get<0>(GetParam())]; }
  const Failure& failure() const { return failures()[std::get<1>(GetParam())]; }

  void expect_retried(ExchangeDevice& device, std::size_t index, const std::string& message);
  void expect_goes_on(ExchangeDevice& device, Outcome outcome);
};

// 3.2.1.1: nothing of the session's end is done, what was acknowledged stays, and the table's first wait later the same
// events come again with RetryCount 1.
void ExchangeTest::expect_retried(ExchangeDevice& device, std::size_t index, const std::string& message) {
  EXPECT_EQ(device.acs->messages.size(), index + 1) << "nothing more is said in the session";
  EXPECT_EQ(device.device->status().state, device::State::registered);
  EXPECT_TRUE(device.device->status().error);
  const bool applied = message.ends_with("Response") && exchange().applied;
  if (exchange().applied) {
    EXPECT_EQ(exchange().applied(device), applied);
  }

  const auto at = device.acs->messages.back().at;
  device.acs->script.clear();
  device.acs->requests.clear();
  device.acs->forget();
  device.run_for(Seconds{12});
  ASSERT_FALSE(device.acs->informs().empty());
  EXPECT_GE(device.acs->messages[0].at - at, Seconds{5});
  EXPECT_LE(device.acs->messages[0].at - at, Seconds{11});
  EXPECT_EQ(device.acs->informs()[0].retry_count, 1u);
  EXPECT_EQ(device.acs->messages[0].request.url.to_string(), kAcsUrl);
  const auto events = device.events();
  for (const auto* const not_done : {"1 BOOT", "M Reboot(key)"}) EXPECT_THAT(events, Not(Contains(not_done)));
  if (exchange().own) {  // 3.7.1.5: delivered by its own response
    const bool undelivered = message == "Inform" || message == "Kicked";
    EXPECT_EQ(std::ranges::count(events, "5 KICKED"), undelivered ? 1 : 0);
    EXPECT_EQ(std::ranges::count(device.acs->names(), "Kicked"), undelivered ? 1 : 0);
  } else {
    EXPECT_THAT(events, Contains(kEvent));
  }
  EXPECT_FALSE(device.device->status().error);
  if (exchange().applied) {
    EXPECT_EQ(exchange().applied(device), applied);
  }
}

void ExchangeTest::expect_goes_on(ExchangeDevice& device, Outcome outcome) {
  EXPECT_EQ(device.acs->informs().back().retry_count, 0u);
  EXPECT_FALSE(device.device->status().error);
  if (outcome != Outcome::ended && exchange().applied) {
    EXPECT_TRUE(exchange().applied(device));
  }
  device.run_for(Seconds{60});
  device.acs->requests.clear();
  device.acs->forget();
  device.session();
  EXPECT_EQ(device.acs->informs().back().retry_count, 0u);
  EXPECT_THAT(device.events(), testing::ElementsAre("6 CONNECTION REQUEST")) << "the others were delivered";
}

TEST_P(ExchangeTest, WhenAMessageFails_ThenTheStandardsOutcomeFollows) {
  const auto names = ExchangeDevice(exchange()).play();
  for (std::size_t index = 0; index < names.size(); ++index) {
    SCOPED_TRACE(fmt::format("{} at message {} '{}'", failure().name, index, names[index]));
    ExchangeDevice device(exchange());
    device.play(index, failure().reply);
    const auto outcome = outcome_of(failure().name, names[index]);
    if (outcome == Outcome::retried) {
      expect_retried(device, index, names[index]);
    } else {
      expect_goes_on(device, outcome);
    }
  }
}

std::string name_of(const testing::TestParamInfo<std::tuple<std::size_t, std::size_t>>& info) {
  return fmt::format("{}_{}", exchanges()[std::get<0>(info.param)].name, failures()[std::get<1>(info.param)].name);
}

INSTANTIATE_TEST_SUITE_P(Conformance, ExchangeTest,
                         testing::Combine(testing::Range<std::size_t>(0, 7), testing::Range<std::size_t>(0, 16)),
                         name_of);

}  // namespace
}  // namespace hnbemu::conformance

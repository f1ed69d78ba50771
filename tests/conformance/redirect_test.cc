#include "conformance/rule.h"

namespace hnbemu::conformance {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

constexpr const char* kElsewhere = "http://other.operator.example:8080/there";

Acs::Reply redirect(const std::string& location, int status = 302, std::string body = {}) {
  auto response = http(status, std::move(body));
  response.location = location;
  return Acs::answer(std::move(response));
}

std::string url_of(const Message& message) {
  return message.request.url.to_string();
}

HNBEMU_RULE("HTTP redirect", "TR-069 3.4", TheSameMessageIsSentThere,
            "302 and 307: the same message is sent to the Location, and the session goes on there") {
  power_on();
  for (const int status : {302, 307}) {
    acs->forget();
    acs->requests = {cwmp::GetRpcMethods{}};
    acs->script = {redirect(kElsewhere, status)};
    session();
    EXPECT_THAT(acs->names(), ElementsAre("Inform", "Inform", "", "GetRPCMethodsResponse"));
    EXPECT_EQ(acs->messages[0].request.body, acs->messages[1].request.body);
    for (std::size_t i = 1; i < acs->messages.size(); ++i) EXPECT_EQ(url_of(acs->messages[i]), kElsewhere);
  }
}

HNBEMU_RULE("HTTP redirect", "TR-069 3.4", ARedirectIsForTheSessionAlone,
            "The next session is with the ACS URL again, which stays what it was; after 301 too") {
  power_on();
  for (const int status : {301, 302, 307}) {
    acs->script = {redirect(kElsewhere, status)};
    session();
    acs->forget();
    session();
    EXPECT_EQ(url_of(acs->messages[0]), kAcsUrl) << status;
    EXPECT_EQ(value("Device.ManagementServer.URL"), kAcsUrl);
  }
}

HNBEMU_RULE("HTTP redirect", "TR-069 3.4", ARedirectMayComeAtAnyTime, "A redirect in mid-session moves what follows") {
  power_on();
  acs->forget();
  acs->script = {Acs::pass(), redirect(kElsewhere)};
  session();
  EXPECT_THAT(acs->names(), ElementsAre("Inform", "", ""));
  EXPECT_EQ(url_of(acs->messages[2]), kElsewhere);
}

HNBEMU_RULE("HTTP redirect", "RFC 9110 10.2.2", RelativeLocationsAreResolved,
            "A Location may be relative: an absolute path, a path beside, a host without scheme, a query") {
  power_on();
  const std::pair<const char*, const char*> cases[] = {
      {"/there", "http://acs.operator.example:7547/there"},
      {"beside", "http://acs.operator.example:7547/beside"},
      {"//other.operator.example/x", "http://other.operator.example/x"},
      {"?session=7", "http://acs.operator.example:7547/cwmp?session=7"}};
  for (const auto& [location, url] : cases) {
    acs->forget();
    acs->script = {redirect(location)};
    session();
    ASSERT_GT(acs->messages.size(), 1u) << location;
    EXPECT_EQ(url_of(acs->messages[1]), url);
  }
}

HNBEMU_RULE("HTTP redirect", "TR-069 3.4", FiveInARowAreFollowed, "Five redirects in a row are followed") {
  power_on();
  acs->forget();
  acs->script.assign(5, redirect(kElsewhere));
  session();
  EXPECT_THAT(acs->names(), ElementsAre("Inform", "Inform", "Inform", "Inform", "Inform", "Inform", ""));
}

HNBEMU_RULE("HTTP redirect", "TR-069 3.4", MoreThanFiveInARowAreAFailure,
            "The sixth redirect in a row fails the session, and the retry is with the ACS URL") {
  power_on();
  acs->forget();
  acs->script.assign(6, redirect(kElsewhere));
  session();
  EXPECT_THAT(acs->messages, SizeIs(6));
  run_for(Seconds{12});
  EXPECT_EQ(url_of(acs->messages[6]), kAcsUrl);
  EXPECT_EQ(acs->informs().back().retry_count, 1u);
}

HNBEMU_RULE("HTTP redirect", "TR-069 3.4", OnlyThoseInARowAreCounted,
            "More than five redirects with answers between them are followed") {
  power_on();
  acs->forget();
  for (int i = 0; i < 4; ++i) {
    acs->script.insert(acs->script.end(), {redirect(kElsewhere), redirect(kAcsUrl), Acs::pass()});
    acs->requests.push_back(cwmp::GetRpcMethods{});
  }
  session();
  EXPECT_TRUE(acs->requests.empty());
  session();
  EXPECT_EQ(acs->informs().back().retry_count, 0u);
}

HNBEMU_RULE("HTTP redirect", "TR-069 3.4", TheBodyOfARedirectIsIgnored,
            "What a redirect has as its body does not count") {
  power_on();
  acs->forget();
  acs->script = {redirect(kElsewhere, 302, soap("<cwmp:InformResponse/>"))};
  session();
  EXPECT_THAT(acs->names(), ElementsAre("Inform", "Inform", ""));
}

HNBEMU_RULE("HTTP redirect", "TR-069 3.4", ARedirectMayChangeTheScheme,
            "A redirect from HTTP to HTTPS is followed with TLS") {
  power_on();
  acs->forget();
  acs->script = {redirect("https://other.operator.example/cwmp")};
  session();
  EXPECT_EQ(acs->messages[1].request.url.scheme, "https");
  EXPECT_EQ(acs->messages[1].request.url.port, 443);
}

HNBEMU_RULE("HTTP redirect", "TR-069 3.4", OnlyHttpIsFollowed,
            "A redirect to another scheme than http and https, to no URL, or without a Location fails the session") {
  power_on();
  for (const auto* const location : {"ftp://other.operator.example/", "http://[", ""}) {
    acs->forget();
    acs->script = {redirect(location)};
    session();
    EXPECT_THAT(acs->messages, SizeIs(1)) << location;
    run_for(Seconds{12});
    EXPECT_EQ(acs->informs().back().retry_count, 1u);
  }
}

HNBEMU_RULE("HTTP redirect", "TR-069 3.4", AHostThatIsNotFoundFailsTheSession,
            "A redirect to a name that does not resolve fails the session; the retry is with the ACS URL") {
  power_on();
  acs->forget();
  acs->script = {redirect("http://nowhere.example/")};
  session();
  run_for(Seconds{12});
  ASSERT_THAT(acs->informs(), SizeIs(2));
  EXPECT_EQ(url_of(acs->messages[1]), kAcsUrl);
}

}  // namespace
}  // namespace hnbemu::conformance

#include "loopback/loopback_device.h"

#include <stdexcept>

#include "profile/profile_model.h"

namespace hnbemu::loopback {
namespace {

constexpr std::string_view kClause = "TR-069 3.7.1";
constexpr procedures::SessionSteps kSteps{{"1", kClause, "connection to the ACS"},
                                          {"2", kClause, "Inform"},
                                          {"3", kClause, "InformResponse"},
                                          {"4", kClause, "SetParameterValues"},
                                          {"5", kClause, "SetParameterValuesResponse"},
                                          procedures::Step{"6", kClause, "session ended"}};

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().to_string());
  return std::move(*result);
}

}  // namespace

Factory::Factory(const std::string& profile_name)
    : profile(must(config::load_profile(profile_name, {HNBEMU_SOURCE_DIR "/profiles"}))),
      model(must(profile::make_model(profile))),
      home(must(netns::Namespace::current())) {}

datamodel::DataModel Factory::make_model() const {
  datamodel::DataModel made(model);
  const config::DeviceFields fields{{"id", "hnb-0001"},
                                    {"serial", "0001"},
                                    {"mac", "02:00:00:00:00:01"},
                                    {"outer_address", "127.0.0.1"},
                                    {"latitude_udeg", "51500000"},
                                    {"longitude_udeg", "0"}};
  if (const auto filled = profile::fill(made, profile, fields); !filled) {
    throw std::runtime_error(filled.error().to_string());
  }
  return made;
}

LoopbackDevice::LoopbackDevice(boost::asio::any_io_executor executor, const Factory& factory, Url acs,
                               http::TlsConfig tls, Millis patience)
    : profile_(factory.profile),
      udp_(executor, clock_),
      http_(std::move(executor), factory.home, std::move(tls)),
      impatient_(http_, patience),
      model_(factory.make_model()),
      context_{profile_,
               {},
               {Plane::inner, kLoopback, {}},
               {},
               {clock_, resolver_, tunnel_, impatient_, store_, connection_requests_, udp_, {}},
               model_,
               events_,
               steps_,
               random_,
               procedures::NonVolatile(store_, clock_, {})},
      service_{std::move(acs), {kLoopback}, {Plane::inner, kLoopback, {}}, std::nullopt} {
  model_.seal();
  context_.set_value_of("acs_url", service_.hms.to_string());
  context_.memory.watch(model_);
}

Task<Result<>> LoopbackDevice::session(std::string event) {
  events_.push(event);
  co_return co_await procedures::run_cwmp_session(context_, service_, kSteps);
}

}  // namespace hnbemu::loopback

#include "loopback/loopback_device.h"

#include <stdexcept>

#include "doubles/factory.h"
#include "procedures/cpe_registration.h"

namespace hnbemu::loopback {
namespace {

netns::Namespace own_namespace() {
  auto own = netns::Namespace::current();
  if (!own) throw std::runtime_error(own.error().to_string());
  return std::move(*own);
}

}  // namespace

Factory::Factory(const std::string& profile_name)
    : profile(doubles::load_profile(profile_name)), model(doubles::model_of(profile)), home(own_namespace()) {}

datamodel::DataModel Factory::make_model() const {
  return doubles::factory_model(profile, model, {{"outer_address", kLoopback.to_string()}});
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
               {clock_, resolver_, tunnel_, impatient_, store_, connection_requests_, files_, udp_, {}},
               model_,
               events_,
               steps_,
               random_,
               alarms_,
               procedures::NonVolatile(store_, clock_, {})},
      service_{std::move(acs), {kLoopback}, {Plane::inner, kLoopback, {}}, {}, {}, {}, false, {}} {
  model_.seal();
  context_.set_value_of("acs_url", service_.hms.to_string());
  context_.memory.watch(model_);
}

Task<Result<>> LoopbackDevice::session(std::string event) {
  events_.push(event);
  co_return co_await procedures::run_cwmp_session(context_, service_, procedures::acs_session_steps());
}

}  // namespace hnbemu::loopback

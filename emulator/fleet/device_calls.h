#pragma once

#include <boost/json/object.hpp>

#include "fleet/device_api.h"

namespace hnbemu::fleet {

// One request about one device.
struct Call {
  Fleet& fleet;
  const std::string& id;
  const control::Request& request;
  boost::json::object body;  // of a POST or PATCH; empty if there was none
};

// What is known of it, and what may be set.
control::Reply show(const Call& call);
control::Reply get_parameters(const Call& call);
control::Reply set_parameters(const Call& call);
control::Reply alarms(const Call& call);
control::Reply trace(const Call& call);

// What it is to do.
control::Reply inform(const Call& call);
control::Reply reboot(const Call& call);
control::Reply factory_reset(const Call& call);
control::Reply allow(const Call& call);
control::Reply kick(const Call& call);
control::Reply ask_rpc_methods(const Call& call);
control::Reply request_download(const Call& call);
control::Reply transfer(const Call& call);
control::Reply upload_measurements(const Call& call);
control::Reply udp_request(const Call& call);
control::Reply renew(const Call& call);
control::Reply hold(const Call& call);
control::Reply go_on(const Call& call);
control::Reply order_alarm(const Call& call);

}  // namespace hnbemu::fleet

#pragma once

#include "control/message.h"
#include "fleet/fleet.h"

namespace hnbemu::fleet {

// What is asked of one device of the fleet, path /devices/ID/…: see ControlApi.
control::Reply device_reply(Fleet& fleet, const std::string& id, const control::Request& request);

// 404 of what is not there, 409 of what is not there yet, 504 of what does not answer.
control::Reply refusal_of(const Error& error);

}  // namespace hnbemu::fleet

#pragma once

#include <boost/json/object.hpp>

#include "control/message.h"
#include "fleet/fleet.h"

namespace hnbemu::fleet {

// POST /devices/ID/hms: the lab's HMS has a request for the device's next session.
//
//   {"method": "Download", "type", "url", "username", "password"}      Upload likewise
//   {"method": "SetParameterValues", "parameters": {path: value}}
//   {"method": "Reboot"}                                               FactoryReset likewise
//
// The answer says how that session is asked for (TR-069 3.2.2): "url", "username", "password".
control::Reply hms_reply(Fleet& fleet, const std::string& id, const boost::json::object& body);

}  // namespace hnbemu::fleet

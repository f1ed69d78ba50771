#pragma once

#include <functional>

#include "control/message.h"
#include "fleet/fleet.h"

namespace hnbemu::fleet {

// What the control socket can be asked. Every answer is a JSON object; {"error": text} comes with a 4xx or 5xx.
//
//   GET   /fleet                                  name, pid, directory, esp, devices, in_service, violations
//   GET   /lab                                    the operator's sites: name, role, address
//   GET   /devices                                all, in brief
//   GET   /devices/ID                             one, with its steps
//   GET   /devices/ID/parameters?path=P&path=…    values; P may be partial
//   PATCH /devices/ID/parameters                  {"parameters": {path: value}}: all or none
//   POST  /devices/ID/inform                      {"event": "6 CONNECTION REQUEST"}
//   POST  /devices/ID/reboot
//   POST  /devices/ID/hms                         see hms_requests.h
//   POST  /devices/ID/hold                        {"at": "2.3"}
//   POST  /devices/ID/continue
//   GET   /devices/ID/alarms                      those raised, the catalogue, the last ones, counts
//   POST  /devices/ID/alarms                      {"order": "raise", "change" or "clear", "alarm", "object", "text",
//                                                 "severity"}
//   GET   /devices/ID/trace
//   GET   /namespaces/NAME                        of a device, "wan" or "core": pid, fd, dns servers
//   POST  /down
class ControlApi {
 public:
  // `end` is called on a thread of the server when somebody asks for the end.
  ControlApi(Fleet& fleet, std::function<void()> end) : fleet_(fleet), end_(std::move(end)) {}
  control::Reply handle(const control::Request& request);

 private:
  control::Reply fleet_reply() const;
  control::Reply lab_reply() const;
  control::Reply devices_reply() const;
  control::Reply namespace_reply(const std::string& name);
  control::Reply on_device(const control::Request& request, const std::string& id);

  Fleet& fleet_;
  std::function<void()> end_;
};

}  // namespace hnbemu::fleet

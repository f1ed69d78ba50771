#include "fleet/control_api.h"

#include <unistd.h>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "fleet/device_api.h"

namespace hnbemu::fleet {
namespace {

using boost::json::array;
using boost::json::object;
using control::reply;

array texts(const std::vector<IpAddress>& addresses) {
  array list;
  for (const auto& address : addresses) list.emplace_back(address.to_string());
  return list;
}

}  // namespace

control::Reply ControlApi::handle(const control::Request& request) {
  const auto& path = request.path;
  const bool get = request.method == "GET";
  if (path.size() >= 2 && path[0] == "devices") return on_device(request, path[1]);
  if (path.size() == 3 && path[0] == "lab" && path[1] == "renumber") {
    if (request.method != "POST") return control::refuse(405, "POST /lab/renumber/SEGW");
    const auto done = fleet_.network().lab().renumber(path[2]);
    return done ? reply({{"segw", path[2]}}) : refusal_of(done.error());
  }
  if (path.size() == 1 && path[0] == "down") {
    if (request.method != "POST") return control::refuse(405, "POST /down");
    end_();
    return reply({{"name", fleet_.config().name}});
  }
  const bool known = (path.size() == 1 && (path[0] == "fleet" || path[0] == "lab" || path[0] == "devices")) ||
                     (path.size() == 2 && path[0] == "namespaces");
  if (!known) return control::refuse(404, "no such path: fleet, lab, devices, namespaces/NAME, down");
  if (!get) return control::refuse(405, "only GET here");
  if (path[0] == "namespaces") return namespace_reply(path[1]);
  if (path[0] == "lab") return lab_reply();
  return path[0] == "fleet" ? fleet_reply() : devices_reply();
}

control::Reply ControlApi::fleet_reply() const {
  const auto violations = fleet_.violations();
  array failures;
  for (const auto& [step, count] : fleet_.failures())
    failures.push_back(object{{"clause", step[0]}, {"step", step[1]}, {"cause", step[2]}, {"count", count}});
  return reply({{"name", fleet_.config().name},
                {"pid", ::getpid()},
                {"directory", fleet_.layout().directory},
                {"esp", fleet_.esp() == ipsec::EspBackend::kernel ? "kernel" : "user-space"},
                {"devices", fleet_.config().devices.size()},
                {"in_service", fleet_.in_service()},
                {"failures", std::move(failures)},
                {"violations", array(violations.begin(), violations.end())}});
}

control::Reply ControlApi::lab_reply() const {
  array sites;
  for (const auto& site : fleet_.network().sites()) {
    sites.push_back(
        object{{"role", site.role}, {"name", site.name}, {"address", site.address.to_string()}, {"state", site.state}});
  }
  return reply({{"name", fleet_.config().name}, {"sites", std::move(sites)}});
}

control::Reply ControlApi::devices_reply() const {
  array devices;
  for (const auto& status : fleet_.statuses()) devices.push_back(summary_json(status));
  return reply({{"devices", std::move(devices)}, {"in_service", fleet_.in_service()}});
}

control::Reply ControlApi::on_device(const control::Request& request, const std::string& id) {
  if (!fleet_.report(id)) {
    return control::refuse(
        404, fmt::format("no device '{}' in fleet '{}'; 'hnbemu ls' lists them", id, fleet_.config().name));
  }
  return device_reply(fleet_, id, request);
}

// A descriptor of this process, which its owner can open through /proc.
control::Reply ControlApi::namespace_reply(const std::string& name) {
  auto& lab = fleet_.network().lab();
  for (const auto& [site, home, dns] : {std::tuple("wan", &lab.wan(), lab.addresses().outer_dns()),
                                        std::tuple("core", &lab.core(), lab.addresses().inner_dns())}) {
    if (name == site) return reply({{"pid", ::getpid()}, {"fd", home->fd()}, {"dns", texts({dns})}});
  }
  struct View {
    int fd;
    std::vector<IpAddress> dns;
  };
  const auto view = fleet_.on_device(name, [](Unit& unit) {
    return View{unit.home().fd(), unit.device().path().dns_servers};
  });
  if (!view) return refusal_of(view.error());
  return reply({{"pid", ::getpid()}, {"fd", view->fd}, {"dns", texts(view->dns)}});
}

}  // namespace hnbemu::fleet

#include <boost/json/serialize.hpp>
#include <cstdio>

#include "app/command_line.h"
#include "app/exec.h"
#include "app/verbs.h"
#include "control/client.h"

namespace hnbemu::app {
namespace {

using boost::json::object;

struct DeviceOptions {
  Where where;
  std::string id;
  std::string text;  // the event, the step
};

struct KickOptions {
  DeviceOptions device;
  std::string command, referer, arg, next;
};

struct GetOptions {
  Where where;
  std::string id;
  std::vector<std::string> paths;
  bool json = false;
};

struct SetOptions {
  Where where;
  std::string id;
  std::vector<std::string> assignments;
};

struct ExecOptions {
  Where where;
  std::string id;
  std::vector<std::string> command;
};

std::string target_of(const std::string& id, const std::string& what) {
  return "/devices/" + control::encoded(id) + "/" + what;
}

int post(const DeviceOptions& options, const std::string& what, const object& body = {}) {
  const auto done = ask(options.where, "POST", target_of(options.id, what), body);
  return done ? kDone : complain(done.error());
}

int inform(const DeviceOptions& options) {
  return post(options, "inform", {{"event", options.text}});
}
int reboot(const DeviceOptions& options) {
  return post(options, "reboot");
}
int factory_reset(const DeviceOptions& options) {
  return post(options, "factory-reset");
}
int allow(const DeviceOptions& options) {
  return post(options, "allow");
}
int ask_rpc_methods(const DeviceOptions& options) {
  return post(options, "rpc-methods");
}
int udp_request(const DeviceOptions& options) {
  return post(options, "udp-request");
}
int kick(const KickOptions& options) {
  return post(
      options.device, "kick",
      {{"command", options.command}, {"referer", options.referer}, {"arg", options.arg}, {"next", options.next}});
}
int renew(const DeviceOptions& options) {
  return post(options, "renew", {{"what", options.text}});
}
int hold(const DeviceOptions& options) {
  return post(options, "hold", {{"at", options.text}});
}
int go_on(const DeviceOptions& options) {
  return post(options, "continue");
}

int get(const GetOptions& options) {
  auto target = target_of(options.id, "parameters");
  char separator = '?';
  for (const auto& path : options.paths) target += std::exchange(separator, '&') + ("path=" + control::encoded(path));
  const auto reply = ask(options.where, "GET", target);
  if (!reply) return complain(reply.error());
  if (options.json) {
    fmt::print("{}\n", boost::json::serialize(*reply));
    return kDone;
  }
  for (const auto& parameter : reply->at("parameters").as_array()) {
    const auto& one = parameter.as_object();
    fmt::print("{} = {}\n", std::string(one.at("path").as_string()), std::string(one.at("value").as_string()));
  }
  return kDone;
}

int set(const SetOptions& options) {
  const auto parameters = parse_assignments(options.assignments);
  if (!parameters) return complain(parameters.error());
  const auto done = ask(options.where, "PATCH", target_of(options.id, "parameters"), {{"parameters", *parameters}});
  return done ? kDone : complain(done.error());
}

int exec(const ExecOptions& options) {
  const auto view = find_network(options.where, options.id);
  if (!view) return complain(view.error());
  return complain(exec_in(*view, options.command));  // returns only if it could not
}

CLI::App* add_device_verb(CLI::App& app, const std::string& name, const std::string& help, const std::string& example,
                          Action& chosen, int (*run)(const DeviceOptions&), std::shared_ptr<DeviceOptions>& options) {
  CLI::App* verb = nullptr;
  options = add_verb(app, name, help, example, chosen, run, &verb);
  verb->add_option("ID", options->id, "The device")->required();
  add_where(*verb, options->where);
  return verb;
}

}  // namespace

void add_act_verbs(CLI::App& app, Action& chosen) {
  CLI::App* verb = nullptr;
  const auto get_options = add_verb(app, "get", "Values of a device's data model",
                                    "get hnb-0001 InternetGatewayDevice.ManagementServer.", chosen, get, &verb);
  verb->add_option("ID", get_options->id, "The device")->required();
  verb->add_option("PATH", get_options->paths, "Full names, or partial paths that end in '.'")->required();
  add_json(*verb, get_options->json);
  add_where(*verb, get_options->where);

  const auto set_options =
      add_verb(app, "set", "Change values as the device's own user would: all or none",
               "set hnb-0001 InternetGatewayDevice.DeviceInfo.ProvisioningCode=blue", chosen, set, &verb);
  verb->add_option("ID", set_options->id, "The device")->required();
  verb->add_option("PATH=VALUE", set_options->assignments, "What to set")->required();
  add_where(*verb, set_options->where);

  std::shared_ptr<DeviceOptions> options;
  verb = add_device_verb(app, "renew", "Renew a device's tunnels, as happens by itself when their time has come",
                         "renew hnb-0001 --what reauth", chosen, renew, options);
  options->text = "reauth";
  verb->add_option("--what", options->text,
                   "reauth: a new IKE SA, which may bring another address; ike, child: new keys")
      ->check(CLI::IsMember({"reauth", "ike", "child"}))
      ->capture_default_str();
  verb = add_device_verb(app, "inform", "Have a device hold a session with its ACS now",
                         "inform hnb-0001 --event '2 PERIODIC'", chosen, inform, options);
  options->text = "6 CONNECTION REQUEST";
  verb->add_option("--event", options->text, "TR-069 event code")->capture_default_str();
  add_device_verb(app, "reboot", "Reboot a device", "reboot hnb-0001", chosen, reboot, options);
  add_device_verb(app, "factory-reset", "Have a device forget all but its factory settings, and boot",
                  "factory-reset henb-0001", chosen, factory_reset, options);
  add_device_verb(app, "allow", "Let a device come back to the operator that it has left", "allow henb-0001", chosen,
                  allow, options);
  add_device_verb(app, "rpc-methods", "Have a device ask its ACS for its methods (GetRPCMethods)",
                  "rpc-methods hnb-0001", chosen, ask_rpc_methods, options);
  add_device_verb(app, "udp-request",
                  "Ask a device for a session by UDP, as its ACS does through a NAT (TR-069 Annex G)",
                  "udp-request hnb-0001", chosen, udp_request, options);
  const auto kick_options = add_verb(app, "kick", "Have a device tell its ACS that its user was kicked (Kicked)",
                                     "kick hnb-0001 --command activate", chosen, kick, &verb);
  verb->add_option("ID", kick_options->device.id, "The device")->required();
  verb->add_option("--command", kick_options->command, "TR-069 A.4.2.1, Command");
  verb->add_option("--referer", kick_options->referer, "Referer");
  verb->add_option("--arg", kick_options->arg, "Arg");
  verb->add_option("--next", kick_options->next, "Next");
  add_where(*verb, kick_options->device.where);
  verb = add_device_verb(app, "hold", "Stop a device before a numbered step, the next time that it gets there",
                         "hold hnb-0001 --at 5.2.1/3", chosen, hold, options);
  verb->add_option("--at", options->text, "The step, as traces and reports number it")->required();
  add_device_verb(app, "continue", "Let a device go on that is held", "continue hnb-0001", chosen, go_on, options);

  const auto exec_options =
      add_verb(app, "exec", "Run a command as if on the device: its network, resolv.conf and /sys",
               "exec hnb-0001 -- ip address", chosen, exec, &verb);
  verb->add_option("ID", exec_options->id, "The device, or 'wan' or 'core' of the lab")->required();
  verb->add_option("CMD", exec_options->command, "The command, after --")->required();
  add_where(*verb, exec_options->where);
}

}  // namespace hnbemu::app

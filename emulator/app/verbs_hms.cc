// What the lab's HMS does when its operator wants it to: a request, and a connection request so that it is heard now.
#include "app/command_line.h"
#include "app/connection_request.h"
#include "app/verbs.h"
#include "control/client.h"

namespace hnbemu::app {
namespace {

using boost::json::object;

struct HmsOptions {
  Where where;
  std::string id;
  std::string type, url, username, password;  // of a file
  std::vector<std::string> assignments;
};

int send(const HmsOptions& options, const object& request) {
  const auto queued = ask(options.where, "POST", "/devices/" + control::encoded(options.id) + "/hms", request);
  if (!queued) return complain(queued.error());
  const auto text = [&](const char* key) { return std::string(queued->at(key).as_string()); };
  const auto network = find_network(options.where, text("network"));
  if (!network) return complain(network.error());
  const auto asked = request_connection(*network, text("url"), text("username"), text("password"));
  return asked ? kDone : complain(asked.error());
}

int send_file(const HmsOptions& options, const char* method) {
  return send(options, {{"method", method},
                        {"type", options.type},
                        {"url", options.url},
                        {"username", options.username},
                        {"password", options.password}});
}

int download(const HmsOptions& options) {
  return send_file(options, "Download");
}
int upload(const HmsOptions& options) {
  return send_file(options, "Upload");
}
int reboot(const HmsOptions& options) {
  return send(options, {{"method", "Reboot"}});
}
int factory_reset(const HmsOptions& options) {
  return send(options, {{"method", "FactoryReset"}});
}

int set(const HmsOptions& options) {
  const auto parameters = parse_assignments(options.assignments);
  if (!parameters) return complain(parameters.error());
  return send(options, {{"method", "SetParameterValues"}, {"parameters", *parameters}});
}

CLI::App* add(CLI::App& hms, const std::string& name, const std::string& help, const std::string& example,
              Action& chosen, int (*run)(const HmsOptions&), std::shared_ptr<HmsOptions>& options) {
  CLI::App* verb = nullptr;
  options = add_verb(hms, name, help, "hms " + name + " " + example, chosen, run, &verb);
  verb->add_option("ID", options->id, "The device")->required();
  add_where(*verb, options->where);
  return verb;
}

void add_file(CLI::App& hms, const std::string& name, const std::string& help, const std::string& type, Action& chosen,
              int (*run)(const HmsOptions&)) {
  std::shared_ptr<HmsOptions> options;
  auto* const verb = add(hms, name, help, "hnb-0001 http://10.200.0.99/cm.xml", chosen, run, options);
  options->type = type;
  verb->add_option("URL", options->url, "http, https, ftp, ftps or sftp, without a user name")->required();
  verb->add_option("--type", options->type, "TR-069 FileType")->capture_default_str();
  verb->add_option("--user", options->username, "User name for the file server");
  verb->add_option("--password", options->password, "Password for the file server");
}

}  // namespace

void add_hms_verbs(CLI::App& app, Action& chosen) {
  auto* const hms = app.add_subcommand("hms", "Have the lab's HMS ask something of a device, by a connection request");
  hms->require_subcommand(1);
  hms->footer("Example: hnbemu hms set hnb-0001 InternetGatewayDevice.DeviceInfo.ProvisioningCode=blue");
  add_file(*hms, "download", "Download: the device fetches a file and applies it", "3 Vendor Configuration File",
           chosen, download);
  add_file(*hms, "upload", "Upload: the device sends a file", "1 Vendor Configuration File", chosen, upload);
  std::shared_ptr<HmsOptions> options;
  add(*hms, "set", "SetParameterValues", "hnb-0001 InternetGatewayDevice.DeviceInfo.ProvisioningCode=blue", chosen, set,
      options)
      ->add_option("ASSIGNMENTS", options->assignments, "PATH=VALUE")
      ->required();
  add(*hms, "reboot", "Reboot", "hnb-0001", chosen, reboot, options);
  add(*hms, "factory-reset", "FactoryReset, by which a device is de-provisioned", "hnb-0001", chosen, factory_reset,
      options);
}

}  // namespace hnbemu::app

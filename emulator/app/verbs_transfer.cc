#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "app/command_line.h"
#include "app/verbs.h"
#include "control/client.h"

namespace hnbemu::app {
namespace {

struct TransferOptions {
  Where where;
  std::string id;
  std::string type;
  std::string url;
  std::string username, password;
};

int transfer(const TransferOptions& options, const char* direction) {
  const boost::json::object body{{"direction", direction},
                                 {"type", options.type},
                                 {"url", options.url},
                                 {"username", options.username},
                                 {"password", options.password}};
  const auto done = ask(options.where, "POST", "/devices/" + control::encoded(options.id) + "/transfer", body);
  return done ? kDone : complain(done.error());
}

int download(const TransferOptions& options) {
  return transfer(options, "download");
}
int upload(const TransferOptions& options) {
  return transfer(options, "upload");
}

int request_download(const TransferOptions& options) {
  const auto done = ask(options.where, "POST", "/devices/" + control::encoded(options.id) + "/request-download",
                        boost::json::object{{"type", options.type}});
  return done ? kDone : complain(done.error());
}

struct PmOptions {
  Where where;
  std::string id;
  bool json = false;
};

int upload_pm(const PmOptions& options) {
  const auto done = ask(options.where, "POST", "/devices/" + control::encoded(options.id) + "/upload-pm");
  if (!done) return complain(done.error());
  if (options.json) {
    fmt::print("{}\n", boost::json::serialize(*done));
    return kDone;
  }
  for (const auto& name : done->at("pm_files").as_array()) fmt::print("{}\n", std::string(name.as_string()));
  return kDone;
}

void add_transfer(CLI::App& app, const std::string& name, const std::string& help, const std::string& example,
                  const std::string& type, Action& chosen, int (*run)(const TransferOptions&)) {
  CLI::App* verb = nullptr;
  auto options = add_verb(app, name, help, example, chosen, run, &verb);
  options->type = type;
  verb->add_option("ID", options->id, "The device")->required();
  verb->add_option("URL", options->url, "http, https, ftp, ftps or sftp, without a user name")->required();
  verb->add_option("--type", options->type, "TR-069 FileType")->capture_default_str();
  verb->add_option("--user", options->username, "User name for the file server");
  verb->add_option("--password", options->password, "Password for the file server");
  add_where(*verb, options->where);
}

}  // namespace

void add_transfer_verbs(CLI::App& app, Action& chosen) {
  add_transfer(app, "download", "Have a device fetch and apply a file that its ACS has not asked for",
               "download henb-0001 --type '1 Firmware Upgrade Image' http://files.example.net/image",
               "3 Vendor Configuration File", chosen, download);
  add_transfer(app, "upload", "Have a device send a file that its ACS has not asked for",
               "upload henb-0001 --type '2 Vendor Log File' http://files.example.net/log",
               "1 Vendor Configuration File", chosen, upload);
  CLI::App* verb = nullptr;
  const auto pm = add_verb(app, "upload-pm", "Have a device send its measurement files of the periods until now",
                           "upload-pm henb-0001", chosen, upload_pm, &verb);
  verb->add_option("ID", pm->id, "The device")->required();
  add_json(*verb, pm->json);
  add_where(*verb, pm->where);
  const auto options =
      add_verb(app, "request-download", "Have a device ask its ACS for a file (RequestDownload)",
               "request-download henb-0001 '1 Firmware Upgrade Image'", chosen, request_download, &verb);
  verb->add_option("ID", options->id, "The device")->required();
  verb->add_option("TYPE", options->type, "TR-069 FileType")->required();
  add_where(*verb, options->where);
}

}  // namespace hnbemu::app

#pragma once

#include <string>
#include <vector>

#include "adapters/ipsec/esp.h"
#include "adapters/ipsec/vici_client.h"
#include "base/address.h"
#include "netns/process.h"

namespace hnbemu::ipsec {

enum class CharonRole { initiator, responder };

// One charon-systemd in a namespace, configured over vici alone. Its directory holds strongswan.conf, the vici socket,
// the log and what the updown helper writes.
class Charon {
 public:
  static Result<Charon> start(const netns::Namespace& home, std::string directory, CharonRole role, EspBackend esp);

  // Connects the client as soon as charon answers. Errors: charon has ended, does not answer, or is kept by AppArmor
  // from its own files. It outlives the call.
  Task<Result<>> connect(vici::Client& client, std::vector<std::string> events, Deadline deadline) const;
  std::string socket_path() const { return directory_ + "/vici"; }
  bool running() const { return process_.running(); }
  // The command line of the updown helper for load-conn: it writes the environment that charon gives it to
  // DIRECTORY/updown.UNIQUEID and ends before the child-updown event is sent, since vici does not tell the DNS servers
  // of the configuration payload.
  std::string updown_command() const;
  // PLUTO_DNS4_1, PLUTO_DNS4_2 … of the IKE SA with this unique id; the file is removed.
  std::vector<IpAddress> take_dns_servers(std::string_view unique_id) const;
  pid_t pid() const { return process_.pid(); }
  void stop();

 private:
  Charon(std::string directory, netns::Process process)
      : directory_(std::move(directory)), process_(std::move(process)) {}
  Error explain(std::string what) const;

  std::string directory_;
  netns::Process process_;
};

}  // namespace hnbemu::ipsec

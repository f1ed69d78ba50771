#pragma once

#include <string>
#include <vector>

#include "adapters/ipsec/esp.h"
#include "adapters/ipsec/vici_message.h"
#include "ports/tunnel.h"

namespace hnbemu::ipsec {

struct IkeConfig {
  std::string identity;                  // IDi; empty: the certificate's subject
  std::string remote_identity;           // IDr; empty: the gateway's, as the TunnelRequest has it
  std::string psk;                       // of both sides; empty: certificates
  std::string certificate;               // PEM
  std::string private_key;               // PEM
  std::vector<std::string> trusted_cas;  // PEM; the SeGW's certificate must chain to one
  std::vector<std::string> ike_proposals{"aes256-sha256-ecp256", "default"};
  std::vector<std::string> esp_proposals{"aes128gcm16", "default"};
  std::vector<std::string> remote_ts{"0.0.0.0/0"};
  Seconds dpd_delay{20};
  // The age at which an SA is renewed, less up to a tenth of it; 0: charon's own, for re-authentication never.
  Seconds ike_rekey{0};
  Seconds child_rekey{0};
  Seconds reauthentication{0};
};

// What a connection stands on.
struct Ground {
  IpAddress outer;
  EspBackend esp = EspBackend::kernel;
  std::string updown_command;
};

// vici's load-conn. Errors: configuration, of an identity that would match others too.
Result<vici::Section> connection_message(const IkeConfig& config, const TunnelRequest& request, const Ground& ground);

}  // namespace hnbemu::ipsec

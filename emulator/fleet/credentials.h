#pragma once

#include "adapters/http/curl_acs_http.h"
#include "adapters/ipsec/ike_tunnel.h"
#include "config/fleet.h"
#include "lab/pki.h"

namespace hnbemu::fleet {

// What a device proves its identity with, and whom it trusts.
struct Credentials {
  ipsec::IkeConfig ike;
  http::TlsConfig tls;
};

// The user's files, else a factory certificate of the lab's manufacturer. `acs_ca` is the file of who signed the
// certificate of the ACS; empty: whom the device trusts as its operator.
Result<Credentials> credentials_of(const config::DeviceConfig& device, const lab::Pki& pki, const std::string& acs_ca);

// When the certificate in PEM ends; nothing if it is none.
std::optional<WallTime> expiry_of(const std::string& pem);

// IDi: the configured one, else what the certificate carries: its first DNS name (TS 33.320 7.2.2 asks for an FQDN),
// or its subject.
Result<std::string> ike_identity(const config::DeviceConfig& device);

}  // namespace hnbemu::fleet

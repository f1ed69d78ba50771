#include "adapters/ipsec/ike_connection.h"

#include <algorithm>

#include "netns/device_socket.h"

namespace hnbemu::ipsec {
namespace {

constexpr Seconds kRenewalTime{60};  // that a renewal may take at least, before the old SA goes

// To strongSwan "*" and the like are patterns, which any peer that the CA has signed would match.
Result<std::string> exact_identity(const std::string& configured) {
  if (IpAddress::parse(configured)) return configured;
  const bool is_name = !configured.empty() && std::all_of(configured.begin(), configured.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
  });
  if (is_name) return "fqdn:" + configured;
  return fail(Cause::configuration, fmt::format("'{}' is neither a SeGW's name nor its address", configured));
}

// RFC 7296 3.5: beside names and addresses, ID_RFC822_ADDR ("user@name"), ID_DER_ASN1_DN ("C=…, CN=…") and ID_KEY_ID
// ("@#0a0b"), in strongSwan's notation.
Result<std::string> exact_remote_id(const std::string& configured) {
  const bool is_pattern = configured.starts_with('%') || configured.find('*') != std::string::npos;
  if (configured.find_first_of("@=") != std::string::npos && !is_pattern) return configured;
  if (auto simple = exact_identity(configured)) return simple;
  return fail(
      Cause::configuration,
      fmt::format("remote_id '{}': it is a name, an address, user@name, a DN or @#hex, and no pattern", configured));
}

// charon would let an SA die a tenth of its age later, which is soon for a short one.
void set_ages(const IkeConfig& config, vici::Section& connection, vici::Section& child) {
  const auto text = [](Seconds time) { return fmt::format("{}s", time.count()); };
  if (config.ike_rekey > Seconds{0}) connection.set("rekey_time", text(config.ike_rekey));
  if (config.reauthentication > Seconds{0}) connection.set("reauth_time", text(config.reauthentication));
  const bool any = config.ike_rekey > Seconds{0} || config.reauthentication > Seconds{0};
  if (any) {
    const auto shortest = config.ike_rekey == Seconds{0}          ? config.reauthentication
                          : config.reauthentication == Seconds{0} ? config.ike_rekey
                                                                  : std::min(config.ike_rekey, config.reauthentication);
    connection.set("over_time", text(std::max(shortest / 10, kRenewalTime)));
    connection.set("rand_time", text(shortest / 10));
  }
  if (config.child_rekey == Seconds{0}) return;
  child.set("rekey_time", text(config.child_rekey));
  child.set("life_time", text(config.child_rekey + std::max(config.child_rekey / 10, kRenewalTime)));
  child.set("rand_time", text(config.child_rekey / 10));
}

}  // namespace

Result<vici::Section> connection_message(const IkeConfig& config, const TunnelRequest& request, const Ground& ground) {
  const auto& own = config.remote_identity;
  const auto identity = own.empty() ? exact_identity(request.gateway_identity) : exact_remote_id(own);
  if (!identity) return tl::unexpected(identity.error());
  vici::Section message;
  auto& connection = message.add(request.name);
  connection.set("version", "2");
  connection.set("local_addrs", vici::List{ground.outer.to_string()});
  connection.set("remote_addrs", vici::List{request.gateway.to_string()});
  connection.set("proposals", config.ike_proposals);
  connection.set("vips", vici::List{"0.0.0.0"});
  connection.set("mobike", "no");
  connection.set("keyingtries", "1");
  connection.set("dpd_delay", fmt::format("{}s", config.dpd_delay.count()));
  // ESP in user space reads UDP sockets alone, so it needs the encapsulation of RFC 3948.
  connection.set("encap", ground.esp == EspBackend::user_space ? "yes" : "no");
  auto& local = connection.add("local");
  const auto* const auth = config.psk.empty() ? "pubkey" : "psk";
  local.set("auth", auth);
  if (!config.identity.empty()) local.set("id", config.identity);
  if (config.psk.empty()) local.set("certs", vici::List{config.certificate});
  auto& remote = connection.add("remote");
  remote.set("auth", auth);
  remote.set("id", *identity);  // without it any peer that the CA signed would do
  auto& child = connection.add("children").add(request.name);
  child.set("remote_ts", config.remote_ts);
  child.set("esp_proposals", config.esp_proposals);
  child.set("updown", ground.updown_command);
  child.set("dpd_action", "clear");
  // The kernel routes an ESP packet by its own mark: as outer traffic, not by the tunnel's catch-all route.
  if (ground.esp == EspBackend::kernel) child.set("set_mark_out", fmt::to_string(netns::kOuterMark));
  set_ages(config, connection, child);
  return message;
}

}  // namespace hnbemu::ipsec

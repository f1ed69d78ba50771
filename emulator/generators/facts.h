#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/time.h"

// What is really so of a device, for the values that show it. Somebody outside fills it in.
namespace hnbemu::generators {

// What went over an interface or an SA.
struct Traffic {
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
  std::uint64_t packets_sent = 0;
  std::uint64_t packets_received = 0;

  Traffic& operator+=(const Traffic& more) {
    bytes_sent += more.bytes_sent;
    bytes_received += more.bytes_received;
    packets_sent += more.packets_sent;
    packets_received += more.packets_received;
    return *this;
  }
  bool operator==(const Traffic&) const = default;
};

// A pair of SAs, one for each direction (RFC 7296 2.9).
struct ChildSa {
  std::uint32_t inbound_spi = 0;
  std::uint32_t outbound_spi = 0;
  WallTime created;
  Traffic traffic;
};

enum class Nat : std::uint8_t { none, local, remote };  // who is behind it

struct IkeSa {
  std::string name;  // of the connection: the same through rekeying
  IpAddress inner;   // assigned by IKEv2
  IpAddress gateway;
  std::vector<IpAddress> dns_servers;  // inner ones
  WallTime created;
  Nat nat = Nat::none;
  // As TR-181 Device.IPsec. names them: "AES-CBC", "HMAC-SHA2-256-128"; "" until they are known.
  std::string encryption;
  unsigned key_length = 0;  // bits
  std::string integrity;
  std::string pseudo_random_function;
  std::string diffie_hellman_group;
  std::vector<ChildSa> children;
};

std::string dns_server_list(const IkeSa& sa);  // as TR-106 writes lists: "10.0.0.1,10.0.0.2"

// What is asked when a value is read. An empty function: nobody knows; the value is 0 or false.
struct Facts {
  IpAddress outer_address;
  std::function<Traffic()> outer_traffic;     // of the interface to the access network
  std::function<std::uint64_t()> memory_kib;  // resident, of the device's own process
  std::function<bool()> time_synchronised;
  std::function<bool()> shows_epoch;                     // the clock has begun at the epoch, and nobody has set it
  std::function<std::string(WallTime)> local_date_time;  // of that moment, in whole seconds; empty: in UTC
};

}  // namespace hnbemu::generators

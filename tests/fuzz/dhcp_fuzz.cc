#include "dhcp/acs_options.h"
#include "dhcp/client.h"
#include "dhcp/datagram.h"

// What a network sends to a DHCP client: as a packet, as a message, and in the middle of an exchange.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hnbemu;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static_cast<void>(dhcp::from_packet(bytes));
  auto message = dhcp::parse(bytes);
  if (!message) return 0;
  static_cast<void>(dhcp::acs_options(*message));
  static_cast<void>(dhcp::to_string(*message));
  std::mt19937_64 random(7);
  dhcp::Client client({message->hardware, "fuzz"}, random);
  Deadline now{std::chrono::hours(1)};
  client.start(now);
  for (int i = 0; i < 4; ++i) {
    auto step = client.advance(now);
    if (step.send) message->transaction = dhcp::parse(step.send->message)->transaction;
    client.receive(dhcp::encode(*message), now);
    now = client.due() == Deadline::max() ? now + Seconds{1} : client.due();
  }
  return 0;
}

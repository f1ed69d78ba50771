#include <cstdlib>

#include "adapters/icmp/icmp_message.h"

// What is read as a message is one of the three kinds that a ping waits for.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hnbemu::icmp;
  const auto message = parse({data, size});
  if (!message) return 0;
  if (message->type != kEchoReply && message->type != kUnreachable && message->type != kTimeExceeded) std::abort();
  return 0;
}

#include <cstdlib>

#include "adapters/ipsec/vici_message.h"

// What is read is written again: the packet means the same afterwards.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace vici = hnbemu::ipsec::vici;
  const auto packet = vici::decode({reinterpret_cast<const char*>(data), size});
  if (!packet) return 0;
  constexpr std::size_t kLengthBytes = 4;
  const auto written = vici::encode(*packet);
  if (!written) std::abort();
  const auto again = vici::decode(std::string_view(*written).substr(kLengthBytes));
  if (!again || vici::encode(*again).value_or("") != *written) std::abort();
  return 0;
}

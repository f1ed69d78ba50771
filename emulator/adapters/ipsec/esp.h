#pragma once

#include "base/result.h"

namespace hnbemu::ipsec {

// Where ESP (RFC 4303) is done: in the kernel, or by kernel-libipsec in user space over a TUN device.
enum class EspBackend { kernel, user_space };

// What this machine offers: the kernel if it takes an AES-GCM security association (tried in a scratch namespace), else
// user space. An error says what is missing for that.
Result<EspBackend> find_esp_backend();

}  // namespace hnbemu::ipsec

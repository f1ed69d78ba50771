#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "procedures/context.h"

// What a device does with the files of TR-069 A.3.2.8 and A.4.1.5, by their FileType ("1 Firmware Upgrade Image").
namespace hnbemu::procedures {

struct FileFault {
  int code = 0;      // TR-069 A.5.1: 9010, 9011, 9018 …
  std::string text;  // where, what
};

enum class AfterFile { nothing, reboot };

// Once, before the power is first on: the device begins to write its log.
void prepare_files(Context& context);
// At each power-up, before events and notifications are: what is installed runs, and DeviceInfo says what there is.
void boot_files(Context& context);

// FileTypes that this device has nothing for are refused with 9003 when the transfer is asked for (TR-069 A.3.2.8). Web
// content, tones and ringers are none of a femtocell's.
bool can_download(const Context& context, std::string_view file_type);
bool can_upload(const Context& context, std::string_view file_type);

// Of a file that has come whole. All or nothing: after a fault nothing is changed; when it returns without one, all of
// it is committed. A long file is read in pieces, others of the thread having their turn between them.
using Installed = tl::expected<AfterFile, FileFault>;
Task<Installed> install_file(Context& context, std::string file_type, std::string file);
// Writes `file`, to be sent.
tl::expected<void, FileFault> make_file(Context& context, std::string_view file_type, const std::string& file);

}  // namespace hnbemu::procedures

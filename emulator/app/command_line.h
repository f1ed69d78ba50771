#pragma once

namespace hnbemu::app {

// Exit statuses, the same for every verb.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;  // it ran and failed
inline constexpr int kUsage = 2;   // wrong usage or configuration; nothing was started

int run_command_line(int argc, char** argv);

}  // namespace hnbemu::app

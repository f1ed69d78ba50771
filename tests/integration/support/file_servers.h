#pragma once

#include <string>
#include <vector>

#include "netns/namespace.h"
#include "netns/process.h"

namespace hnbemu::test {

// Debian's nginx, apache2, vsftpd and OpenSSH over one directory (file_servers.py says which at what port): what they
// serve is in DIRECTORY/files, uploads go to DIRECTORY/files/upload. They end with this object.
class FileServers {
 public:
  static constexpr const char* kUser = "femto";
  static constexpr const char* kPassword = "secret";

  // Returns when they take connections; throws when they do not. `options` are those of file_servers.py.
  FileServers(const netns::Namespace& home, const std::string& directory, const std::string& address,
              const std::vector<std::string>& options);
  ~FileServers();  // SIGKILL, all of them; nobody takes connections on return

 private:
  netns::Process process_;
};

}  // namespace hnbemu::test

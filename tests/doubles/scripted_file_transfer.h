#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "doubles/port_calls.h"
#include "ports/clock.h"
#include "ports/file_transfer.h"

namespace hnbemu::doubles {

// The file servers of a test's network: what they have and what they were sent, by URL.
class ScriptedFileTransfer : public FileTransfer {
 public:
  // Of one call, before all else: an error, with what has come of the file until then, or a redirect.
  struct Answer {
    std::optional<Error> error{};
    std::string part{};
    int status = 200;
    std::string location{};
  };

  explicit ScriptedFileTransfer(Clock& clock) : clock_(clock) {}
  Task<Result<FileReply>> transfer(FileRequest request, Path path, Deadline deadline) override;

  void fail(Cause cause, std::string part = {}) { script.push_back({Error{cause, "scripted", 0}, std::move(part)}); }
  void redirect(int status, std::string location) { script.push_back({{}, {}, status, std::move(location)}); }

  std::map<std::string, std::string> files;
  std::map<std::string, std::string> sent;
  std::deque<Answer> script;
  Millis time{50};  // that each call takes
  std::vector<FileRequest> requests;
  std::vector<Path> paths;
  unsigned under_way = 0;

 private:
  Result<FileReply> get(const FileRequest& request);
  Result<FileReply> put(const FileRequest& request);

  Clock& clock_;
};

}  // namespace hnbemu::doubles

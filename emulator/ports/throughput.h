#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/url.h"
#include "diagnostics/report.h"
#include "diagnostics/throughput.h"
#include "ports/path.h"
#include "ports/task.h"

namespace hnbemu {

// A TR-143 download or upload over http or ftp. Nothing is kept of what comes; what goes is zeros.
struct ThroughputRequest {
  bool upload = false;
  Url url;
  IpAddress address;  // of url.host
  std::uint8_t dscp = 0;
  std::uint64_t upload_bytes = 0;
  unsigned connections = 1;  // each moves a file of its own
  Seconds duration{0};       // 0: until the file is through; else it ends so long after BOMTime
  Seconds increment{0};      // of a time-based test: one ThroughputInterval each; 0: none
  Seconds increment_offset{0};
};

struct ThroughputOutcome {
  std::optional<diagnostics::Failure> failure{};  // none: the test was carried out
  std::string detail{};                           // of the failure, for people
  diagnostics::Throughput measured{};
};

class ThroughputTest {
 public:
  virtual ~ThroughputTest() = default;
  // Whatever a server does is an outcome, and so is a deadline that passes. Errors: resources, system, cancelled.
  virtual Task<Result<ThroughputOutcome>> run(ThroughputRequest request, Path path, Deadline deadline) = 0;
};

}  // namespace hnbemu

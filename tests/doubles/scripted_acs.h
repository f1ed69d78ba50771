#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cwmp/codec.h"
#include "doubles/port_calls.h"
#include "ports/acs_http.h"
#include "ports/clock.h"

namespace hnbemu::doubles {

// The ACSs of a test's network, by host name: each accepts the Inform, sends its requests one by one and ends the
// session.
class ScriptedAcs : public AcsHttp {
 public:
  struct Host {
    std::vector<cwmp::Body> requests;
    bool silent = false;                        // nobody answers
    int inform_status = 200;                    // an HTTP error to the Inform, if not 200
    std::optional<cwmp::Fault> inform_fault{};  // a SOAP fault to the Inform
    std::vector<cwmp::Inform> informs{};        // what arrived
    std::vector<std::string> inform_ids{};      // their cwmp:ID
    std::vector<cwmp::Body> answers{};
    std::vector<Path> paths{};  // by which they came
    std::size_t sessions_ended = 0;
  };

  ScriptedAcs(Clock& clock, PortCalls& calls) : clock_(clock), calls_(calls) {}
  Host& host(const std::string& name) { return hosts_[name]; }
  Task<Result<AcsResponse>> post(AcsRequest request, Path path, Deadline deadline) override;
  void reset() override { next_request_ = 0; }

 private:
  AcsResponse answer(Host& host, const AcsRequest& request, const Path& path);
  AcsResponse next(Host& host);

  Clock& clock_;
  PortCalls& calls_;
  std::map<std::string, Host> hosts_;
  std::size_t next_request_ = 0;
  cwmp::Version version_ = cwmp::Version::v1_0;
};

}  // namespace hnbemu::doubles

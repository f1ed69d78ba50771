#pragma once

#include <memory>
#include <optional>
#include <random>
#include <string>

#include "adapters/clock/steady_clock.h"
#include "adapters/http/curl_acs_http.h"
#include "doubles/memory_store.h"
#include "doubles/scripted_connection_requests.h"
#include "doubles/scripted_ports.h"
#include "doubles/scripted_udp.h"
#include "procedures/cwmp_session.h"

namespace hnbemu::loopback {

inline const IpAddress kLoopback = *IpAddress::parse("127.0.0.1");

// What all devices of a test have in common. Throws if the profile cannot be loaded.
struct Factory {
  explicit Factory(const std::string& profile_name);
  datamodel::DataModel make_model() const;  // of a device with the serial number 0001

  config::Profile profile;
  std::shared_ptr<const datamodel::Model> model;
  netns::Namespace home;  // the test's own
};

// The HTTP of the device itself, with less patience than it has in the field.
class Impatient : public AcsHttp {
 public:
  Impatient(AcsHttp& http, Millis patience) : http_(http), patience_(patience) {}
  Task<Result<AcsResponse>> post(AcsRequest request, Path path, Deadline deadline) override {
    const auto limit = std::min(deadline, std::chrono::steady_clock::now() + patience_);
    return http_.post(std::move(request), std::move(path), limit);
  }
  void reset() override { http_.reset(); }

 private:
  AcsHttp& http_;
  Millis patience_;
};

// A device that holds CWMP sessions by the real procedure, session engine and HTTP adapter; its other ports are
// doubles.
class LoopbackDevice {
 public:
  LoopbackDevice(boost::asio::any_io_executor executor, const Factory& factory, Url acs, http::TlsConfig tls = {},
                 Millis patience = Seconds{60});

  Task<Result<>> session(std::string event);  // one, whole
  procedures::Context& context() { return context_; }

 private:
  config::Profile profile_;
  SteadyClock clock_;
  doubles::PortCalls calls_;
  doubles::ScriptedResolver resolver_{clock_, calls_};
  doubles::ScriptedTunnel tunnel_{clock_, calls_};
  doubles::MemoryStore store_;
  doubles::ScriptedConnectionRequests connection_requests_;
  doubles::ScriptedUdp udp_;
  http::CurlAcsHttp http_;
  Impatient impatient_;
  datamodel::DataModel model_;
  cwmp::EventQueue events_;
  procedures::StepLog steps_{clock_};
  std::mt19937_64 random_{1};
  procedures::Context context_;
  procedures::Service service_;
};

}  // namespace hnbemu::loopback

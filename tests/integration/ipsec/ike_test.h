#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "adapters/ipsec/ike_tunnel.h"
#include "doubles/temporary_directory.h"
#include "integration/support/network.h"
#include "lab/pki.h"
#include "netns/point_to_point.h"

namespace hnbemu::ipsec {

inline const std::string kSegwName = "segw.test";
inline const std::string kDeviceName = "hnb-0001.test";
inline const std::string kInnerHost = "10.200.0.1";  // behind the SeGW
inline const std::string kInnerDns = "10.200.0.53";

// How the responder differs from one that serves the device.
struct Responder {
  lab::Credential credential;
  std::string name = kSegwName;
  std::string trusted_ca;  // PEM: who signs the devices' certificates
  std::string psk;         // of both sides; "": certificates
  std::string ike_proposal = "default";
  std::string local_ts = "0.0.0.0/0";
  std::string pool = "10.100.0.0/24";  // "": it assigns no addresses
  Seconds reauthentication{0};
};

// Charon as a SeGW would run it, with its vici connection.
class Segw {
 public:
  Segw(boost::asio::io_context& io, EspBackend esp);
  // A link of the device's own.
  void attach(const netns::Namespace& device, const IpAddress& device_address, const IpAddress& address);
  Charon& charon() { return *charon_; }
  const netns::Namespace& home() const { return home_; }
  const std::string& directory() const { return directory_.path(); }
  Task<Result<>> load(Responder responder);
  Task<Result<>> load_pool(std::string name, std::string addresses);
  Task<Result<vici::Section>> command(std::string name, vici::Section message);

 private:
  Task<Result<>> connect();
  netns::Namespace home_;
  doubles::TemporaryDirectory directory_;
  std::optional<Charon> charon_;
  vici::Client vici_;
};

// A device's and a SeGW's namespace with a link between them, certificates, and a SeGW that has yet to be loaded.
class IkeTest : public netns::NamespaceTest {
 protected:
  void SetUp() override;

  // Runs the task; the test fails if it does not end in time.
  template <class T>
  T run(Task<T> task) {
    std::optional<T> out;
    boost::asio::co_spawn(io_, uncancelled(std::move(task)), [&](const std::exception_ptr& error, T result) {
      if (error) std::rethrow_exception(error);
      out = std::move(result);
    });
    if (!run_until([&] { return out.has_value(); }, Seconds{60})) throw std::runtime_error("the task does not end");
    return std::move(*out);
  }
  bool run_until(const std::function<bool()>& done, Millis time);
  template <class T>
  static Task<T> uncancelled(Task<T> task) {
    co_await boost::asio::this_coro::throw_if_cancelled(false);
    co_return co_await std::move(task);
  }

  void make_second_segw();
  Responder good_responder() const;
  IkeConfig good_config() const;
  std::unique_ptr<IkeTunnel> make_tunnel(const IkeConfig& config);
  TunnelRequest request(const std::string& name = "initial", const std::string& gateway = "192.0.2.1") const;
  Result<TunnelState> establish(IkeTunnel& tunnel, const TunnelRequest& request, Millis time = Seconds{30});
  Result<> release(IkeTunnel& tunnel, const std::string& name);
  // A datagram from the inner address to the host behind the SeGW, and its answer.
  bool passes(const IpAddress& inner, const Segw& segw);
  bool passes(const IpAddress& inner) { return passes(inner, *segw_); }
  // Whether a datagram from the address, whose tunnel is gone, arrives at the host all the same.
  bool leaks(const IpAddress& inner);
  // Of the daemon in that directory.
  unsigned ike_sas(const std::string& directory);
  unsigned connections(const std::string& directory);
  std::vector<pid_t> daemons(const std::string& directory) const;
  bool becomes_free(const std::string& directory) {
    return run_until([&] { return ike_sas(directory) == 0; }, Seconds{2});
  }
  void expect_nothing_left() {
    EXPECT_EQ(connections(device_directory_.path()), 0U);
    EXPECT_TRUE(becomes_free(device_directory_.path())) << "the device still has an SA";
    EXPECT_TRUE(becomes_free(segw_->directory())) << "the SeGW still has an SA";
  }
  // A device like that gets no tunnel from a SeGW like that, and says why.
  void expect_failure(const Responder& responder, const IkeConfig& config, Cause cause);
  bool wait_for_event() {
    return run_until([&] { return !events_.empty(); }, Seconds{10});
  }

  boost::asio::io_context io_;
  std::optional<netns::Namespace> device_home_;
  EspBackend esp_ = EspBackend::user_space;
  std::optional<lab::CertificateAuthority> operator_ca_;
  std::optional<lab::CertificateAuthority> manufacturer_;
  std::optional<lab::CertificateAuthority> stranger_;
  std::optional<Segw> segw_;    // at 192.0.2.1
  std::optional<Segw> second_;  // at 192.0.2.3, if a test has made it
  doubles::TemporaryDirectory device_directory_;
  std::deque<TunnelEvent> events_;
};

}  // namespace hnbemu::ipsec

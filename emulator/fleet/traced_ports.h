#pragma once

#include <functional>
#include <string>

#include "ports/access_link.h"
#include "ports/acs_http.h"
#include "ports/resolver.h"
#include "ports/tunnel.h"

namespace hnbemu::fleet {

// Takes one entry of a device's trace: "dhcp", "dns", "ike", "soap-out" or "soap-in", and what was said, without
// secrets.
using TraceSink = std::function<void(std::string_view kind, const std::string& text)>;

// A port that does as the one behind it does, and says so.
class TracedResolver : public Resolver {
 public:
  TracedResolver(Resolver& behind, TraceSink sink) : behind_(behind), sink_(std::move(sink)) {}
  Task<Result<std::vector<IpAddress>>> resolve(std::string name, Path path, Deadline deadline) override;

 private:
  Resolver& behind_;
  TraceSink sink_;
};

class TracedAccessLink : public AccessLink {
 public:
  TracedAccessLink(AccessLink& behind, TraceSink sink) : behind_(behind), sink_(std::move(sink)) {}
  std::array<std::uint8_t, 6> hardware_address() const override { return behind_.hardware_address(); }
  Result<> open() override { return behind_.open(); }
  void close() override { behind_.close(); }
  Result<> send(const std::string& message, const IpAddress& from, const IpAddress& to) override;
  Task<Result<std::string>> receive(Deadline deadline) override;
  Result<> configure(const Prefix& address, const IpAddress& router) override {
    return behind_.configure(address, router);
  }
  Result<> deconfigure(const Prefix& address) override { return behind_.deconfigure(address); }

 private:
  AccessLink& behind_;
  TraceSink sink_;
};

class TracedTunnel : public Tunnel {
 public:
  // `on_address` is called with each new inner address, before anything uses it.
  TracedTunnel(Tunnel& behind, TraceSink sink, std::function<void(const IpAddress&)> on_address)
      : behind_(behind), sink_(std::move(sink)), on_address_(std::move(on_address)) {}
  Task<Result<TunnelState>> establish(TunnelRequest request, Deadline deadline) override;
  Task<Result<>> release(std::string name, Deadline deadline) override;
  void on_event(std::function<void(const TunnelEvent&)> handler) override;

 private:
  Tunnel& behind_;
  TraceSink sink_;
  std::function<void(const IpAddress&)> on_address_;
};

class TracedAcsHttp : public AcsHttp {
 public:
  TracedAcsHttp(AcsHttp& behind, TraceSink sink) : behind_(behind), sink_(std::move(sink)) {}
  Task<Result<AcsResponse>> post(AcsRequest request, Path path, Deadline deadline) override;
  void reset() override { behind_.reset(); }

 private:
  AcsHttp& behind_;
  TraceSink sink_;
};

}  // namespace hnbemu::fleet

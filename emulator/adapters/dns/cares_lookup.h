#pragma once

#include <boost/asio/any_io_executor.hpp>

#include "netns/namespace.h"
#include "ports/name_lookup.h"

namespace hnbemu::dns {

// The NameLookup port on c-ares, in the device's namespace. It holds no descriptor between two questions.
class CaresLookup : public NameLookup {
 public:
  // `home` outlives it. Tests ask servers on another port.
  CaresLookup(boost::asio::any_io_executor executor, const netns::Namespace& home, std::uint16_t port = 53)
      : executor_(std::move(executor)), home_(home), port_(port) {}
  Task<Result<NameAnswer>> look_up(std::string name, IpAddress server, Path path, Deadline deadline) override;
  Task<Result<std::string>> name_of(IpAddress address, Path path, Deadline deadline) override;

 private:
  boost::asio::any_io_executor executor_;
  const netns::Namespace& home_;
  std::uint16_t port_;
};

}  // namespace hnbemu::dns

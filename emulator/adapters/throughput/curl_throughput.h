#pragma once

#include <boost/asio/any_io_executor.hpp>

#include "netns/namespace.h"
#include "ports/throughput.h"

namespace hnbemu::throughput {

// The ThroughputTest port on libcurl, in the device's namespace. Nothing is held between two tests.
class CurlThroughput : public ThroughputTest {
 public:
  // `home` outlives it.
  CurlThroughput(boost::asio::any_io_executor executor, const netns::Namespace& home)
      : executor_(std::move(executor)), home_(home) {}
  Task<Result<ThroughputOutcome>> run(ThroughputRequest request, Path path, Deadline deadline) override;

 private:
  boost::asio::any_io_executor executor_;
  const netns::Namespace& home_;
};

}  // namespace hnbemu::throughput

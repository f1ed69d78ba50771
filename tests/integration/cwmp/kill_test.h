#pragma once

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "device/device.h"
#include "doubles/temporary_directory.h"
#include "loopback/listener.h"
#include "loopback/loopback_device.h"

namespace hnbemu {

// A device that is a process of its own, with its real memory, HTTP and files, and is killed at any moment; its ACS is
// the test.
class KillTest : public testing::Test {
 protected:
  static constexpr int kKills = 100;

  // When a device's life ends: so long after so many messages have come from it.
  struct End {
    unsigned messages;
    std::chrono::microseconds pause;
  };
  void live(std::optional<End> end);  // none: when nothing is owed

  // In the device's process:
  virtual std::unique_ptr<Store> watch(std::unique_ptr<Store> store) { return store; }
  virtual void keep_busy(boost::asio::io_context&, device::Device&) {}  // if its life has an end
  // In the test's:
  virtual void on_message() {}  // before it is replied to, and when the device is dead
  virtual std::string reply_to(const std::string& body) = 0;
  virtual bool owes_nothing() const = 0;

  const std::string& directory() const { return directory_.path(); }

 private:
  [[noreturn]] void be_the_device();
  void converse(int socket);
  void kill_soon();
  bool is_gone();

  const doubles::TemporaryDirectory directory_;
  loopback::Factory factory_{HNBEMU_SOURCE_DIR "/tests/conformance/henb.yaml"};
  loopback::Listener listener_;
  std::optional<End> end_;
  unsigned heard_ = 0;  // messages of this life
  Deadline last_heard_;
  pid_t device_ = -1;
  std::optional<std::jthread> killer_;
};

}  // namespace hnbemu

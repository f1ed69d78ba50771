#pragma once

#include <gmock/gmock.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <deque>
#include <optional>
#include <string>

#include "adapters/store/database.h"
#include "doubles/temporary_directory.h"

namespace hnbemu::store {

inline Deadline in(Millis time) {
  return std::chrono::steady_clock::now() + time;
}

// A directory of its own with a database in it.
class StoreTest : public testing::Test {
 protected:
  void open() {
    database_.reset();
    auto opened = Database::open(file_, Durability::process_crash);
    ASSERT_TRUE(opened) << opened.error().to_string();
    database_ = std::move(*opened);
  }
  Error error_of_open(const std::string& file) {
    const auto opened = Database::open(file, Durability::process_crash);
    EXPECT_FALSE(opened);
    return opened ? Error{} : opened.error();
  }
  Memory load(const std::string& device) {
    auto memory = database_->load(device);
    EXPECT_TRUE(memory) << memory.error().to_string();
    return memory.value_or(Memory{});
  }

  // Begun, and completed by run(). The reference stays.
  std::optional<Result<>>& start(const std::string& device, std::vector<StoreWrite> writes,
                                 Deadline deadline = in(Seconds{30})) {
    auto& outcome = outcomes_.emplace_back();
    auto& store = *stores_.emplace_back(database_->store_of(io_.get_executor(), device));
    auto done = [&outcome](const std::exception_ptr& bug, Result<> result) {
      if (bug) std::rethrow_exception(bug);
      EXPECT_FALSE(outcome) << "completed twice";
      outcome = std::move(result);
    };
    boost::asio::co_spawn(io_, store.commit(std::move(writes), deadline),
                          boost::asio::bind_cancellation_slot(cancels_.emplace_back().slot(), std::move(done)));
    return outcome;
  }
  void run() {
    io_.restart();
    io_.run_for(Seconds{40});
  }
  Result<> commit(const std::string& device, std::vector<StoreWrite> writes) {
    const auto& outcome = start(device, std::move(writes));
    run();
    EXPECT_TRUE(outcome) << "the call never completed";
    return outcome.value_or(fail(Cause::system, "never completed"));
  }

  const doubles::TemporaryDirectory temporary_;
  const std::string& directory_ = temporary_.path();
  const std::string file_ = directory_ + "/memory.db";
  boost::asio::io_context io_;
  std::deque<boost::asio::cancellation_signal> cancels_;  // one each call
  std::deque<std::optional<Result<>>> outcomes_;
  std::unique_ptr<Database> database_;
  std::vector<std::unique_ptr<Store>> stores_;
};

}  // namespace hnbemu::store

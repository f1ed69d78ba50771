#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <string>

#include "ports/store.h"

namespace hnbemu::store {

inline constexpr Seconds kCloseLimit{5};  // for what is queued, at the end

enum class Durability {
  process_crash,  // SQLite's synchronous=NORMAL: SIGKILL loses nothing, a loss of the host's power may
  power_loss,     // FULL
};

// The non-volatile memory of a fleet: one SQLite file (WAL). A thread of its own writes; commits that wait at the same
// time share one transaction. The file belongs to one process at a time.
class Database {
 public:
  // Makes the file if it is not there. Errors name the file and what to do; a file that is no memory of hnbemu, is
  // damaged or of a newer program is left as it is.
  static Result<std::unique_ptr<Database>> open(const std::string& file, Durability durability);
  ~Database();  // writes what is queued, for kCloseLimit at most

  // Blocking, for the start: all that a device remembers.
  Result<Memory> load(const std::string& device);
  // The port of one device, called on `executor`, which one thread runs. The Database outlives every call; what waits
  // in a call may go at any time.
  std::unique_ptr<Store> store_of(boost::asio::any_io_executor executor, std::string device);

 private:
  class Writer;
  class DeviceStore;
  explicit Database(std::unique_ptr<Writer> writer);
  std::unique_ptr<Writer> writer_;
};

}  // namespace hnbemu::store

#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>

#include "base/result.h"
#include "ports/store.h"

namespace hnbemu::store {

// The file itself: one connection, used by one thread at a time.
class Sqlite {
 public:
  static Result<Sqlite> open(const std::string& file, bool full_sync);

  Result<Memory> load(const std::string& device);
  Result<> begin() { return run("BEGIN IMMEDIATE"); }
  Result<> commit() { return run("COMMIT"); }
  void rollback() { static_cast<void>(run("ROLLBACK")); }
  Result<> write(const std::string& device, const StoreWrite& write);

 private:
  struct Close {
    void operator()(sqlite3* connection) const { sqlite3_close(connection); }
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Close>;

  explicit Sqlite(std::string file) : file_(std::move(file)) {}
  Result<bool> is_new();  // an error if it is not ours, damaged or newer
  Result<> prepare_file(bool make, bool full_sync);
  Result<> run(const char* sql);
  Result<int> number(const char* sql);
  Result<Statement> prepare(const char* sql);
  Error error(int code, const char* what) const;
  Error of_system(int number, int code, std::string_view detail) const;

  std::string file_;
  std::unique_ptr<sqlite3, Close> connection_;
  Statement put_;
  Statement forget_;
  Statement load_;
};

}  // namespace hnbemu::store

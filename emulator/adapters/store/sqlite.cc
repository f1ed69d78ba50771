#include "adapters/store/sqlite.h"

#include <fcntl.h>

#include <cerrno>
#include <cstring>

#include "base/unique_fd.h"

namespace hnbemu::store {
namespace {

constexpr int kApplicationId = 0x684e6265;  // "hNbe"
constexpr int kSchema = 1;

constexpr std::string_view kDiskFull = "the disk is full: make room, or use another --state-dir";
constexpr std::string_view kNotWritable = "cannot be written ({}): use another --state-dir";

constexpr const char* kCreate = R"(
  PRAGMA application_id = 0x684e6265;
  PRAGMA user_version = 1;
  CREATE TABLE memory (device TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
                       PRIMARY KEY (device, key)) WITHOUT ROWID;
)";

void bind(sqlite3_stmt* statement, int index, const std::string& text) {
  sqlite3_bind_text64(statement, index, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

std::string column(sqlite3_stmt* statement, int index) {
  const auto* const text = reinterpret_cast<const char*>(sqlite3_column_text(statement, index));
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement, index))};
}

}  // namespace

Error Sqlite::error(int code, const char* what) const {
  const auto* const detail = connection_ ? sqlite3_errmsg(connection_.get()) : sqlite3_errstr(code);
  const auto say = [&](Cause cause, std::string_view text) {
    return Error{cause, fmt::format("{}: {}", file_, text), code};
  };
  switch (code & 0xff) {
    case SQLITE_FULL:
      return say(Cause::resources, kDiskFull);
    case SQLITE_BUSY:
      return say(Cause::configuration, "another process has it open: end that one, or use another --state-dir");
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return say(Cause::system, fmt::format(kNotWritable, detail));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return say(Cause::system,
                 fmt::format("damaged, or no memory of hnbemu ({}): move it away, or 'hnbemu down --purge'", detail));
    case SQLITE_NOMEM:
      return say(Cause::resources, "no memory is left for it");
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      return of_system(connection_ ? sqlite3_system_errno(connection_.get()) : 0, code, detail);
    default:
      return say(Cause::system, fmt::format("{}: {}", what, detail));
  }
}

Error Sqlite::of_system(int number, int code, std::string_view detail) const {
  if (number == ENOSPC || number == EDQUOT) return {Cause::resources, fmt::format("{}: {}", file_, kDiskFull), code};
  if (number == EMFILE || number == ENFILE || number == ENOMEM) {
    return {Cause::resources, fmt::format("{}: {}", file_, std::strerror(number)), code};
  }
  const auto why = number == 0 ? std::string(detail) : std::string(std::strerror(number));
  return {Cause::system, fmt::format("{}: {}", file_, fmt::format(kNotWritable, why)), code};
}

Result<Sqlite> Sqlite::open(const std::string& file, bool full_sync) {
  Sqlite database(file);
  // It holds the devices' passwords. Only a new file is opened here: closing another would drop SQLite's lock on it.
  const UniqueFd made(::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!made && errno != EEXIST) return tl::unexpected(database.of_system(errno, SQLITE_CANTOPEN, "open"));
  sqlite3* connection = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &connection,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  database.connection_.reset(connection);
  if (code != SQLITE_OK) return tl::unexpected(database.error(code, "open"));
  // Until the file is known for a sound one of our own, nothing is written to it, not even a checkpoint.
  sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  const auto is_new = database.is_new();
  if (!is_new) return tl::unexpected(is_new.error());
  if (const auto ready = database.prepare_file(*is_new, full_sync); !ready) return tl::unexpected(ready.error());
  sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
  return database;
}

// Reads alone. In the exclusive mode the first read takes the lock for good.
Result<bool> Sqlite::is_new() {
  if (const auto locked = run("PRAGMA locking_mode = EXCLUSIVE"); !locked) return tl::unexpected(locked.error());
  const auto tables = number("SELECT count(*) FROM sqlite_master");
  const auto application = number("PRAGMA application_id");
  const auto schema = number("PRAGMA user_version");
  for (const auto* read : {&tables, &application, &schema}) {
    if (!*read) return tl::unexpected(read->error());
  }
  if (*tables == 0 && *application == 0 && *schema == 0) return true;
  if (*application != kApplicationId) {
    return fail(Cause::system, fmt::format("{}: a database, but no memory of hnbemu: move it away", file_));
  }
  if (*schema > kSchema) {
    return fail(Cause::system,
                fmt::format("{}: written by a newer hnbemu (schema {}, this one knows {}): use that one, "
                            "or 'hnbemu down --purge'",
                            file_, *schema, kSchema));
  }
  const auto damaged = number("SELECT count(*) FROM pragma_quick_check WHERE quick_check <> 'ok'");
  if (!damaged) return tl::unexpected(damaged.error());
  if (*damaged > 0)
    return fail(Cause::system, fmt::format("{}: damaged: move it away, or 'hnbemu down --purge'", file_));
  return false;
}

Result<> Sqlite::prepare_file(bool make, bool full_sync) {
  auto ready = run("PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 67108864; BEGIN EXCLUSIVE; COMMIT");
  if (ready) ready = run(full_sync ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
  if (!ready) return ready;
  if (make) ready = begin().and_then([this] { return run(kCreate); }).and_then([this] { return commit(); });
  if (!ready) return ready;
  for (const auto& [statement, sql] :
       {std::pair(&put_, "INSERT INTO memory VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET value = ?3"),
        std::pair(&forget_, "DELETE FROM memory WHERE device = ?1 AND key = ?2"),
        std::pair(&load_, "SELECT key, value FROM memory WHERE device = ?1")}) {
    auto prepared = prepare(sql);
    if (!prepared) return tl::unexpected(prepared.error());
    *statement = std::move(*prepared);
  }
  return {};
}

Result<> Sqlite::run(const char* sql) {
  const int code = sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return tl::unexpected(error(code, sql));
  return {};
}

Result<Sqlite::Statement> Sqlite::prepare(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(connection_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return tl::unexpected(error(code, sql));
  return Statement(statement);
}

Result<int> Sqlite::number(const char* sql) {
  auto statement = prepare(sql);
  if (!statement) return tl::unexpected(statement.error());
  const int code = sqlite3_step(statement->get());
  if (code != SQLITE_ROW) return tl::unexpected(error(code, sql));
  return sqlite3_column_int(statement->get(), 0);
}

Result<Memory> Sqlite::load(const std::string& device) {
  Memory memory;
  bind(load_.get(), 1, device);
  int code = sqlite3_step(load_.get());
  for (; code == SQLITE_ROW; code = sqlite3_step(load_.get()))
    memory.emplace(column(load_.get(), 0), column(load_.get(), 1));
  sqlite3_reset(load_.get());
  if (code != SQLITE_DONE) return tl::unexpected(error(code, "read"));
  return memory;
}

Result<> Sqlite::write(const std::string& device, const StoreWrite& write) {
  auto* const statement = write.value ? put_.get() : forget_.get();
  bind(statement, 1, device);
  bind(statement, 2, write.key);
  if (write.value) bind(statement, 3, *write.value);
  const int code = sqlite3_step(statement);
  Result<> done;
  if (code != SQLITE_DONE) done = tl::unexpected(error(code, "write"));
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  return done;
}

}  // namespace hnbemu::store

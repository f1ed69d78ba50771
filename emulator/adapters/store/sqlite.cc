#include "adapters/store/sqlite.h"

namespace hnbemu::store {
namespace {

constexpr int kApplicationId = 0x684e6265;  // "hNbe"
constexpr int kSchema = 1;

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
  const auto detail = connection_ ? sqlite3_errmsg(connection_.get()) : sqlite3_errstr(code);
  const int primary = code & 0xff;
  if (primary == SQLITE_FULL) {
    return {Cause::resources, fmt::format("{}: the disk is full: make room, or use another --state-dir", file_), code};
  }
  if (primary == SQLITE_BUSY) {
    return {Cause::configuration, fmt::format("{}: another process has it open", file_), code};
  }
  if (primary == SQLITE_READONLY || primary == SQLITE_CANTOPEN || primary == SQLITE_PERM) {
    return {Cause::system, fmt::format("{}: cannot be written ({}): use another --state-dir", file_, detail), code};
  }
  if (primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB) {
    return {
        Cause::system,
        fmt::format("{}: damaged, or no memory of hnbemu ({}): move it away, or 'hnbemu down --purge'", file_, detail),
        code};
  }
  return {Cause::system, fmt::format("{}: {}: {}", file_, what, detail), code};
}

Result<Sqlite> Sqlite::open(const std::string& file, bool full_sync) {
  Sqlite database(file);
  sqlite3* connection = nullptr;
  const int code = sqlite3_open_v2(
      file.c_str(), &connection,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  database.connection_.reset(connection);
  if (code != SQLITE_OK) return tl::unexpected(database.error(code, "open"));
  if (auto ready = database.prepare_file(full_sync); !ready) return tl::unexpected(ready.error());
  return database;
}

Result<> Sqlite::prepare_file(bool full_sync) {
  if (auto locked = run("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; BEGIN EXCLUSIVE; COMMIT"); !locked)
    return locked;
  const auto tables = number("SELECT count(*) FROM sqlite_master");
  if (!tables) return tl::unexpected(tables.error());
  if (*tables == 0) {
    auto created = begin().and_then([this] { return run(kCreate); }).and_then([this] { return commit(); });
    if (!created) return created;
  }
  const auto application = number("PRAGMA application_id");
  const auto schema = number("PRAGMA user_version");
  if (!application || !schema) return tl::unexpected((application ? schema : application).error());
  if (*application != kApplicationId) {
    return fail(Cause::system, fmt::format("{}: a database, but no memory of hnbemu: move it away", file_));
  }
  if (*schema > kSchema) {
    return fail(
        Cause::system,
        fmt::format(
            "{}: written by a newer hnbemu (schema {}, this one knows {}): use that one, or 'hnbemu down --purge'",
            file_, *schema, kSchema));
  }
  const auto damaged = number("SELECT count(*) FROM pragma_quick_check WHERE quick_check <> 'ok'");
  if (!damaged) return tl::unexpected(damaged.error());
  if (*damaged > 0) return tl::unexpected(error(SQLITE_CORRUPT, "quick_check"));
  if (auto set = run(full_sync ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL"); !set) return set;
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

#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/test_object.h"

namespace hnbemu::diagnostics {

// The end of a test that failed, in the words of the data models; each model has some of them.
enum class Failure : std::uint8_t {
  cannot_resolve_host_name,
  dns_server_not_resolved,
  no_route_to_host,
  max_hop_count_exceeded,
  init_connection_failed,
  no_response,
  transfer_failed,
  password_request_failed,
  login_failed,
  no_transfer_mode,
  no_pasv,
  no_cwd,
  no_stor,
  no_transfer_complete,
  incorrect_size,
  timeout,
  internal,
  other,
};

struct Field {
  std::string name;  // below the object or the row
  std::string value;
};

struct Table {
  std::string name;  // "RouteHops"
  std::vector<std::vector<Field>> rows;
};

// What a test ends with. Models name one thing differently: a report has all its names, and an object takes those that
// are its own.
struct Report {
  std::vector<std::string> states;  // DiagnosticsState: the first that the object may have
  std::vector<Field> values;
  std::vector<Table> tables;
};

Report failed(Failure failure);
// A test that was carried out: "Complete", in older models of TR-143 "Completed".
Report completed();

// Writes the results first and the state last. The rows of a table have the numbers 1 to n.
void write(datamodel::DataModel& model, const TestObject& object, const Report& report);
// DiagnosticsState None, results zero or Unknown Time, tables empty.
void clear(datamodel::DataModel& model, const TestObject& object);
void clear_results(datamodel::DataModel& model, const TestObject& object);

}  // namespace hnbemu::diagnostics

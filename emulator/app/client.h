#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "fleet/home.h"

namespace hnbemu::app {

// Which fleet a verb is about.
struct Where {
  std::string state_directory = fleet::kDefaultStateDirectory;
  std::string fleet;  // "": the only one that runs
};

// The fleet that is meant: `where.fleet`, else the only one that runs.
Result<fleet::Layout> find_fleet(const Where& where);

// Asks the emulator of a fleet. A refusal is an error: Cause::configuration if the request was wrong, else what it
// says.
Result<boost::json::object> ask(const Where& where, const std::string& method, const std::string& target,
                                const boost::json::object& body = {});

// {"PATH": "VALUE"} of PATH=VALUE each.
Result<boost::json::object> parse_assignments(const std::vector<std::string>& assignments);

// Prints what went wrong; gives the exit status.
int complain(const Error& error);

}  // namespace hnbemu::app

#pragma once

#include <string>
#include <string_view>

#include "cwmp/messages.h"

// The Broadband Forum's schemas of CWMP, for tests that assert that what goes over the wire is valid. The files are
// data from outside the source tree: $HNBEMU_SHARED/datamodels, by default ../shared/datamodels beside the source tree.
namespace hnbemu::test {

// Why there are none; "" if they are there.
std::string cwmp_schemas_missing();

// What is wrong with an envelope by the schema of `version`, one problem a line; "" if it is valid.
std::string cwmp_schema_errors(cwmp::Version version, std::string_view xml);

}  // namespace hnbemu::test

#define HNBEMU_NEEDS_CWMP_SCHEMAS() \
  if (const auto missing = ::hnbemu::test::cwmp_schemas_missing(); !missing.empty()) GTEST_SKIP() << missing

#pragma once

#include <string>
#include <string_view>

// Schemas of measurement files, written for the tests from what TS 32.435 and CMCC's files have in them.
namespace hnbemu::test {

// What is wrong with a file, one problem a line; "" if it is valid.
std::string measurement_file_errors(std::string_view xml, bool cmcc = false);

}  // namespace hnbemu::test

#pragma once

#include <string>

#include "tr106/document.h"

namespace hnbemu::tr106 {

// A data-model document as a text that parse_table() reads: one line for an object with its facts, its parameters
// indented below it, one line each. The head says how it was made.
std::string write_table(const Document& document);

}  // namespace hnbemu::tr106

#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "tr106/document.h"

namespace hnbemu::tr106 {

struct ImportOptions {
  std::string root;               // put before all paths: "Device.Services." for a service, "Device." for a component
  std::vector<std::string> only;  // keep what begins with one of these (with the root); empty: all
};

// Reads a data-model document of the DM schema 1.0 to 1.15 with all that it imports from its folder. A document without
// models gives its components, each as a model, but for those that its other components include. Errors are of
// Cause::configuration: file, line, what is wrong, what to do.
Result<Document> import_document(const std::filesystem::path& file, const ImportOptions& options = {});

// The document below another root (TR-106 3.2: a service stands below any …Services.).
Document with_root(Document document, const std::string& root);
// What `only` leaves of a document: the objects and parameters below it, the objects around them, the parameters that
// count their rows, and the profiles that lose nothing. Fails if one leaves nothing.
Result<Document> select(Document document, const std::vector<std::string>& only);

}  // namespace hnbemu::tr106

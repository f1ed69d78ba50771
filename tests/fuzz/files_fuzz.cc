#include <cstdlib>

#include "datamodel/model_builder.h"
#include "files/configuration.h"
#include "files/firmware.h"

// What a file server hands out: a firmware image's manifest, or a configuration file that a data model is to take.
namespace hnbemu::files {
namespace {

std::shared_ptr<const datamodel::Model> sample_model() {
  using datamodel::Type;
  datamodel::ModelBuilder builder;
  const auto must = [](const Result<>& result) {
    if (!result) std::abort();
  };
  must(builder.add_parameter({.path = "Device.Serial", .value = "0001"}));
  must(builder.add_parameter({.path = "Device.Enable", .type = Type::boolean, .writable = true}));
  must(builder.add_object({.path = "Device.Cell.{i}.", .writable = true, .max_rows = 3}));
  must(builder.add_parameter({.path = "Device.Cell.{i}.Pci", .type = Type::unsigned_int, .writable = true}));
  must(builder.add_object({.path = "Device.Cell.{i}.Carrier.{i}.", .writable = true}));
  must(builder.add_parameter({.path = "Device.Cell.{i}.Carrier.{i}.Name", .writable = true}));
  must(builder.add_row("Device.Cell.1."));
  return builder.build();
}

// A manifest that is read is written alike, but for its signature.
void check_manifest(std::string_view file) {
  const auto read = parse_manifest(file);
  if (!read) return;
  if (read->payload_begin > file.size() || manifest_text(read->manifest) != file.substr(0, read->signed_bytes))
    std::abort();
}

// All or nothing, and what is read can be written and read again.
void check_configuration(std::string_view file) {
  const auto read = parse_configuration(file);
  if (!read) return;
  const auto again = parse_configuration(to_text(*read));
  if (!again || *again != *read) std::abort();
  static const auto shared_model = sample_model();
  datamodel::DataModel model(shared_model);
  const auto before = model.settings();
  if (model.load(read->settings)) {
    const auto loaded = model.settings();
    datamodel::DataModel other(shared_model);
    if (!other.load(loaded) || other.settings() != loaded) std::abort();
  } else if (model.settings() != before) {
    std::abort();
  }
}

}  // namespace
}  // namespace hnbemu::files

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view file(reinterpret_cast<const char*>(data), size);
  hnbemu::files::check_manifest(file);
  hnbemu::files::check_configuration(file);
  return 0;
}

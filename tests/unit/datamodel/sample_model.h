#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "datamodel/data_model.h"
#include "datamodel/model_builder.h"

namespace hnbemu::datamodel {

// A small tree with every kind of member.
inline std::shared_ptr<const Model> sample_model(Typing typing = Typing::strict) {
  ModelBuilder builder(typing);
  const auto must = [](const Result<>& result) { EXPECT_TRUE(result) << result.error().to_string(); };
  Facets name_size;
  name_size.sizes = {{0, 8}};
  Facets cell_id;
  cell_id.ranges = {{Integer{}, Integer{false, 1023}}};
  Facets state;
  state.enumeration = {"Disabled", "Enabled"};
  must(builder.add_parameter({.path = "Device.DeviceInfo.SerialNumber", .value = "0001"}));
  must(builder.add_parameter({.path = "Device.DeviceInfo.UpTime", .type = Type::unsigned_int}));
  must(builder.add_parameter({.path = "Device.Mgmt.Password", .writable = true, .hidden = true, .value = "secret"}));
  must(builder.add_parameter({.path = "Device.Mgmt.Enable", .type = Type::boolean, .writable = true, .value = "1"}));
  must(builder.add_parameter({.path = "Device.Mgmt.Time", .type = Type::date_time, .writable = true}));
  must(builder.add_object({.path = "Device.Cell.{i}.", .writable = true, .max_rows = 3}));
  must(builder.add_parameter({.path = "Device.CellNumberOfEntries", .type = Type::unsigned_int}));
  must(builder.add_parameter({.path = "Device.Cell.{i}.Name", .writable = true, .facets = name_size, .value = "cell"}));
  must(builder.add_parameter(
      {.path = "Device.Cell.{i}.Pci", .type = Type::unsigned_int, .writable = true, .facets = cell_id}));
  must(builder.add_parameter({.path = "Device.Cell.{i}.State", .writable = true, .facets = state}));
  must(builder.add_object({.path = "Device.Cell.{i}.Rf.Carrier.{i}.", .writable = true}));
  must(builder.add_parameter({.path = "Device.Cell.{i}.Rf.Carrier.{i}.Power", .type = Type::int_, .writable = true}));
  must(builder.add_object({.path = "Device.Scan.{i}."}));
  must(builder.add_parameter({.path = "Device.Scan.{i}.Level", .type = Type::int_}));
  must(builder.add_row("Device.Cell.1."));
  must(builder.add_row("Device.Cell.1.Rf.Carrier.2."));
  must(builder.set_value("Device.Cell.1.Name", "first"));
  return builder.build();
}

}  // namespace hnbemu::datamodel

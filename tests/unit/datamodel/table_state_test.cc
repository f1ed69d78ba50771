#include <gtest/gtest.h>

#include <random>

#include "datamodel/data_model.h"
#include "datamodel/model_builder.h"

namespace hnbemu::datamodel {
namespace {

std::shared_ptr<const Model> model_of_tables() {
  ModelBuilder builder;
  EXPECT_TRUE(builder.add_object({.path = "Device.T.{i}.", .writable = true}));
  EXPECT_TRUE(builder.add_parameter({.path = "Device.T.{i}.A", .writable = true}));
  EXPECT_TRUE(builder.add_object({.path = "Device.T.{i}.U.{i}.", .writable = true}));
  EXPECT_TRUE(builder.add_parameter({.path = "Device.T.{i}.U.{i}.B", .writable = true}));
  for (const auto* const row : {"Device.T.1.", "Device.T.2.", "Device.T.2.U.1."}) EXPECT_TRUE(builder.add_row(row));
  return builder.build();
}

std::string names_of(const DataModel& model) {
  std::string all;
  const auto names = model.names("Device.", false).value();
  for (const auto& name : names) all += name.path + "\n";
  return all;
}

// A device that remembers its tables is the device that it was, down to the next instance number.
TEST(TableState, WhenRowsCameAndWentAtRandom_ThenARestoredModelIsTheSame) {
  std::mt19937 random(7);
  for (int round = 0; round < 100; ++round) {
    DataModel model(model_of_tables());
    std::vector<std::string> tables{"Device.T."};
    for (int step = 0; step < 30; ++step) {
      const auto state = *model.table_state("Device.T.");
      const auto& rows = state.rows;
      const auto some = rows.empty() ? 1 : rows[random() % rows.size()];
      switch (random() % 4) {
        case 0:
          model.add_object("Device.T.");
          break;
        case 1:
          model.delete_object(fmt::format("Device.T.{}.", some));
          break;
        default:
          model.add_object(fmt::format("Device.T.{}.U.", some));
      }
    }
    const auto last = *model.table_state("Device.T.");
    for (const auto row : last.rows) tables.push_back(fmt::format("Device.T.{}.U.", row));

    DataModel restored(model_of_tables());
    for (const auto& table : tables) EXPECT_TRUE(restored.restore_table(table, *model.table_state(table)));
    EXPECT_EQ(names_of(restored), names_of(model));
    EXPECT_EQ(restored.add_object("Device.T.").value(), model.add_object("Device.T.").value());
  }
}

TEST(TableState, WhenTheStateIsNotPossible_ThenItIsRefused) {
  DataModel model(model_of_tables());
  const auto before = names_of(model);
  EXPECT_FALSE(model.restore_table("Device.None.", {1, {1}}));
  EXPECT_FALSE(model.restore_table("Device.T.1.", {1, {1}}));
  EXPECT_FALSE(model.restore_table("Device.T.", {2, {2, 1}}));
  EXPECT_FALSE(model.restore_table("Device.T.", {2, {1, 1}}));
  EXPECT_FALSE(model.restore_table("Device.T.", {1, {1, 2}}));
  EXPECT_FALSE(model.restore_table("Device.T.", {1, {0}}));
  EXPECT_EQ(names_of(model), before);
}

}  // namespace
}  // namespace hnbemu::datamodel

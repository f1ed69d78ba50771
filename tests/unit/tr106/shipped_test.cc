#include <gtest/gtest.h>

#include "published.h"
#include "tr106/import.h"
#include "tr106/specs.h"
#include "tr106/table_reader.h"
#include "tr106/table_writer.h"
#include "tr106/text_file.h"

namespace hnbemu::tr106 {
namespace {

constexpr auto kModels = HNBEMU_SOURCE_DIR "/profiles/models";

std::vector<std::filesystem::path> tables() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(kModels)) {
    if (entry.path().extension() == ".table") files.push_back(entry.path());
  }
  return files;
}

TEST(Shipped, WhenTablesAreRead_ThenEachMakesAModel) {
  const auto files = tables();
  ASSERT_GE(files.size(), 9u);
  for (const auto& file : files) {
    const auto table = load_table(file);
    ASSERT_TRUE(table) << table.error().detail;
    datamodel::ModelBuilder builder;
    const auto added = add_to(builder, in_device(*table));
    ASSERT_TRUE(added) << file << ": " << added.error().detail;
    const auto good = builder.check();
    EXPECT_TRUE(good) << file << ": " << good.error().detail;
    EXPECT_GT(builder.build()->parameter_count(), 100u) << file;
  }
}

TEST(Shipped, WhenWhatATableSaysIsImportedAgain_ThenItIsTheTable) {
  if (published(".xml").empty()) GTEST_SKIP() << kMissing;
  for (const auto& file : tables()) {
    const auto table = load_table(file);
    ASSERT_TRUE(table) << table.error().detail;
    const auto document = import_document(published_folder() / table->source, {table->root, table->only});
    ASSERT_TRUE(document) << document.error().detail;
    EXPECT_TRUE(*document == *table) << file;
    EXPECT_EQ(write_table(*document), *read_text_file(file, kMaxTableBytes)) << file;
  }
}

}  // namespace
}  // namespace hnbemu::tr106

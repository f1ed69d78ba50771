#include "hms/measurement_files.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "device_double.h"
#include "doubles/temporary_directory.h"

namespace hnbemu::hms {
namespace {

using testing::ElementsAre;

struct MeasurementFilesTest : testing::Test {
  ~MeasurementFilesTest() override { std::filesystem::remove_all(directory); }
  int put(const std::string& target, const std::string& method = "PUT") {
    HttpRequest request;
    request.method = method;
    request.target = target;
    request.body = "<x/>";
    return hms.handle(request).status;
  }

  const doubles::TemporaryDirectory temporary;
  const std::string& directory = temporary.path();
  MeasurementFiles files{directory};
  Hms hms{[this] {
    auto config = config_of(Role::serving);
    config.measurement_files = &files;
    return config;
  }()};
};

TEST_F(MeasurementFilesTest, WhenAFileComes_ThenItIsThereUnderItsName) {
  EXPECT_EQ(put("/pm/A20260601.1400+0000-1415+0000_-1_02A1B2-1.xml"), 201);
  EXPECT_EQ(put("/pm/B.xml", "POST"), 201);
  EXPECT_EQ(put("/pm/B.xml"), 204);
  EXPECT_THAT(files.names(), ElementsAre("A20260601.1400+0000-1415+0000_-1_02A1B2-1.xml", "B.xml"));
  EXPECT_EQ(std::filesystem::file_size(directory + "/B.xml"), 4u);
  EXPECT_TRUE(hms.journal().violations().empty());
}

TEST_F(MeasurementFilesTest, WhenTheNameLeadsElsewhere_ThenItIsRefused) {
  for (const auto* const name : {"", "..", "../x", "a/b", ".hidden", "a%2fb", "a b", "a?b"}) {
    EXPECT_EQ(put(std::string("/pm/") + name), 400) << name;
  }
  EXPECT_EQ(put("/pm/" + std::string(300, 'x')), 400);
  EXPECT_EQ(put("/cwmp"), 405);
  EXPECT_TRUE(files.names().empty());
}

TEST_F(MeasurementFilesTest, WhenTheDiskFails_ThenTheDeviceIsTold) {
  std::filesystem::remove_all(directory);
  EXPECT_EQ(put("/pm/A.xml"), 507);
}

TEST_F(MeasurementFilesTest, WhenThereAreTooMany_ThenTheOldestGo) {
  MeasurementFiles names{""};
  HttpRequest request;
  for (std::size_t i = 0; i < MeasurementFiles::kMaxFiles + 3; ++i) {
    request.target = fmt::format("/pm/{}", i);
    names.receive(request);
  }
  EXPECT_EQ(names.names().size(), MeasurementFiles::kMaxFiles);
  EXPECT_EQ(names.names().front(), "3");
}

}  // namespace
}  // namespace hnbemu::hms

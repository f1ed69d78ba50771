#include "tr106/reference_path.h"

#include <gtest/gtest.h>

#include "folder.h"
#include "tr106/document.h"
#include "tr106/file_version.h"

namespace hnbemu::tr106 {
namespace {

TEST(ReferencePath, WhenTargetIsRelative_ThenItMeansAPlaceAroundTheObject) {
  EXPECT_EQ(resolve_reference("Device.IP.Interface.{i}.", "IPv4Address.", true),
            "Device.IP.Interface.{i}.IPv4Address.");
  EXPECT_EQ(resolve_reference("Device.IP.Interface.{i}.", "#.Diagnostics.", true), "Device.IP.Diagnostics.");
  EXPECT_EQ(resolve_reference("Device.IP.Interface.{i}.", ".Ethernet.Link.", true), "Device.Ethernet.Link.");
  EXPECT_EQ(resolve_reference("Device.IP.", "Device.DNS.", true), "Device.DNS.");
}

TEST(ReferencePath, WhenServiceRefersToAnother_ThenThatStandsBesideIt) {
  EXPECT_EQ(resolve_reference("FAPService.{i}.A.", ".Services.VoiceService.{i}.", true), "VoiceService.{i}.");
  EXPECT_EQ(resolve_reference("FAPService.{i}.A.", ".B.", true), "FAPService.{i}.B.");
}

TEST(ReferencePath, WhenTargetIsAboveAComponent_ThenItStays) {
  EXPECT_EQ(resolve_reference("FAP.", "##.Other.", false), "##.Other.");
  EXPECT_EQ(resolve_reference("FAP.Tunnel.", ".Other.", false), ".Other.");
}

TEST(ReferencePath, WhenPathIsLegal_ThenItIsNamesWithInstancesBehindThem) {
  for (const char* good : {"", "A.", "A.{i}.", "A.{i}.B-1_x.{i}."}) EXPECT_TRUE(legal_object_path(good)) << good;
  for (const char* bad : {"A", ".", "A..", "{i}.", "A.{i}.{i}.", "A.{j}.", "A b."})
    EXPECT_FALSE(legal_object_path(bad)) << bad;
  EXPECT_FALSE(legal_object_path(std::string(300, 'a') + "."));
}

TEST(ParentPath, WhenObjectIsATable_ThenItsRowMarkGoesWithIt) {
  EXPECT_EQ(parent_path("Device.IP.Interface.{i}."), "Device.IP.");
  EXPECT_EQ(parent_path("Device."), "");
  EXPECT_EQ(parent_path(""), "");
}

TEST(FileVersion, WhenNumbersAreMissing_ThenTheHighestWithThatLabelIsMeant) {
  Folder folder;
  const auto path = folder.file("tr-1-2-9-0.xml", "").parent_path();
  for (const char* name : {"tr-1-2-10-0.xml", "tr-1-2-11-0-full.xml", "tr-12-2-0.xml", "tr-1-3-0.xml"})
    folder.file(name, "");
  EXPECT_EQ(matching_file(path, "tr-1-2.xml"), "tr-1-2-10-0.xml");
  EXPECT_EQ(matching_file(path, "tr-1-2-9.xml"), "tr-1-2-9-0.xml");
  EXPECT_EQ(matching_file(path, "tr-1-full.xml"), "tr-1-2-11-0-full.xml");
  EXPECT_EQ(matching_file(path, "tr-2.xml"), std::nullopt);
  EXPECT_EQ(matching_file(path, "other.xml"), std::nullopt);
}

}  // namespace
}  // namespace hnbemu::tr106

#include "tr106/import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "folder.h"
#include "tr106/expansion.h"
#include "tr106/table_reader.h"
#include "tr106/table_writer.h"
#include "tr106/text_file.h"

namespace hnbemu::tr106 {
namespace {

using ::testing::HasSubstr;

const std::filesystem::path kData = HNBEMU_SOURCE_DIR "/tests/unit/tr106/data";

std::string error_of(const Result<Document>& result) {
  return result ? "no error" : result.error().detail;
}

Document imported(const std::filesystem::path& file, const ImportOptions& options = {}) {
  auto document = import_document(file, options);
  EXPECT_TRUE(document) << error_of(document);
  return document ? std::move(*document) : Document{};
}

std::vector<std::string> paths(const Document& document) {
  std::vector<std::string> all;
  for (const auto& model : document.models) {
    for (const auto& object : model.objects) {
      all.push_back(object.path);
      for (const auto& parameter : object.parameters) all.push_back(object.path + parameter.name);
    }
  }
  return all;
}

TEST(Import, WhenDocumentHasAllThatTheSchemaHas_ThenTableIsTheGoldenOne) {
  const auto golden = read_text_file(kData / "tr-900-1-1-0.table", kMaxTableBytes);
  ASSERT_TRUE(golden) << golden.error().detail;
  EXPECT_EQ(write_table(imported(kData / "tr-900-1-1-0.xml")), *golden);
}

TEST(Import, WhenTableIsRead_ThenDocumentIsTheImportedOne) {
  const auto document = imported(kData / "tr-900-1-1-0.xml", {.root = "Device.Services.", .only = {}});
  const auto read = parse_table(write_table(document), "table");
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_TRUE(*read == document) << write_table(*read);
}

TEST(Import, WhenOnlySomePathsAreWanted_ThenTheyStayWithWhatCountsThem) {
  const auto document = imported(kData / "tr-900-1-1-0.xml",
                                 {.root = "Device.Services.", .only = {"Device.Services.Thing.{i}.Part.{i}.Name"}});
  EXPECT_THAT(paths(document),
              testing::ElementsAre("Device.Services.", "Device.Services.ThingNumberOfEntries",
                                   "Device.Services.Thing.{i}.", "Device.Services.Thing.{i}.PartNumberOfEntries",
                                   "Device.Services.Thing.{i}.Part.{i}.", "Device.Services.Thing.{i}.Part.{i}.Name"));
  EXPECT_TRUE(document.types.empty());
  EXPECT_TRUE(document.models.front().profiles.empty());
}

TEST(Import, WhenOnlyNamesNothing_ThenErrorNamesIt) {
  EXPECT_EQ(error_of(import_document(kData / "tr-900-1-1-0.xml", {.root = "", .only = {"Thing.{i}.Prat."}})),
            "tr-900-1-1-0.xml: nothing begins with 'Thing.{i}.Prat.'");
}

TEST(Import, WhenRootIsNoObject_ThenErrorSaysHowToWriteIt) {
  EXPECT_THAT(error_of(import_document(kData / "tr-900-1-1-0.xml", {.root = "Device.Services", .only = {}})),
              HasSubstr("the root ends in '.'"));
}

TEST(Import, WhenRootIsGiven_ThenReferencesMeanTheSame) {
  const auto document = imported(kData / "tr-900-1-1-0.xml", {.root = "Device.Services.", .only = {}});
  const auto table = write_table(document);
  EXPECT_THAT(table, HasSubstr("BestPart: string rw ref(strong row Device.Services.Thing.{i}.Part.)"));
  EXPECT_THAT(table, HasSubstr("ref(weak row Device.IP.Interface. Device.PPP.Interface.)"));
}

TEST(Import, WhenDocumentHasComponentsAlone_ThenEachThatNoOtherIncludesIsAModel) {
  Folder folder;
  const auto file = folder.document("tr-1-1-0.xml", R"(
    <component name="Inner"><object name="Inner."><parameter name="A"><syntax><boolean/></syntax></parameter></object></component>
    <component name="Outer"><object name="Outer."><component ref="Inner"/></object></component>)");
  EXPECT_THAT(paths(imported(file)), testing::ElementsAre("Outer.", "Outer.Inner.", "Outer.Inner.A"));
}

TEST(Import, WhenImportNamesAModelWithoutItsCorrigendum_ThenTheHighestIsMeant) {
  Folder folder;
  folder.document("tr-1-1-0-2-base.xml", R"(<model name="M:1.0.9"><object name="Old."/></model>
                                            <model name="M:1.0.10"><object name="New."/></model>)");
  folder.document("tr-1-1-0-1-base.xml", R"(<model name="M:1.0"><object name="Wrong."/></model>)");
  folder.document("tr-1-1-0-3-other.xml", R"(<model name="M:1.0"><object name="Wrong."/></model>)");
  const auto file = folder.document("tr-1-1-1.xml", R"(<import file="tr-1-1-0-base.xml"><model name="M:1.0"/></import>
                                                       <model name="M:1.1" base="M:1.0"/>)");
  EXPECT_THAT(paths(imported(file)), testing::ElementsAre("New."));
}

TEST(Import, WhenTypeIsUsedButNotImported_ThenAnImportedDocumentSuppliesIt) {
  Folder folder;
  folder.document("tr-1-types.xml", R"(<dataType name="T"><int/></dataType><dataType name="U"><int/></dataType>)");
  const auto file = folder.document("tr-2-1-0.xml", R"(
    <import file="tr-1-types.xml"><dataType name="U"/></import>
    <model name="M:1.0"><object name="A."><parameter name="P"><syntax><dataType ref="T"/></syntax></parameter></object></model>)");
  EXPECT_EQ(imported(file).models[0].objects[0].parameters[0].syntax.item.base, BaseType::int_);
}

struct Wrong {
  const char* name;
  const char* elements;
  const char* error;
};

class WrongDocument : public testing::TestWithParam<Wrong> {};

TEST_P(WrongDocument, WhenImported_ThenErrorNamesFileLineAndCause) {
  Folder folder;
  EXPECT_THAT(error_of(import_document(folder.document("tr-1-1-0.xml", GetParam().elements))),
              HasSubstr(GetParam().error));
}

INSTANTIATE_TEST_SUITE_P(
    Import, WrongDocument,
    testing::Values(
        Wrong{"broken", "<model name='M:1.0'", "tr-1-1-0.xml:3: Error parsing start element tag; mend the XML"},
        Wrong{"empty", "", "tr-1-1-0.xml: defines no model and no component"},
        Wrong{"missing_import",
              "<import file='tr-9-1.xml'><model name='B:1'/></import>\n<model name='M:1' base='B:1'/>",
              "tr-1-1-0.xml:2: imports 'tr-9-1.xml', and no version of it is in "},
        Wrong{"not_imported", "<model name='M:1' base='B:1'/>", "2: model 'B:1' is neither defined nor imported"},
        Wrong{"own_base", "<model name='M:1' base='M:1'/>", "nested deeper than 64; does it include itself?"},
        Wrong{"own_component",
              "<component name='C'><object name='A.'><component ref='C'/></object></component>\n"
              "<model name='M:1'><component ref='C'/></model>",
              "does it include itself?"},
        Wrong{"own_type",
              "<dataType name='T' base='T'/>\n<model name='M:1'><object name='A.'><parameter name='P'>\n"
              "<syntax><dataType ref='T'/></syntax></parameter></object></model>",
              "'T' derives through more than 32 types"},
        Wrong{"object_twice", "<model name='M:1'><object name='A.'/>\n<object name='A.'/></model>",
              "tr-1-1-0.xml:3: A. is defined twice"},
        Wrong{"no_base", "<model name='B:1'/>\n<model name='M:1' base='B:1'><object base='A.'/></model>",
              "3: A. is to be modified, but nothing defines it"},
        Wrong{"path", "<model name='M:1'><object name='A b.'/></model>", "2: 'A b.' is no path of an object"},
        Wrong{"access", "<model name='M:1'><object name='A.' access='sometimes'/></model>",
              "2: access='sometimes' means nothing here"},
        Wrong{"range",
              "<model name='M:1'><object name='A.'><parameter name='P'><syntax><int>\n<range minInclusive='ten'/></int>"
              "</syntax></parameter></object></model>",
              "3: minInclusive='ten' is no number"},
        Wrong{"control_character",
              "<model name='M:1'><object name='A.'><parameter name='P'><syntax><string>\n<pattern value='a&#10;b'/>"
              "</string></syntax></parameter></object></model>",
              "3: value holds a control character"}),
    [](const auto& test) { return test.param.name; });

TEST(Import, WhenDocumentsImportEachOtherInACircle_ThenErrorSaysSo) {
  Folder folder;
  const auto one = folder.document("tr-1-1-0.xml", R"(<import file="tr-2-1-0.xml"><model name="B:1"/></import>
                                                      <model name="M:1" base="B:1"/>)");
  folder.document("tr-2-1-0.xml", R"(<import file="tr-1-1-0.xml"><model name="B:1"/></import>)");
  EXPECT_THAT(error_of(import_document(one)), HasSubstr("goes round in a circle"));
}

TEST(Import, WhenComponentsMultiply_ThenTheyAreBounded) {
  Folder folder;
  std::string components = "<component name='C0'><object name='A.'/></component>";
  for (int i = 1; i < 40; ++i) {
    components += fmt::format("<component name='C{}'>", i);
    for (const char* path : {"X.", "Y."})
      components += fmt::format("<component path='{}' ref='C{}'/>", i % 8 == 0 ? path : "", i - 1);
    components += "</component>";
  }
  const auto document = import_document(folder.document("tr-1-1-0.xml", components));
  EXPECT_FALSE(document);
}

struct Dtd {
  const char* name;
  std::string subset;
};

class WrongDtd : public testing::TestWithParam<Dtd> {};

TEST_P(WrongDtd, WhenDocumentHasIt_ThenItIsRefused) {
  Folder folder;
  const auto file = folder.file("tr-1-1-0.xml", fmt::format("<!DOCTYPE d {}><dm:document/>", GetParam().subset));
  EXPECT_THAT(error_of(import_document(file)), HasSubstr("tr-1-1-0.xml: the DTD"));
}

std::string many_entities() {
  std::string subset = "[";
  for (int i = 0; i < 100; ++i) subset += fmt::format("<!ENTITY e{} 'x'>", i);
  return subset + "]";
}

INSTANTIATE_TEST_SUITE_P(Import, WrongDtd,
                         testing::Values(Dtd{"external", "SYSTEM 'file:///etc/passwd'"},
                                         Dtd{"external_entity", "[<!ENTITY e SYSTEM 'file:///etc/passwd'>]"},
                                         Dtd{"parameter_entity", "[<!ENTITY % e 'x'>]"},
                                         Dtd{"nested", "[<!ENTITY a 'xx'><!ENTITY b '&a;&a;'>]"},
                                         Dtd{"element", "[<!ELEMENT a ANY>]"}, Dtd{"open", "[<!ENTITY a 'x'>"},
                                         Dtd{"many", many_entities()},
                                         Dtd{"long", "[<!ENTITY a '" + std::string(5000, 'x') + "'>]"}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace hnbemu::tr106

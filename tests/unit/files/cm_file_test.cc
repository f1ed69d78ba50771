#include "files/cm_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "files/gunzip.h"

// TS 32.584, TS 32.594: what is in a configuration data file.
namespace hnbemu::files {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Result<CmFile> read(const std::string& text) {
  std::istringstream stream(text);
  return read_cm_file(stream);
}

std::string error_of(const std::string& text) {
  const auto file = read(text);
  return file ? "" : file.error().detail;
}

// A file with this in its object tree.
std::string with(const std::string& tree) {
  return "<configDataFile><fileHeader fileFormatVersion=\"32.594 V14.0.0\" vendorName=\"V\"/><configData>"
         "<managedElement OUI=\"02A1B2\" ProductClass=\"P\" localDn=\"S1\"/>" +
         tree + "</configData><fileFooter dateTime=\"2026-01-01T00:00:00Z\"/></configDataFile>";
}

std::string gzip(const std::string& text) {
  std::string out(text.size() + 1000, '\0');
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

CmFile sample() {
  CmFile file{"32.594 V14.0.0",      "V & Co", "02A1B2", "P", "SubNetwork=1,ManagedElement=S1", "2.3", "1.0",
              "2026-01-01T00:00:00Z"};
  file.rows = {"Device.Services.FAPService.1.", "Device.Services.FAPService.1.List.12."};
  file.parameters = {{"Device.Services.FAPService.1.AdminState", "1"},
                     {"Device.Services.FAPService.1.List.12.Name", " <a> & \"b\"\n\xC3\xA9 "},
                     {"Device.Time.LocalTimeZone", ""}};
  return file;
}

TEST(CmFile, WhenWritten_ThenItIsReadAsItWas) {
  const auto text = to_xml(sample());
  const auto file = read(text);
  ASSERT_TRUE(file) << file.error().detail << text;
  const auto expected = sample();
  EXPECT_EQ(file->parameters, expected.parameters);
  EXPECT_EQ(file->local_dn, expected.local_dn);
  EXPECT_EQ(file->vendor_name, expected.vendor_name);
  EXPECT_EQ(std::set(file->rows.begin(), file->rows.end()), std::set(expected.rows.begin(), expected.rows.end()));
}

TEST(CmFile, WhenPackedWithGzip_ThenItIsReadAlike) {
  const auto plain = read(to_xml(sample()));
  const auto packed = read(gzip(to_xml(sample())));
  ASSERT_TRUE(packed) << packed.error().detail;
  EXPECT_EQ(*packed, *plain);
  const auto text = to_xml(sample());
  const auto in_two = read(gzip(text.substr(0, 100)) + gzip(text.substr(100)));  // RFC 1952 2.2
  ASSERT_TRUE(in_two) << in_two.error().detail;
  EXPECT_EQ(*in_two, *plain);
}

TEST(CmFile, WhenItHasNamespacesCommentsAndALayout_ThenTheyDoNotMatter) {
  const auto file = read(
      "\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<!-- of mine -->\n"
      "<c:configDataFile xmlns:c=\"http://www.3gpp.org/ftp/specs/archive/32_series/32.594#configData\">\n"
      " <c:fileHeader fileFormatVersion=\"1\"/>\n <c:configData>\n"
      "  <c:managedElement OUI=\"02A1B2\" ProductClass=\"P\" localDn=\"\"><c:Device>\n"
      "   <c:A index=\"3\"><!-- x --><c:B>1</c:B>\n </c:A><c:Empty/>\n"
      "  </c:Device></c:managedElement>\n </c:configData>\n <c:fileFooter dateTime=\"\"/>\n</c:configDataFile>\n");
  ASSERT_TRUE(file) << file.error().detail;
  EXPECT_THAT(file->rows, ElementsAre("Device.A.3."));
  EXPECT_THAT(file->parameters,
              ElementsAre(datamodel::Setting{"Device.A.3.B", "1"}, datamodel::Setting{"Device.Empty", ""}));
}

TEST(CmFile, WhenItIsDamaged_ThenTheErrorSaysWhereAndWhat) {
  const auto whole = with("<Device><A>1</A></Device>");
  ASSERT_EQ(error_of(whole), "");
  std::string deep;
  for (int i = 0; i < 60; ++i) deep += "<a>";
  std::string many;
  for (int i = 0; i < 60'000; ++i) many += "<a/>";
  std::string long_path;
  for (int i = 0; i < 30; ++i) long_path += "<ANameOfTwentyLetters>";
  const std::pair<std::string, const char*> bogus[] = {
      {"", "no element found"},
      {"<html><body/></html>", "'html' is no configDataFile"},
      {whole.substr(0, whole.size() / 2), "CM file, line 1"},
      {whole + "<more/>", "junk after document element"},
      {"<!DOCTYPE x [<!ENTITY a \"b\">]>" + whole, "a document type is not allowed"},
      {with("<Device>words<A>1</A></Device>"), "text between elements"},
      {with("<Device><A>1</A>words</Device>"), "text between elements"},
      {with("<Device><A index=\"1\">words</A></Device>"), "text between elements"},
      {with("<Device><A index=\"0\"/></Device>"), "'0' is no index"},
      {with("<Device><A index=\"\"/></Device>"), "'' is no index"},
      {with("<managedElement/>"), "a second managedElement"},
      {with(deep), "nested deeper than 48"},
      {with(many), "more than 50000 elements"},
      {with(long_path), "a path of more than 256 characters"},
      {with("<Device><A b=\"" + std::string(100'000, 'x') + "\"/></Device>"), "a tag or comment of more than"},
      {with("<Device><A>" + std::string(2'000'000, 'x') + "</A></Device>"), "a text of more than"},
      {with("<Device>&nothing;</Device>"), "undefined entity"},
      {std::string(5'000'000, ' ') + whole, "more than 4194304 bytes"},
      {"<configDataFile><fileHeader/><configData/></configDataFile>", "no fileFooter"},
      {"<configDataFile><configData/><fileFooter/></configDataFile>", "whose it is"},
      {"<configDataFile><other/></configDataFile>", "unknown element 'other'"}};
  for (const auto& [text, why] : bogus) EXPECT_THAT(error_of(text), HasSubstr(why)) << text.substr(0, 80);
  EXPECT_THAT(error_of("<configDataFile>\n<x"), HasSubstr("line 2"));
}

TEST(CmFile, WhenTheGzipIsDamaged_ThenItIsRefused) {
  const auto packed = gzip(with("<Device><A>1</A></Device>"));
  ASSERT_EQ(error_of(packed), "");
  EXPECT_THAT(error_of(packed.substr(0, packed.size() - 4)), HasSubstr("truncated"));
  auto flipped = packed;
  flipped[packed.size() / 2] = static_cast<char>(flipped[packed.size() / 2] ^ 0x10);
  EXPECT_NE(error_of(flipped), "");
  EXPECT_THAT(error_of(packed + "tail"), HasSubstr("damaged"));
  std::string comments;
  for (int i = 0; i < 600; ++i) comments += "<!--" + std::string(10'000, 'x') + "-->";
  EXPECT_THAT(error_of(gzip(with(comments))), HasSubstr("too large when it is unpacked"));
}

TEST(CmFile, WhenItIsSomethingElse_ThenItsBeginningSaysSo) {
  for (const auto* const text : {"<configDataFile>", "\xEF\xBB\xBF<?xml", "\n <x", "\x1F\x8B\x08"})
    EXPECT_TRUE(is_cm_file(text));
  for (const auto* const text : {"", "hnbemu vendor configuration 1", " ", "PK"}) EXPECT_FALSE(is_cm_file(text));
}

// A vendor's own, kept outside the project.
TEST(CmFile, WhenAVendorsSampleIsRead_ThenItsParametersAreThere) {
  const char* const given = std::getenv("HNBEMU_SHARED");
  const std::filesystem::path shared = given != nullptr ? given : HNBEMU_SOURCE_DIR "/../shared";
  std::ifstream stream(shared / "datamodels/samples/commscope-32594-configData-0005B9423910.xml", std::ios::binary);
  if (!stream) GTEST_SKIP() << "no shared samples";
  const auto file = read_cm_file(stream);
  ASSERT_TRUE(file) << file.error().detail;
  EXPECT_EQ(file->oui, "0005B9");
  EXPECT_EQ(file->local_dn, "0005B9423910");
  EXPECT_THAT(file->parameters, testing::Contains(datamodel::Setting{
                                    "Device.Services.FAPService.1.CellConfig.LTE.EPC.PLMNList.1.PLMNID", "302650"}));
  EXPECT_THAT(file->parameters, testing::Contains(datamodel::Setting{"Device.Time.LocalTimeZone", "IST+5:30"}));
}

}  // namespace
}  // namespace hnbemu::files

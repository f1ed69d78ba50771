#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>

#include <filesystem>
#include <map>
#include <memory>

#include "published.h"
#include "tr106/import.h"
#include "tr106/parameter_line.h"
#include "tr106/specs.h"
#include "tr106/table_reader.h"
#include "tr106/table_writer.h"

namespace hnbemu::tr106 {
namespace {

class Xml {
 public:
  explicit Xml(const std::filesystem::path& file)
      : document_(xmlReadFile(file.c_str(), nullptr, XML_PARSE_NONET), xmlFreeDoc),
        context_(xmlXPathNewContext(document_.get()), xmlXPathFreeContext) {}
  std::size_t count(const std::string& path) const {
    const std::unique_ptr<xmlXPathObject, void (*)(xmlXPathObject*)> result(
        xmlXPathEvalExpression(BAD_CAST fmt::format("count({})", path).c_str(), context_.get()), xmlXPathFreeObject);
    return result == nullptr ? 0 : static_cast<std::size_t>(result->floatval);
  }

 private:
  std::unique_ptr<xmlDoc, void (*)(xmlDoc*)> document_;
  std::unique_ptr<xmlXPathContext, void (*)(xmlXPathContext*)> context_;
};

TEST(Published, WhenDocumentDefinesModelsOrComponents_ThenItImportsAndItsTableSaysTheSame) {
  const auto names = published(".xml");
  if (names.empty()) GTEST_SKIP() << kMissing;
  std::size_t imported = 0;
  for (const auto& name : names) {
    if (Xml(published_folder() / name).count("/*/model | /*/component") == 0) continue;
    const auto document = import_document(published_folder() / name);
    ++imported;
    ASSERT_TRUE(document) << document.error().detail;
    const auto table = parse_table(write_table(*document), name);
    ASSERT_TRUE(table) << table.error().detail;
    EXPECT_TRUE(*table == *document) << name << ": the table says something else";
  }
  EXPECT_GT(imported, 0u);
}

TEST(Published, WhenDocumentIsFull_ThenCountsAreThoseOfXPath) {
  const auto names = published("-full.xml");
  if (names.empty()) GTEST_SKIP() << kMissing;
  for (const auto& name : names) {
    const auto document = import_document(published_folder() / name);
    ASSERT_TRUE(document) << document.error().detail;
    std::size_t objects = 0, parameters = 0;
    for (const auto& model : document->models) {
      for (const auto& object : model.objects) {
        objects += object.path.empty() ? 0 : 1;
        parameters += object.parameters.size();
      }
    }
    const Xml xml(published_folder() / name);
    EXPECT_EQ(objects, xml.count("/*/model/object[not(@status='deleted')]")) << name;
    EXPECT_EQ(parameters, xml.count("/*/model/object[not(@status='deleted')]/parameter[not(@status='deleted')] | "
                                    "/*/model/parameter[not(@status='deleted')]"))
        << name;
  }
}

TEST(Published, WhenDocumentIsFull_ThenItMakesAModel) {
  const auto names = published("-full.xml");
  if (names.empty()) GTEST_SKIP() << kMissing;
  for (const auto& name : names) {
    const auto document = import_document(published_folder() / name);
    ASSERT_TRUE(document) << document.error().detail;
    datamodel::ModelBuilder builder;
    const auto added = add_to(builder, in_device(*document));
    EXPECT_TRUE(added) << name << ": " << added.error().detail;
    const auto good = builder.check();
    EXPECT_TRUE(good) << name << ": " << good.error().detail;
  }
}

// The forum's own flat forms keep another order, drop the line ends in values and give profiles' parts their objects.
std::string fact(const Object& object) {
  Document document;
  document.models.emplace_back().objects.push_back(object);
  document.models[0].objects[0].parameters.clear();
  return write_table(document);
}

std::map<std::string, std::string> facts(Document document) {
  std::map<std::string, std::string> all;
  for (auto& object : document.models.at(0).objects) {
    if (!object.path.empty()) all[object.path] = fact(object);
    for (auto& parameter : object.parameters) {
      auto& values = parameter.syntax.item.enumeration;
      std::sort(values.begin(), values.end(), [](const auto& a, const auto& b) { return a.value < b.value; });
      auto& value = parameter.syntax.value;
      if (value && value->value == "\r\n") value->value = " ";
      all[object.path + parameter.name] = parameter_text(parameter, {});
    }
  }
  return all;
}

TEST(Published, WhenDocumentHasAFlatForm_ThenItsExpansionSaysTheSame) {
  std::size_t compared = 0;
  for (const auto& name : published("-full.xml")) {
    const auto layered = published_folder() / (name.substr(0, name.size() - 9) + ".xml");
    if (!std::filesystem::exists(layered)) continue;
    const auto flat = import_document(published_folder() / name);
    const auto expanded = import_document(layered);
    ASSERT_TRUE(flat && expanded);
    EXPECT_EQ(facts(*expanded), facts(*flat)) << name;
    ++compared;
  }
  if (compared == 0) GTEST_SKIP() << kMissing;
}

}  // namespace
}  // namespace hnbemu::tr106

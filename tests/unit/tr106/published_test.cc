#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>

#include <cstdlib>
#include <filesystem>
#include <memory>

#include "tr106/import.h"

namespace hnbemu::tr106 {
namespace {

// The Broadband Forum's documents are data from outside the source tree.
std::filesystem::path published_folder() {
  const char* shared = std::getenv("HNBEMU_SHARED");
  return std::filesystem::path(shared != nullptr ? shared : HNBEMU_SOURCE_DIR "/../shared") / "datamodels";
}

constexpr auto kMissing = "the Broadband Forum's data models are not here; set HNBEMU_SHARED";

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

std::vector<std::string> documents(const std::string& ending) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(published_folder(), error)) {
    const auto name = entry.path().filename().string();
    if (name.starts_with("tr-") && name.ends_with(ending)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

TEST(Published, WhenDocumentDefinesModelsOrComponents_ThenItImports) {
  const auto names = documents(".xml");
  if (names.empty()) GTEST_SKIP() << kMissing;
  std::size_t imported = 0;
  for (const auto& name : names) {
    if (Xml(published_folder() / name).count("/*/model | /*/component") == 0) continue;
    const auto document = import_document(published_folder() / name);
    EXPECT_TRUE(document) << document.error().detail;
    ++imported;
  }
  EXPECT_GT(imported, 0u);
}

TEST(Published, WhenDocumentIsFull_ThenCountsAreThoseOfXPath) {
  const auto names = documents("-full.xml");
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

}  // namespace
}  // namespace hnbemu::tr106

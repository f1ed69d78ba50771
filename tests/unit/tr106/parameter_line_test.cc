#include "tr106/parameter_line.h"

#include <gtest/gtest.h>

#include <cctype>

#include "datamodel/definition.h"
#include "tr106/specs.h"

namespace hnbemu::tr106 {
namespace {

Parameter parsed(std::string_view text) {
  auto parameter = parse_parameter("P", text);
  EXPECT_TRUE(parameter) << text << ": " << parameter.error().detail;
  return parameter ? std::move(*parameter) : Parameter{};
}

std::string error_of(std::string_view text) {
  const auto parameter = parse_parameter("P", text);
  return parameter ? "no error" : parameter.error().detail;
}

std::string facets_of(const datamodel::Facets& facets) {
  std::string text;
  const auto sizes = [&](const datamodel::Size& size) { text += fmt::format("{}:{} ", size.min, size.max); };
  for (const auto& range : facets.ranges)
    text += fmt::format("{}..{} ", range.min ? range.min->to_string() : "", range.max ? range.max->to_string() : "");
  for (const auto& size : facets.sizes) sizes(size);
  for (const auto& value : facets.enumeration) text += fmt::format("'{}' ", value);
  if (facets.list_items) sizes(*facets.list_items);
  if (facets.list_size) sizes(*facets.list_size);
  return text + std::string(datamodel::xsd_name(facets.item_type));
}

class OldForm : public testing::TestWithParam<const char*> {};

TEST_P(OldForm, WhenDefinitionsOfProfilesAreRead_ThenTheyMeanTheSame) {
  const auto old = datamodel::parse_definition("O.P", GetParam());
  ASSERT_TRUE(old) << old.error().detail;
  const auto spec = parameter_spec("O.", parsed(GetParam()));
  EXPECT_EQ(spec.path, old->path);
  EXPECT_EQ(spec.type, old->type);
  EXPECT_EQ(spec.writable, old->writable);
  EXPECT_EQ(spec.hidden, old->hidden);
  EXPECT_EQ(spec.forced_inform, old->forced_inform);
  EXPECT_EQ(spec.active_notify, old->active_notify);
  EXPECT_EQ(spec.value, old->value);
  EXPECT_EQ(facets_of(spec.facets), facets_of(old->facets));
}

INSTANTIATE_TEST_SUITE_P(ParameterLine, OldForm,
                         testing::Values("string(:64) ro inform active=forced", "unsignedInt(1:10|20) rw = 5",
                                         "string{Immediate|Delayed} rw = Delayed",
                                         "list[1:8](:50) unsignedInt(:65535) rw", "string(:256) rw hidden",
                                         "  boolean   ro  active=default ", "int(-5:|+7:010) rw active=deniable = -5",
                                         "list string ro", "list(3:) string{A|} rw =", "string rw = a = 'b' \"c\" ",
                                         "string(:64){A B|C} rw", "dateTime ro", "base64(:8) rw", "hexBinary(2|4) ro",
                                         "unsignedLong ro", "long(:0) ro", "list[:4] string(:3){x|y} rw = x,y",
                                         "string{} rw", "string rw =  x"));

class RoundTrip : public testing::TestWithParam<const char*> {};

TEST_P(RoundTrip, WhenLineIsReadAndWritten_ThenItIsTheSame) {
  EXPECT_EQ(parameter_text(parsed(GetParam()), {}), GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    ParameterLine, RoundTrip,
    testing::Values(
        "string(:64) ro inform active=forced", "unsignedInt(1:10|20) rw = 5", "any ro", "integer(-1:) once",
        "decimal(0.5:1.5/0.1) rw = 0.7", "string ro pattern('\\d+ x' [A-F]+) deprecated-pattern(z) pattern(y)",
        "string{A|B C} rw optional(A) device-set('B C') deprecated(A) obsoleted('B C') deprecated",
        "string rw one-of(a|b '(c}')", "string(:16|32) rw ref(strong row A.B. #.C.) ref-type(string) ref-null('')",
        "string rw ref(weak any)", "unsignedInt rw instance(weak A.)", "string rw enum-of(A.B) ref-null(None)",
        "string rw enum-of()", "int rw units('0.1 dB') obsoleted inform hidden secured command factory= x",
        "string rw =", "string rw =\" a\\r\\n\\x01\\\"\\\\\"", "string rw likely= \"a\" 'b'",
        "string rw parameter= Other", "list[2](:9|20:) string(:4) rw units(\"it's\")"));

TEST(ParameterLine, WhenTypeIsNamed_ThenItsFacetsAreTheParameters) {
  DataType tags{"Tags", "", List{{1, 4}, {}}, {}};
  DataType label_type{"Label", "", {}, {}};
  label_type.item.sizes = {{0, 64}};
  const NamedTypes types{{"Tags", tags}, {"Label", label_type}};
  const auto label = parse_parameter("P", "Label rw = a", types);
  ASSERT_TRUE(label);
  EXPECT_EQ(label->syntax.item.sizes, (std::vector<Size>{{0, 64}}));
  EXPECT_EQ(parameter_text(*label, types), "Label rw = a");
  EXPECT_EQ(parameter_text(*parse_parameter("P", "list(:9) Label rw", types), types), "list(:9) Label rw");
  EXPECT_EQ(parse_parameter("P", "Tags rw", types)->syntax.list, (List{{1, 4}, {}}));
  EXPECT_EQ(parameter_text(*parse_parameter("P", "list(:9) Tags rw", types), types), "list(:9) Tags rw");
  // With a facet more it is no longer what its name says.
  EXPECT_EQ(parameter_text(*parse_parameter("P", "Label rw units(dB)", types), types), "string(:64) rw units(dB)");
}

struct Wrong {
  const char* text;
  const char* error;
};

// For the names of tests, which CTest takes no other signs in.
void PrintTo(const Wrong& wrong, std::ostream* out) {
  for (const char* sign = wrong.text; *sign != '\0'; ++sign) *out << (std::isalnum(*sign) != 0 ? *sign : '_');
}

class WrongLine : public testing::TestWithParam<Wrong> {};

TEST_P(WrongLine, WhenRead_ThenErrorSaysTheColumn) {
  EXPECT_EQ(error_of(GetParam().text), GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(
    ParameterLine, WrongLine,
    testing::Values(Wrong{"", "column 1: '' is no type"}, Wrong{"strin ro", "column 1: 'strin' is no type"},
                    Wrong{"list Alias ro", "column 6: 'Alias' is no type"},
                    Wrong{"string readonly", "column 8: 'readonly' must be ro, rw or once"},
                    Wrong{"string(:64", "column 7: '(' without ')'"},
                    Wrong{"string(a:b) ro", "column 7: 'a:b' is no range of lengths"},
                    Wrong{"string(:9999999999) ro", "column 7: ':9999999999' is no range of lengths"},
                    Wrong{"int(1.5) ro", "column 4: '1.5' is no range"},
                    Wrong{"int(:) ro", "column 4: ':' is no range"},
                    Wrong{"list[x] string ro", "column 5: 'x' is no range of item counts"},
                    Wrong{"string{A ro", "column 7: '{' without '}'"},
                    Wrong{"string ro sometimes", "column 11: 'sometimes' means nothing here"},
                    Wrong{"string ro {A}", "column 11: a bracket means nothing here"},
                    Wrong{"string ro units()", "column 17: one text is wanted in the brackets"},
                    Wrong{"string ro pattern 'a'", "column 11: '(' is missing behind it"},
                    Wrong{"string ro pattern('a)", "column 19: a quotation mark without its pair"},
                    Wrong{"string ro pattern(a", "column 20: '(' without ')'"},
                    Wrong{"string{A} ro optional(B)", "column 24: 'B' is none of the values"},
                    Wrong{"string ro ref(row A.)", "column 21: a reference is strong or weak"},
                    Wrong{"string ro ref-null('')", "column 11: ref-null() stands behind the reference that it is of"},
                    Wrong{"string rw =\"\\q\"",
                          "column 12: an escape that is none; there are \\\\ \\\" \\n \\r \\t \\xHH"},
                    Wrong{"string rw =5", "column 11: '=5' means nothing here"},
                    Wrong{"string rw =\"a\" hidden", "column 16: nothing may stand behind the default"}));

}  // namespace
}  // namespace hnbemu::tr106

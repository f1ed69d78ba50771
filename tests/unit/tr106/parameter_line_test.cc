#include "tr106/parameter_line.h"

#include <gtest/gtest.h>

#include <cctype>

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

// A line, and what comes of it.
struct Line {
  const char* text;
  const char* outcome;
};

// For the names of tests, which CTest takes no other signs in.
void PrintTo(const Line& line, std::ostream* out) {
  for (const char* sign = line.text; *sign != '\0'; ++sign) *out << (std::isalnum(*sign) != 0 ? *sign : '_');
}

std::string meaning_of(const datamodel::ParameterSpec& spec) {
  const auto value = spec.value ? fmt::format(" = '{}'", *spec.value) : "";
  return fmt::format("{} {} {}{}{} active={}{} | {}", spec.path, datamodel::xsd_name(spec.type),
                     spec.writable ? "rw" : "ro", spec.hidden ? " hidden" : "", spec.forced_inform ? " inform" : "",
                     static_cast<int>(spec.active_notify), value, facets_of(spec.facets));
}

class Meaning : public testing::TestWithParam<Line> {};

TEST_P(Meaning, WhenLineIsRead_ThenSpecSaysWhatItMeans) {
  EXPECT_EQ(meaning_of(parameter_spec("O.", parsed(GetParam().text))), GetParam().outcome);
}

INSTANTIATE_TEST_SUITE_P(
    ParameterLine, Meaning,
    testing::Values(
        Line{"string(:64) ro inform active=forced", "O.P xsd:string ro inform active=1 | 0:64 xsd:string"},
        Line{"unsignedInt(1:10|20) rw = 5", "O.P xsd:unsignedInt rw active=0 = '5' | 1..10 20..20 xsd:string"},
        Line{"string{Immediate|Delayed} rw = Delayed",
             "O.P xsd:string rw active=0 = 'Delayed' | 'Immediate' 'Delayed' xsd:string"},
        Line{"list[1:8](:50) unsignedInt(:65535) rw", "O.P xsd:string rw active=0 | ..65535 1:8 0:50 xsd:unsignedInt"},
        Line{"string(:256) rw hidden", "O.P xsd:string rw hidden active=0 | 0:256 xsd:string"},
        Line{"  boolean   ro  active=default ", "O.P xsd:boolean ro active=2 | xsd:string"},
        Line{"int(-5:|+7:010) rw active=deniable = -5", "O.P xsd:int rw active=3 = '-5' | -5.. 7..10 xsd:string"},
        Line{"list string ro", "O.P xsd:string ro active=0 | 0:4294967295 xsd:string"},
        Line{"list(3:) string{A|} rw =",
             "O.P xsd:string rw active=0 = '' | 'A' '' 0:4294967295 3:4294967295 xsd:string"},
        Line{"string rw = a = 'b' \"c\" ", "O.P xsd:string rw active=0 = 'a = 'b' \"c\" ' | xsd:string"},
        Line{"string(:64){A B|C} rw", "O.P xsd:string rw active=0 | 0:64 'A B' 'C' xsd:string"},
        Line{"dateTime ro", "O.P xsd:dateTime ro active=0 | xsd:string"},
        Line{"base64(:8) rw", "O.P xsd:base64 rw active=0 | 0:8 xsd:string"},
        Line{"hexBinary(2|4) ro", "O.P xsd:hexBinary ro active=0 | 2:2 4:4 xsd:string"},
        Line{"unsignedLong ro", "O.P xsd:unsignedLong ro active=0 | xsd:string"},
        Line{"long(:0) ro", "O.P xsd:long ro active=0 | ..0 xsd:string"},
        Line{"list[:4] string(:3){x|y} rw = x,y", "O.P xsd:string rw active=0 = 'x,y' | 0:3 'x' 'y' 0:4 xsd:string"},
        Line{"string{} rw", "O.P xsd:string rw active=0 | '' xsd:string"},
        Line{"string rw =  x", "O.P xsd:string rw active=0 = ' x' | xsd:string"}));

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

class WrongLine : public testing::TestWithParam<Line> {};

TEST_P(WrongLine, WhenRead_ThenErrorSaysTheColumn) {
  EXPECT_EQ(error_of(GetParam().text), GetParam().outcome);
}

INSTANTIATE_TEST_SUITE_P(
    ParameterLine, WrongLine,
    testing::Values(Line{"", "column 1: '' is no type"}, Line{"strin ro", "column 1: 'strin' is no type"},
                    Line{"list Alias ro", "column 6: 'Alias' is no type"},
                    Line{"string readonly", "column 8: 'readonly' must be ro, rw or once"},
                    Line{"string", "column 7: '' must be ro, rw or once"},
                    Line{"string(-1:) ro", "column 7: '-1:' is no range of lengths"},
                    Line{"string(:64", "column 7: '(' without ')'"},
                    Line{"string(a:b) ro", "column 7: 'a:b' is no range of lengths"},
                    Line{"string(:9999999999) ro", "column 7: ':9999999999' is no range of lengths"},
                    Line{"int(1.5) ro", "column 4: '1.5' is no range"}, Line{"int(:) ro", "column 4: ':' is no range"},
                    Line{"list[x] string ro", "column 5: 'x' is no range of item counts"},
                    Line{"string{A ro", "column 7: '{' without '}'"},
                    Line{"string ro sometimes", "column 11: 'sometimes' means nothing here"},
                    Line{"string ro {A}", "column 11: a bracket means nothing here"},
                    Line{"string ro units()", "column 17: one text is wanted in the brackets"},
                    Line{"string ro pattern 'a'", "column 11: '(' is missing behind it"},
                    Line{"string ro pattern('a)", "column 19: a quotation mark without its pair"},
                    Line{"string ro pattern(a", "column 20: '(' without ')'"},
                    Line{"string{A} ro optional(B)", "column 24: 'B' is none of the values"},
                    Line{"string ro ref(row A.)", "column 21: a reference is strong or weak"},
                    Line{"string ro ref-null('')", "column 11: ref-null() stands behind the reference that it is of"},
                    Line{"string rw =\"\\q\"",
                         "column 12: an escape that is none; there are \\\\ \\\" \\n \\r \\t \\xHH"},
                    Line{"string rw =5", "column 11: '=5' means nothing here"},
                    Line{"string rw =\"a\" hidden", "column 16: nothing may stand behind the default"}));

}  // namespace
}  // namespace hnbemu::tr106

#include <gmock/gmock.h>

#include <map>
#include <random>
#include <set>

#include "told.h"

namespace hnbemu::datamodel {
namespace {

constexpr int kSequences = 25;
constexpr int kSteps = 80;

std::shared_ptr<const Model> nested() {
  Facets small;
  small.ranges = {{Integer{}, Integer{false, 9}}};
  TestBuilder builder;
  builder.object({.path = "Device.T.{i}.", .writable = true, .max_rows = 5})
      .parameter({.path = "Device.T.{i}.Alias", .writable = true})
      .parameter({.path = "Device.T.{i}.N", .type = Type::unsigned_int, .writable = true, .facets = small})
      .parameter({.path = "Device.T.{i}.Sub.S", .writable = true, .value = "s"})
      .object({.path = "Device.T.{i}.U.{i}.", .writable = true})
      .parameter({.path = "Device.T.{i}.U.{i}.B", .type = Type::boolean, .writable = true})
      .parameter({.path = "Device.TNumberOfEntries", .type = Type::unsigned_int})
      .parameter({.path = "Device.Ro"})
      .row("Device.T.2.U.1.");
  return builder.build();
}

// What a device must be, in the plainest way: its parameters by path, what each table has given, attributes.
class Plain {
 public:
  Plain() {
    values_ = {{"Device.TNumberOfEntries", "0"}, {"Device.Ro", ""}};
    tables_ = {{"Device.T.", 1}};
    add("Device.T.");
    add("Device.T.2.U.");
  }

  std::optional<std::uint32_t> add(const std::string& table) {
    const auto known = tables_.find(table);
    if (known == tables_.end()) return std::nullopt;
    const bool outer = table == "Device.T.";
    if (outer && values_["Device.TNumberOfEntries"] == "5") return 0;
    const auto number = ++known->second;
    const auto row = fmt::format("{}{}.", table, number);
    if (outer) {
      values_[row + "Alias"] = free_alias(number);
      values_[row + "N"] = "0";
      values_[row + "Sub.S"] = "s";
      tables_[row + "U."] = 0;
    } else {
      values_[row + "B"] = "false";
    }
    rows_.insert(row);
    count();
    return number;
  }

  bool remove(const std::string& row) {
    if (!rows_.contains(row)) return false;
    const auto below = [&](const auto& entry) { return entry.first.starts_with(row); };
    std::erase_if(values_, below);
    std::erase_if(attributes_, below);
    std::erase_if(tables_, below);
    std::erase_if(rows_, [&](const auto& path) { return path.starts_with(row); });
    count();
    return true;
  }

  bool set(const std::vector<Assignment>& assignments) {
    auto after = values_;
    for (const auto& [path, value, type] : assignments) {
      const auto known = after.find(path);
      if (known == after.end() || path == "Device.Ro" || path.ends_with("Entries")) return false;
      if (path.ends_with(".N") && value.size() != 1) return false;
      known->second = value == "1" && path.ends_with(".B") ? "true" : value;
    }
    std::set<std::string> aliases;
    for (const auto& [path, value] : after) {
      if (path.ends_with(".Alias") && !aliases.insert(value).second) return false;
    }
    values_ = std::move(after);
    return true;
  }

  bool set_attributes(const std::string& path, std::uint8_t notification) {
    if (!known(path)) return false;
    for (const auto& [parameter, value] : values_) {
      if (covers(path, parameter)) attributes_[parameter] = notification;
    }
    return true;
  }

  bool known(const std::string& path) const {
    return path.empty() || path == "Device." || values_.contains(path) || rows_.contains(path) ||
           tables_.contains(path) || (path.ends_with(".Sub.") && rows_.contains(path.substr(0, path.size() - 4)));
  }
  static bool covers(const std::string& path, const std::string& parameter) {
    return path.empty() || path == parameter || (path.ends_with('.') && parameter.starts_with(path));
  }
  std::map<std::string, std::string> below(const std::string& path) const {
    std::map<std::string, std::string> found;
    for (const auto& entry : values_) {
      if (covers(path, entry.first)) found.insert(entry);
    }
    return found;
  }
  std::uint8_t notification(const std::string& path) const {
    const auto found = attributes_.find(path);
    return found == attributes_.end() ? std::uint8_t{0} : found->second;
  }
  std::vector<std::string> rows() const { return {rows_.begin(), rows_.end()}; }
  std::vector<std::string> all_paths() const {
    std::vector<std::string> paths{"", "Device."};
    paths.insert(paths.end(), rows_.begin(), rows_.end());
    for (const auto& [table, last] : tables_) paths.push_back(table);
    for (const auto& [path, value] : values_) paths.push_back(path);
    return paths;
  }

 private:
  std::string free_alias(std::uint32_t number) const {
    auto alias = fmt::format("cpe-{}", number);
    const auto taken = [&](const auto& entry) { return entry.first.ends_with(".Alias") && entry.second == alias; };
    for (int attempt = 2; std::ranges::any_of(values_, taken); ++attempt)
      alias = fmt::format("cpe-{}-{}", number, attempt);
    return alias;
  }
  void count() {
    const auto outer = std::ranges::count_if(rows_, [](const auto& row) { return std::ranges::count(row, '.') == 3; });
    values_["Device.TNumberOfEntries"] = std::to_string(outer);
  }
  std::map<std::string, std::string> values_;
  std::map<std::string, std::uint32_t> tables_;  // the last number given
  std::map<std::string, std::uint8_t> attributes_;
  std::set<std::string> rows_;
};

// GetParameterValues, GetParameterNames and GetParameterAttributes say the same of every path, and what is plain.
void expect_same(const DataModel& data, const Plain& plain) {
  for (const auto& path : plain.all_paths()) {
    const auto values = data.values(path).value();
    std::map<std::string, std::string> read;
    for (const auto& value : values) read[value.path] = value.value;
    ASSERT_EQ(read, plain.below(path)) << path;

    std::vector<std::string> from_values;
    for (const auto& value : values) from_values.push_back(value.path);
    std::vector<std::string> from_names;
    const auto names = data.names(path, false).value();
    for (const auto& name : names) {
      ASSERT_TRUE(plain.known(name.path)) << name.path;
      if (!name.path.ends_with('.')) from_names.push_back(name.path);
    }
    ASSERT_EQ(from_names, from_values) << path;

    const auto attributes = data.attributes(path).value();
    ASSERT_EQ(attributes.size(), values.size());
    for (const auto& each : attributes) ASSERT_EQ(each.attributes.notification, plain.notification(each.path));

    if (!path.empty() && !path.ends_with('.')) continue;
    std::size_t below = names.size() - (path.empty() ? 0 : 1);
    const auto next_level = data.names(path, true).value();
    for (const auto& next : next_level) below -= next.path.ends_with('.') ? data.names(next.path, false)->size() : 1;
    ASSERT_EQ(below, 0u) << path << ": the next level and what is below it are not all";
  }
}

struct Sequence {
  std::mt19937 random;
  DataModel data{nested()};
  Plain plain{};

  std::string some(const std::vector<std::string>& of) { return of[random() % of.size()]; }
  std::string some_path() {
    auto path = some(plain.all_paths());
    if (random() % 8 == 0) path += random() % 2 == 0 ? "x" : ".";
    return path;
  }

  void step() {
    switch (random() % 6) {
      case 0: {
        const auto table = random() % 2 == 0 ? "Device.T." : some_path() + "U.";
        const auto expected = plain.add(table);
        const auto added = data.add_object(table);
        if (!expected || *expected == 0) {
          EXPECT_EQ(added.error(), expected ? FaultCode::resources_exceeded : FaultCode::invalid_parameter_name);
        } else {
          EXPECT_EQ(added, *expected);
        }
        break;
      }
      case 1: {
        const auto row = random() % 2 == 0 ? some_path() : some(plain.all_paths());
        EXPECT_EQ(data.delete_object(row).has_value(), plain.remove(row)) << row;
        break;
      }
      case 2: {
        const auto path = some_path();
        const auto notification = static_cast<std::uint8_t>(random() % 3);
        const AttributesAssignment assignment{path, notification, {}};
        EXPECT_EQ(data.set_attributes({&assignment, 1}).has_value(), plain.set_attributes(path, notification)) << path;
        break;
      }
      default: {
        std::vector<Assignment> assignments;
        std::set<std::string> named;
        for (auto count = random() % 4; count > 0; --count) {
          const auto path = some_path();
          if (named.insert(path).second)
            assignments.push_back({path, some({"1", "1", "0", "7", "12", "cpe-2", "cpe-3", "name"}), ""});
        }
        std::erase_if(assignments, [](const auto& each) {  // what Plain knows nothing of
          const bool text = each.value.size() > 2;
          return (each.path.ends_with(".B") && each.value != "1") || (each.path.ends_with(".N") && text) ||
                 (each.path.ends_with(".Alias") && !text);
        });
        EXPECT_EQ(data.set(assignments).has_value(), plain.set(assignments));
      }
    }
  }
};

TEST(Property, WhenRandomCallsAreMade_ThenDeviceIsWhatAPlainMapSays) {
  for (int seed = 0; seed < kSequences; ++seed) {
    Sequence sequence{std::mt19937(static_cast<unsigned>(seed))};
    for (int step = 0; step < kSteps; ++step) {
      sequence.step();
      expect_same(sequence.data, sequence.plain);
      ASSERT_FALSE(testing::Test::HasFailure()) << "seed " << seed << ", step " << step;
    }
  }
}

}  // namespace
}  // namespace hnbemu::datamodel

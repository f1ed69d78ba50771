#include "generators/tunnel_tables.h"

namespace hnbemu::generators {

NamedRows::NamedRows(datamodel::DataModel& model, std::string path, AtFirst at_first, Values idle)
    : model_(model), path_(std::move(path)), idle_(std::move(idle)) {
  const auto state = model_.table_state(path_);
  if (state && at_first == AtFirst::stay) standing_ = state->rows;
}

void NamedRows::show(const std::vector<Thing>& things) {
  const auto state = model_.table_state(path_);
  if (!state) return;
  std::erase_if(rows_, [&](const auto& row) {
    return std::none_of(things.begin(), things.end(), [&](const Thing& thing) { return thing.name == row.first; });
  });
  for (const auto number : state->rows) {
    if (std::any_of(rows_.begin(), rows_.end(), [&](const auto& row) { return row.second == number; })) continue;
    if (std::find(standing_.begin(), standing_.end(), number) != standing_.end()) {
      write(number, idle_);
    } else {
      static_cast<void>(model_.delete_object(fmt::format("{}{}.", path_, number), datamodel::Origin::device));
    }
  }
  for (const auto& thing : things) {
    auto& row = rows_[thing.name];
    if (row == 0) row = take_row();
    if (row != 0) write(row, thing.values);
  }
}

std::uint32_t NamedRows::take_row() {
  for (const auto number : standing_) {
    if (std::none_of(rows_.begin(), rows_.end(), [&](const auto& row) { return row.second == number; })) return number;
  }
  return model_.add_object(path_, datamodel::Origin::device).value_or(0);
}

std::string NamedRows::row(std::string_view name) const {
  const auto found = rows_.find(name);
  return found == rows_.end() || found->second == 0 ? "" : fmt::format("{}{}.", path_, found->second);
}

void NamedRows::write(std::uint32_t row, const Values& values) {
  for (const auto& [name, value] : values) model_.update(fmt::format("{}{}.{}", path_, row, name), value);
}

}  // namespace hnbemu::generators

#include "generators/live.h"

#include <fmt/ranges.h>

namespace hnbemu::generators {
namespace {

datamodel::Type type_of(const datamodel::DataModel& model, const std::string& path) {
  const auto values = model.values(path);
  return values && values->size() == 1 ? values->front().type : datamodel::Type::string;
}

std::string join(const std::vector<IpAddress>& addresses) {
  std::vector<std::string> texts;
  texts.reserve(addresses.size());
  for (const auto& address : addresses) texts.push_back(address.to_string());
  return fmt::format("{}", fmt::join(texts, ","));
}

std::string shown(const IpAddress& address) {
  return address.is_unspecified() ? "" : address.to_string();
}

}  // namespace

Live::Live(Setup setup, datamodel::DataModel& model, Time time)
    : plan_(setup.plan ? std::move(setup.plan) : std::make_shared<const Plan>()),
      model_(model),
      facts_(std::move(setup.facts)),
      time_(std::move(time)),
      subject_{setup.seed,
               std::move(setup.fields),
               [this](Fact which) { return fact(which); },
               [this] { return facts_.time_synchronised && facts_.time_synchronised(); },
               facts_.shows_epoch,
               facts_.local_date_time},
      tunnels_(model),
      booted_(time_.now()) {
  generators_.reserve(plan_->specs.size());
  for (const auto& spec : plan_->specs) {
    const auto index = generators_.size();
    generators_.emplace_back(spec, subject_, type_of(model, spec.path));
    if (spec.every == Seconds{0})
      model.set_source(spec.path, [this, index] { return generators_[index].value(moment()); });
  }
  for (std::size_t i = 0; i < plan_->links.size(); ++i) watched_.emplace(plan_->links[i].when, i);
  if (!watched_.empty()) model.observe([this](std::span<const datamodel::Change> changes) { watch(changes); });
}

Moment Live::moment() const {
  return {std::chrono::duration_cast<Millis>(time_.now() - booted_), time_.wall()};
}

void Live::boot() {
  booted_ = time_.now();
  writes_.clear();
  followed_.clear();
  tunnels_.reset();
  for (std::size_t i = 0; i < generators_.size(); ++i) {
    if (generators_[i].spec().every != Seconds{0}) write(i);
  }
  for (std::size_t i = 0; i < plan_->links.size(); ++i) {
    follow(i, model_.value(plan_->links[i].when) == plan_->links[i].is);
  }
  if (on_sooner_) on_sooner_();
}

Deadline Live::next_due() const {
  Deadline next = Deadline::max();
  if (!writes_.empty()) next = writes_.begin()->first;
  if (!followed_.empty()) next = std::min(next, followed_.begin()->first);
  return next;
}

// What became due while nobody looked is done once, however often it was missed.
void Live::run_due() {
  const auto now = time_.now();
  for (std::size_t i = 0; i < kMaxFirings && next_due() <= now; ++i) {
    const bool is_link = !followed_.empty() && followed_.begin()->first == next_due();
    auto& queue = is_link ? followed_ : writes_;
    const auto index = queue.extract(queue.begin()).mapped();
    if (is_link) {
      model_.update(plan_->links[index].set, plan_->links[index].to);
    } else {
      write(index);
    }
  }
}

// Now, and next at the coming multiple of its period since power-up.
void Live::write(std::size_t generator) {
  const auto& spec = generators_[generator].spec();
  const auto now = moment();
  const auto times = now.since_boot / Millis(spec.every) + 1;
  writes_.emplace(booted_ + times * spec.every, generator);
  model_.update(spec.path, generators_[generator].value(now));
}

void Live::watch(std::span<const datamodel::Change> changes) {
  const auto before = next_due();
  for (const auto& change : changes) {
    if (change.kind != datamodel::Change::Kind::value) continue;
    const auto [first, last] = watched_.equal_range(change.path);
    for (auto found = first; found != last; ++found) {
      follow(found->second, change.value == plan_->links[found->second].is);
    }
  }
  if (next_due() < before && on_sooner_) on_sooner_();
}

void Live::follow(std::size_t link, bool holds) {
  std::erase_if(followed_, [&](const auto& due) { return due.second == link; });
  if (holds) followed_.emplace(time_.now() + std::max(plan_->links[link].after, kShortestDelay), link);
}

std::string Live::fact(Fact fact) const {
  const auto* const sa = tunnels_.sas().empty() ? nullptr : &tunnels_.sas().back();
  const auto outer = [&](auto counter) {
    return fmt::to_string(facts_.outer_traffic ? facts_.outer_traffic().*counter : 0);
  };
  const auto inner = [&](auto counter) { return fmt::to_string(tunnels_.total().*counter); };
  switch (fact) {
    case Fact::outer_address:
      return shown(facts_.outer_address);
    case Fact::inner_address:
      return sa == nullptr ? "" : shown(sa->inner);
    case Fact::gateway:
      return sa == nullptr ? "" : shown(sa->gateway);
    case Fact::dns_servers:
      return sa == nullptr ? "" : join(sa->dns_servers);
    case Fact::tunnel_state:
      return sa == nullptr ? "Down" : "Up";
    case Fact::tunnel_created:
      return sa == nullptr ? std::string(unknown_time) : to_date_time(sa->created);
    case Fact::outer_bytes_sent:
      return outer(&Traffic::bytes_sent);
    case Fact::outer_bytes_received:
      return outer(&Traffic::bytes_received);
    case Fact::outer_packets_sent:
      return outer(&Traffic::packets_sent);
    case Fact::outer_packets_received:
      return outer(&Traffic::packets_received);
    case Fact::inner_bytes_sent:
      return inner(&Traffic::bytes_sent);
    case Fact::inner_bytes_received:
      return inner(&Traffic::bytes_received);
    case Fact::inner_packets_sent:
      return inner(&Traffic::packets_sent);
    case Fact::inner_packets_received:
      return inner(&Traffic::packets_received);
    case Fact::memory_kib:
      return fmt::to_string(facts_.memory_kib ? facts_.memory_kib() : 0);
  }
  return "";
}

}  // namespace hnbemu::generators

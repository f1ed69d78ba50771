#include "pm/collection.h"

#include <algorithm>
#include <sstream>

#include "base/number.h"

namespace hnbemu::pm {
namespace {

constexpr std::string_view kVersion = "pm-1";

std::int64_t number(WallTime time) {
  return time.time_since_epoch().count();
}
WallTime time_of(std::int64_t number) {
  return WallTime{WallTime::duration(number)};
}

// The last of `phase` ± n · `step` that is not after `now`.
WallTime boundary_before(WallTime phase, Seconds step, WallTime now) {
  const auto length = std::chrono::duration_cast<WallTime::duration>(step);
  auto beyond = (now - phase) % length;
  if (beyond < WallTime::duration{0}) beyond += length;
  return now - beyond;
}

std::string to_text(const std::vector<Counts>& cells) {
  std::string out;
  for (const auto& cell : cells) {
    out += " |";
    for (std::size_t i = 0; i < cell.sums.size(); ++i) {
      if (cell.sums[i] != 0) out += fmt::format(" {}:{}", i, cell.sums[i]);
    }
    for (std::size_t i = 0; i < cell.peaks.size(); ++i) {
      if (cell.peaks[i] != 0) out += fmt::format(" p{}:{}", i, cell.peaks[i]);
    }
  }
  return out;
}

// False if it is of cells or events that this device does not have.
bool read_count(std::string_view word, Counts& counts) {
  const bool peak = word.starts_with('p');
  if (peak) word.remove_prefix(1);
  auto& list = peak ? counts.peaks : counts.sums;
  const auto colon = word.find(':');
  if (colon == std::string_view::npos) return false;
  const auto place = parse_number<std::size_t>(word.substr(0, colon));
  const auto value = parse_number<double>(word.substr(colon + 1));
  if (!place || !value || *place >= list.size() || !(*value >= 0)) return false;
  list[*place] = *value;
  return true;
}

}  // namespace

std::optional<Seconds> granularity_of(const Plan& plan, Seconds interval) {
  if (interval < Seconds{1} || interval > kMaxInterval) return std::nullopt;
  if (interval <= plan.granularity) return interval;
  if (interval % plan.granularity != Seconds{0}) return std::nullopt;
  return plan.format == Format::cmcc ? interval : plan.granularity;
}

Collection::Collection(const Plan& plan, std::uint64_t seed, std::vector<CellName> cells, std::string directory,
                       Surroundings around)
    : plan_(plan),
      names_(std::move(cells)),
      around_(std::move(around)),
      production_(plan.traffic, seed,
                  [this] {
                    std::vector<Rat> rats;
                    for (const auto& cell : names_) rats.push_back(cell.rat);
                    return rats;
                  }()),
      spool_(std::move(directory)) {
  production_.set_sink([this](std::size_t cell, const Counts& counts) {
    for (auto& job : jobs_) job.counts[cell].add(counts);
  });
}

void Collection::look_around() {
  zone_ = around_.zone();
  origin_ = around_.origin();
}

std::vector<Counts> Collection::nothing() const {
  std::vector<Counts> counts;
  for (const auto& cell : names_) counts.emplace_back(cell.rat);
  return counts;
}

void Collection::begin_period(Job& job, WallTime begin) {
  job.begin = begin;
  const auto next = boundary_before(job.config.phase.value_or(WallTime{}), job.granularity, begin) + job.granularity;
  job.end = std::min(next, job.report_end);
  job.suspect = false;
  job.counts = nothing();
}

// The report begins before `now` if it has begun already; then its first period is not whole.
void Collection::begin_report(Job& job, WallTime begin, WallTime now) {
  const auto phase = job.config.phase.value_or(WallTime{});
  job.report_begin = begin;
  job.report_end = boundary_before(phase, job.config.interval, now) + job.config.interval;
  job.file = spool_.new_number();
  job.bytes = 0;
  job.periods = 0;
  begin_period(job, std::max(begin, boundary_before(phase, job.granularity, now)));
  if (job.begin > begin) job.report_begin = job.begin;
  job.suspect = job.begin < now;
}

Collection::Job Collection::make_job(const JobConfig& config, WallTime now) const {
  Job job;
  job.config = config;
  job.granularity = granularity_of(plan_, config.interval).value_or(config.interval);
  job.report_begin = now;
  return job;
}

void Collection::configure(const std::vector<JobConfig>& configs, WallTime now) {
  look_around();
  production_.advance(now, zone_);
  for (auto job = jobs_.begin(); job != jobs_.end();) {
    if (std::ranges::find(configs, job->config) != configs.end()) {
      ++job;
    } else {
      spool_.remove(job->file);
      job = jobs_.erase(job);
    }
  }
  for (const auto& config : configs) {
    const bool there = std::ranges::any_of(jobs_, [&](const auto& job) { return job.config == config; });
    if (there || jobs_.size() == kMaxJobs) continue;
    jobs_.push_back(make_job(config, now));
    auto& job = jobs_.back();
    begin_report(job, boundary_before(config.phase.value_or(WallTime{}), config.interval, now), now);
  }
}

std::optional<WallTime> Collection::next_due() const {
  std::optional<WallTime> next;
  for (const auto& job : jobs_) next = std::min(next.value_or(job.end), job.end);
  return next;
}

bool Collection::advance(WallTime now) {
  look_around();
  const auto beyond = now - production_.at();
  if (beyond > Production::kMaxGap || beyond < -Production::kStep) {
    leap(now);
    return true;
  }
  bool closed = false;
  for (auto due = next_due(); due && *due <= now; due = next_due()) {
    production_.advance(*due, zone_);
    for (auto& job : jobs_) {
      if (job.end != *due) continue;
      close_period(job);
      if (job.end >= job.report_end) {
        close_report(job);
        begin_report(job, *due, *due);
      } else {
        begin_period(job, *due);
      }
    }
    closed = true;
  }
  production_.advance(now, zone_);
  return closed;
}

// The clock was set: what was being collected ends here, whatever it is worth.
void Collection::leap(WallTime now) {
  production_.advance(now, zone_);
  for (auto& job : jobs_) {
    job.suspect = true;
    close_period(job);
    close_report(job);
    begin_report(job, boundary_before(job.config.phase.value_or(WallTime{}), job.config.interval, now), now);
  }
}

void Collection::suspect() {
  for (auto& job : jobs_) job.suspect = true;
}

std::vector<std::string> Collection::cut(WallTime now) {
  now = std::chrono::floor<Seconds>(now);
  advance(now);
  std::vector<std::string> names;
  for (auto& job : jobs_) {
    if (job.begin >= now) continue;  // it has just begun
    job.end = job.report_end = now;
    close_period(job);
    const auto produced = produced_;
    close_report(job);
    if (produced_ > produced) names.push_back(spool_.waiting().back().name);
    begin_report(job, now, now);
  }
  return names;
}

void Collection::close_period(Job& job) {
  std::string text;
  if (job.bytes == 0) text = writer().begin(job.report_begin, job.report_end, job.config.id);
  text += writer().period({job.begin, job.end, job.suspect, job.counts}, job.config.interval, job.config.id);
  const auto written = spool_.append(job.file, job.bytes, text);
  if (!written) return drop(job, written.error());
  job.bytes = *written;
  ++job.periods;
}

void Collection::close_report(Job& job) {
  if (job.bytes == 0) return;
  const auto written = spool_.append(job.file, job.bytes, writer().end(job.report_end));
  if (!written) return drop(job, written.error());
  const auto name = [&](unsigned again) {
    return file_name(job.report_begin, job.report_end, job.periods, job.config.id, origin_.unique_id, zone_, again);
  };
  job.again = job.last_name == name(0) ? job.again + 1 : 0;
  job.last_name = name(0);
  const auto gone = spool_.finish({job.file, job.config.row, name(job.again)}, plan_.gzip);
  if (!gone) return drop(job, gone.error());
  ++produced_;
  if (*gone > 0) around_.problem(fmt::format("{} measurement files went unsent to make room", *gone));
}

void Collection::drop(Job& job, const Error& error) {
  around_.problem(fmt::format("a measurement file is lost: {}", error.detail));
  spool_.remove(job.file);
  job.bytes = 0;
}

std::string Collection::memory() const {
  auto text = fmt::format("{} {}\n", kVersion, spool_.last());
  for (const auto& file : spool_.waiting()) text += fmt::format("file {} {} {}\n", file.number, file.row, file.name);
  for (const auto& job : jobs_) {
    const auto phase = job.config.phase ? fmt::to_string(number(*job.config.phase)) : "-";
    text += fmt::format("job {} {} {} {} {} {} {} {} {} {} {} {} {}{}\n", job.config.row, job.config.id,
                        job.config.interval.count(), phase, number(job.report_begin), number(job.report_end),
                        number(job.begin), number(job.end), job.file, job.bytes, job.periods, job.again,
                        job.last_name.empty() ? "-" : job.last_name, to_text(job.counts));
  }
  return text;
}

bool Collection::read_job(std::string_view line) {
  std::istringstream in{std::string(line)};
  Job job;
  std::string word, phase;
  std::int64_t interval = 0, report_begin = 0, report_end = 0, begin = 0, end = 0;
  in >> word >> job.config.row >> job.config.id >> interval >> phase >> report_begin >> report_end >> begin >> end >>
      job.file >> job.bytes >> job.periods >> job.again >> job.last_name;
  job.config.interval = Seconds(interval);
  const auto granularity = granularity_of(plan_, job.config.interval);
  if (!in || !granularity || jobs_.size() == kMaxJobs) return false;
  if (const auto at = parse_number<std::int64_t>(phase)) job.config.phase = time_of(*at);
  job.granularity = *granularity;
  job.report_begin = time_of(report_begin);
  job.report_end = time_of(report_end);
  job.begin = time_of(begin);
  job.end = time_of(end);
  if (job.last_name == "-") job.last_name.clear();
  job.counts = nothing();
  std::size_t cell = 0;  // from 1
  while (in >> word) {
    if (word == "|") {
      if (++cell > job.counts.size()) return false;
    } else if (cell == 0 || !read_count(word, job.counts[cell - 1])) {
      return false;
    }
  }
  jobs_.push_back(std::move(job));
  return true;
}

void Collection::start(std::string_view memory, WallTime now) {
  look_around();
  jobs_.clear();
  produced_ = 0;
  std::istringstream lines{std::string(memory)};
  std::string line, word;
  std::uint32_t last = 0;
  std::deque<Waiting> waiting;
  lines >> word >> last;
  const bool known = lines && word == kVersion;
  while (known && std::getline(lines, line)) {
    if (line.starts_with("file ")) {
      Waiting file;
      std::istringstream(line) >> word >> file.number >> file.row >> file.name;
      if (!file.name.empty() && waiting.size() < Spool::kMaxWaiting) waiting.push_back(std::move(file));
    } else if (line.starts_with("job ")) {
      read_job(line);
    }
  }
  std::set<std::uint32_t> open;
  for (const auto& job : jobs_) open.insert(job.file);
  spool_.restore(last, std::move(waiting), open);
  production_.start(now);
  for (auto& job : jobs_) resume(job, now);
}

// What was measured until the power went is not lost.
void Collection::resume(Job& job, WallTime now) {
  job.suspect = true;
  if (now >= job.begin && now < job.end) return;
  close_period(job);
  if (now >= job.report_begin && now < job.report_end && job.bytes > 0) {
    begin_period(job, boundary_before(job.config.phase.value_or(WallTime{}), job.granularity, now));
    job.suspect = true;
    return;
  }
  close_report(job);
  begin_report(job, boundary_before(job.config.phase.value_or(WallTime{}), job.config.interval, now), now);
}

}  // namespace hnbemu::pm

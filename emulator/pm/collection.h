#pragma once

#include <functional>

#include "pm/measurement_file.h"
#include "pm/production.h"
#include "pm/spool.h"

namespace hnbemu::pm {

inline constexpr std::size_t kMaxJobs = 16;  // Config rows of one device that are followed; more are not
inline constexpr Seconds kMaxInterval{7 * 86'400};

// What one Config object of the data model asks for.
struct JobConfig {
  std::string row;  // path
  unsigned id = 1;  // jobId
  Seconds interval{900};
  std::optional<WallTime>
      phase{};  // PeriodicUploadTime; none: the device chooses, and it chooses whole intervals of UTC
  bool operator==(const JobConfig&) const = default;
};
// Of a reporting period of that length (TS 32.401 5.2.2: it is whole granularity periods); nothing if it cannot be.
std::optional<Seconds> granularity_of(const Plan& plan, Seconds interval);

// What a device collects: one file for each job and reporting period, from what happens in its cells. It survives
// without power as a text, and files.
class Collection {
 public:
  struct Surroundings {
    std::function<TimeZone()> zone;
    std::function<Origin()> origin;
    std::function<void(const std::string&)> problem;  // a file that is lost, and why
  };
  // `plan` outlives it.
  Collection(const Plan& plan, std::uint64_t seed, std::vector<CellName> cells, std::string directory,
             Surroundings around);

  // The power comes: what was being collected goes on, and is suspect.
  void start(std::string_view memory, WallTime now);
  std::string memory() const;

  void configure(const std::vector<JobConfig>& jobs, WallTime now);
  // Closes what is due. True if a file or period was.
  bool advance(WallTime now);
  std::optional<WallTime> next_due() const;  // nothing if there is no job
  // Ends the reporting periods of now; the rest of them are periods of their own. Gives the names of the files.
  std::vector<std::string> cut(WallTime now);
  void suspect();  // what is being collected misses something
  Production& production() { return production_; }
  Spool& spool() { return spool_; }
  std::uint64_t produced() const { return produced_; }  // files, since start()

 private:
  struct Job {
    JobConfig config;
    Seconds granularity{900};
    WallTime report_begin{}, report_end{};
    WallTime begin{}, end{};  // of the granularity period
    bool suspect = false;
    std::vector<Counts> counts{};
    std::uint32_t file = 0;
    std::uint64_t bytes = 0;  // that the file has; 0: it is not begun
    unsigned periods = 0;     // in it
    std::string last_name{};
    unsigned again = 0;
  };
  Job make_job(const JobConfig& config, WallTime now) const;
  std::vector<Counts> nothing() const;
  void begin_report(Job& job, WallTime begin, WallTime now);
  void begin_period(Job& job, WallTime begin);
  void close_period(Job& job);
  void close_report(Job& job);
  void drop(Job& job, const Error& error);
  void resume(Job& job, WallTime now);
  void leap(WallTime now);
  bool read_job(std::string_view line);
  MeasurementFile writer() const { return {plan_, origin_, names_, zone_}; }
  void look_around();

  const Plan& plan_;
  std::vector<CellName> names_;
  Surroundings around_;
  Production production_;
  Spool spool_;
  std::vector<Job> jobs_;
  Origin origin_;
  TimeZone zone_;
  std::uint64_t produced_ = 0;
};

}  // namespace hnbemu::pm

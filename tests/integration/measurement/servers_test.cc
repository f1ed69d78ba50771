#include <gmock/gmock.h>
#include <zlib.h>

#include "doubles/measured.h"
#include "doubles/pm_schema.h"
#include "procedures/simulated_network.h"
#include "real_files.h"

// A device's measurement files and Debian's own servers, by each scheme that TR-196's URL may have.
namespace hnbemu {
namespace {

using file_transfer::Service;
using testing::Each;
using testing::ElementsAreArray;

struct Served : Service {
  std::string server;  // of file_servers.py
  bool post = false;
  std::string how{};  // of the profile's `performance`
};

void PrintTo(const Served& served, std::ostream* out) {
  *out << served.name;
}

const std::vector<Served> kServices = {
    {{"http", 80, "/basic", "HttpBasicPut"}, "http"},
    {{"http", 80, "/post", "HttpBasicPost"}, "http", true},
    {{"http", 8080, "", "HttpDigestPut"}, "digest"},
    {{"http", 8080, "/post", "HttpDigestPost"}, "digest", true},
    {{"https", 443, "/basic", "HttpsPut"}, "https"},
    {{"https", 443, "/post", "HttpsPost"}, "https", true},
    {{"ftp", 21, "", "Ftp"}, "ftp"},
    {{"ftps", 21, "", "FtpsExplicit"}, "ftp"},
    {{"ftps", 990, "", "FtpsImplicit"}, "ftps"},
    {{"sftp", 22, "", "Sftp"}, "sftp"},
    {{"sftp", 22, "", "SftpGzip"}, "sftp", false, "gzip: true"},
    {{"http", 80, "/basic", "HttpPutCmcc"}, "http", false, "format: cmcc, gzip: true"}};

constexpr Seconds kPeriod{300};
constexpr const char* kObject = "Device.FAP.PerfMgmt.Config.1.";
constexpr std::chrono::seconds kPatience{20};  // of the machine's time

class MeasurementServersTest : public file_transfer::Site, public testing::WithParamInterface<Served> {
 protected:
  void SetUp() override {
    Site::SetUp();
    if (IsSkipped()) return;
    const auto profile = directory_ + "/profile.yaml";
    std::ofstream(profile) << "extends: lte-henb\nperformance: {granularity_s: 300, method: "
                           << (GetParam().post ? "post" : "put") << (GetParam().how.empty() ? "" : ", ")
                           << GetParam().how << "}\n";
    std::filesystem::create_directories(directory_ + "/spool");
    network_ = std::make_unique<SimulatedNetwork>(profile);
    network_->measurement_files = directory_ + "/spool";
    network_->resolver.add(Plane::inner, file_transfer::kName, {netns::ip(file_transfer::kServer)});
    files_ = std::make_unique<RealFiles>(network_->clock);
    network_->other_files = files_.get();
    pm_client_ = std::make_unique<file_transfer::CurlFileTransfer>(network_->io.get_executor(), *device_, tls_,
                                                                   file_transfer::Patience{Seconds{5}, Seconds{2}, 8});
    files_->client = pm_client_.get();
    network_->make_device();
    start_servers(GetParam().server);
  }
  void TearDown() override {
    network_.reset();
    pm_client_.reset();
    Site::TearDown();
  }

  void in_service() {
    network_->start();
    live(Seconds{30});
    ASSERT_EQ(network_->state(), device::State::in_service);
  }
  void collect(const std::string& password) {
    const auto& service = GetParam();
    const auto url =
        fmt::format("{}://{}:{}{}/upload/", service.scheme, file_transfer::kName, service.port, service.directory);
    set({{"URL", url},
         {"Username", test::FileServers::kUser},
         {"Password", password},
         {"PeriodicUploadInterval", std::to_string(kPeriod.count())},
         {"Enable", "true"}});
  }
  void set(const std::vector<std::pair<std::string, std::string>>& values) {
    std::vector<datamodel::Assignment> assignments;
    assignments.reserve(values.size());
    for (const auto& [name, value] : values) assignments.push_back({kObject + name, value, ""});
    ASSERT_TRUE(network_->device->model().set(assignments));
    network_->device->save();
    live(Seconds{1});
  }
  // So much of the device's time, and as much of the machine's as the files need on their way.
  void live(Seconds time) {
    const auto give_up = std::chrono::steady_clock::now() + kPatience;
    while (time.count() > 0 || files_->busy) {
      ASSERT_LT(std::chrono::steady_clock::now(), give_up) << "a file never ends";
      network_->io.restart();
      if (files_->busy) {
        network_->io.run_one_for(Millis{2});
      } else {
        network_->run_for(Seconds{1});
        time -= Seconds{1};
      }
    }
  }
  // What the server took, in the order in which it did.
  std::vector<std::string> taken() const {
    std::vector<std::string> names;
    for (const auto& one : files_->attempts) {
      if (one.cause.empty()) names.push_back(one.name);
    }
    return names;
  }
  // What it has, in the order of time: names begin with it (TS 32.432).
  std::vector<std::string> stored() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(directory_ + "/files/upload")) {
      names.push_back(entry.path().filename().string());
    }
    std::ranges::sort(names);
    return names;
  }
  std::size_t kept() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(directory_ + "/spool"), {}));
  }
  bool has_alarm() const {
    return std::ranges::any_of(network_->device->alarms().raised(),
                               [](const auto& one) { return one.second.definition->cause == "pm_upload_failed"; });
  }
  static std::string unpacked(const std::string& file) {
    auto* const in = gzopen(file.c_str(), "rb");  // reads what is not compressed too
    std::string text(1 << 20, '\0');
    text.resize(static_cast<std::size_t>(gzread(in, text.data(), static_cast<unsigned>(text.size()))));
    gzclose(in);
    return text;
  }
  // All that the server has is whole, came in order, came once, and its periods follow one another.
  void check_stored(std::size_t wanted) {
    const auto names = stored();
    ASSERT_EQ(names.size(), wanted);
    const bool gzip = GetParam().how.find("gzip") != std::string::npos;
    EXPECT_THAT(names, Each(testing::EndsWith(gzip ? ".xml.gz" : ".xml")));
    EXPECT_THAT(taken(), ElementsAreArray(names)) << "out of order, or twice";
    std::string last_end;
    for (const auto& name : names) {
      const auto text = unpacked(directory_ + "/files/upload/" + name);
      const bool cmcc = GetParam().how.find("cmcc") != std::string::npos;
      EXPECT_EQ(test::measurement_file_errors(text, cmcc), "") << name;
      if (cmcc) continue;  // its times are others, one file each period all the same
      const auto begin = std::string(test::all_between(text, "beginTime=\"", "\"").at(0));
      EXPECT_TRUE(last_end.empty() || begin == last_end) << name;
      last_end = std::string(test::all_between(text, "endTime=\"", "\"").back());
    }
  }

  std::unique_ptr<SimulatedNetwork> network_;
  std::unique_ptr<RealFiles> files_;
  std::unique_ptr<file_transfer::CurlFileTransfer> pm_client_;
};

TEST_P(MeasurementServersTest, WhenThePasswordIsWrong_ThenFilesAreKeptAndSentInOrderOnceItIsRight) {
  in_service();
  collect("wrong");
  live(kPeriod * 3);
  ASSERT_EQ(kept(), 3u);
  EXPECT_TRUE(stored().empty());
  EXPECT_TRUE(has_alarm());
  for (const auto& one : files_->attempts) {
    EXPECT_EQ(one.name, files_->attempts.front().name) << "not the oldest first";
    EXPECT_EQ(one.cause, "authentication") << files_->last_error;
  }
  const auto failed = files_->attempts.size();
  EXPECT_GE(failed, 5u);
  EXPECT_LE(failed, 8u);  // after 10, 20, 40, … seconds
  set({{"Password", test::FileServers::kPassword}});
  live(Seconds{10});
  EXPECT_EQ(kept(), 0u) << "a new password is tried at once; " << files_->last_error;
  EXPECT_EQ(files_->attempts.size(), failed + 3);
  EXPECT_FALSE(has_alarm());
  check_stored(3);
}

TEST_P(MeasurementServersTest, WhenTheServerIsDead_ThenFilesOutliveARebootAndAreSentInOrderOnceItIsBack) {
  in_service();
  collect(test::FileServers::kPassword);
  live(kPeriod);
  EXPECT_EQ(stored().size(), 1u) << files_->last_error;
  servers_.reset();
  live(kPeriod * 3);
  ASSERT_EQ(kept(), 3u);
  EXPECT_TRUE(has_alarm());
  std::vector<Deadline::duration> waits;
  for (std::size_t i = 2; i < files_->attempts.size(); ++i) {
    EXPECT_EQ(files_->attempts[i].cause, "network") << files_->last_error;
    waits.push_back(files_->attempts[i].at - files_->attempts[i - 1].at);
  }
  ASSERT_GE(waits.size(), 4u);
  for (std::size_t i = 0; i < waits.size(); ++i) {
    const auto wanted = device::PmUploads::kFirstWait * (1 << i);
    EXPECT_GE(waits[i], wanted) << i;
    EXPECT_LE(waits[i], wanted + Seconds{2}) << i;  // live() goes by the second
  }
  network_->device->reboot();
  live(Seconds{120});
  ASSERT_EQ(network_->state(), device::State::in_service);
  EXPECT_EQ(stored().size(), 1u);
  start_servers(GetParam().server);
  live(kPeriod);
  EXPECT_FALSE(has_alarm());
  EXPECT_EQ(kept(), 0u) << files_->last_error;
  check_stored(stored().size());
  EXPECT_GE(stored().size(), 5u);
}

INSTANTIATE_TEST_SUITE_P(EachScheme, MeasurementServersTest, testing::ValuesIn(kServices),
                         [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace hnbemu

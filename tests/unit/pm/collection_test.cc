#include "pm/collection.h"

#include <gmock/gmock.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "doubles/measured.h"
#include "doubles/pm_schema.h"

namespace hnbemu::pm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const WallTime kStart = std::chrono::sys_days{std::chrono::year{2026} / 6 / 1} + std::chrono::hours(14);
constexpr const char* kRow = "Device.FAP.PerfMgmt.Config.1.";

std::string read(const std::string& file) {
  std::stringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

class WithCollection : public testing::Test {
 protected:
  WithCollection() {
    std::filesystem::create_directories(directory_);
    const auto profile = config::load_profile("lte-henb", {HNBEMU_SOURCE_DIR "/profiles"}).value();
    plan_ = *read_plan(profile).value();
  }
  ~WithCollection() override { std::filesystem::remove_all(directory_); }

  std::unique_ptr<Collection> make() {
    auto collection = std::make_unique<Collection>(
        plan_, 7, std::vector<CellName>{{Rat::lte, "EUtranCellFDD=1"}, {Rat::umts, "UtranCellFDD=1"}}, directory_,
        Collection::Surroundings{
            [this] { return zone_; },
            [] { return Origin{"A & B", "", "ManagedElement=1", "HeNB", "a \"cell\"", "1.0", "X_1"}; },
            [this](const std::string& problem) { problems_.push_back(problem); }});
    for (std::size_t cell : {0u, 1u}) collection->production().set_on_air(cell, true);
    return collection;
  }
  void begin(std::vector<JobConfig> jobs, WallTime now = kStart) {
    jobs_ = std::move(jobs);
    collection_ = make();
    collection_->start("", now);
    collection_->configure(jobs_, now);
  }
  void begin_again(WallTime now) {
    const auto memory = collection_->memory();
    collection_ = make();
    collection_->start(memory, now);
    collection_->configure(jobs_, now);
  }
  std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const auto& one : collection_->spool().waiting()) all.push_back(one.name);
    return all;
  }
  std::string text(std::size_t file) { return read(collection_->spool().waiting().at(file).path); }
  test::Measured measured() {
    test::Measured all;
    for (std::size_t i = 0; i < names().size(); ++i) {
      EXPECT_EQ(test::measurement_file_errors(text(i)), "");
      const auto one = test::read_measured(text(i));
      for (const auto& [key, value] : one.sums) all.sums[key] += value;
      all.values += one.values;
      all.suspect += one.suspect;
    }
    return all;
  }
  // Sums over files against what the cells counted.
  void expect_balance() {
    const auto all = measured();
    const auto& cells = collection_->production().cells();
    for (std::size_t cell = 0; cell < cells.size(); ++cell) {
      for (const auto& one : plan_.of(cells[cell].rat).measurements) {
        if (!one.per.empty() || one.peak) continue;
        const auto found = all.sums.find({cell == 0 ? "EUtranCellFDD=1" : "UtranCellFDD=1", one.name});
        ASSERT_NE(found, all.sums.end()) << one.name;
        EXPECT_NEAR(found->second, one.value(cells[cell].total).value(), 0.5) << one.name;
      }
    }
  }
  std::size_t on_disk() {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(directory_), {}));
  }

  const std::string directory_ =
      testing::TempDir() + "pm-" + testing::UnitTest::GetInstance()->current_test_info()->name();
  Plan plan_;
  TimeZone zone_;
  std::vector<JobConfig> jobs_;
  std::vector<std::string> problems_;
  std::unique_ptr<Collection> collection_;
};

TEST_F(WithCollection, WhenAPeriodEnds_ThenThereIsOneValidFileOfIt) {
  begin({{kRow, 1, Seconds{900}}});
  EXPECT_FALSE(collection_->advance(kStart + Seconds{899}));
  EXPECT_TRUE(collection_->advance(kStart + Seconds{900}));
  EXPECT_THAT(names(), ElementsAre("A20260601.1400+0000-1415+0000_-1_X-1.xml"));
  EXPECT_EQ(measured().suspect, 0u);
  EXPECT_THAT(text(0), HasSubstr("vendorName=\"A &amp; B\""));
  EXPECT_THAT(text(0), HasSubstr("<granPeriod duration=\"PT900S\" endTime=\"2026-06-01T14:15:00Z\"/>"));
  expect_balance();
}

TEST_F(WithCollection, WhenJobsDifferInIntervalAndPhase_ThenEachAddsUpToTheSame) {
  begin({{kRow, 1, Seconds{900}}, {"B.", 2, Seconds{3600}}, {"C.", 3, Seconds{300}, kStart + Seconds{100}}}, kStart);
  collection_->advance(kStart + Seconds{7200});
  unsigned files[4] = {};
  std::map<std::pair<std::string, std::string>, double> sums[4];
  for (std::size_t i = 0; i < names().size(); ++i) {
    const auto job = static_cast<unsigned>(names()[i][names()[i].find("_-") + 2] - '0');
    ++files[job];
    for (const auto& [key, value] : test::read_measured(text(i)).sums) sums[job][key] += value;
  }
  EXPECT_THAT(files, ElementsAre(0, 8, 2, 24));
  for (const auto& one : plan_.lte.measurements) {
    if (!one.per.empty() || one.peak) continue;
    const auto key = std::make_pair(std::string("EUtranCellFDD=1"), one.name);
    EXPECT_NEAR(sums[1][key], sums[2][key], 0.5) << one.name;
  }
}

TEST_F(WithCollection, WhenAReportHasManyPeriods_ThenItsFileHasThemAll) {
  begin({{kRow, 1, Seconds{3600}}});
  collection_->advance(kStart + Seconds{3600});
  EXPECT_THAT(names(), ElementsAre("C20260601.1400+0000-1500+0000_-1_X-1.xml"));
  const auto file = text(0);
  for (const auto* const end : {"14:15", "14:30", "14:45", "15:00"}) {
    EXPECT_THAT(file, HasSubstr(fmt::format("<granPeriod duration=\"PT900S\" endTime=\"2026-06-01T{}:00Z\"/>", end)));
  }
  expect_balance();
}

TEST_F(WithCollection, WhenThePowerGoesInAPeriod_ThenItIsSuspectAndNothingIsLost) {
  begin({{kRow, 1, Seconds{3600}}});
  collection_->advance(kStart + Seconds{2000});
  const auto before = collection_->production().cells()[0].total;
  begin_again(kStart + Seconds{2100});
  EXPECT_THAT(names(), testing::IsEmpty());
  collection_->advance(kStart + Seconds{3600});
  ASSERT_EQ(names().size(), 1u);
  const auto all = measured();
  EXPECT_GT(all.suspect, 0u);
  EXPECT_LT(all.suspect, all.values);
  const auto& name = plan_.lte.measurements.front().name;
  const auto after = collection_->production().cells()[0].total;
  const auto& one = plan_.lte.measurements.front();
  EXPECT_EQ(all.sums.at({"EUtranCellFDD=1", name}), one.value(before).value() + one.value(after).value());
}

TEST_F(WithCollection, WhenThePowerIsAwayForLonger_ThenWhatWasMeasuredIsAFileOfItsPeriod) {
  begin({{kRow, 1, Seconds{900}}});
  collection_->advance(kStart + Seconds{1000});
  begin_again(kStart + Seconds{86'500});
  EXPECT_THAT(names(),
              ElementsAre("A20260601.1400+0000-1415+0000_-1_X-1.xml", "A20260601.1415+0000-1430+0000_-1_X-1.xml"));
  EXPECT_EQ(test::read_measured(text(0)).suspect, 0u);
  EXPECT_GT(test::read_measured(text(1)).suspect, 0u);
  collection_->advance(kStart + Seconds{87'300});
  EXPECT_EQ(names().size(), 3u);
}

TEST_F(WithCollection, WhenItWasKilledBeforeItRememberedAPeriod_ThenThatIsWrittenAgain) {
  begin({{kRow, 1, Seconds{1800}}});
  collection_->advance(kStart + Seconds{800});
  const auto memory = collection_->memory();
  collection_->advance(kStart + Seconds{1800});
  collection_ = make();
  collection_->start(memory, kStart + Seconds{1850});
  collection_->configure(jobs_, kStart + Seconds{1850});
  ASSERT_EQ(names().size(), 1u);
  EXPECT_EQ(test::measurement_file_errors(text(0)), "");
  EXPECT_EQ(on_disk(), 1u);
}

TEST_F(WithCollection, WhenTheMemoryIsGarbage_ThenItBeginsAnew) {
  begin({{kRow, 1, Seconds{900}}});
  collection_->advance(kStart + Seconds{1000});
  const auto good = collection_->memory();
  for (const auto& memory : {std::string("x"), std::string("pm-1"), std::string("pm-1 5\njob\njob a\nfile 1\nfile"),
                             good.substr(0, good.size() / 2), good + " 9999:1", good + " | | |"}) {
    collection_ = make();
    collection_->start(memory, kStart + Seconds{1100});
    collection_->configure(jobs_, kStart + Seconds{1100});
    collection_->advance(kStart + Seconds{1800});
    EXPECT_FALSE(names().empty()) << memory;
  }
}

TEST_F(WithCollection, WhenAPeriodIsCut_ThenBothPartsAreFilesAndAddUp) {
  begin({{kRow, 1, Seconds{900}}});
  EXPECT_THAT(collection_->cut(kStart + Seconds{130}), ElementsAre("A20260601.1400+0000-1402+0000_-1_X-1.xml"));
  EXPECT_THAT(collection_->cut(kStart + Seconds{140}), ElementsAre("A20260601.1402+0000-1402+0000_-1_X-1.xml"));
  EXPECT_THAT(collection_->cut(kStart + Seconds{150}), ElementsAre("A20260601.1402+0000-1402+0000_-1_X-1_-_1.xml"));
  collection_->advance(kStart + Seconds{900});
  EXPECT_THAT(names().back(), HasSubstr("1402+0000-1415+0000"));
  EXPECT_EQ(measured().suspect, 0u);
  expect_balance();
}

TEST_F(WithCollection, WhenAJobIsChangedOrGone_ThenItsOpenFileIsToo) {
  begin({{kRow, 1, Seconds{3600}}});
  collection_->advance(kStart + Seconds{1000});
  EXPECT_EQ(on_disk(), 1u);
  collection_->configure({{kRow, 1, Seconds{300}}}, kStart + Seconds{1000});
  EXPECT_EQ(on_disk(), 0u);
  collection_->advance(kStart + Seconds{1200});
  EXPECT_THAT(names(), ElementsAre("A20260601.1415+0000-1420+0000_-1_X-1.xml"));
  EXPECT_GT(measured().suspect, 0u);  // its beginning was not measured
  collection_->configure({}, kStart + Seconds{1300});
  collection_->spool().keep_rows({});
  EXPECT_FALSE(collection_->next_due());
  EXPECT_EQ(on_disk(), 0u);
}

TEST_F(WithCollection, WhenNothingIsSent_ThenTheOldestGoAndItIsTold) {
  begin({{kRow, 1, Seconds{60}}});
  collection_->advance(kStart + Seconds{60} * static_cast<int>(Spool::kMaxWaiting + 2));
  EXPECT_EQ(names().size(), Spool::kMaxWaiting);
  EXPECT_EQ(on_disk(), Spool::kMaxWaiting);
  EXPECT_EQ(problems_.size(), 2u);
  EXPECT_THAT(names().front(), HasSubstr("1402+0000-1403+0000"));
}

TEST_F(WithCollection, WhenTheClockIsSet_ThenThePeriodsBesideItAreSuspect) {
  begin({{kRow, 1, Seconds{900}}});
  collection_->advance(kStart + Seconds{100});
  collection_->advance(kStart + std::chrono::hours(24 * 300) + Seconds{100});
  collection_->advance(kStart + std::chrono::hours(24 * 300) + Seconds{900});
  EXPECT_EQ(names().size(), 2u);
  const auto all = measured();
  EXPECT_EQ(all.suspect, all.values);
}

TEST_F(WithCollection, WhenTheDiskFails_ThenTheFileIsLostAndItGoesOn) {
  begin({{kRow, 1, Seconds{900}}});
  std::filesystem::remove_all(directory_);
  collection_->advance(kStart + Seconds{900});
  EXPECT_TRUE(names().empty());
  ASSERT_EQ(problems_.size(), 1u);
  std::filesystem::create_directories(directory_);
  collection_->advance(kStart + Seconds{1800});
  EXPECT_EQ(names().size(), 1u);
}

TEST_F(WithCollection, WhenFilesAreCompressed_ThenTheyAreTheSameInside) {
  plan_.gzip = true;
  begin({{kRow, 1, Seconds{900}}});
  collection_->advance(kStart + Seconds{900});
  ASSERT_THAT(names(), ElementsAre(testing::EndsWith(".xml.gz")));
  const auto& file = collection_->spool().waiting().front();
  EXPECT_EQ(file.bytes, std::filesystem::file_size(file.path));
  auto* const in = gzopen(file.path.c_str(), "rb");
  std::string xml(1 << 20, '\0');
  xml.resize(static_cast<std::size_t>(gzread(in, xml.data(), static_cast<unsigned>(xml.size()))));
  gzclose(in);
  EXPECT_EQ(test::measurement_file_errors(xml), "");
  begin_again(kStart + Seconds{900});
  EXPECT_EQ(names().size(), 1u);
}

TEST_F(WithCollection, WhenItWasKilledBeforeItRememberedACompressedFile_ThenThatIsWrittenAgain) {
  plan_.gzip = true;
  begin({{kRow, 1, Seconds{3600}}});
  collection_->advance(kStart + Seconds{2700});
  const auto memory = collection_->memory();
  collection_->advance(kStart + Seconds{3600});
  EXPECT_EQ(on_disk(), 1u) << "what is not compressed is not needed any more";
  collection_ = make();
  collection_->start(memory, kStart + Seconds{3700});
  ASSERT_EQ(names().size(), 1u);
  EXPECT_TRUE(problems_.empty()) << problems_.front();
  EXPECT_EQ(on_disk(), 1u);
}

TEST_F(WithCollection, WhenTheDialectIsCmccs_ThenItsFilesAreOfOnePeriodAndValid) {
  plan_.format = Format::cmcc;
  begin({{kRow, 1, Seconds{3600}}});
  collection_->advance(kStart + Seconds{3600});
  ASSERT_THAT(names(), ElementsAre("A20260601.1400+0000-1500+0000_-1_X-1.xml"));
  EXPECT_EQ(test::measurement_file_errors(text(0), true), "");
  EXPECT_THAT(text(0), HasSubstr("RRC.AttConnEstab._Cause</N>"));
  EXPECT_THAT(text(0), HasSubstr("<SN>RRC.AttConnEstab.mo-Data</SN>"));
}

TEST_F(WithCollection, WhenSummerTimeEnds_ThenNamesAndTimesSayIt) {
  zone_ = *TimeZone::parse("CET-1CEST,M3.5.0,M10.5.0/3");
  const auto change = WallTime{std::chrono::sys_days{std::chrono::year{2026} / 10 / 25}} + std::chrono::hours(1);
  begin({{kRow, 1, Seconds{900}}}, change - Seconds{900});
  collection_->advance(change + Seconds{3600});
  EXPECT_THAT(names(), ElementsAre("A20261025.0245+0200-0200+0100_-1_X-1.xml",
                                   "A20261025.0200+0100-0215+0100_-1_X-1.xml", testing::_, testing::_, testing::_));
  EXPECT_THAT(text(0), HasSubstr("beginTime=\"2026-10-25T02:45:00+02:00\""));
  EXPECT_THAT(text(0), HasSubstr("endTime=\"2026-10-25T02:00:00+01:00\""));
}

// Fifty devices of two cells for a day, some of which are switched off now and then: each period gave one file, and
// what the cells counted is what the files say.
TEST_F(WithCollection, WhenFiftyDevicesMeasureForADay_ThenTheirBooksBalance) {
  std::filesystem::remove_all(directory_);
  for (unsigned device = 0; device < 50; ++device) {
    std::filesystem::create_directories(directory_);
    const auto offset = Seconds{device * 37};
    begin({{kRow, 1, Seconds{device % 2 == 0 ? 900 : 3600}, kStart + offset}}, kStart + offset);
    std::vector<Counts> before{Counts(Rat::lte), Counts(Rat::umts)};
    const auto remember = [&] {
      for (std::size_t i = 0; i < before.size(); ++i) before[i].add(collection_->production().cells()[i].total);
    };
    for (int hour = 1; hour <= 24; ++hour) {
      const auto now = kStart + offset + std::chrono::hours(hour);
      if (device % 5 == 0 && hour % 7 == 0) {
        collection_->advance(now - Seconds{1000});
        remember();
        begin_again(now - Seconds{950});
        collection_->production().set_on_air(1, hour % 2 == 0);
      }
      collection_->advance(now);
    }
    remember();
    const auto all = names();
    EXPECT_EQ(all.size(), device % 2 == 0 ? 96u : 24u);
    EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size());
    std::map<std::pair<std::string, std::string>, double> sums;
    for (std::size_t i = 0; i < all.size(); ++i) {
      for (const auto& [key, value] : test::read_measured(text(i)).sums) sums[key] += value;
    }
    for (const std::size_t cell : {0u, 1u}) {
      for (const auto& one : plan_.of(cell == 0 ? Rat::lte : Rat::umts).measurements) {
        if (!one.per.empty() || one.peak) continue;
        const std::string object = cell == 0 ? "EUtranCellFDD=1" : "UtranCellFDD=1";
        EXPECT_NEAR((sums[{object, one.name}]), one.value(before[cell]).value(), 1) << device << one.name;
      }
    }
    std::filesystem::remove_all(directory_);
  }
}

TEST(Interval, WhenItIsNoWholeNumberOfPeriods_ThenItCannotBe) {
  Plan plan;
  EXPECT_EQ(granularity_of(plan, Seconds{3600}), Seconds{900});
  EXPECT_EQ(granularity_of(plan, Seconds{300}), Seconds{300});
  EXPECT_EQ(granularity_of(plan, Seconds{1}), Seconds{1});
  for (const int wrong : {0, 901, 1000, 7 * 86'400 + 900}) EXPECT_FALSE(granularity_of(plan, Seconds{wrong})) << wrong;
}

TEST(Name, WhenAPeriodEndsOnAnotherDay_ThenItSaysWhich) {
  const auto begin =
      WallTime{std::chrono::sys_days{std::chrono::year{2026} / 12 / 31}} + std::chrono::minutes(23 * 60 + 45);
  EXPECT_EQ(file_name(begin, begin + Seconds{900}, 1, 2, "a b/../c", {}, 0),
            "A20261231.2345+0000-20270101.0000+0000_-2_a-b-..-c.xml");
}

}  // namespace
}  // namespace hnbemu::pm

#include <sched.h>
#include <sys/mount.h>

#include <thread>

#include "site.h"

// The device's client for files against Debian's own servers, for each scheme that it has.
namespace hnbemu::file_transfer {
namespace {

constexpr std::uint64_t kHugeBytes = std::uint64_t{60} << 20;  // longer on its way than it takes to kill a server
constexpr std::uint64_t kEnoughBytes = 300'000;

struct Served : Service {
  std::string server;  // of file_servers.py
};

void PrintTo(const Served& served, std::ostream* out) {
  *out << served.name;
}

const std::vector<Served> kServices = {{{"http", 80, "/basic", "HttpBasic"}, "http"},
                                       {{"http", 8080, "", "HttpDigest"}, "digest"},
                                       {{"https", 443, "/basic", "Https"}, "https"},
                                       {{"ftp", 21, "", "Ftp"}, "ftp"},
                                       {{"ftps", 21, "", "FtpsExplicit"}, "ftp"},
                                       {{"ftps", 990, "", "FtpsImplicit"}, "ftps"},
                                       {{"sftp", 22, "", "Sftp"}, "sftp"}};

std::string some_bytes(std::size_t size) {
  std::string out(size, '\0');
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<char>((i * 2'654'435'761u) >> 13);
  return out;
}

std::uint64_t size_of(const std::string& path) {
  std::error_code none;
  const auto size = std::filesystem::file_size(path, none);
  return none ? 0 : size;
}

class ServicesTest : public Site, public testing::WithParamInterface<Served> {
 protected:
  void SetUp() override {
    Site::SetUp();
    if (!IsSkipped()) start_servers(GetParam().server);
  }
  FileRequest get(const std::string& file) const { return Site::get(GetParam(), file); }
  FileRequest put(const std::string& file, const std::string& content) const {
    auto out = get(file);
    out.method = FileRequest::Method::put;
    out.file = directory_ + "/to-upload";
    std::ofstream(out.file, std::ios::binary) << content;
    return out;
  }
};

TEST_P(ServicesTest, WhenFilesGoBothWays_ThenTheyArriveWhole) {
  const auto content = some_bytes(700'000);
  serve_file("the firmware", content);
  const auto got = transfer(get("/the%20firmware"));
  ASSERT_TRUE(got) << got.error().to_string();
  EXPECT_EQ(got->bytes, content.size());
  EXPECT_EQ(content_of(directory_ + "/download"), content);

  for (const std::size_t size : {content.size(), std::size_t{3}}) {
    const auto put_away = transfer(put("/upload/the%20counters", content.substr(0, size)));
    ASSERT_TRUE(put_away) << put_away.error().to_string();
    EXPECT_EQ(put_away->bytes, size);
    EXPECT_EQ(content_of(directory_ + "/files/upload/the counters"), content.substr(0, size));
    std::filesystem::remove(directory_ + "/files/upload/the counters");
  }
}

TEST_P(ServicesTest, WhenThePasswordIsWrong_ThenItIsAuthentication) {
  serve_file("firmware", "new");
  auto request = get("/firmware");
  request.password = "wrong";
  EXPECT_EQ(cause_of(request), "authentication") << last_;
  request = put("/upload/counters", "none");
  request.password = "wrong";
  EXPECT_EQ(cause_of(request), "authentication") << last_;
  EXPECT_FALSE(std::filesystem::exists(directory_ + "/files/upload/counters"));
}

TEST_P(ServicesTest, WhenThereIsNoSuchFile_ThenItIsNotFound) {
  EXPECT_EQ(cause_of(get("/no/such/file")), "not-found") << last_;
  EXPECT_EQ(cause_of(get("/nothing")), "not-found") << last_;
}

TEST_P(ServicesTest, WhenTheServerIsKilledHalfWay_ThenWhatCameIsKeptAndTheRestComesLater) {
  const auto begin = some_bytes(1'000'000);
  serve_file("huge", begin, kHugeBytes);
  auto request = get("/huge");
  EXPECT_EQ(cause_of(request,
                     [&] {
                       if (size_of(request.file) > kEnoughBytes) servers_.reset();
                     }),
            "interrupted")
      << last_;
  const auto come = size_of(request.file);
  ASSERT_LT(come, kHugeBytes);
  ASSERT_GT(come, kEnoughBytes);
  ASSERT_EQ(content_of(request.file).substr(0, begin.size()), begin.substr(0, come));

  start_servers(GetParam().server);
  request.resume = come;
  std::uint64_t least = come;
  const auto rest = transfer(request, [&] { least = std::min(least, size_of(request.file)); });
  ASSERT_TRUE(rest) << rest.error().to_string();
  EXPECT_EQ(rest->bytes, kHugeBytes);
  EXPECT_EQ(least, come) << "it began again";
  std::ifstream file(request.file, std::ios::binary);
  std::string head(begin.size(), '\0');
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  EXPECT_EQ(head, begin);
}

TEST_P(ServicesTest, WhenTheNetworkFallsSilentHalfWay_ThenItIsInterrupted) {
  serve_file("huge", "", kHugeBytes);
  auto request = get("/huge");
  bool cut = false;
  EXPECT_EQ(cause_of(request,
                     [&] {
                       if (cut || size_of(request.file) <= kEnoughBytes) return;
                       cut = true;
                       auto link = must(netns::Process::spawn(
                           *server_, {{"/sbin/ip", "link", "set", "eth0", "down"}, {"PATH=/usr/sbin:/usr/bin"}, ""}));
                       while (link.running()) std::this_thread::yield();
                     }),
            "interrupted")
      << last_;
  EXPECT_LT(size_of(request.file), kHugeBytes);
}

TEST_P(ServicesTest, WhenTheDiskIsFull_ThenItIsResources) {
  serve_file("firmware", some_bytes(700'000));
  ASSERT_EQ(::unshare(CLONE_NEWNS), 0);  // the mount goes with the test program
  ASSERT_EQ(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), 0);
  const auto disk = directory_ + "/disk";
  std::filesystem::create_directories(disk);
  ASSERT_EQ(::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=64k"), 0);
  auto request = get("/firmware");
  request.file = disk + "/download";
  EXPECT_EQ(cause_of(request), "resources") << last_;
  EXPECT_LE(size_of(request.file), 65'536u);
  ::umount(disk.c_str());
}

INSTANTIATE_TEST_SUITE_P(EachScheme, ServicesTest, testing::ValuesIn(kServices),
                         [](const auto& each) { return std::string(each.param.name); });

class UnservedTest : public Site, public testing::WithParamInterface<Served> {};

TEST_P(UnservedTest, WhenNobodyServes_ThenItIsTheNetwork) {
  EXPECT_EQ(cause_of(get(GetParam(), "/firmware")), "network") << last_;
}

INSTANTIATE_TEST_SUITE_P(EachScheme, UnservedTest, testing::ValuesIn(kServices),
                         [](const auto& each) { return std::string(each.param.name); });

const std::vector<Served> kSecure = {kServices[2], kServices[4], kServices[5]};

class CertificatesTest : public ServicesTest {};

TEST_P(CertificatesTest, WhenTheServerIsNotTheOneOfTheUrl_ThenItIsItsCertificate) {
  serve_file("firmware", "new");
  auto request = get("/firmware");
  request.url.host = "other.example";
  EXPECT_EQ(cause_of(request), "tls-certificate") << last_;
  auto strange = tls_;
  strange.ca = must(lab::CertificateAuthority::create("stranger")).certificate();
  make_client(strange);
  EXPECT_EQ(cause_of(get("/firmware")), "tls-certificate") << last_;
  strange.ca = "";
  make_client(strange);
  EXPECT_EQ(cause_of(get("/firmware")), "tls-certificate") << last_;
}

INSTANTIATE_TEST_SUITE_P(EachScheme, CertificatesTest, testing::ValuesIn(kSecure),
                         [](const auto& each) { return std::string(each.param.name); });

class ClientCertificateTest : public Site {};

TEST_F(ClientCertificateTest, WhenAServerAsksForOne_ThenTheDeviceHasIt) {
  start_servers("https,ftps");
  serve_file("firmware", "new");
  const Service https{"https", 443, "/client", ""};
  const Service ftps{"ftps", 990, "", ""};
  EXPECT_TRUE(transfer(get(https, "/firmware"))) << last_;
  make_client({tls_.ca, "", ""});
  EXPECT_EQ(cause_of(get(https, "/firmware")), "not-found") << last_;  // 403
  EXPECT_NE(cause_of(get(ftps, "/firmware")), "none");
}

}  // namespace
}  // namespace hnbemu::file_transfer

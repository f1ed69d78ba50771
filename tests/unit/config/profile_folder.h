#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "config/profile.h"

namespace hnbemu::config {

// What each profile has to say of the places of what the emulator knows.
inline constexpr const char* kRoles = R"(roles:
  acs_url: Device.M.URL
  parameter_key: Device.M.Key
  connection_request_url: Device.M.CR
  periodic_inform_enable: Device.M.PE
  periodic_inform_interval: Device.M.PI
  periodic_inform_time: Device.M.PT
  serial_number: Device.I.SerialNumber
  software_version: Device.I.SoftwareVersion
  admin_state: Device.F.AdminState
  op_state: Device.F.OpState
  rf_tx_status: Device.F.RFTxStatus
  serving_segw: Device.F.SecGWServer1
)";

// A folder of profiles that goes with the test.
class ProfileFolder : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = ::testing::TempDir() + "hnbemu_profiles_" + std::to_string(::getpid());
    std::filesystem::create_directories(folder_ + "/sub");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  void write(const std::string& file, const std::string& text) { std::ofstream(folder_ + "/" + file) << text; }
  // What is wrong with the profile of that name, without the folder.
  std::string mistake_in(const std::string& name) {
    const auto profile = load_profile(name, {folder_});
    return profile ? "" : profile.error().detail.substr(folder_.size() + 1);
  }
  std::string folder_;
};

}  // namespace hnbemu::config

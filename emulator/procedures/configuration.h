#pragma once

#include "procedures/device_files.h"

namespace hnbemu::procedures {

// What the ACS may set, as it is now, as text (files/configuration.h). Passwords and keys are in it as they are: a
// device could not be restored from a file without them.
std::string configuration_text(const Context& context);

// All of it or nothing, as if the ACS had set it: nobody is notified, and parameters that are not named stay as they
// are.
Task<Installed> install_configuration(Context& context, std::string file);

// Why a configuration file is not for devices like this one.
std::optional<std::string> of_another_kind(const Context& context, std::string_view oui,
                                           std::string_view product_class);
// What is in a configuration file of whatever kind, to the data model and to memory: all of it or nothing. The date of
// `note` is filled in.
Task<Installed> apply_settings(Context& context, std::vector<datamodel::Setting> settings, ConfigurationNote note);

// At power-up and after a change: DeviceInfo.VendorConfigFile.1. and VendorLogFile.1., where the model has them.
void show_files(Context& context);

}  // namespace hnbemu::procedures

"""Each shipped profile comes into service: femtocells in the lab, other devices with an ACS."""
import json
import re
import unittest

import program
from acs_test import Acs


class ShippedProfiles(program.ProgramTest):
    def profiles(self):
        status, listed = self.run_json("profile", "list")
        self.assertEqual(status, 0)
        return listed["profiles"]

    def is_femtocell(self, profile):
        tree = json.loads(self.ok("profile", "show", profile, "--json"))["tree"]
        return any("FAPService" in node["path"] for node in tree)

    def test_femtocells_come_into_service_in_the_lab(self):
        names = [profile["name"] for profile in self.profiles() if self.is_femtocell(profile["name"])]
        self.assertIn("baicells-qrtb", names)
        # Those of the field measure for minutes first.
        files = {name: self.write(f"extends: {name}\nrem_time_s: 1\n", f"{name}-soon.yaml") for name in names}
        groups = "\n".join(f'  - {{name: {name}, profile: {files[name]}, serial: "{name}-1", ipsec: lab}}' for name in names)
        status, report = self.run_json("up", self.write(f"fleet: {{name: all}}\ngroups:\n{groups}\n"),
                                       "--exit-when-in-service", "--timeout", "90")
        self.assertEqual(status, 0, report)

    def test_other_devices_register_with_an_acs(self):
        acs = Acs()
        self.addCleanup(acs.server_close)
        self.addCleanup(acs.shutdown)
        names = [profile["name"] for profile in self.profiles() if not self.is_femtocell(profile["name"])]
        self.assertEqual(sorted(names), ["cpe", "nas", "stb", "voip-ata"])
        groups = "\n".join(f'  - {{name: {name}, profile: {name}, serial: "{name}-1", ipsec: none}}' for name in names)
        self.up(self.write(f"acs: {{url: '{acs.url}'}}\ngroups:\n{groups}\n"))
        self.assertEqual(sorted(inform["serial"] for inform in acs.informs), [f"{name}-1" for name in names])
        self.assertRegex(self.ok("show", "nas-0001"), r"TR-069 3.7.1 +2 +Inform")
        self.ok("down", "--purge")
        self.assert_nothing_left()

    def test_a_device_without_a_cell_needs_to_know_its_acs(self):
        said = self.refused("up", self.write("groups: [{name: nas, profile: nas}]\n"))
        self.assertIn("give it serving_hms", said)

    def test_show_fits_the_terminal(self):
        out = self.ok("profile", "show", "lte-henb", "Device.DeviceInfo.")
        self.assertTrue(re.search(r"^  SerialNumber +string\(:64\) +ro", out, re.M), out)
        self.assertTrue(all(len(line) <= 100 for line in out.splitlines()), out)
        self.assertIn("did you mean 'Device.DeviceInfo.'?", self.refused("profile", "show", "lte-henb", "Device.DeviceInfo"))

    def test_check_tells_all_mistakes(self):
        said = self.refused("profile", "check", self.write(
            "extends: lte-henb\nroles: {up_time: Device.DeviceInfo.UpTme}\nvalues: {Device.Time.Enable: maybe}\n", "x.yaml"))
        self.assertIn("x.yaml:2:18: role 'up_time': there is no parameter", said)
        self.assertIn("x.yaml:3:30: Device.Time.Enable: 'maybe' is no legal value", said)


if __name__ == "__main__":
    program.main()

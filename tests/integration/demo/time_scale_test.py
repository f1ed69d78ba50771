"""A fleet whose devices' own time passes faster, while the world's does not."""
import datetime
import re

import program

INTERVAL = "Device.ManagementServer.PeriodicInformInterval"


class TimeScale(program.ProgramTest):
    def periodic(self, device):
        return len(re.findall("<EventCode>2 PERIODIC<", self.ok("trace", device)))

    def up_time(self, device):
        return int(self.ok("get", device, "Device.DeviceInfo.UpTime").split(" = ")[1])

    def device_time(self, device):
        text = self.ok("get", device, "Device.Time.CurrentLocalTime").split(" = ")[1].strip()
        return datetime.datetime.fromisoformat(re.sub(r"\.\d+", "", text).replace("Z", "+00:00"))

    def test_an_hour_passes_in_a_minute(self):
        slow_boot = self.write("extends: lte-henb\nboot_time_s: 300\n", "slow.yaml")
        self.up(self.write(f"fleet: {{time_scale: 60}}\ngroups: [{{name: henb, profile: {slow_boot}}}]\n"))
        began = self.device_time("henb-0001")
        self.ok("hms", "set", "henb-0001", f"{INTERVAL}=120")  # two seconds of ours
        self.wait_for("a quarter of an hour's informs", lambda: self.periodic("henb-0001") >= 7, timeout=40)
        passed = self.device_time("henb-0001") - began
        self.assertGreater(passed, datetime.timedelta(minutes=12))
        self.ok("reboot", "henb-0001")  # takes five seconds of ours
        self.wait_for("the boot", lambda: self.up_time("henb-0001") < 600)
        self.ok("wait", "--state", "in-service", "--timeout", "60")
        self.assertEqual(self.ask("/fleet")["violations"], [])

    def test_what_is_no_scale_is_refused(self):
        groups = "groups: [{name: henb, profile: lte-henb}]\n"
        for wrong in ("0", "-60", "1.5", "fast", "100000"):
            said = self.refused("up", self.write(f"fleet: {{time_scale: {wrong}}}\n{groups}"))
            self.assertRegex(said, r"fleet.yaml:1:\d+: .*time_scale")
        self.assertIn("an NTP server", self.refused("up", self.write(f"fleet: {{time_scale: 60}}\nlab: {{ntp: true}}\n{groups}")))


if __name__ == "__main__":
    program.main()

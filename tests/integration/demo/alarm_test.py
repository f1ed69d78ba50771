"""Alarms by hand: raised, changed, cleared, listed, and told to the HMS by their mechanism."""
import json

import program

FLEET = """
groups:
  - {name: hnb, profile: umts-hnb}
  - {name: henb, profile: lte-henb}
"""
TABLES = {"hnb-0001": "InternetGatewayDevice.Services.FAPService.1.FaultMgmt.", "henb-0001": "Device.FaultMgmt."}


class Alarms(program.ProgramTest):
    def alarms(self, device):
        return json.loads(self.ok("alarm", "list", device, "--json"))

    def recent(self, device, alarm):
        return [record for record in self.alarms(device)["recent"] if record["alarm"] == alarm]

    def is_reported(self, device, alarm, what="reported"):
        return lambda: all(record[what] for record in self.recent(device, alarm))

    def test_an_alarm_is_raised_changed_and_cleared_and_the_hms_hears_of_it(self):
        self.up(self.write(FLEET))
        for device, table in TABLES.items():
            self.ok("alarm", "raise", device, "11403", "--text", "too hot")
            self.wait_for("the report", self.is_reported(device, "11403"))
            listing = self.ok("alarm", "list", device)
            self.assertIn("Temperature above limit", listing)
            self.assertIn("too hot", listing)
            self.assertIn("1 raised now", listing)
            self.assertIn(f"{table}CurrentAlarm.1.PerceivedSeverity = Major",
                          self.ok("get", device, table + "CurrentAlarm."))
            self.ok("alarm", "change", device, "11403", "--severity", "critical")
            (now,) = self.alarms(device)["alarms"]
            self.assertEqual((now["alarm"], now["severity"], now["text"]), ("11403", "Critical", "too hot"))
            self.ok("alarm", "clear", device, "11403")
            self.wait_for("the report of the end", self.is_reported(device, "11403", "clear_reported"))
            self.assertEqual(self.alarms(device)["alarms"], [])
            trace = self.ok("trace", device)
            for words in (f"{table}ExpeditedEvent.", "<EventCode>4 VALUE CHANGE</EventCode>", "ClearedAlarm",
                          "alarm 11403 raised: Temperature above limit, Major: too hot", "alarm 11403 reported"):
                self.assertIn(words, trace)
            counts = json.loads(self.ok("show", device, "--json"))["alarm_counts"]
            self.assertEqual((counts["raised"], counts["changed"], counts["cleared"], counts["lost"]), (1, 1, 1, 0))
        self.assertEqual(self.ask("/fleet")["violations"], [])

    def test_a_queued_alarm_waits_for_the_next_session_and_a_logged_one_is_told_nowhere(self):
        self.up(self.write(FLEET))
        device = "henb-0001"
        self.ok("alarm", "raise", device, "11110")
        self.ok("alarm", "raise", device, "11207", "--object", "Device.Services.FAPService.1")
        self.assertEqual([record["reported"] for record in self.alarms(device)["recent"]], [None, None])
        self.ok("inform", device)
        self.wait_for("the next session", self.is_reported(device, "11110"))
        self.assertEqual(self.recent(device, "11207")[0]["reported"], None)
        self.assertIn("Queued", self.ok("alarm", "list", device, "--recent"))
        self.assertIn("MECHANISM", self.ok("alarm", "list", device, "--recent"))

    def test_wrong_input_is_told_and_changes_nothing(self):
        self.assertIn("no fleet is running", self.refused("alarm", "list", "hnb-0001", status=1))
        self.up(self.write(FLEET))
        device = "hnb-0001"
        before = self.alarms(device)["counts"]
        self.assertIn("no device 'hnb-9'", self.refused("alarm", "raise", "hnb-9", "11403"))
        self.assertIn("did you mean '114", self.refused("alarm", "raise", device, "1140"))
        self.assertIn("there is no object 'Device.Nope'",
                      self.refused("alarm", "raise", device, "11403", "--object", "Device.Nope."))
        self.assertIn("at most 256", self.refused("alarm", "raise", device, "11403", "--text", "x" * 257))
        self.assertIn("control characters", self.refused("alarm", "raise", device, "11403", "--text", "a\nb"))
        self.assertIn("is not raised", self.refused("alarm", "clear", device, "11403"))
        self.assertIn("is not raised", self.refused("alarm", "change", device, "11403", "--text", "x"))
        self.refused("alarm", "raise", device, "11403", "--severity", "worst")
        self.refused("alarm", "list", device, "--recent", "--supported")
        for arguments in (["alarm"], ["alarm", "raise", device], ["alarm", "sideways", device]):
            self.refused(*arguments)
        self.assertEqual(self.alarms(device)["counts"], before)
        self.ok("alarm", "raise", device, "11403")
        self.assertIn("is raised already", self.refused("alarm", "raise", device, "11403"))
        self.assertIn("one of the text or of the severity", self.refused("alarm", "change", device, "11403"))
        self.assertIn("already", self.refused("alarm", "change", device, "11403", "--severity", "major"))
        self.assertIn("Fan stopped", self.ok("alarm", "list", device, "--supported"))


if __name__ == "__main__":
    program.main()

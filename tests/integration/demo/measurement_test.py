"""Measurement files of real devices, over their tunnels, to the file server beside the Serving HMS."""
import datetime
import json
import pathlib
import xml.etree.ElementTree

import program

FLEET = """
fleet: {seed: 3}
lab: {pm_interval_s: 3}
groups:
  - {name: henb, profile: lte-henb, count: 2}
  - {name: hnb, profile: umts-hnb}
"""
NAMESPACE = "{http://www.3gpp.org/ftp/specs/archive/32_series/32.435#measCollec}"
CONFIG = "Device.FAP.PerfMgmt.Config.1."


class Measurement(program.ProgramTest):
    def files(self):
        return sorted(pathlib.Path(self.state / "fleet" / "run").glob("**/measurements/[AC]*.xml"))

    def begins(self, device):
        """When the files of a device begin."""
        return [xml.etree.ElementTree.parse(file).getroot().find(f"{NAMESPACE}fileHeader/{NAMESPACE}measCollec").get("beginTime")
                for file in self.files() if device.replace("-", "").replace("000", "00000") in file.name]

    def test_files_come_each_period_also_after_a_restart_and_by_hand(self):
        fleet = self.write(FLEET)
        self.up(fleet)
        self.wait_for("three files of each", lambda: len(self.files()) >= 9)
        for file in self.files():
            root = xml.etree.ElementTree.parse(file).getroot()
            self.assertEqual(root.tag, NAMESPACE + "measCollecFile")
            self.assertGreater(len(root.findall(f".//{NAMESPACE}measType")), 60)

        # By hand: the period until now.
        self.ok("set", "henb-0001", CONFIG + "PeriodicUploadInterval=3600")
        [named] = self.upload_pm("henb-0001")
        self.assertNotIn("pm_files", json.loads(self.ok("show", "henb-0001", "--json")))  # they are the HMS's to tell
        self.wait_for(named, lambda: any(file.name == named for file in self.files()))

        # The impossible is refused, and changes nothing.
        for wrong in ("PeriodicUploadInterval=1000", "URL=gopher://x/"):
            self.assertIn("nothing was set", self.refused("set", "henb-0001", CONFIG + wrong))
        self.assertIn("= 3600", self.ok("get", "henb-0001", CONFIG + "PeriodicUploadInterval"))
        self.ok("set", "henb-0001", CONFIG + "Enable=false")
        self.assertIn("has a URL", self.refused("upload-pm", "henb-0001", status=1))
        self.assertIn("no device", self.refused("upload-pm", "henb-0009"))

        # What could not be sent is kept while the fleet is down, and sent when the HMS has given a good URL again.
        self.ok("set", "henb-0002", CONFIG + "URL=https://no-such.operator.example/")
        kept = pathlib.Path(self.state / "fleet" / "measurements" / "henb-0002")
        self.wait_for("files that wait", lambda: len(list(kept.iterdir())) >= 3)
        self.ok("down")
        down = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        waiting = len(list(kept.iterdir()))
        self.assertGreaterEqual(waiting, 3)
        self.up(fleet)
        self.wait_for("what waited", lambda: sum(begin < down for begin in self.begins("henb-0002")) >= waiting)
        self.ok("down", "--purge")
        self.assert_nothing_left()


if __name__ == "__main__":
    program.main()

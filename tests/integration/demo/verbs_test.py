"""A fleet in the background, looked at and prodded by the verbs of the command line."""
import json
import pathlib

import program

FLEET = """
groups:
  - {name: hnb, profile: umts-hnb, count: 2}
  - {name: henb, profile: lte-henb, count: 1}
"""
CODE = "InternetGatewayDevice.DeviceInfo.ProvisioningCode"
KEY = "InternetGatewayDevice.ManagementServer.ParameterKey"


class Verbs(program.ProgramTest):
    def test_a_fleet_is_watched_prodded_and_ended(self):
        self.up(self.write(FLEET))
        listing = self.ok("ls")
        self.assertIn("3 of 3 devices in service", listing)
        devices = json.loads(self.ok("ls", "--json"))["devices"]
        self.assertEqual([device["id"] for device in devices], ["hnb-0001", "hnb-0002", "henb-0001"])

        shown = json.loads(self.ok("show", "hnb-0001", "--json"))
        self.assertEqual(shown["state"], "in-service")
        self.assertLessEqual(set(shown["pending_events"]), {"4 VALUE CHANGE"})  # the cell has just gone on the air
        self.assertTrue(any(step["id"] == "2.3" for step in shown["steps"]))
        self.assertIn("secure connection to the Serving SeGW", self.ok("show", "hnb-0001"))

        self.ok("set", "hnb-0001", f"{CODE}=blue")
        self.assertEqual(self.ok("get", "hnb-0001", CODE), f"{CODE} = blue\n")
        self.assertIn(f"{KEY} = registration-1", self.ok("get", "hnb-0001", "InternetGatewayDevice.ManagementServer."))

        self.ok("inform", "hnb-0001", "--event", "2 PERIODIC")
        self.wait_for("the session", lambda: "<EventCode>2 PERIODIC</EventCode>" in self.ok("trace", "hnb-0001"))
        trace = self.ok("trace", "hnb-0001")
        for words in ("step      TS 32.583 5.1.1 step 2.3", "dns       inner query", "ike       established serving",
                      "soap-out  POST https://hms-serving", "SetParameterValuesResponse"):
            self.assertIn(words, trace)
        self.assertIn("hnb-0002 in-service", self.ok("logs", "hnb-0002"))
        self.assertNotIn("hnb-0001", self.ok("logs", "hnb-0002"))

        self.ok("reboot", "henb-0001")
        self.ok("wait", "--state", "rebooting", "--count", "1", "--timeout", "5")
        self.ok("wait", "--timeout", "30")
        self.assertIn("1 BOOT", self.ok("trace", "henb-0001"))
        self.assertIn("fleet 'fleet' is down", self.ok("down"))
        self.assert_nothing_left()
        self.assertTrue((self.state / "fleet" / "memory.sqlite").exists())
        self.ok("down", "--purge")
        self.assertFalse((self.state / "fleet").exists())

    def test_a_device_is_held_at_a_step_until_it_may_go_on(self):
        self.up(self.write(FLEET))
        self.ok("hold", "hnb-0001", "--at", "5.2.1/3")
        self.ok("reboot", "hnb-0001")
        self.wait_for("the hold", lambda: "held before TS 32.583 5.2.1 step 3" in self.ok("ls"))
        self.ok("wait", "--state", "in-service", "--count", "2", "--timeout", "1")
        self.assertIn("5.1.1/2.3", self.refused("hold", "hnb-0001", "--at", "9.9"))
        self.ok("continue", "hnb-0001")
        self.ok("wait", "--timeout", "20")

    def test_a_command_sees_what_the_device_sees(self):
        self.up(self.write(FLEET))
        inner = json.loads(self.ok("show", "hnb-0001", "--json"))["inner_address"]
        resolv_conf = pathlib.Path("/etc/resolv.conf")
        before = resolv_conf.read_text() if resolv_conf.exists() else None
        seen = self.ok("exec", "hnb-0001", "--", "sh", "-c", "ip -4 address; cat /etc/resolv.conf; ls /sys/class/net")
        self.assertIn(inner, seen)
        self.assertIn("nameserver 10.200.0.1", seen)
        self.assertIn("\nwan\n", seen)
        self.assertIn("10.200.0.", self.ok("exec", "core", "--", "ip", "-4", "address"))
        self.assertEqual(self.run_program("exec", "hnb-0001", "--", "sh", "-c", "exit 7")[0], 7)
        self.assertIn("cannot run 'no-such-command'", self.refused("exec", "hnb-0001", "--", "no-such-command", status=1))
        if before is not None:
            self.assertEqual(resolv_conf.read_text(), before)

    def test_two_fleets_live_side_by_side_and_the_lab_alone(self):
        fleet = self.write(FLEET)
        self.up(fleet, "--fleet", "one")
        self.up(fleet, "--fleet", "two")
        self.assertIn("--fleet one or --fleet two", self.refused("ls"))
        self.assertIn("'one' is running already", self.refused("up", fleet, "--fleet", "one"))
        self.ok("down", "--fleet", "one")
        self.assertIn("3 of 3 devices in service", self.ok("ls"))
        self.ok("down")
        self.addCleanup(self.run_program, "lab", "down")
        self.ok("lab", "up", "--detach")
        self.assertIn("segw-serving.operator.example", self.ok("lab", "status"))
        self.assertEqual(len(json.loads(self.ok("lab", "status", "--json"))["sites"]), 7)
        self.ok("lab", "down")
        self.assert_nothing_left()

    def test_wrong_input_is_told_and_changes_nothing(self):
        self.assertIn("no fleet is running", self.refused("ls", status=1))
        self.assertIn("no fleet is running", self.refused("down", status=1))
        self.up(self.write(FLEET))
        self.assertIn("no device 'hnb-0009'", self.refused("show", "hnb-0009"))
        self.assertIn("'Nope.' (a partial path ends in '.')", self.refused("get", "hnb-0001", "Nope."))
        self.assertIn("is not PATH=VALUE", self.refused("set", "hnb-0001", CODE))
        wrong = self.refused("set", "hnb-0001", f"{CODE}=green", "InternetGatewayDevice.ManagementServer.PeriodicInformInterval=x")
        self.assertIn("nothing was set", wrong)
        self.assertEqual(self.ok("get", "hnb-0001", CODE), f"{CODE} = \n")
        self.assertIn("no event code", self.refused("inform", "hnb-0001", "--event", "99 NONSENSE"))
        self.assertIn("0 of 1 devices are rebooting", self.refused("wait", "--state", "rebooting", "--count", "1", "--timeout", "1", status=1))
        for arguments in (["wait", "--state", "dead"], ["hold", "hnb-0001"], ["exec", "hnb-0001"], ["lab"], ["lab", "sideways"]):
            self.refused(*arguments)
        self.assertIn("3 of 3 devices in service", self.ok("ls"))

    def test_a_dry_run_starts_nothing(self):
        out = self.ok("up", self.write(FLEET), "--dry-run")
        self.assertIn("fleet 'fleet': 3 devices", out)
        self.assertFalse(self.state.exists())


if __name__ == "__main__":
    program.main()

"""What devices remember, and what becomes of a fleet that is killed, or whose disk is full."""
import json
import os
import pathlib
import random
import signal
import subprocess
import time

import program

FLEET = "fleet: {seed: 5}\ngroups:\n  - {name: hnb, profile: umts-hnb, count: 2}\n  - {name: henb, profile: lte-henb, count: 1}\n"
CODE = "InternetGatewayDevice.DeviceInfo.ProvisioningCode"
SEGW = "InternetGatewayDevice.Services.FAPService.1.FAPControl.UMTS.Gateway.SecGWServer1"
KEPT = [CODE, "InternetGatewayDevice.ManagementServer.URL", "InternetGatewayDevice.ManagementServer.ParameterKey"]
KILLS = 20


class Memory(program.ProgramTest):
    def kill(self):
        pid = self.emulator()
        os.kill(pid, signal.SIGKILL)
        self.wait_for("the end", lambda: program.has_ended(pid))
        self.assert_nothing_left()

    def values(self):
        return self.ok("get", "hnb-0001", *KEPT)

    def test_a_killed_fleet_goes_straight_to_its_serving_hms(self):
        fleet = self.write(FLEET)
        self.up(fleet)
        self.ok("set", "hnb-0001", f"{CODE}=blue")
        self.ok("inform", "henb-0001", "--event", "2 PERIODIC")
        time.sleep(0.5)
        before = self.values()
        self.assertIn("URL = https://hms-serving", before)
        self.kill()
        self.up(fleet)
        self.assertEqual(self.values(), before)
        for device in ("hnb-0001", "hnb-0002", "henb-0001"):
            shown = json.loads(self.ok("show", device, "--json"))
            self.assertFalse([step for step in shown["steps"] if step["clause"] in ("TS 32.583 5.1.1", "TS 32.593 5.1.2.2")
                              and step["id"] not in ("6.1", "6.2", "6.3", "6.4", "6.5")])
            last = self.ok("trace", device).rsplit("discovering", 1)[-1].rsplit("registering", 1)[-1]
            self.assertIn("<EventCode>1 BOOT</EventCode>", last)
            self.assertNotIn("0 BOOTSTRAP", last)
        self.ok("down", "--purge")

    def test_killed_in_any_phase_it_leaves_nothing_and_comes_back(self):
        fleet = self.write(FLEET)
        moments = random.Random(11)
        for _ in range(KILLS):
            delay = moments.choice([moments.uniform(0, 0.3), moments.uniform(0.3, 1.5)])
            with self.subTest(delay=delay):
                self.up(fleet, devices=None)
                time.sleep(delay)
                self.kill()
        self.up(fleet)
        self.assertIn("URL = https://hms-serving", self.values())
        self.assertEqual(json.loads(self.ok("show", "hnb-0001", "--json"))["forgotten"], [])
        self.ok("down", "--purge")
        self.assert_nothing_left()

    def test_down_after_a_kill_tidies_up(self):
        self.up(self.write(FLEET))
        self.kill()
        self.assertIn("was not running", self.ok("down"))
        self.assertFalse((self.state / "fleet" / "run").exists())
        self.ok("down", "--purge")
        self.assertFalse((self.state / "fleet").exists())

    def test_a_killed_charon_is_replaced(self):
        self.up(self.write(FLEET))
        daemon = json.loads(self.ok("show", "hnb-0001", "--json"))["ike_daemon"]
        os.kill(daemon, signal.SIGKILL)

        def replaced():
            now = json.loads(self.ok("show", "hnb-0001", "--json"))
            return now["state"] == "in-service" and now["ike_daemon"] not in (0, daemon)

        self.wait_for("a new charon", replaced, timeout=30)
        self.ok("wait", "--timeout", "5")
        self.assertIn("tunnel-lost", self.ok("logs", "hnb-0001"))

    def test_sigterm_ends_it_in_order_within_a_bound(self):
        self.up(self.write(FLEET))
        pid = self.emulator()
        begin = time.monotonic()
        os.kill(pid, signal.SIGTERM)
        self.wait_for("the end", lambda: not (self.state / "fleet" / "control").exists(), timeout=20)
        self.wait_for("the lock", lambda: "was not running" in self.ok("down"), timeout=20)
        self.assertLess(time.monotonic() - begin, 15)
        self.assert_nothing_left()

    def on_disk(self, size, fleet, *more):
        """The emulator with a state directory on a disk of that size, in a mount namespace; gives its output."""
        script = ('mkdir -p "$1" && mount -t tmpfs -o size=$2 none "$1" && shift 2 && exec "$@"')
        command = ["unshare", "-m", "sh", "-c", script, "sh", str(self.state), size, program.PROGRAM, "up", fleet,
                   "--state-dir", str(self.state), *more]
        return subprocess.run(command, capture_output=True, text=True, timeout=60)

    def test_a_full_disk_is_told_and_harms_nothing(self):
        fleet = self.write(FLEET)
        run = self.on_disk("64k", fleet, "--exit-when-in-service", "--timeout", "10")
        self.assertEqual(run.returncode, 1, run.stdout)
        self.assertRegex(run.stdout + run.stderr, "disk is full|No space left")
        self.assert_nothing_left()

    def test_a_read_only_disk_is_told(self):
        fleet = self.write(FLEET)
        script = 'mkdir -p "$1" && mount -t tmpfs none "$1" && mount -o remount,ro "$1" && shift && exec "$@"'
        run = subprocess.run(["unshare", "-m", "sh", "-c", script, "sh", str(self.state), program.PROGRAM, "up", fleet,
                              "--state-dir", str(self.state)], capture_output=True, text=True, timeout=30)
        self.assertEqual(run.returncode, 1, run.stdout)
        self.assertIn("Read-only file system", run.stderr)
        self.assertIn("--state-dir", run.stderr)

    def test_the_state_directory_may_be_relative(self):
        self.state = pathlib.Path("state")
        here = {"cwd": self.directory}
        self.addCleanup(self.run_program, "down", **here)
        self.ok("up", self.write("groups: [{name: hnb, profile: umts-hnb}]\n"), "--detach", **here)
        self.ok("wait", "--state", "in-service", "--timeout", "30", **here)
        self.ok("down", "--purge", **here)


if __name__ == "__main__":
    program.main()

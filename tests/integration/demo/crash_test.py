#!/usr/bin/env python3
"""SIGKILL of the program, at any moment, leaves nothing but files."""
import json
import os
import random
import signal
import time

from program import ProgramTest, daemons, main

KILLS = 10

class Crash(ProgramTest):
    def test_killed_at_any_moment_it_leaves_nothing(self):
        moments = random.Random(20)
        for _ in range(KILLS):
            delay = moments.uniform(0.02, 0.9)
            with self.subTest(delay=delay):
                process = self.start("demo")
                time.sleep(delay)
                process.kill()
                process.communicate(timeout=10)
                self.assert_nothing_left()

    def test_a_killed_charon_is_replaced(self):
        fleet = self.write("groups: [{name: hnb, profile: umts-hnb}]\n")
        process = self.start("up", fleet)
        self.lines_until(process, "all devices are in service")

        os.kill(daemons(process.pid)["hnb-0001"], signal.SIGKILL)
        self.lines_until(process, "registering: tunnel-lost: the device's IKE daemon went away")
        self.lines_until(process, "in-service")
        process.terminate()
        out, _ = process.communicate(timeout=15)
        self.assertIn("1 of 1 devices in service", out)
        self.assert_nothing_left()

    def test_a_daemon_of_the_lab_that_ends_is_told(self):
        process = self.start("lab", "up")
        self.lines_until(process, "the lab is up")
        for label, words in (("segw1", "SeGW segw-serving.operator.example"), ("outer-dns", "DNS outer")):
            os.kill(daemons(process.pid)[label], signal.SIGKILL)
            self.assertIn(label, self.lines_until(process, f"the lab's {words} has ended").splitlines()[-1])
        states = {site["name"]: site["state"] for site in json.loads(self.ok("lab", "status", "--json"))["sites"]}
        ended = {name for name, state in states.items() if state == "ended"}
        self.assertEqual(ended, {"segw-serving.operator.example", "outer"})
        process.terminate()
        out, _ = process.communicate(timeout=15)
        self.assertNotIn("has ended", out)  # it was told once, and is none of what ends with the fleet
        self.assert_nothing_left()


if __name__ == "__main__":
    main()

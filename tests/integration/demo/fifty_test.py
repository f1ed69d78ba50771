"""Fifty devices come into service and stay there."""
import json
import resource
import time

import program

FLEET = """
fleet: {start_rate_per_s: 25}
groups:
  - {name: hnb, profile: umts-hnb, count: 25}
  - {name: henb, profile: lte-henb, count: 25}
"""
WATCHED_S = 120
FEW_FILES = 128  # less than the fleet needs, as a login's soft limit may be


class Fifty(program.ProgramTest):
    def setUp(self):
        super().setUp()
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (FEW_FILES, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))

    def test_none_is_lost_over_two_minutes(self):
        self.up(self.write(FLEET))
        end = time.monotonic() + WATCHED_S
        while time.monotonic() < end:
            listing = self.ask("/devices")
            self.assertEqual(listing["in_service"], 50, [d for d in listing["devices"] if d["state"] != "in-service"])
            time.sleep(1)
        for device in listing["devices"]:
            shown = json.loads(self.ok("show", device["id"], "--json"))
            self.assertEqual(shown["failed_attempts"], 0)
            self.assertFalse([step for step in shown["steps"] if step["result"] != "ok"])
        self.assertEqual(self.ask("/fleet")["violations"], [])
        self.ok("down")
        self.assert_nothing_left(within=5.0)


if __name__ == "__main__":
    program.main()

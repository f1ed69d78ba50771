#!/usr/bin/env python3
"""hnbemu demo: four devices come into service step by step, and nothing is left behind."""
import signal

from program import ProgramTest, main

# The Serving HMS provisions twice: measurement files, which not every device has, are asked for alone.
HNB = ("TS 32.583 5.1.1", "1 2.1 2.2 2.3 2.4 2.5 3 4 5 6 7 8 9"), \
    ("TS 32.583 5.2.1", "2.1 2.2 3 4.1 4.2 5 5.1 5.2 5.3 5.4 5.3 5.4")
HENB = ("TS 32.593 5.1.2.2", "1.1 1.2 1.3 1.4 1.5 2 2.1 2.2 3.1 3.2 4 5 6.1 6.2 6.3 6.4 6.5"), \
    ("TS 32.593 5.1.3", "1 1.1 1.2 2.1 2.2 2.1 2.2 3")


def flat(table):
    return [(clause, step) for clause, steps in table for step in steps.split()]


class Demo(ProgramTest):
    def test_when_all_are_in_service_then_it_ends_with_one_document_and_leaves_nothing(self):
        status, document = self.run_json("demo", "--exit-when-in-service")
        self.assertEqual(status, 0)
        self.assertEqual(document["in_service"], 4)
        self.assertEqual(document["violations"], [])
        self.assertEqual([device["id"] for device in document["devices"]], ["hnb-0001", "hnb-0002", "hnb-0003", "henb-0001"])
        for device in document["devices"]:
            self.assertEqual(device["state"], "in-service")
            self.assertTrue(device["outer_address"].startswith("100.64."), device)
            self.assertTrue(device["inner_address"].startswith("10.128."), device)
            self.assertEqual(device["serving_hms"], "https://hms-serving.operator.example:7547/cwmp")
            self.assertEqual({key for step in device["steps"] for key in step},
                             {"id", "clause", "name", "started", "ms", "result"})
            self.assertEqual({step["result"] for step in device["steps"]}, {"ok"})
            # A session in service, which tells that the cell is on the air, may be over by then or not.
            order = [(step["clause"], step["id"]) for step in device["steps"] if not step["clause"].startswith("TR-069")]
            (alarm,) = device["alarms"]
            self.assertEqual((alarm["problem"], alarm["mechanism"]), ("Frequency reference lost", "Expedited"))
            times = [alarm[what] for what in ("raised", "reported", "cleared", "clear_reported")]
            self.assertEqual(times, sorted(times))
            self.assertEqual(order, flat(HNB if device["profile"] == "umts-hnb" else HENB))
            serial = device["id"].replace("-", "").upper().replace("000", "00000", 1)
            self.assertEqual(len(device["pm_files"]), 1, device["pm_files"])
            self.assertRegex(device["pm_files"][0], rf"^A\d{{8}}\.\d{{4}}[+-]\d{{4}}-.*_-1_02A1B2-{serial}\.xml$")
        self.assertEqual(list(self.state.iterdir()), [])
        self.assert_nothing_left()

    def test_when_people_watch_then_each_step_is_a_line_and_a_table_ends_it(self):
        status, out, err = self.run_program("demo", "--exit-when-in-service")
        self.assertEqual((status, err), (0, ""))
        self.assertIn("ESP in ", out)
        self.assertIn("secure connection to the Initial SeGW", out)
        for words in ("raised: Frequency reference lost, Major: raised by hand", "reported to the HMS", "cleared: Freq",
                      "reported as cleared"):
            self.assertEqual(out.count(words), 4, words)
        self.assertTrue(out.rstrip().endswith("4 of 4 devices in service"), out[-200:])
        self.assertNotIn("\033", out)  # no colours but on a terminal

    def test_when_the_serving_elements_are_the_initial_ones_then_the_short_cut_is_taken(self):
        fleet = self.write("lab: {serving_is_initial: true}\ngroups: [{name: hnb, profile: umts-hnb}, {name: henb, profile: lte-henb}]\n")
        status, document = self.run_json("up", fleet, "--exit-when-in-service")
        self.assertEqual((status, document["in_service"], document["violations"]), (0, 2, []))
        for device in document["devices"]:
            steps = [(step["clause"], step["id"]) for step in device["steps"]]
            self.assertNotIn(("TS 32.583 5.1.1", "9"), steps)
            self.assertNotIn(("TS 32.583 5.2.1", "3"), steps)
            self.assertNotIn(("TS 32.593 5.1.2.2", "6.3"), steps)
        self.assert_nothing_left()

    def test_when_terminated_then_it_ends_in_order(self):
        process = self.start("demo")
        for line in process.stdout:
            if "all devices are in service" in line:
                break
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=15)
        self.assertEqual(process.returncode, 0)
        self.assertIn("4 of 4 devices in service", out)
        self.assert_nothing_left()

    def test_when_two_fleets_run_side_by_side_then_neither_minds(self):
        first = self.start("demo", "--json", "--exit-when-in-service")
        status, document = self.run_json("demo", "--exit-when-in-service")
        first.communicate(timeout=60)
        self.assertEqual((first.returncode, status, document["in_service"]), (0, 0, 4))
        self.assert_nothing_left()


if __name__ == "__main__":
    main()

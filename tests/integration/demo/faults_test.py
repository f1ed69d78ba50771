#!/usr/bin/env python3
"""One device for each thing that can be wrong with an operator's network, and two good ones beside them."""
from program import ProgramTest, main

FLEET = """
lab:
  refused_serials: ["REFUSED*"]
  segws:
    - {name: segw-other-name.operator.example, certificate: other-name}
    - {name: segw-other-ca.operator.example, certificate: other-authority}
    - {name: segw-silent.operator.example, silent: true}
    - {name: segw-nowhere.operator.example, in_dns: false}
  hmss:
    - {name: hms-other-ca.operator.example, certificate: other-authority}
    - {name: hms-other-name.operator.example, certificate: other-name}
groups:
  - {name: good, profile: umts-hnb, count: 2}
  - {name: segw-name, profile: umts-hnb, initial_segw: segw-other-name.operator.example}
  - {name: segw-ca, profile: lte-henb, initial_segw: segw-other-ca.operator.example}
  - {name: silent, profile: umts-hnb, initial_segw: segw-silent.operator.example}
  - {name: nowhere, profile: lte-henb, initial_segw: segw-nowhere.operator.example}
  - {name: hms-ca, profile: umts-hnb, initial_hms: "https://hms-other-ca.operator.example:7547/cwmp"}
  - {name: hms-name, profile: lte-henb, initial_hms: "https://hms-other-name.operator.example:7547/cwmp"}
  - {name: refused, profile: umts-hnb, serial: REFUSED1}
"""

EXPECTED = {
    "segw-name-0001": ("ike-authentication", "TS 32.583 5.1.1 step 2.3"),
    "segw-ca-0001": ("ike-authentication", "TS 32.593 5.1.2.2 step 1.3"),
    "silent-0001": ("ike-no-answer", "TS 32.583 5.1.1 step 2.3"),
    "nowhere-0001": ("dns-no-such-name", "TS 32.593 5.1.2.2 step 1.1"),
    "hms-ca-0001": ("tls-certificate", "TS 32.583 5.1.1 step 3"),
    "hms-name-0001": ("tls-certificate", "TS 32.593 5.1.2.2 step 2"),
    "refused-0001": ("refused-by-hms", "TS 32.583 5.1.1 step 5"),
}


class Faults(ProgramTest):
    def test_each_ends_with_its_cause_and_the_others_come_into_service(self):
        fleet = self.write(FLEET)
        status, document = self.run_json("up", fleet, "--exit-when-in-service", "--timeout", "20")
        self.assertEqual(status, 1)
        devices = {device["id"]: device for device in document["devices"]}
        for name in ("good-0001", "good-0002"):
            self.assertEqual((devices[name]["state"], devices[name]["error"]), ("in-service", None))
        self.assertEqual(document["in_service"], 2)
        for name, (cause, step) in EXPECTED.items():
            error = devices[name]["error"]
            self.assertIsNotNone(error, name)
            self.assertEqual((error["cause"], error["step"]), (cause, step), error)
            self.assertNotEqual(devices[name]["state"], "in-service")
        self.assertEqual(document["violations"], [])
        self.assert_nothing_left()


if __name__ == "__main__":
    main()

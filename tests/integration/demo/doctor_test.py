"""doctor looks at the machine and leaves it as it was."""
import json
import os

import program


class Doctor(program.ProgramTest):
    def findings(self, *arguments, status=0, **options):
        got, out, err = self.run_program("doctor", "--json", *arguments, **options)
        self.assertEqual(got, status, out + err)
        return {finding["subject"]: finding for finding in json.loads(out)["findings"]}

    def test_a_machine_that_runs_the_demo_is_said_to(self):
        findings = self.findings()
        self.assertNotIn("missing", {finding["verdict"] for finding in findings.values()})
        for subject in ("privileges", "ESP", "SCTP", "netem", "AppArmor", "neighbour table", "room"):
            self.assertIn(subject, findings)
        self.assertRegex(findings["strongSwan, dnsmasq"]["fact"], r"strongSwan \d")
        self.assertIn("room", self.ok("doctor"))
        self.assert_nothing_left()

    def test_a_fleet_fits_or_not(self):
        small = self.write("groups:\n  - {name: a, profile: umts-hnb, count: 2}\n")
        self.assertIn("fits", self.findings(small)["open files"]["fact"])
        large = self.write("groups:\n  - {name: a, profile: umts-hnb, count: 20000}\n", "large.yaml")
        self.assertIn("does not fit", self.findings(large, status=1)["open files"]["fact"])
        self.refused("doctor", "none.yaml")
        self.refused("doctor", self.write("groups: 1\n", "wrong.yaml"))

    def test_without_root_it_says_what_lacks(self):
        def drop():
            os.setgroups([])
            os.setuid(65534)

        findings = self.findings(status=1, preexec_fn=drop)
        self.assertIn("CAP_NET_ADMIN", findings["privileges"]["fact"])
        self.assertEqual(findings["namespaces"]["verdict"], "missing")
        self.assert_nothing_left()


if __name__ == "__main__":
    program.main()

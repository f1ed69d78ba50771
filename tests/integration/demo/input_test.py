#!/usr/bin/env python3
"""Wrong input: one clear error, nothing started."""
import os
import subprocess

from program import PROGRAM, ProgramTest, main

GOOD = "groups: [{name: hnb, profile: umts-hnb}]\n"

# What is written, and what the error says about it.
FLEETS = {
    "groups: [{name: hnb, profile: umts-hnb, coutn: 2}]\n": ["fleet.yaml:1:41: unknown key 'coutn'", "did you mean 'count'"],
    "groups: [{name: hnb, profile: umts-hnb, count: many}]\n": ["fleet.yaml:1:48:", "count"],
    "groups: [{name: hnb, profile: umts-hbn}]\n": ["fleet.yaml:1:31: unknown profile 'umts-hbn'", "did you mean 'umts-hnb'"],
    "groups: [{name: hnb, profile: umts-hnb, count: 2, serial: SAME}]\n": ["fleet.yaml:1:10: duplicate serial 'SAME'"],
    "lab: {outer_pool: 100.64.0.0/30}\ngroups: [{name: hnb, profile: umts-hnb, count: 3}]\n":
        ["fleet.yaml:1:19: outer_pool 100.64.0.0/30 has room for 2 devices, the fleet has 3"],
    "groups: [{name: hnb, profile: umts-hnb, certificate: no.pem, key: no.key, ca: no.ca}]\n":
        ["fleet.yaml:1:54: cannot read certificate file", "no.pem"],
    "groups: [{name: hnb, profile: umts-hnb, initial_hms: hms.example}]\n": ["fleet.yaml:1:54: 'hms.example' is not a URL"],
    "groups: [\n": ["fleet.yaml:2:1:"],
    "groups: []\n": ["fleet.yaml:1:1:"],
}


class Input(ProgramTest):
    def test_a_wrong_fleet_file_is_named_with_line_and_column(self):
        for text, words in FLEETS.items():
            with self.subTest(text):
                status, out, err = self.run_program("up", self.write(text))
                self.assertEqual((status, out), (2, ""), err)
                for word in words:
                    self.assertIn(word, err)
        self.assertFalse(self.state.exists())
        self.assert_nothing_left()

    def test_a_missing_fleet_file_is_named(self):
        status, _, err = self.run_program("up", str(self.directory / "none.yaml"))
        self.assertEqual(status, 2)
        self.assertIn("none.yaml", err)

    def test_wrong_usage_is_exit_2(self):
        for arguments in ([], ["demo", "--nonsense"], ["demo", "--timeout", "x"], ["up"], ["fly"]):
            with self.subTest(arguments):
                done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=10, check=False)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertNotEqual(done.stderr, "")

    def test_help_has_an_example(self):
        for verb in ("demo", "up"):
            status, out, _ = self.run_program(verb, "--help")
            self.assertEqual(status, 0)
            self.assertIn("Example: hnbemu " + verb, out)

    def test_without_root_it_says_so(self):
        def drop():
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        self.directory.chmod(0o755)
        fleet = self.write(GOOD)
        status, out, err = self.run_program("up", fleet, preexec_fn=drop)
        self.assertEqual((status, out), (1, ""))
        self.assertEqual(err, "hnbemu makes network namespaces and tunnels: run it as root\n")

    def without(self, path):
        """Runs the demo where a file is not what it should be, in a mount namespace of its own."""
        script = 'mount --bind /dev/null "$1" && shift && exec "$@"'
        command = ["unshare", "-m", "sh", "-c", script, "sh", path, PROGRAM, "demo", "--exit-when-in-service", "--timeout",
                   "10", "--state-dir", str(self.state)]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    def test_without_strongswan_it_says_what_to_install(self):
        done = self.without("/usr/sbin/charon-systemd")
        self.assertEqual(done.returncode, 1)
        self.assertIn("charon-systemd", done.stderr)
        self.assertIn("scripts/setup", done.stderr)
        self.assert_nothing_left()

    def test_without_tun_it_says_what_is_missing(self):
        script = 'mount -t tmpfs none /dev/net && exec "$@"'
        command = ["unshare", "-m", "sh", "-c", script, "sh", PROGRAM, "demo", "--exit-when-in-service", "--timeout", "20",
                   "--state-dir", str(self.state)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        if "ESP in the kernel" in done.stdout:
            self.assertEqual(done.returncode, 0)  # kernel ESP needs no TUN
        else:
            self.assertEqual(done.returncode, 1)
            self.assertIn("/dev/net/tun", done.stderr)
        self.assert_nothing_left()


if __name__ == "__main__":
    main()

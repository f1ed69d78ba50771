#!/usr/bin/env python3
"""hnbemu where AppArmor enforces the profile that Debian ships for charon-systemd. Runs in the VM, with --apparmor."""
import pathlib
import subprocess

from program import PROGRAM, ProgramTest, main

SHIPPED = pathlib.Path("/etc/apparmor.d/usr.sbin.charon-systemd")
OVERRIDE = pathlib.Path("/etc/apparmor.d/local/usr.sbin.charon-systemd")
# A policy that confines hnbemu itself may keep it from starting charon unconfined.
CONFINED = """
#include <tunables/global>
profile hnbemu-confined flags=(attach_disconnected) {
  capability, network, mount, umount, signal, ptrace, unix, file,
  /usr/sbin/charon-systemd px,
}
"""


def enforce(policy):
    """Loads a profile in enforce mode; charon-systemd's is shipped in complain mode."""
    subprocess.run(["apparmor_parser", "--replace"], input=policy.replace("complain,", ""), text=True, check=True, timeout=30)


def label(pid):
    return pathlib.Path(f"/proc/{pid}/attr/apparmor/current").read_text().strip()


class AppArmor(ProgramTest):
    def setUp(self):
        super().setUp()
        OVERRIDE.write_text("")
        enforce(SHIPPED.read_text())
        self.assertIn("/usr/sbin/charon-systemd (enforce)", pathlib.Path("/sys/kernel/security/apparmor/profiles").read_text())

    def run_confined(self):
        """The demo under a profile of its own."""
        enforce(CONFINED)
        enter = 'echo "exec hnbemu-confined" > /proc/self/attr/apparmor/exec && exec "$0" "$@"'
        demo = [PROGRAM, "demo", "--exit-when-in-service", "--state-dir", str(self.state)]
        done = subprocess.run(["sh", "-c", enter, *demo], capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout, done.stderr

    def test_when_charons_profile_is_enforced_then_the_emulators_charons_are_not_bound_by_it(self):
        system_charon = subprocess.Popen(["/usr/sbin/charon-systemd"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(system_charon.wait, 10)
        self.addCleanup(system_charon.kill)
        self.wait_for("the system's charon", lambda: label(system_charon.pid) == "/usr/sbin/charon-systemd (enforce)")
        process = self.start("demo")
        self.lines_until(process, "all devices are in service")
        process.kill()
        process.communicate(timeout=10)

    def test_when_hnbemu_is_confined_and_charon_with_it_then_the_error_says_so_and_what_to_do(self):
        status, _, err = self.run_confined()
        self.assertEqual(status, 1, err)
        self.assertIn("confined by the AppArmor profile '/usr/sbin/charon-systemd'", err)
        self.assertIn(f"{OVERRIDE}", err)
        self.assert_nothing_left()

    def test_when_the_profile_is_changed_as_the_error_says_then_even_a_confined_charon_works(self):
        OVERRIDE.write_text(f"{self.state}/** rw,\nsignal (receive),\n")
        enforce(SHIPPED.read_text())
        status, out, err = self.run_confined()
        self.assertEqual(status, 0, err)
        self.assertIn("4 of 4 devices in service", out)
        self.assert_nothing_left()


if __name__ == "__main__":
    main()

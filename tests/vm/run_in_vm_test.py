#!/usr/bin/env python3
"""run_in_vm: a command in the VM is as one here, but for what it writes."""
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

RUNNER = pathlib.Path(__file__).with_name("run_in_vm")
SKIPPED, TIMED_OUT = 77, 124


def run_in_vm(*arguments, **options):
    done = subprocess.run([sys.executable, RUNNER, *arguments], capture_output=True, text=True, timeout=100, **options)
    return done.returncode, done.stdout, done.stderr


class RunInVm(unittest.TestCase):
    def test_status_output_directory_and_environment_are_the_commands(self):
        with tempfile.TemporaryDirectory() as directory:
            script = 'echo "$GREETING"; pwd; echo trouble >&2; echo new > written; cat written; exit 7'
            environment = {"GREETING": "it's me", "PATH": "/usr/bin:/bin:/sbin"}
            result = run_in_vm("--", "sh", "-c", script, cwd=directory, env=environment)
            self.assertEqual(result, (7, f"it's me\n{directory}\nnew\n", "trouble\n"))
            self.assertEqual(list(pathlib.Path(directory).iterdir()), [])

    def test_a_command_that_does_not_end_is_ended(self):
        status, out, err = run_in_vm("--timeout", "2", "--", "sh", "-c", "echo begun; sleep 1000")
        self.assertEqual((status, out), (TIMED_OUT, "begun\n"))
        self.assertIn("no exit status after 2", err)

    def test_a_process_group_that_yields_stands_still_meanwhile(self):
        with subprocess.Popen(["sleep", "1000"], start_new_session=True) as other:
            state = pathlib.Path(f"/proc/{other.pid}/stat")
            environment = {"HNBEMU_YIELDS": str(other.pid), "PATH": "/usr/bin:/bin:/sbin"}
            with subprocess.Popen([sys.executable, RUNNER, "--", "true"], env=environment) as runner:
                states = set()
                while runner.poll() is None:
                    states.add(state.read_text().split()[2])
                    time.sleep(0.05)
            self.assertEqual(runner.returncode, 0)
            self.assertIn("T", states)
            self.assertEqual(state.read_text().split()[2], "S")
            other.kill()

    def test_without_qemu_it_is_skipped_with_the_reason(self):
        status, out, _ = run_in_vm("--", "true", env={"PATH": "/nonexistent"})
        self.assertEqual(status, SKIPPED)
        self.assertIn("SKIPPED: tests in a VM: there is no qemu-system-x86_64; scripts/setup --with-vm brings it", out)


if __name__ == "__main__":
    status, out, _ = run_in_vm("--check")
    if status == SKIPPED:
        print(out, end="")
        sys.exit(SKIPPED)
    unittest.main()

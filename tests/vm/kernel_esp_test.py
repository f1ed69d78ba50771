#!/usr/bin/env python3
"""hnbemu demo over the kernel's ESP. Runs in the VM."""
import os
import pathlib
import signal
import subprocess

from program import ProgramTest, children, main

DEVICES = ["henb-0001", "hnb-0001", "hnb-0002", "hnb-0003"]


def ip(*arguments, of=None):
    """The output of ip(8), in the network namespace of the process `of`."""
    enter = ["nsenter", "-t", str(of), "-n"] if of else []
    return subprocess.run([*enter, "ip", *arguments], check=True, capture_output=True, text=True, timeout=10).stdout


def charons(program):
    """The charons below a program, by the name of their directory: {"hnb-0001": pid}."""
    found = {}
    for pid, name in children(program.pid).items():
        if name.startswith("charon"):
            environment = pathlib.Path(f"/proc/{pid}/environ").read_text().split("\0")
            configuration = next(entry for entry in environment if entry.startswith("STRONGSWAN_CONF="))
            found[pathlib.Path(configuration).parent.name] = pid
    return found


class KernelEsp(ProgramTest):
    def machine(self):
        xfrm = {what: set(ip("xfrm", what).splitlines()) for what in ("state", "policy")}
        return {**super().machine(), **xfrm}

    def start_demo(self):
        process = self.start("demo")
        self.lines_until(process, "all devices are in service")
        return process

    def assert_esp_is_the_kernels(self, pid):
        states = ip("-s", "xfrm", "state", of=pid)
        self.assertEqual(states.count("proto esp"), 2, states)  # one each way
        self.assertEqual(states.count("aead rfc4106(gcm(aes))"), 2, states)
        self.assertNotIn(" 0(bytes), 0(packets)", states)
        self.assertNotIn("ipsec0", ip("link", of=pid))
        self.assertNotIn("libipsec", pathlib.Path(f"/proc/{pid}/maps").read_text())

    def test_when_the_kernel_has_esp_then_all_devices_come_into_service_over_it(self):
        status, document = self.run_json("demo", "--exit-when-in-service")
        self.assertEqual((status, document["in_service"], document["violations"]), (0, 4, []), document)
        self.assert_nothing_left()

    def test_when_devices_are_in_service_then_esp_is_done_by_the_kernel_and_sigkill_leaves_nothing(self):
        process = self.start("demo")
        self.assertIn("ESP in the kernel", self.lines_until(process, "all devices are in service"))
        found = charons(process)
        self.assertEqual(sorted(name for name in found if name in DEVICES), DEVICES)
        for device in DEVICES:
            with self.subTest(device=device):
                self.assert_esp_is_the_kernels(found[device])
        process.kill()
        process.communicate(timeout=10)
        self.assert_nothing_left()

    def test_when_a_charon_is_killed_then_nothing_of_it_is_left_and_its_device_comes_back_into_service(self):
        process = self.start_demo()
        first = charons(process)["hnb-0002"]
        os.kill(first, signal.SIGKILL)
        self.lines_until(process, "the device's IKE daemon went away")
        while "hnb-0002" not in self.lines_until(process, "in-service").splitlines()[-1]:
            pass  # another device's cell
        second = charons(process)["hnb-0002"]
        self.assert_esp_is_the_kernels(second)
        self.assertEqual(ip("-4", "-o", "address", of=second).count("10.128."), 1)
        process.terminate()
        out, _ = process.communicate(timeout=30)
        self.assertIn("4 of 4 devices in service", out)
        self.assert_nothing_left()


if __name__ == "__main__":
    main()

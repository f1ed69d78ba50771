"""Runs the real program as its user does, and looks at what it leaves behind."""
import contextlib
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = os.environ["HNBEMU"]
SKIPPED = 77
VERBS_OF_A_FLEET = ("demo", "up", "down", "lab", "ls", "show", "get", "set", "inform", "reboot", "wait", "hold",
                    "continue", "trace", "logs", "exec", "udp-request", "hms", "factory-reset", "allow", "download",
                    "upload", "upload-pm", "alarm", "renew")


class ControlConnection(http.client.HTTPConnection):
    """HTTP on the Unix socket of a fleet."""

    def __init__(self, path):
        super().__init__("hnbemu", timeout=10)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def children(pid):
    """All processes below `pid` that have not ended: {pid: name}. When an ended one is collected is its parent's doing,
    for one left behind init's, which may take its time."""
    parents = {}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            name = stat[stat.index("(") + 1:stat.rindex(")")]
            state, parent = stat[stat.rindex(")") + 2:].split()[:2]
            if state != "Z":
                parents[int(entry.name)] = (int(parent), name)
    found = {}
    grown = True
    while grown:
        grown = False
        for child, (parent, name) in parents.items():
            if child not in found and (parent == pid or parent in found):
                found[child] = name
                grown = True
    return found


def processes_of(directory):
    """All processes that have not ended and whose command line or environment speaks of the directory."""
    found = set()
    for pid, name in children(0).items():
        try:
            words = b"".join(pathlib.Path(f"/proc/{pid}/{file}").read_bytes() for file in ("cmdline", "environ"))
        except OSError:
            continue
        if os.fsencode(directory) in words:
            found.add(f"{name} {pid}")
    return found


def daemons(pid):
    """The IKE daemons and DNS servers below `pid`, by the names of their files: {"hnb-0001": pid, "outer-dns": pid, …}.
    Process ids begin anew at their end, so their order says nothing. What a daemon forks, as charon its updown helper,
    is no daemon."""
    found = {}
    below = children(pid)
    for child, name in below.items():
        try:
            parent = int(pathlib.Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[1])
            words = [pathlib.Path(f"/proc/{child}/{file}").read_bytes() for file in ("cmdline", "environ")]
        except OSError:
            continue  # it has ended meanwhile
        match = re.search(rb"([^/]+)(?:/strongswan)?\.conf\0", b"\0".join(words) + b"\0")
        if match and name.startswith(("charon", "dnsmasq")) and below.get(parent) != name:
            found[match[1].decode()] = child
    return found


def has_ended(pid):
    """A process has when its last thread has, which may be later than its first."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
        return stat[stat.rindex(")") + 2] == "Z" and len(os.listdir(f"/proc/{pid}/task")) == 1
    except OSError:
        return True


class ProgramTest(unittest.TestCase):
    """Each test has a state directory of its own; afterwards the machine is as it was."""

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="hnbemu-test-"))
        self.state = self.directory / "state"
        self.before = self.machine()
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.running = []
        self.addCleanup(self.end_all)

    def end_all(self):
        for process in self.running:
            if process.poll() is None:
                process.kill()
                process.wait(10)
            process.stdout.close()
            process.stderr.close()

    def machine(self):
        """What a run may leave behind; others on this machine may do what they like."""
        links = {path.name for path in pathlib.Path("/sys/class/net").iterdir()}
        named = pathlib.Path("/run/netns")
        words = ("nsfs", str(self.directory), "/var/lib/hnbemu")
        mounts = {line for line in pathlib.Path("/proc/self/mounts").read_text().splitlines()
                  if any(word in line for word in words)}
        return {"processes": processes_of(self.directory), "links": links, "mounts": mounts,
                "namespaces": {path.name for path in named.iterdir()} if named.exists() else set(),
                "routes": set(pathlib.Path("/proc/net/route").read_text().splitlines())}

    def leftovers(self):
        return {what: found - self.before[what] for what, found in self.machine().items() if found - self.before[what]}

    def assert_nothing_left(self, within=2.0):
        deadline = time.monotonic() + within  # the kernel takes a namespace down behind the last process
        while self.leftovers() and time.monotonic() < deadline:
            time.sleep(0.05)
        self.assertEqual(self.leftovers(), {})

    def write(self, text, name="fleet.yaml"):
        path = self.directory / name
        path.write_text(text)
        return str(path)

    def start(self, *arguments, **options):
        command = [PROGRAM, *arguments]
        words = 2 if arguments[:1] in (("lab",), ("alarm",), ("hms",)) else 1  # the verb, behind which its options may stand
        if len(arguments) >= words and arguments[0] in VERBS_OF_A_FLEET:
            command[1 + words:1 + words] = ["--state-dir", str(self.state)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
        self.running.append(process)
        return process

    def run_program(self, *arguments, timeout=100, **options):
        process = self.start(*arguments, **options)
        out, err = process.communicate(timeout=timeout)
        return process.returncode, out, err

    def run_json(self, *arguments, **options):
        status, out, err = self.run_program(*arguments, "--json", **options)
        try:
            return status, json.loads(out)
        except json.JSONDecodeError:
            self.fail(f"exit {status}, no JSON: {out!r}\n{err}")

    def ok(self, *arguments, **options):
        """What the verb prints; it must succeed."""
        status, out, err = self.run_program(*arguments, **options)
        self.assertEqual(status, 0, f"{arguments}: {out}{err}")
        return out

    def upload_pm(self, device):
        """The files of the periods that end now; a period that has just begun does not."""
        def asked():
            status, out, err = self.run_program("upload-pm", device, "--json")
            if status:
                self.assertIn("the period has just begun", err)
            return json.loads(out)["pm_files"] if status == 0 else None
        return self.wait_for("a period to end", asked)

    def refused(self, *arguments, status=2, **options):
        """What the verb complains of."""
        got, out, err = self.run_program(*arguments, **options)
        self.assertEqual(got, status, f"{arguments}: {out}{err}")
        self.assertNotEqual(err, "")
        return err

    def up(self, *arguments, devices="in-service"):
        """A fleet in the background, ended with the test."""
        self.addCleanup(self.run_program, "down", "--fleet", self.name_of(arguments))
        self.ok("up", *arguments, "--detach")
        if devices:
            self.ok("wait", "--state", devices, "--timeout", "60", "--fleet", self.name_of(arguments))

    @staticmethod
    def name_of(arguments):
        if "--fleet" in arguments:
            return arguments[arguments.index("--fleet") + 1]
        return "acs" if "--acs" in arguments else "fleet"

    def emulator(self, fleet="fleet"):
        """The process id of a fleet in the background."""
        return self.ask("/fleet", fleet)["pid"]

    def ask(self, path, fleet="fleet"):
        with contextlib.closing(ControlConnection(str(self.state / fleet / "control"))) as connection:
            connection.request("GET", path)
            return json.loads(connection.getresponse().read())

    def lines_until(self, process, words):
        """What the program prints up to the line with these words."""
        seen = ""
        for line in process.stdout:
            seen += line
            if words in line:
                return seen
        self.fail(f"no line with '{words}' in:\n{seen}{process.stderr.read()}")

    def wait_for(self, what, condition, timeout=20.0):
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if value := condition():
                return value
            time.sleep(0.02)
        self.fail(f"waited {timeout} s for {what}")


def main():
    if os.geteuid() != 0:
        print("SKIPPED: making network namespaces needs root")
        sys.exit(SKIPPED)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    unittest.main()

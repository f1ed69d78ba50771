#!/usr/bin/env python3
"""Between a device and its SeGW nothing passes but ARP, DNS, IKE and ESP, whatever happens to the tunnel."""
import ctypes
import os
import random
import signal
import socket
import struct
import threading
import time

from program import ProgramTest, daemons, main

CLONE_NEWNET = 0x40000000
ETH_P_ALL = 3
ETH_P_IP, ETH_P_ARP = 0x0800, 0x0806
FLEET = "fleet: {start_rate_per_s: 1}\ngroups: [{name: hnb, profile: umts-hnb}, {name: henb, profile: lte-henb}]\n"
DEVICES = {"hnb-0001", "henb-0001"}
STATES = {"discovering", "registering", "in-service", "waiting-to-retry"}


def kind(frame):
    """What a frame is, in one word; a sentence for what should not be there."""
    protocol = struct.unpack("!H", frame[12:14])[0]
    if protocol == ETH_P_ARP:
        return "arp"
    if protocol != ETH_P_IP:
        return f"ethertype {protocol:#06x}"
    header = frame[14:]
    length = (header[0] & 15) * 4
    source, target = socket.inet_ntoa(header[12:16]), socket.inet_ntoa(header[16:20])
    if header[9] == 1 and source.startswith("198.18.") and target.startswith("198.18."):
        return "router"  # wan tells a SeGW that a device's link is gone
    if header[9] == 1:
        quoted = header[length + 8:]
        if header[length] == 3 and quoted[9] == 17 and 4500 in struct.unpack("!HH", quoted[20:24]):
            return "closed"  # a device whose IKE daemon has died tells the SeGW so, and quotes what came: ESP
    if header[9] == 50:
        return "esp"
    if header[9] == 17:
        ports = struct.unpack("!HH", header[length:length + 4])
        marker = header[length + 8:length + 12]
        if 500 in ports:
            return "ike"
        if 4500 in ports:  # RFC 3948: IKE behind four zero bytes, ESP behind its SPI, or a keep-alive
            return "ike" if marker == b"\0\0\0\0" else "esp"
        if 53 in ports:
            return "dns"
    return f"protocol {header[9]} from {source} to {target}: {header[length:length + 16].hex()}"


class Capture:
    """All packets on the links of another process's network namespace."""

    def __init__(self, pid):
        self.kinds = {}
        self.end = threading.Event()
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self.run, args=(pid,))
        self.thread.start()
        self.ready.wait(5)

    def run(self, pid):
        target = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY)
        if ctypes.CDLL(None, use_errno=True).setns(target, CLONE_NEWNET) != 0:  # this thread alone
            raise OSError(ctypes.get_errno(), "setns")
        os.close(target)
        with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL)) as packets:
            packets.settimeout(0.1)
            self.ready.set()
            while not self.end.is_set():
                try:
                    frame, (interface, *_) = packets.recvfrom(65536)
                except TimeoutError:
                    continue
                if interface != "lo":
                    name = kind(frame)
                    self.kinds[name] = self.kinds.get(name, 0) + 1

    def stop(self):
        self.end.set()
        self.thread.join(5)
        return self.kinds


class Wire(ProgramTest):
    def begin(self):
        process = self.start("up", self.write(FLEET))
        lines = []
        reader = threading.Thread(target=lambda: lines.extend(process.stdout))
        # The outer DNS server is in wan, and there before the devices are.
        capture = Capture(self.wait_for("the outer DNS server", lambda: daemons(process.pid).get("outer-dns")))
        reader.start()
        self.addCleanup(reader.join, 10)
        return process, capture, lines

    @staticmethod
    def states(lines):
        """The last state that each device has told."""
        words = [line.split() for line in list(lines)]
        return {word[1]: word[2] for word in words if len(word) > 2 and word[2].rstrip(":") in STATES}

    def finish(self, process, capture):
        process.send_signal(signal.SIGTERM)
        process.wait(15)
        kinds = capture.stop()
        self.assertLessEqual(set(kinds), {"arp", "dns", "ike", "esp", "router", "closed"}, kinds)
        for name in ("dns", "ike", "esp"):
            self.assertGreater(kinds.get(name, 0), 0, kinds)
        self.assert_nothing_left()

    def test_a_bring_up_shows_nothing_in_clear(self):
        process, capture, lines = self.begin()
        self.wait_for("both in service", lambda: any("all devices are in service" in line for line in lines))
        self.finish(process, capture)

    def test_a_tunnel_that_dies_under_a_session_shows_nothing_in_clear(self):
        process, capture, lines = self.begin()
        self.wait_for("both in service", lambda: any("all devices are in service" in line for line in lines))
        moments = random.Random(3)
        for _ in range(6):  # in service, in sessions and in the middle of a bring-up, as it comes
            running = daemons(process.pid)
            for name in DEVICES & running.keys():
                os.kill(running[name], signal.SIGKILL)
            time.sleep(moments.uniform(0.02, 0.35))
        self.assertTrue(any("went away" in line for line in lines))
        self.wait_for("both back", lambda: self.states(lines) == dict.fromkeys(DEVICES, "in-service"),
                      timeout=40)
        self.finish(process, capture)


if __name__ == "__main__":
    main()

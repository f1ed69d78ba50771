"""Devices behind a home gateway with a real NAT: STUN, connection requests by UDP, IPsec."""
import hashlib
import hmac
import json
import re
import sys
import time

import program
from acs_test import Acs

SERVER = "Device.ManagementServer."
# Sends a datagram from anywhere in `wan` but the STUN server.
STRANGER = "import socket, sys; socket.socket(type=socket.SOCK_DGRAM).sendto(sys.argv[3].encode(), (sys.argv[1], int(sys.argv[2])))"


class BehindNat(program.ProgramTest):
    def own_acs(self, group):
        acs = Acs()
        self.addCleanup(acs.server_close)
        self.addCleanup(acs.shutdown)
        self.up(self.write(f"fleet: {{name: nat}}\nacs: {{url: '{acs.url}'}}\ngroups: [{{name: cpe, profile: cpe, "
                           f"ipsec: none, {group}}}]\n"), "--fleet", "nat", devices="in-service")
        return acs

    def value(self, name):
        return self.ok("get", "cpe-0001", SERVER + name, "--fleet", "nat").split(" = ")[1].strip()

    def set(self, **values):
        self.ok("set", "cpe-0001", *[f"{SERVER}{name}={value}" for name, value in values.items()], "--fleet", "nat")

    def sessions(self, acs):
        return sum("6 CONNECTION REQUEST" in inform["events"] for inform in acs.informs)

    def send_from_elsewhere(self, timestamp):
        """A connection request that is signed as it should be, but does not come from the STUN server."""
        user, password = self.value("ConnectionRequestUsername"), self.value("ConnectionRequestPassword")
        address = self.value("UDPConnectionRequestAddress")
        signature = hmac.new(password.encode(), f"{timestamp}77{user}nonce".encode(), hashlib.sha1).hexdigest().upper()
        datagram = f"GET http://{address}?ts={timestamp}&id=77&un={user}&cn=nonce&sig={signature} HTTP/1.1\r\n\r\n"
        self.ok("exec", "wan", "--fleet", "nat", "--", sys.executable, "-c", STRANGER, *address.split(":"), datagram)

    def test_the_binding_is_found_kept_and_used(self):
        acs = self.own_acs("behind_nat: {udp_lifetime_s: 6}")
        self.assertEqual(acs.informs[0]["url"].split("/")[2], "192.168.1.3:7547")
        self.assertEqual(self.value("NATDetected"), "false")
        self.assertIn("STUNEnable is false", self.refused("udp-request", "cpe-0001", "--fleet", "nat", status=1))
        self.set(STUNServerAddress="stun.operator.example", STUNMinimumKeepAlivePeriod=2, STUNMaximumKeepAlivePeriod=20,
                 STUNEnable="true")
        self.wait_for("the NAT", lambda: self.value("NATDetected") == "true")
        address = self.value("UDPConnectionRequestAddress")
        self.assertRegex(address, r"^100\.64\.0\.1:\d+$")

        self.ok("udp-request", "cpe-0001", "--fleet", "nat")
        self.wait_for("the session", lambda: self.sessions(acs) == 1)
        self.send_from_elsewhere(int(time.time()) + 1000)  # had the NAT let it in, no later one would count
        # The search tries 4 s, 8 s and what is between: for the binding's lifetime twice it may be lost for a while.
        end = time.monotonic() + 30
        while time.monotonic() < end:
            before = self.sessions(acs)
            self.wait_for("a session", lambda: self.asked(acs, before), timeout=30)
        self.set(STUNEnable="false")
        self.wait_for("an end", lambda: self.value("UDPConnectionRequestAddress") == "")
        self.assertEqual(self.value("NATDetected"), "false")
        self.ok("down", "--purge", "--fleet", "nat")
        self.assert_nothing_left()

    def asked(self, acs, before):
        self.ok("udp-request", "cpe-0001", "--fleet", "nat")
        time.sleep(2.5)  # more often, and the device takes them for too many (30 in 60 s)
        return self.sessions(acs) > before

    def test_without_a_nat_the_address_is_the_device_s_own(self):
        acs = self.own_acs("behind_nat: false")
        self.set(STUNServerAddress="stun.operator.example", STUNMinimumKeepAlivePeriod=30, STUNEnable="true")
        self.wait_for("the address", lambda: self.value("UDPConnectionRequestAddress") == "100.64.0.1:7547")
        self.assertEqual(self.value("NATDetected"), "false")
        self.ok("udp-request", "cpe-0001", "--fleet", "nat")
        self.wait_for("the session", lambda: self.sessions(acs) == 1)
        self.send_from_elsewhere(int(time.time()) + 1000)
        self.wait_for("the session", lambda: self.sessions(acs) == 2)

    def test_ipsec_goes_through_the_nat(self):
        self.up(self.write("groups: [{name: hnb, profile: umts-hnb, count: 2, behind_nat: true}]\n"))
        for device in ("hnb-0001", "hnb-0002"):
            shown = json.loads(self.ok("show", device, "--json"))
            self.assertEqual(shown["outer_address"], "192.168.1.3")
            self.assertRegex(shown["inner_address"], r"^10\.128\.")
        self.assertNotIn("violation", self.ok("ls"))
        self.ok("down", "--purge")
        self.assert_nothing_left()

    def test_stun_through_the_tunnel(self):
        self.up(self.write("groups: [{name: hnb, profile: umts-hnb, behind_nat: true}]\n"))
        root = "InternetGatewayDevice.ManagementServer."
        self.ok("set", "hnb-0001", f"{root}STUNServerAddress=stun.operator.example", f"{root}STUNMinimumKeepAlivePeriod=30",
                f"{root}STUNEnable=true")
        inner = json.loads(self.ok("show", "hnb-0001", "--json"))["inner_address"]
        self.wait_for("the address", lambda: f"{inner}:7547" in self.ok("get", "hnb-0001", f"{root}UDPConnectionRequestAddress"))
        self.ok("udp-request", "hnb-0001")
        self.wait_for("the session", lambda: re.search("6 CONNECTION REQUEST", self.ok("trace", "hnb-0001")))


if __name__ == "__main__":
    program.main()

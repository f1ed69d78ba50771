"""Diagnostic tests of real devices in the lab, requested by the device's user, and the UDP echo server."""
import json
import struct
import sys

import program

FLEET = """fleet: {seed: 5}
groups:
  - {name: henb, profile: lte-henb, count: 1}
  - {name: hnb, profile: umts-hnb, count: 1}
"""
IP = "Device.IP.Diagnostics."
IGD = "InternetGatewayDevice."
LOOKUP = "Device.DNS.Diagnostics.NSLookupDiagnostics."
CLIENT = """
import socket, struct, sys
address, port, payload = sys.argv[1], int(sys.argv[2]), bytes.fromhex(sys.argv[3])
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(2)
for attempt in range(3):
    s.sendto(payload, (address, port))
    try:
        print(s.recv(2048).hex())
        break
    except TimeoutError:
        print("silence")
"""


class Diagnostics(program.ProgramTest):
    def value(self, device, path):
        line = self.ok("get", device, path).splitlines()[0]
        return line.split(" = ", 1)[1] if " = " in line else ""

    def carry_out(self, device, test, **settings):
        """The state that the test ends with."""
        assignments = [f"{test}{name}={value}" for name, value in settings.items()]
        self.ok("set", device, *assignments, f"{test}DiagnosticsState=Requested")
        self.wait_for("the end of " + test, lambda: self.value(device, test + "DiagnosticsState") != "Requested", timeout=60)
        return self.value(device, test + "DiagnosticsState")

    def hms(self, device):
        return json.loads(self.ok("show", device, "--json"))["serving_hms"].split("/")[2].split(":")[0]

    def test_tests_of_devices_behind_their_tunnels(self):
        self.up(self.write(FLEET))
        hms = self.hms("henb-0001")
        self.assertEqual(self.carry_out("henb-0001", IP + "IPPing.", Host=hms, NumberOfRepetitions=2), "Complete")
        self.assertEqual(self.value("henb-0001", IP + "IPPing.SuccessCount"), "2")
        self.assertGreater(int(self.value("henb-0001", IP + "IPPing.AverageResponseTimeDetailed")), 0)
        inner = json.loads(self.ok("show", "henb-0001", "--json"))["inner_address"]
        self.assertEqual(self.value("henb-0001", IP + "IPPing.IPAddressUsed"), inner)

        self.assertEqual(self.carry_out("henb-0001", IP + "IPPing.", Interface="Device.IP.Interface.1",
                                        Host="segw-initial.operator.example"), "Complete")
        self.assertEqual(self.value("henb-0001", IP + "IPPing.SuccessCount"), "2")
        self.assertEqual(self.carry_out("henb-0001", IP + "IPPing.", Host="no-such-name.example"),
                         "Error_CannotResolveHostName")

        self.assertEqual(self.carry_out("henb-0001", IP + "TraceRoute.", Host=hms), "Complete")
        hops = int(self.value("henb-0001", IP + "TraceRoute.RouteHopsNumberOfEntries"))
        self.assertGreaterEqual(hops, 1)
        self.assertEqual(len(self.value("henb-0001", f"{IP}TraceRoute.RouteHops.{hops}.RTTimes").split(",")), 3)

        self.assertEqual(self.carry_out("henb-0001", LOOKUP, HostName=hms, NumberOfRepetitions=2), "Complete")
        self.assertEqual(self.value("henb-0001", LOOKUP + "SuccessCount"), "2")
        self.assertEqual(self.value("henb-0001", LOOKUP + "Result.2.Status"), "Success")

        hms = self.hms("hnb-0001")
        self.assertEqual(self.carry_out("hnb-0001", IGD + "IPPingDiagnostics.", Host=hms, NumberOfRepetitions=1), "Complete")
        self.assertEqual(self.value("hnb-0001", IGD + "IPPingDiagnostics.SuccessCount"), "1")
        self.assertEqual(self.carry_out("hnb-0001", IGD + "TraceRouteDiagnostics.", Host=hms), "Complete")
        self.assertEqual(self.carry_out("hnb-0001", IGD + "DownloadDiagnostics.", DownloadURL=f"http://{hms}:9/"),
                         "Error_InitConnectionFailed")

    def test_the_echo_server_answers_its_client(self):
        self.up(self.write(FLEET))
        shown = json.loads(self.ok("show", "henb-0001", "--json"))
        server = self.ok("exec", "core", "--", "ip", "-4", "-br", "address")
        client = self.ok("exec", "core", "--", "ip", "-4", "route", "get", shown["inner_address"])
        client = client.split(" src ")[1].split()[0]
        echo = IP + "UDPEchoConfig."
        self.ok("set", "henb-0001", echo + "UDPPort=7007", f"{echo}SourceIPAddress={client}", echo + "EchoPlusEnabled=true",
                echo + "Enable=true")
        payload = struct.pack("!IIIII", 5, 0, 0, 0, 0) + b"data"
        said = self.ok("exec", "core", "--", sys.executable, "-c", CLIENT, shown["inner_address"], "7007", payload.hex())
        self.assertNotIn("silence", said, server)
        sent, replied, received, reply, failures = struct.unpack("!IIIII", bytes.fromhex(said.strip())[:20])
        self.assertEqual((sent, replied, failures), (5, 1, 0))
        self.assertNotEqual(received, 0)
        self.assertEqual(self.value("henb-0001", echo + "PacketsResponded"), "1")
        self.assertEqual(self.value("henb-0001", echo + "BytesReceived"), "32")
        self.ok("set", "henb-0001", echo + "SourceIPAddress=192.0.2.1")
        said = self.ok("exec", "core", "--", sys.executable, "-c", CLIENT, shown["inner_address"], "7007", payload.hex())
        self.assertNotIn("000000", said)


if __name__ == "__main__":
    program.main()

"""Devices whose outer address, and whose HMS, come by DHCP, and whose time comes by NTP."""
import json

import program

FLEET = """
fleet: {seed: 5}
lab: {ntp: true, dhcp: {provisioning_code: blue, retry_minimum_wait_interval_s: 7}}
groups:
  - {name: henb, profile: lte-henb, count: 2, outer_address: dhcp, initial_hms: dhcp}
  - {name: hnb, profile: umts-hnb}
"""
CLIENT = "Device.DHCPv4.Client.1."


class Access(program.ProgramTest):
    def value(self, device, path):
        return self.ok("get", device, path).rstrip("\n").partition(" = ")[2]

    def test_address_hms_and_time_come_from_the_network(self):
        self.up(self.write(FLEET))
        for device in ("henb-0001", "henb-0002"):
            shown = json.loads(self.ok("show", device, "--json"))
            self.assertEqual(self.value(device, CLIENT + "IPAddress"), shown["outer_address"])
            self.assertEqual(self.value(device, CLIENT + "DHCPStatus"), "Bound")
            self.assertEqual(self.value(device, "Device.DeviceInfo.ProvisioningCode"), "blue")
            self.assertEqual(self.value(device, "Device.ManagementServer.CWMPRetryMinimumWaitInterval"), "7")
            self.assertIn("DHCPACK", self.ok("trace", device))
        self.assertEqual(len({self.value(f"henb-000{i}", CLIENT + "IPAddress") for i in (1, 2)}), 2)

        # Renewed through the tunnel's catch-all route, and past it.
        self.ok("set", "henb-0001", CLIENT + "Renew=true")
        self.wait_for("a second DHCPACK", lambda: self.ok("trace", "henb-0001").count("DHCPACK") == 2)

        for device, root in (("henb-0001", "Device."), ("hnb-0001", "InternetGatewayDevice.")):
            self.ok("set", device, f"{root}Time.NTPServer1=no-such.operator.example", f"{root}Time.NTPServer2=ntp.operator.example")
            self.wait_for("the time", lambda: self.value(device, f"{root}Time.Status") == "Synchronized")
        self.ok("down")
        self.assert_nothing_left()

    def test_an_hms_by_dhcp_needs_an_address_by_dhcp(self):
        said = self.refused("up", self.write(FLEET.replace("outer_address: dhcp, ", "")))
        self.assertIn("outer_address: dhcp", said)


if __name__ == "__main__":
    program.main()

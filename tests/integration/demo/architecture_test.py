"""TS 32.583 4.1: where an HNB may stand."""
import json

import program

ROOT = "InternetGatewayDevice."


class Architectures(program.ProgramTest):
    def test_ts_32_583_4_1_behind_a_broadband_device_and_integrated_in_one(self):
        self.up(self.write("groups:\n"
                           "  - {name: behind, profile: umts-hnb, behind_nat: true}\n"
                           "  - {name: gateway, profile: igd-hnb}\n"))
        behind = json.loads(self.ok("show", "behind-0001", "--json"))
        self.assertEqual(behind["outer_address"], "192.168.1.3")
        self.assertRegex(behind["inner_address"], r"^10\.128\.")

        wan = ROOT + "WANDevice.1.WANConnectionDevice.1.WANIPConnection.1.ExternalIPAddress"
        self.assertRegex(self.ok("get", "gateway-0001", wan), r" = 100\.64\.")
        for path in ("LANDevice.1.Hosts.Host.1.IPAddress", "WANDevice.1.WANCommonInterfaceConfig.TotalBytesSent",
                     "Services.FAPService.1.FAPControl.OpState"):
            self.assertIn(" = ", self.ok("get", "gateway-0001", ROOT + path))
        self.assertIn("= Integrated", self.ok("get", "gateway-0001", ROOT + "Services.FAPService.1.DeviceType"))
        for device in ("behind-0001", "gateway-0001"):  # an ACS reaches them through their tunnels
            self.ok("hms", "set", device, ROOT + "DeviceInfo.ProvisioningCode=reached")
            self.wait_for("the value", lambda: "= reached" in self.ok("get", device, ROOT + "DeviceInfo.ProvisioningCode"))
        self.assertEqual(self.ask("/fleet")["violations"], [])
        self.ok("down", "--purge")
        self.assert_nothing_left()


if __name__ == "__main__":
    program.main()

"""Values that live: up-times, clocks, security associations and what they carry."""
import datetime
import json

import program

FLEET = "fleet: {seed: 5}\ngroups:\n  - {name: hnb, profile: umts-hnb, count: 1}\n  - {name: henb, profile: lte-henb, count: 1}\n"
IPSEC = "Device.IPsec."
TUNNEL = "InternetGatewayDevice.Services.FAPService.1.Transport.Tunnel."


class Live(program.ProgramTest):
    def values(self, device, *paths):
        """{path: value}, of all below the paths."""
        lines = self.ok("get", device, *paths).splitlines()
        return dict(line.split(" = ", 1) if " = " in line else (line.removesuffix(" ="), "") for line in lines)

    def value(self, device, path):
        return self.values(device, path)[path]

    def number(self, device, path):
        return int(self.value(device, path))

    def grows(self, device, path, within=15.0):
        first = self.number(device, path)
        self.wait_for(f"more than {first} in {path}", lambda: self.number(device, path) > first, timeout=within)

    def in_service(self, device):
        return json.loads(self.ok("show", device, "--json"))["state"] == "in-service"

    def test_security_associations_are_in_the_data_model_and_count(self):
        self.up(self.write(FLEET))
        inner = json.loads(self.ok("show", "henb-0001", "--json"))["inner_address"]
        row = self.wait_for("the facts of the SA", lambda: self.serving_sa("henb-0001"))
        sa = self.values("henb-0001", row)
        self.assertEqual(sa[row + "Status"], "Up")
        self.assertEqual(sa[row + "LocalAddress"], inner)
        self.assertEqual(sa[row + "Tunnel"], "Device.IPsec.Tunnel.1")
        self.assertEqual(sa[row + "EncryptionAlgorithm"], "AES-CBC")
        self.assertEqual(sa[row + "DiffieHellmanGroupTransform"], "ECP-256")
        self.assertEqual(sa[row + "ChildSANumberOfEntries"], "1")
        child = next(path for path in sa if "ChildSA." in path and path.endswith("InboundSPI"))
        self.assertGreater(int(sa[child]), 0)
        self.assertEqual(self.value("henb-0001", "Device.IP.Interface.2.Status"), "Up")
        self.ok("inform", "henb-0001")
        self.grows("henb-0001", row + "Stats.BytesSent")
        self.assertGreater(self.number("henb-0001", "Device.IP.Interface.2.Stats.PacketsReceived"), 0)
        created = datetime.datetime.fromisoformat(sa[row + "CreationTime"].replace("Z", "+00:00"))
        self.assertLess(abs((datetime.datetime.now(datetime.timezone.utc) - created).total_seconds()), 60)
        self.assertEqual(self.value("henb-0001", row + "CreationTime"), sa[row + "CreationTime"])

        older = self.wait_for("the child SAs", lambda: self.child_sas("hnb-0001"))
        self.assertEqual(older[TUNNEL + "IKESANumberOfEntries"], "1")
        self.assertEqual(older[TUNNEL + "IKESA.1.Status"], "Completed")
        self.assertEqual(older[TUNNEL + "IKESA.1.IPAddress"], json.loads(self.ok("show", "hnb-0001", "--json"))["inner_address"])
        self.assertEqual({value for path, value in older.items() if path.endswith("ParentID")}, {"1"})

    def serving_sa(self, device):
        """The path of the only IKEv2SA, once charon has been asked."""
        found = [path for path, value in self.values(device, IPSEC + "IKEv2SA.").items()
                 if path.endswith(".EncryptionAlgorithm") and value]
        return found[0].removesuffix("EncryptionAlgorithm") if len(found) == 1 else None

    def child_sas(self, device):
        values = self.values(device, TUNNEL)
        return values if values[TUNNEL + "ChildSANumberOfEntries"] == "2" else None

    def test_a_reboot_begins_the_up_time_again_and_makes_another_sa(self):
        self.up(self.write(FLEET))
        self.grows("henb-0001", "Device.DeviceInfo.UpTime")
        sent = "InternetGatewayDevice.WANDevice.1.WANConnectionDevice.1.WANIPConnection.1.Stats.EthernetBytesSent"
        before = self.number("hnb-0001", sent)
        self.ok("inform", "hnb-0001")
        self.wait_for("traffic", lambda: self.number("hnb-0001", sent) > before)
        time = datetime.datetime.fromisoformat(self.value("henb-0001", "Device.Time.CurrentLocalTime").replace("Z", "+00:00"))
        self.assertLess(abs((datetime.datetime.now(datetime.timezone.utc) - time).total_seconds()), 5)
        self.assertTrue(61000 <= self.number("henb-0001", "Device.DeviceInfo.MemoryStatus.Free") <= 140000)
        before = self.wait_for("the SA", lambda: self.serving_sa("henb-0001"))
        self.wait_for("some up-time", lambda: self.number("henb-0001", "Device.DeviceInfo.UpTime") > 3)
        up_time = self.number("henb-0001", "Device.DeviceInfo.UpTime")
        self.ok("reboot", "henb-0001")
        self.wait_for("power-up", lambda: self.number("henb-0001", "Device.DeviceInfo.UpTime") < up_time)
        self.wait_for("service", lambda: self.in_service("henb-0001"))
        after = self.wait_for("the SA", lambda: self.serving_sa("henb-0001"))
        self.assertNotEqual(after, before)
        self.assertEqual(self.value("henb-0001", IPSEC + "IKEv2SANumberOfEntries"), "1")
        self.assertEqual(self.value("henb-0001", IPSEC + "TunnelNumberOfEntries"), "1")

    def test_what_the_device_remembers_holds_no_dead_sa(self):
        fleet = self.write(FLEET)
        self.up(fleet)
        self.wait_for("the SA", lambda: self.serving_sa("henb-0001"))
        self.ok("down")
        self.up(fleet)
        self.wait_for("the SA", lambda: self.serving_sa("henb-0001"))
        self.assertEqual(self.value("henb-0001", IPSEC + "IKEv2SANumberOfEntries"), "1")


if __name__ == "__main__":
    program.main()

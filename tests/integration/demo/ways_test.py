#!/usr/bin/env python3
"""The ways into service of TS 32.583 and TS 32.593, and what takes a device to another SeGW, HMS or address later, with
real daemons: each test is named by its clauses."""
import re
import time

from program import ProgramTest, main

HNB_GATEWAY = "InternetGatewayDevice.Services.FAPService.1.FAPControl.UMTS.Gateway."
HENB_GATEWAY = "Device.Services.FAPService.1.FAPControl.LTE.Gateway."
GATEWAY = {"hnb-0001": HNB_GATEWAY, "henb-0001": HENB_GATEWAY}
URL = {"hnb-0001": "InternetGatewayDevice.ManagementServer.URL", "henb-0001": "Device.ManagementServer.URL"}
INNER = {"hnb-0001": "InternetGatewayDevice.Services.FAPService.1.Transport.Tunnel.IKESA.1.IPAddress",
         "henb-0001": "Device.IP.Interface.2.IPv4Address.1.IPAddress"}
DEVICES = tuple(GATEWAY)
OTHER_HMS = "https://hms-other.operator.example:7547/cwmp"
GROUPS = "groups: [{{name: hnb, profile: {hnb}{more}}}, {{name: henb, profile: {henb}{more}}}]\n"


def groups(hnb="umts-hnb", henb="lte-henb", more=""):
    return GROUPS.format(hnb=hnb, henb=henb, more=more)


class Ways(ProgramTest):
    def device(self, name):
        return self.ask(f"/devices/{name}")

    def steps(self, name):
        """The steps that succeeded, "5.1.2/3", in their order."""
        return [f"{step['clause'].split()[-1]}/{step['id']}" for step in self.device(name)["steps"]
                if step["result"] == "ok" and step["clause"].startswith("TS")]

    def records(self, name, kind):
        return [record for record in self.ask(f"/devices/{name}/trace")["records"] if record["kind"] == kind]

    def informs(self, name):
        return [record for record in self.records(name, "soap-out") if ":Inform>" in record["text"]]

    def in_service(self, name):
        return self.device(name)["state"] == "in-service"

    def assert_good(self):
        self.assertEqual(self.ask("/fleet")["violations"], [])
        for name in DEVICES:
            device = self.device(name)
            self.assertEqual((device["state"], device["error"]), ("in-service", None), device)

    def wait_for_address(self, name, prefix):
        """The inner address, when it has that beginning and the HMS has been told."""
        def told():
            device = self.device(name)
            address = device["inner_address"]
            texts = self.informs(name)
            return (device["state"] == "in-service" and address.startswith(prefix) and texts
                    and address in texts[-1]["text"] and address)
        return self.wait_for(f"{name} with an address in {prefix}", told)

    def profile(self, name, parent, ways):
        return self.write(f"extends: {parent}\nways: {{{ways}}}\n", f"{name}.yaml")

    def test_32583_5_1_2_and_32593_5_1_2_3_initial_hms_on_the_public_internet(self):
        self.up(self.write("lab: {initial_hms_public: true}\n" + groups(more=", ipsec: serving")))
        self.assertEqual(self.steps("hnb-0001")[:9], [f"5.1.2/{step}" for step in range(1, 9)] + ["5.2.1/2.1"])
        self.assertEqual(self.steps("henb-0001")[:3], ["5.1.2.3/1.1", "5.1.2.3/1.2", "5.1.2.3/1.3"])
        for name in DEVICES:
            queries = [record["text"] for record in self.records(name, "dns") if "query" in record["text"]]
            self.assertIn("hms-initial", queries[0])
            self.assertTrue(queries[0].startswith("outer"), queries)
        self.assert_good()

    def test_32583_5_1_2_certificate_and_name_of_the_public_initial_hms_are_checked(self):
        self.up(self.write("lab:\n  initial_hms_public: true\n  hosts: {hms-alias.operator.example: 198.18.0.128}\n" +
                           groups(more=", ipsec: serving, initial_hms: 'https://hms-alias.operator.example:7547/cwmp'")),
                devices=None)
        for name, step in (("hnb-0001", "TS 32.583 5.1.2 step 3"), ("henb-0001", "TS 32.593 5.1.2.3 step 1.3")):
            error = self.wait_for("the error", lambda n=name: self.device(n)["error"])
            self.assertEqual((error["cause"], error["step"]), ("tls-certificate", step))

    def test_32593_draft_5_1_2_2_without_an_initial_hms(self):
        self.up(self.write(groups(more=", serving_hms: 'https://hms-serving.operator.example:7547/cwmp'")))
        self.assertEqual(self.steps("henb-0001")[:6], [f"5.1.2.2/{step}" for step in range(1, 6)] + ["5.1.3/1"])
        self.assertEqual(self.steps("hnb-0001")[0], "5.2.1/2.1")
        self.assert_good()

    def test_32583_5_2_1_and_32593_5_1_3_serving_hms_outside_the_tunnel(self):
        hnb = self.profile("hnb", "umts-hnb", "serving_hms: outside")
        henb = self.profile("henb", "lte-henb", "serving_hms: outside")
        with open(hnb, "a") as file:
            file.write("values: {InternetGatewayDevice.Services.FAPService.1.Transport.Tunnel.UseForCWMP: false}\n")
        self.up(self.write("lab: {serving_hms_public: true, spare_inner_pool: 10.129.0.0/16}\n" + groups(hnb, henb)))
        for name in DEVICES:
            device = self.device(name)
            self.assertTrue(device["inner_address"].startswith("10.128."), device)
            url = self.ok("get", name, URL[name].replace("URL", "ConnectionRequestURL")).split(" = ")[1]
            self.assertTrue(url.startswith(f"http://{device['outer_address']}:"), url)
        self.assertNotIn("5.2.1/4.1", self.steps("hnb-0001"))
        # 5.2.2: none when the HMS is reached outside the tunnel.
        before = {name: len(self.informs(name)) for name in DEVICES}
        self.ok("lab", "renumber", "segw-serving.operator.example")
        for name in DEVICES:
            self.ok("renew", name)
            self.wait_for("the new address", lambda n=name: self.device(n)["inner_address"].startswith("10.129."))
        time.sleep(1.5)
        self.assertEqual({name: len(self.informs(name)) for name in DEVICES}, before)
        self.assert_good()

    def test_32583_5_1_1_step_9_and_32593_5_1_2_2_step_5_initial_tunnel_kept(self):
        ways = "initial_tunnel: kept"
        self.up(self.write(groups(self.profile("hnb", "umts-hnb", ways), self.profile("henb", "lte-henb", ways))))
        for name in DEVICES:
            addresses = re.findall(r"inet (10\.128[.0-9]+)", self.ok("exec", name, "--", "ip", "address"))
            self.assertEqual(len(addresses), 2, addresses)
            for address in addresses:  # both work: the inner DNS answers through each
                ask = ("import socket,sys; s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); s.settimeout(5); "
                       f"s.bind(('{address}',0)); s.sendto(bytes([0,1,1,0,0,1,0,0,0,0,0,0,5])+b'ready'+"
                       "bytes([0,0,1,0,1]),('10.200.0.1',53)); print(len(s.recv(512)))")
                self.assertGreater(int(self.ok("exec", name, "--", "python3", "-c", ask)), 12)
            self.assertNotIn("5.1.1/9", self.steps(name))
        self.assert_good()

    def test_32593_5_1_2_2_step_6_4_public_dns(self):
        henb = self.profile("henb", "lte-henb", "serving_hems_dns: public")
        lab = "lab: {hosts: {hms-serving.operator.example: 10.200.0.129}}\n"
        self.up(self.write(lab + f"groups: [{{name: henb, profile: {henb}}}]\n"))
        last = [record["text"] for record in self.records("henb-0001", "dns") if "hms-serving" in record["text"]]
        self.assertTrue(last[0].startswith("outer query"), last)
        self.assertTrue(self.device("henb-0001")["inner_address"].startswith("10.128."))

    def test_4_2_1_1_and_32593_4_location_decides(self):
        self.up(self.write("""
lab:
  segws: [{name: segw-north.operator.example}]
  hmss: [{name: hms-other.operator.example, role: serving}]
  areas:
    - {name: north, south: 55, serving_segw: segw-north.operator.example, serving_hms: "%s"}
    - {name: sea, west: 20, refused: true}
groups:
  - {name: hnb, profile: umts-hnb, location: {latitude: 51.5, longitude: 0}}
  - {name: north, profile: umts-hnb, location: {latitude: 58, longitude: 0}}
  - {name: henb, profile: lte-henb, location: {latitude: 51.5, longitude: 0}}
  - {name: sea, profile: lte-henb, location: {latitude: 51.5, longitude: 30}}
""" % OTHER_HMS), devices=None)
        self.ok("wait", "--state", "in-service", "--count", "3", "--timeout", "60")
        self.assertEqual(self.device("north-0001")["serving_hms"], OTHER_HMS)
        self.assertEqual(self.device("hnb-0001")["serving_hms"], "https://hms-serving.operator.example:7547/cwmp")
        sea = self.wait_for("the refusal", lambda: self.device("sea-0001")["error"] and self.device("sea-0001"))
        self.assertEqual(sea["error"]["cause"], "refused-by-hms")
        self.assertEqual(sea["error"]["step"], "TS 32.593 5.1.2.2 step 2.2")
        self.wait_for("its next attempt", lambda: self.device("sea-0001")["failed_attempts"] > 1)
        self.assert_good()

    def test_4_2_1_2_the_serving_hms_moves_the_device(self):
        self.up(self.write("lab: {segws: [{name: segw-other.operator.example}], "
                           "hmss: [{name: hms-other.operator.example, role: serving}]}\n" + groups()))
        for name in DEVICES:
            before = self.device(name)
            self.ok("hms", "set", name, f"{GATEWAY[name]}SecGWServer1=segw-other.operator.example")
            moved = self.wait_for("the other SeGW", lambda n=name, old=before["inner_address"]: (
                self.device(n)["inner_address"] not in ("", old) and self.in_service(n) and self.device(n)))
            self.assertIn(moved["inner_address"], self.informs(name)[-1]["text"] + self.informs(name)[-2]["text"])
            self.ok("hms", "set", name, f"{URL[name]}={OTHER_HMS}")
            self.wait_for("the other HMS", lambda n=name: (
                self.device(n)["serving_hms"] == OTHER_HMS and self.in_service(n)))
            bootstraps = [inform for inform in self.informs(name) if "0 BOOTSTRAP" in inform["text"]]
            self.assertEqual(len(bootstraps), 3)  # of the Initial, the Serving and the other HMS
            boots = [inform for inform in self.informs(name) if "1 BOOT" in inform["text"]]
            self.assertEqual(len(boots), 1)
        self.assert_good()

    def test_secgwserver2_and_3_are_taken_in_order(self):
        self.up(self.write("lab: {segws: [{name: segw-nowhere.operator.example, in_dns: false}, "
                           "{name: segw-wrong.operator.example, certificate: other-name}]}\n" + groups()))
        for name in DEVICES:
            self.ok("hms", "set", name, f"{GATEWAY[name]}SecGWServer1=segw-nowhere.operator.example",
                    f"{GATEWAY[name]}SecGWServer2=segw-wrong.operator.example",
                    f"{GATEWAY[name]}SecGWServer3=segw-serving.operator.example")

            def errors(n=name):
                return [step["result"] for step in self.device(n)["steps"] if step["result"] != "ok"]
            self.wait_for("both failures", lambda n=name: len(errors(n)) == 2 and self.in_service(n), timeout=40)
            self.assertEqual(errors(), ["dns-no-such-name", "ike-authentication"])
        failures = {(each["clause"], each["step"], each["cause"]): each["count"] for each in self.ask("/fleet")["failures"]}
        self.assertEqual(failures, {("TS 32.583 5.2.1", "2.1", "dns-no-such-name"): 1,
                                    ("TS 32.583 5.2.1", "3", "ike-authentication"): 1,
                                    ("TS 32.593 5.1.2.2", "6.1", "dns-no-such-name"): 1,
                                    ("TS 32.593 5.1.2.2", "6.3", "ike-authentication"): 1})
        self.assert_good()

    def test_32583_5_2_2_and_32593_5_2_4_inner_address_change(self):
        self.up(self.write("lab: {spare_inner_pool: 10.129.0.0/16}\n" + groups()))
        time.sleep(1)  # what is told of the cell's coming on the air
        self.ok("lab", "renumber", "segw-serving.operator.example")
        for name, clause in (("hnb-0001", "5.2.2/B"), ("henb-0001", "5.2.4/1")):
            self.ok("renew", name, "--what", "reauth")
            address = self.wait_for_address(name, "10.129.")
            self.wait_for(f"step {clause} of {name}", lambda n=name, c=clause: c in self.steps(n))
            self.assertIn(address, self.ok("get", name, INNER[name]))
            told = [record["time"] for record in self.records(name, "ike") if address in record["text"]][0]
            inform = [record["time"] for record in self.informs(name) if address in record["text"]][0]
            self.assertLess(self.seconds(inform) - self.seconds(told), 1.0)
            # Afterwards, because charon re-authenticates no sooner than 5 s after it has renewed a CHILD_SA.
            for what in ("ike", "child"):  # new keys are nothing to the HMS
                informs = len(self.informs(name))
                self.ok("renew", name, "--what", what)
                time.sleep(0.7)
                self.assertEqual(len(self.informs(name)), informs)
        self.assert_good()

    def test_dpd_rekeying_and_reauthentication_in_a_long_run_are_nothing_to_cwmp(self):
        # charon keeps a rekeyed CHILD_SA for 5 s and does not re-authenticate meanwhile: room for that before the 14 s.
        self.up(self.write("lab: {ike: {dpd_delay_s: 1, ike_rekey_s: 5, child_rekey_s: 7, reauth_s: 14}}\n" + groups()))
        before = {name: (self.device(name)["inner_address"], len(self.informs(name))) for name in DEVICES}
        logs = {name: self.state / "fleet/run/devices" / name / "charon.log" for name in DEVICES}

        def renewed(name):
            text = logs[name].read_text()
            reauthenticated = text.rpartition("reauthenticating IKE_SA")
            return (reauthenticated[0].count("rekeyed between") >= 2
                    and "creating rekey job for CHILD_SA" in reauthenticated[0]
                    and "IKE_SA serving" in reauthenticated[2] and "rekeyed between" in reauthenticated[2])
        for name in DEVICES:
            self.wait_for(f"the SAs of {name} to be renewed", lambda n=name: renewed(n), timeout=60)
        after = {name: (self.device(name)["inner_address"], len(self.informs(name))) for name in DEVICES}
        self.assertEqual(after, before)
        self.assert_good()

    @staticmethod
    def seconds(text):
        """Of the day."""
        hours, minutes, seconds = re.search(r"T(\d+):(\d+):([\d.]+)", text).groups()
        return int(hours) * 3600 + int(minutes) * 60 + float(seconds)

    def test_wrong_input_is_refused(self):
        self.up(self.write("groups: [{name: hnb, profile: umts-hnb}]\n"))
        self.assertIn("spare_inner_pool", self.refused("lab", "renumber", "segw-serving.operator.example"))
        self.assertIn("segw-initial.operator.example", self.refused("lab", "renumber", "nowhere"))
        self.assertIn("PATH=VALUE", self.refused("hms", "set", "hnb-0001", "nothing"))
        self.assertNotEqual(self.run_program("renew", "hnb-0001", "--what", "all")[0], 0)


if __name__ == "__main__":
    main()

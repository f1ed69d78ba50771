"""Configuration management and de-provisioning (TS 32.583 5.3, 5.4; TS 32.593 5.2): the lab's HMS, devices behind its
SeGW, and Debian's file servers in the operator's core."""
import gzip
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree as xml

import program

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
import file_servers  # noqa: E402

FLEET = """
groups:
  - {name: hnb, profile: umts-hnb}
  - {name: henb, profile: lte-henb}
"""
SERVER = "10.200.0.1"  # the inner DNS has that host for itself
INFO = {"hnb-0001": "InternetGatewayDevice.DeviceInfo.", "henb-0001": "Device.DeviceInfo."}
GATEWAY = {"hnb-0001": "InternetGatewayDevice.Services.FAPService.1.FAPControl.UMTS.Gateway.FAPGWServer1",
           "henb-0001": "Device.Services.FAPService.1.FAPControl.LTE.Gateway.S1SigLinkServerList"}
URLS = {"http": "http://{}/{}", "https": "https://{}/{}", "ftp": "ftp://{}/{}", "ftps": "ftps://{}:990/{}",
        "sftp": "sftp://{}/{}"}


class ConfigurationManagement(program.ProgramTest):
    def serve(self, only="http"):
        """Starts file servers in `core`; what they serve is in self.files."""
        self.files = self.directory / "site" / "files"
        self.files.mkdir(parents=True)
        self.directory.chmod(0o755)
        words = [sys.executable, "-B", file_servers.__file__, str(self.directory / "site"), "--address", SERVER, "--only", only]
        if {"https", "ftps"} & set(only.split(",")):
            words += ["--certificate", str(self.certify()), "--key", str(self.directory / "server.key")]
        self.servers = self.start("exec", "core", "--", *words)
        self.addCleanup(self.end_servers)
        self.assertEqual(self.servers.stdout.readline(), "ready\n")

    def end_servers(self):
        self.servers.kill()  # the others end with it (unshare --kill-child)
        self.servers.wait(10)

    def certify(self):
        """A certificate of the operator's, whom the devices trust."""
        root = next(self.state.rglob("operator.pem"))
        key, request, certificate = (self.directory / f"server.{end}" for end in ("key", "csr", "pem"))
        openssl = lambda *words: subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True, timeout=20)
        openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={SERVER}",
                "-keyout", key, "-out", request)
        names = self.directory / "names"
        names.write_text(f"subjectAltName=IP:{SERVER}")
        openssl("x509", "-req", "-in", request, "-CA", root, "-CAkey", root.with_suffix(".key"), "-days", "2", "-extfile", names,
                "-out", certificate)
        return certificate

    def value(self, device, path):
        return self.ok("get", device, path).split(" = ", 1)[1].rstrip("\n")

    def code(self, device):
        return self.value(device, INFO[device] + "ProvisioningCode")

    def cm_file(self, device, parameters, **identity):
        """A file of TS 32.584 or TS 32.594 for the device."""
        info = INFO[device]
        whose = {"OUI": self.value(device, info + "ManufacturerOUI"), "ProductClass": self.value(device, info + "ProductClass"),
                 "localDn": "ManagedElement=" + self.value(device, info + "SerialNumber"), "swVersion": "1", **identity}
        document = xml.Element("configDataFile")
        xml.SubElement(document, "fileHeader", fileFormatVersion="32.594 V14.0.0", vendorName="test")
        data = xml.SubElement(document, "configData")
        xml.SubElement(data, "managedElement", whose)
        for path, value in parameters.items():
            at = data
            for name in path.split("."):
                if name.isdigit():
                    at.set("index", name)
                    continue
                found = at.find(name)
                at = found if found is not None else xml.SubElement(at, name)
            at.text = value
        xml.SubElement(document, "fileFooter", dateTime="2026-01-01T00:00:00Z")
        return xml.tostring(document)

    def transfers(self, device):
        """The fault codes of the TransferCompletes that the device has sent."""
        return [int(code) for code in re.findall(r"TransferComplete>.*?<FaultCode>(\d+)<", self.ok("trace", device), re.S)]

    def download(self, device, name, content, scheme="http", fault=0):
        (self.files / name).write_bytes(content)
        before = len(self.transfers(device))
        self.ok("hms", "download", device, URLS[scheme].format(SERVER, name), "--user", file_servers.USER, "--password",
                file_servers.PASSWORD)
        self.wait_for("TransferComplete", lambda: len(self.transfers(device)) > before)
        self.assertEqual(self.transfers(device)[-1], fault, name)

    def assert_no_violation(self):
        self.assertEqual(self.ask("/fleet")["violations"], [])

    def test_ts_32_583_5_3_1_and_32_593_5_2_2_cm_by_file_over_every_transport(self):
        self.up(self.write(FLEET))
        self.serve(",".join(URLS))
        for device in INFO:
            for number, scheme in enumerate(URLS):
                with self.subTest(device=device, scheme=scheme):
                    gateway = f"10.200.0.{80 + number}"
                    content = self.cm_file(device, {INFO[device] + "ProvisioningCode": scheme, GATEWAY[device]: gateway})
                    packed = number % 2 == 1
                    self.download(device, f"{device}-{scheme}", gzip.compress(content) if packed else content, scheme)
                    self.assertEqual(self.code(device), scheme)
                    self.assertEqual(self.value(device, GATEWAY[device]), gateway)
        self.assert_no_violation()
        self.ok("down", "--purge")

    def test_ts_32_583_5_3_1_what_is_wrong_changes_nothing(self):
        self.up(self.write(FLEET))
        self.serve()
        for device, info in INFO.items():
            good = {info + "ProvisioningCode": "good"}
            wrong = {"illegal value": self.cm_file(device, {**good, info[:-11] + "ManagementServer.PeriodicInformInterval": "x"}),
                     "no such parameter": self.cm_file(device, {**good, info + "Nothing": "1"}),
                     "read-only": self.cm_file(device, {**good, info + "SoftwareVersion": "1"}),
                     "another device": self.cm_file(device, good, localDn="ManagedElement=other"),
                     "another vendor": self.cm_file(device, good, OUI="00DEAD"),
                     "truncated": self.cm_file(device, good)[:-20],
                     "damaged gzip": gzip.compress(self.cm_file(device, good))[:-9]}
            for number, (what, content) in enumerate(wrong.items()):
                with self.subTest(device=device, what=what):
                    self.download(device, f"wrong-{number}", content, fault=9018)
                    self.assertEqual(self.code(device), "")
            self.ok("hms", "download", device, f"http://{SERVER}/not-there")
            self.wait_for("the fault", lambda: 9016 in self.transfers(device))
        self.assert_no_violation()

    def test_ts_32_583_5_2_1_step_5_3_bis_the_gateway_survives_a_kill(self):
        self.up(self.write(FLEET))
        self.serve()
        for device in INFO:
            self.download(device, device, self.cm_file(device, {GATEWAY[device]: "10.200.0.2"}))
        subprocess.run(["kill", "-9", str(self.emulator())], check=True)
        self.up(self.write(FLEET))
        for device in INFO:
            self.assertEqual(self.value(device, GATEWAY[device]), "10.200.0.2")

    def test_ts_32_583_5_3_2_and_32_593_5_2_3_cm_by_rpc_after_a_connection_request(self):
        self.up(self.write(FLEET))
        for device, info in INFO.items():
            interval = info[:-11] + "ManagementServer.PeriodicInformInterval"
            self.ok("hms", "set", device, info + "ProvisioningCode=blue", interval + "=77")
            self.wait_for("the value", lambda: self.code(device) == "blue")
            self.assertEqual(self.value(device, interval), "77")
            self.assertEqual(self.value(device, info[:-11] + "ManagementServer.ParameterKey"), "hms")
            self.assertIn("<EventCode>6 CONNECTION REQUEST<", self.ok("trace", device))
            self.ok("hms", "set", device, info + "ProvisioningCode=red", interval + "=0")
            self.wait_for("the fault", lambda: "SetParameterValuesFault" in self.ok("trace", device))
            self.assertEqual(self.code(device), "blue")
        self.assertIn("no device", self.refused("hms", "set", "hnb-0009", "A=b"))
        self.assertIn("is not PATH=VALUE", self.refused("hms", "set", "hnb-0001", "A"))
        self.assert_no_violation()

    def test_hms_device_and_file_server_both_ways_and_by_hand(self):
        self.up(self.write(FLEET))
        self.serve("http,sftp")
        for device in INFO:
            before = self.code(device)
            self.ok("hms", "upload", device, f"sftp://{SERVER}/upload/{device}", "--user", file_servers.USER, "--password",
                    file_servers.PASSWORD)
            uploaded = self.files / "upload" / device
            self.wait_for("the upload", lambda: uploaded.exists() and uploaded.read_bytes().endswith(b"end\n"))
            self.ok("hms", "set", device, INFO[device] + "ProvisioningCode=other")
            self.wait_for("the value", lambda: self.code(device) == "other")
            self.download(device, f"back-{device}", uploaded.read_bytes())
            self.assertEqual(self.code(device), before)
            self.ok("upload", device, f"sftp://{SERVER}/upload/{device}-log", "--type", "2 Vendor Log File", "--user",
                    file_servers.USER, "--password", file_servers.PASSWORD)
            log = self.files / "upload" / f"{device}-log"
            self.wait_for("the log", lambda: log.exists() and b"power-up" in log.read_bytes())
            self.ok("cm-file", "make", "--profile", "umts-hnb" if device == "hnb-0001" else "lte-henb", "--serial",
                    self.value(device, INFO[device] + "SerialNumber"), "--out", str(self.files / "by-hand"),
                    INFO[device] + "ProvisioningCode=hand")
            self.ok("download", device, f"http://{SERVER}/by-hand")
            self.wait_for("the value", lambda: self.code(device) == "hand")
        self.assert_no_violation()
        self.end_servers()
        self.ok("down", "--purge")
        self.assert_nothing_left()

    def informs(self, device):
        """The events of each Inform that the device has sent, in their order."""
        return [re.findall("<EventCode>(.*?)<", record["text"]) for record in self.records(device)
                if record["kind"] == "soap-out" and "Inform>" in record["text"] and "<EventCode>" in record["text"]]

    def records(self, device):
        status, trace = self.run_json("trace", device)
        self.assertEqual(status, 0)
        return trace["records"]

    def step_lines(self, device):
        return [record["text"] for record in self.records(device) if record["kind"] == "step"]

    def test_ts_32_583_5_4_an_hnb_is_de_provisioned_by_factory_reset(self):
        self.up(self.write(FLEET))
        bootstraps = lambda: self.informs("hnb-0001").count(["0 BOOTSTRAP", "1 BOOT"])
        before = bootstraps()
        self.ok("hms", "factory-reset", "hnb-0001")
        self.wait_for("the bootstrap", lambda: bootstraps() > before, timeout=40)
        self.ok("wait", "--state", "in-service", "--timeout", "60")
        steps = "\n".join(self.step_lines("hnb-0001"))
        self.assertRegex(steps, r"(?s)5\.4 step 1 FactoryReset.*5\.4 step 2 .*5\.4 step 3 .*5\.1\.1 step 2\.1")

    def test_contribution_5_1_4_a_henb_stays_away_until_it_is_allowed(self):
        silent = self.write("extends: lte-henb\nquirks: {silent_after_deregistration: true}\n", "silent.yaml")
        self.up(self.write(f"groups: [{{name: henb, profile: {silent}, count: 2}}]\n"))
        self.ok("hms", "factory-reset", "henb-0001")
        self.ok("wait", "--state", "silent", "--count", "1", "--timeout", "30")
        before = len(self.informs("henb-0001"))
        initial = "https://hms-initial.operator.example:7547/cwmp"
        self.ok("hms", "set", "henb-0002", f"Device.ManagementServer.URL={initial}",
                "Device.Services.FAPService.1.FAPControl.LTE.Gateway.SecGWServer1=",
                "Device.Services.FAPService.1.FAPControl.LTE.AdminState=0")
        self.ok("wait", "--state", "silent", "--count", "2", "--timeout", "30")
        self.assertEqual(len(self.informs("henb-0001")), before)
        for device in ("henb-0001", "henb-0002"):
            self.ok("allow", device)
        self.ok("wait", "--state", "in-service", "--timeout", "60")
        self.assertIn(["0 BOOTSTRAP"], [events[:1] for events in self.informs("henb-0002")[-4:]])

    def test_ts_32_583_5_4_an_hnb_is_de_provisioned_by_set_parameter_values(self):
        self.up(self.write(FLEET))
        service = "InternetGatewayDevice.Services.FAPService.1.FAPControl."
        self.ok("hms", "set", "hnb-0001",
                "InternetGatewayDevice.ManagementServer.URL=https://hms-initial.operator.example:7547/cwmp",
                service + "UMTS.Gateway.SecGWServer1=", service + "AdminState=0")
        self.wait_for("the steps", lambda: any("5.4 step 1 SetParameterValues" in line for line in self.step_lines("hnb-0001")))
        self.wait_for("the discovery", lambda: sum("5.1.1 step 2.3" in line for line in self.step_lines("hnb-0001")) == 2)
        self.ok("wait", "--state", "in-service", "--timeout", "60")

    def test_the_trace_is_drawn_with_the_steps_of_the_specification(self):
        self.up(self.write(FLEET))
        drawn = {device: self.ok("trace", device, "--format", "mermaid") for device in INFO}
        for device, diagram in drawn.items():
            lines = diagram.splitlines()
            self.assertEqual(lines[0], "sequenceDiagram")
            self.assertEqual(lines[1], f"    participant Device as {device}")
            grammar = r"    (participant \w+ as .+|Note over \w+: .+|\w+(->>|-->>|-x)\w+: [\d.]+ .+)"
            for line in lines[1:]:
                self.assertRegex(line, f"^{grammar}$")
        self.assertIn("Device->>InitialSegw: 2.3 secure connection to the Initial SeGW", drawn["hnb-0001"])
        self.assertIn("Hms->>Device: 5.3 Serving HMS provisions the HNB", drawn["hnb-0001"])
        self.assertIn("Device->>ServingSegw: 6.3 IPsec tunnel to the Serving SeGW", drawn["henb-0001"])
        self.assertIn("--format", self.refused("trace", "hnb-0001", "--format", "visio"))


if __name__ == "__main__":
    program.main()

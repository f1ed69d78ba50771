"""Devices with an ACS of the user's own, which listens where ACSs on a desk listen."""
import http.server
import re
import ssl
import subprocess
import sys
import threading
import unittest
import urllib.request

import program

DIALOGUE = re.compile(r"urn:dslforum-org:cwmp-1-\d")


class Acs(http.server.ThreadingHTTPServer):
    """Accepts each Inform, and keeps who said what."""

    def __init__(self, address="127.0.0.1", start=True):
        super().__init__((address, 0), Session)
        self.informs = []
        self.url = f"http://{address}:{self.server_port}/acs"
        if start:
            self.start()

    def start(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Session(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if not body:
            self.send_response(204)
            self.end_headers()
            return
        self.server.informs.append({
            "peer": self.client_address[0], "host": self.headers["Host"], "serial": self.field(body, "SerialNumber"),
            "events": re.findall("<EventCode>(.*?)<", body),
            "url": re.search(r"ConnectionRequestURL</Name><Value[^>]*>(.*?)<", body).group(1)})
        answer = f"""<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:c="{DIALOGUE.search(body)[0]}">
          <s:Header><c:ID s:mustUnderstand="1">{re.search("ID [^>]*>(.*?)<", body)[1]}</c:ID></s:Header>
          <s:Body><c:InformResponse><MaxEnvelopes>1</MaxEnvelopes></c:InformResponse></s:Body></s:Envelope>"""
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer.encode())

    @staticmethod
    def field(body, name):
        return re.search(f"<{name}>(.*?)<", body).group(1)

    def log_message(self, *arguments):
        pass


class OwnAcs(program.ProgramTest):
    def value(self, device, name):
        return self.ok("get", device, f"Device.ManagementServer.{name}").split(" = ")[1].strip()

    def request_connection(self, device):
        url = self.value(device, "ConnectionRequestURL")
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, url, self.value(device, "ConnectionRequestUsername"),
                               self.value(device, "ConnectionRequestPassword"))
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}),
                                             urllib.request.HTTPDigestAuthHandler(passwords))
        return opener.open(url, timeout=5).status

    def meet(self, ipsec, addresses):
        acs = Acs()
        self.addCleanup(acs.server_close)
        self.addCleanup(acs.shutdown)
        self.up("--acs", acs.url, "--profile", "lte-henb", "--count", "2", "--ipsec", ipsec, devices="registered")
        peers = {inform["serial"]: inform["peer"] for inform in acs.informs}
        self.assertEqual(len(set(peers.values())), 2)
        first = {inform["serial"]: inform for inform in reversed(acs.informs)}  # later ones tell what has changed
        for inform in first.values():
            self.assertEqual(inform["host"], f"127.0.0.1:{acs.server_port}")
            self.assertEqual(inform["events"], ["0 BOOTSTRAP", "1 BOOT"])
            self.assertTrue(inform["url"].startswith(f"http://{inform['peer']}:30005/"), inform)
        for device in ("lte-henb-0001", "lte-henb-0002"):
            before = len(acs.informs)
            self.assertEqual(self.request_connection(device), 200)
            self.wait_for("the session", lambda: any("6 CONNECTION REQUEST" in inform["events"]
                                                     for inform in acs.informs[before:]))
            self.assertEqual(acs.informs[-1]["url"], self.value(device, "ConnectionRequestURL"))
        for device in self.ask("/devices", "acs")["devices"]:
            self.assertRegex(device["inner_address"], addresses)
        self.ok("down", "--purge")
        self.assert_nothing_left()

    def test_on_the_loopback_without_ipsec(self):
        self.meet("none", "^$")

    def test_on_the_loopback_behind_the_lab_s_segw(self):
        self.meet("lab", r"^10\.128\.")

    def secure(self, acs, name):
        """Puts TLS in front of the ACS; gives the file of who signed its certificate."""
        certificate, key = self.directory / "acs.pem", self.directory / "acs.key"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                        "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-out", certificate, "-keyout", key],
                       check=True, capture_output=True, timeout=20)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        acs.socket = context.wrap_socket(acs.socket, server_side=True)
        return str(certificate)

    def test_over_tls_the_certificate_is_that_of_the_name_in_the_url(self):
        acs = Acs(start=False)
        ca = self.secure(acs, "localhost")
        acs.start()
        self.up("--acs", f"https://localhost:{acs.server_port}/acs", "--acs-ca", ca, devices="registered")
        self.assertEqual(acs.informs[0]["host"], f"localhost:{acs.server_port}")
        self.assertEqual(acs.informs[0]["peer"], "127.64.0.1")
        self.ok("down", "--purge")
        for arguments in (["--acs", f"https://127.0.0.1:{acs.server_port}/acs", "--acs-ca", ca],  # not in the certificate
                          ["--acs", f"https://localhost:{acs.server_port}/acs"]):                # signed by nobody known
            self.up(*arguments, devices="waiting-to-retry")
            self.assertIn("tls-certificate", self.ok("ls"))
            self.ok("down", "--purge")

    def test_two_fleets_have_addresses_of_their_own(self):
        acs = Acs()
        for fleet in ("one", "two"):
            self.up("--acs", acs.url, "--fleet", fleet, devices="registered")
        self.assertEqual(list(dict.fromkeys(inform["peer"] for inform in acs.informs)), ["127.64.0.1", "127.65.0.1"])
        for fleet in ("one", "two"):
            self.ok("down", "--fleet", fleet)

    def test_an_acs_that_is_down_is_tried_again(self):
        self.up("--acs", "http://127.0.0.1:9/", devices="waiting-to-retry")
        self.assertIn("network", self.ok("ls"))

    def test_wrong_usage_is_told(self):
        self.assertIn("FLEET or --acs", self.refused("up"))
        self.assertIn("http or https", self.refused("up", "--acs", "ftp://127.0.0.1/"))
        self.assertIn("unknown profile", self.refused("up", "--acs", "http://127.0.0.1/", "--profile", "none"))
        self.assertIn("without an uplink", self.refused("up", "--acs", "http://127.0.0.1/", "--uplink"))
        self.refused("up", "x.yaml", "--acs", "http://127.0.0.1/")
        self.refused("up", "x.yaml", "--count", "2")


class Uplink(OwnAcs):
    """In a network namespace that plays the host."""

    def test_routes_carry_both_ways_and_go(self):
        links = subprocess.check_output(["ip", "-br", "link"], text=True)
        acs = Acs("192.0.2.1")
        for ipsec, address in (("none", "100.64.0."), ("lab", "10.128.")):
            with self.subTest(ipsec):
                acs.informs.clear()
                self.up("--acs", acs.url, "--count", "2", "--ipsec", ipsec, "--uplink", devices="registered")
                self.assertEqual(len({inform["serial"] for inform in acs.informs}), 2)
                for inform in acs.informs:
                    self.assertTrue(inform["peer"].startswith(address), inform)
                    self.assertTrue(inform["url"].startswith(f"http://{inform['peer']}:7547/"), inform)
                self.assertEqual(self.request_connection("lte-henb-0001"), 200)
                self.ok("down", "--purge")
                self.wait_for("the link to go", lambda: subprocess.check_output(["ip", "-br", "link"], text=True) == links)


def load_tests(loader, tests, pattern):
    """The uplink changes the host's routes: its test is run again by itself in a namespace of its own."""
    case = Uplink if sys.argv[-1] == "in-namespace" else OwnAcs
    names = ["test_routes_carry_both_ways_and_go"] if case is Uplink else loader.getTestCaseNames(OwnAcs)
    return unittest.TestSuite(case(name) for name in names)


def main():
    if sys.argv[-1] == "in-namespace":
        unittest.main(argv=sys.argv[:1])
    script = ("ip link set lo up && ip link add bridge type bridge && ip address add 192.0.2.1/24 dev bridge && "
              "ip link set bridge up && exec \"$@\"")
    inside = subprocess.run(["unshare", "--net", "sh", "-c", script, "sh", sys.executable, __file__, "in-namespace"],
                            timeout=120)
    if inside.returncode != 0:
        sys.exit("the test of the uplink failed: see above")
    program.main()


if __name__ == "__main__":
    main()

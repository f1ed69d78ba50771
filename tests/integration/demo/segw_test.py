"""A SeGW of the user's own: what `lab export-segw` writes makes a stock strongSwan take the fleet's devices."""
import os
import subprocess
import sys
import unittest

import acs_test
import program

SEGW = "192.0.2.10"
ACS = "192.0.2.1"
FLEET = """
fleet: {{name: own}}
uplink: true
acs: {{url: "{url}"}}
groups:
  - {{name: hnb, profile: umts-hnb, count: 2, ipsec: {{segw: {segw}, remote_id: segw.example}}}}
  - name: henb
    profile: lte-henb
    ipsec: {{segw: {segw}, remote_id: segw.example, local_id: "{{serial}}@femto.example", psk: "secret of {{serial}}",
             ike_proposals: [aes256-sha256-ecp256], remote_ts: [0.0.0.0/0]}}
"""
STRONGSWAN_CONF = """
charon-systemd {{
  load = random nonce openssl pem x509 pkcs1 pubkey revocation constraints kdf {esp} kernel-netlink socket-default updown vici
  threads = 16
  journal {{ default = -1 }}
  filelog {{
    log {{
      path = {directory}/log
    }}
  }}
  plugins {{
    vici {{
      socket = unix://{directory}/vici
    }}
  }}
}}
"""


class OwnSegw(program.ProgramTest):
    def export(self, fleet):
        directory = self.directory / "export"
        out = self.ok("lab", "export-segw", str(directory), fleet, "--name", "segw.example")
        self.assertIn("swanctl --load-all", out)
        self.assertEqual((directory / "private/segw.pem").stat().st_mode & 0o777, 0o600)
        return directory

    def start_segw(self, swanctl):
        """A stock charon with the exported files, as the package's user would run it."""
        directory = self.directory / "segw"
        directory.mkdir()
        conf = directory / "strongswan.conf"
        conf.write_text(STRONGSWAN_CONF.format(directory=directory, esp="kernel-libipsec"))
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "STRONGSWAN_CONF": str(conf), "SWANCTL_DIR": str(swanctl)}
        charon = subprocess.Popen(["/usr/sbin/charon-systemd"], env=environment, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL)
        self.addCleanup(charon.wait, 10)
        self.addCleanup(charon.kill)
        self.wait_for("its socket", (directory / "vici").exists)
        load = ["swanctl", "--load-all", "--uri", f"unix://{directory}/vici", "--file", str(swanctl / "swanctl.conf")]
        loaded = subprocess.run(load, env=environment, capture_output=True, text=True, timeout=20)
        self.assertEqual(loaded.returncode, 0, loaded.stdout + loaded.stderr)
        self.assertIn("successfully loaded", loaded.stdout)

    def test_it_takes_certificates_and_pre_shared_keys(self):
        acs = acs_test.Acs(ACS)
        text = FLEET.format(url=acs.url, segw=SEGW)
        fleet = self.write(text)
        directory = self.export(fleet)
        self.assertIn("HNB".lower(), (directory / "identities.csv").read_text())
        self.assertIn("empty directory", self.refused("lab", "export-segw", str(directory), fleet))
        self.start_segw(directory)
        self.addCleanup(self.run_program, "down", "--fleet", "own")
        self.ok("up", fleet, "--detach")
        self.ok("wait", "--state", "registered", "--timeout", "30")
        for inform in acs.informs:
            self.assertTrue(inform["peer"].startswith("10.128."), inform)
        self.assertEqual(len({inform["peer"] for inform in acs.informs}), 3)
        self.ok("down")

        wrong = self.write(text.replace("secret of", "another secret of"), "wrong.yaml")
        self.ok("up", wrong, "--detach")
        self.ok("wait", "--state", "waiting-to-retry", "--count", "1", "--timeout", "30")
        self.assertIn("ike-authentication", self.ok("ls"))
        self.ok("down", "--purge")


def main():
    if sys.argv[-1] == "in-namespace":
        unittest.main(argv=sys.argv[:1])
    if os.geteuid() != 0:
        program.main()  # says that it is skipped
    script = ("ip link set lo up && ip link add bridge type bridge && ip address add 192.0.2.1/24 dev bridge && "
              "ip address add 192.0.2.10/24 dev bridge && ip link set bridge up && sysctl -qw net.ipv4.ip_forward=1 && "
              "exec \"$@\"")
    sys.exit(subprocess.run(["unshare", "--net", "sh", "-c", script, "sh", sys.executable, __file__, "in-namespace"],
                            timeout=150).returncode)


if __name__ == "__main__":
    main()

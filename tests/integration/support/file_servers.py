"""Debian's own file servers, all over one directory, in the network namespace of the caller and in mount and process
namespaces of their own: they end with this program, however that ends, and the system's users stay as they are.

  file_servers.py DIRECTORY --address A [--certificate PEM --key KEY] [--client-ca PEM] [--only http,ftp,…]

Prints "ready" when all of them take connections, and ends at SIGTERM. DIRECTORY/files is what all of them serve as "/";
uploads go to /upload/. USER with PASSWORD may log in everywhere.

  http    nginx      80        GET, PUT; below /basic/ with Basic; below /post/ POST, with Basic
  https   nginx      443       the same; below /client/ with a certificate of the client CA
  digest  apache2    8080      GET, PUT, all with Digest; below /post/ POST
  ftp     vsftpd     21        plain, and explicit TLS (AUTH TLS)
  ftps    vsftpd     990       implicit TLS
  sftp    OpenSSH    22
"""
import argparse
import ctypes
import hashlib
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

USER, PASSWORD, UID = "femto", "secret", 4711
REALM = "files"
ROOT = pathlib.Path("/mnt")  # what the servers serve, in their mount namespace
READY_S = 20
PORTS = {"http": 80, "https": 443, "digest": 8080, "ftp": 21, "ftps": 990, "sftp": 22}
PR_SET_PDEATHSIG = 1

NGINX = """
daemon off; user {user}; worker_processes 1; pid {state}/nginx.pid; error_log {state}/nginx.error;
events {{ worker_connections 4096; }}
http {{
  access_log {state}/nginx.access;
  client_body_temp_path {state}/body; proxy_temp_path {state}/proxy; fastcgi_temp_path {state}/fastcgi;
  uwsgi_temp_path {state}/uwsgi; scgi_temp_path {state}/scgi;
  client_max_body_size 0; default_type application/octet-stream;
  server {{
    {listen}
    location / {{ root {root}; dav_methods PUT; dav_access user:rw all:r; }}
    location /basic/ {{ alias {root}/; dav_methods PUT; auth_basic {realm}; auth_basic_user_file {state}/basic; }}
    location /post/ {{ auth_basic {realm}; auth_basic_user_file {state}/basic; proxy_method PUT; proxy_pass {dav}; }}
    location /client/ {{ if ($ssl_client_verify != SUCCESS) {{ return 403; }} alias {root}/; }}
  }}
  server {{
    listen unix:{state}/dav.socket;
    location / {{ root {root}; dav_methods PUT; dav_access user:rw all:r; }}
    location /stored/ {{ proxy_method PUT; proxy_pass {dav}; }}
  }}
}}
"""
NGINX_TLS = """listen {address}:443 ssl; ssl_certificate {certificate}; ssl_certificate_key {key};"""
NGINX_CLIENT_CA = """ssl_verify_client optional; ssl_client_certificate {client_ca};"""
APACHE = """
ServerRoot {state}
ServerName files.example
Listen {address}:8080
PidFile {state}/apache.pid
ErrorLog {state}/apache.error
User {user}
Group {user}
{modules}
DocumentRoot {root}
DavLockDB {state}/dav/lock
<Location />
  Dav On
  AuthType Digest
  AuthName {realm}
  AuthUserFile {state}/digest
  Require valid-user
</Location>
<Location /post/>
  Dav Off
  ProxyPass unix:{state}/dav.socket|http://files.example/stored/
</Location>
"""
APACHE_MODULES = ("mpm_event", "authn_core", "authn_file", "auth_digest", "authz_core", "authz_user", "dav", "dav_fs",
                  "proxy", "proxy_http")
VSFTPD = """
listen=YES
listen_ipv6=NO
background=NO
listen_address={address}
listen_port={port}
local_enable=YES
anonymous_enable=NO
write_enable=YES
delay_failed_login=0
chroot_local_user=YES
local_root={root}
pam_service_name=vsftpd
seccomp_sandbox=NO
xferlog_enable=YES
log_ftp_protocol=YES
vsftpd_log_file={state}/vsftpd.{port}.log
secure_chroot_dir={state}/empty
"""
# Session reuse between control and data connections is required, as vsftpd does by default.
VSFTPD_TLS = """
ssl_enable=YES
rsa_cert_file={certificate}
rsa_private_key_file={key}
ssl_ciphers=HIGH
force_local_logins_ssl=NO
force_local_data_ssl=NO
implicit_ssl={implicit}
"""
VSFTPD_CLIENT_CA = """
ca_certs_file={client_ca}
require_cert=YES
validate_cert=YES
"""
PAM = """
auth required pam_unix.so nodelay
account required pam_unix.so
session required pam_permit.so
"""
SSHD = """
ListenAddress {address}:22
HostKey {state}/host_key
PidFile none
UsePAM no
UseDNS no
StrictModes no
PasswordAuthentication yes
MaxStartups 4096
Subsystem sftp internal-sftp
ForceCommand internal-sftp
ChrootDirectory {root}
"""


class Servers:
    def __init__(self, options):
        self.options = options
        self.directory = pathlib.Path(options.directory).resolve()
        self.state = self.directory / "servers"
        self.running = []
        self.words = {"state": self.state, "root": ROOT, "user": USER, "realm": REALM, "address": options.address,
                      "certificate": options.certificate, "key": options.key, "client_ca": options.client_ca,
                      "dav": f"http://unix:{self.state}/dav.socket:/"}

    def write(self, name, text, mode=0o644):
        path = self.state / name
        path.write_text(text)
        path.chmod(mode)
        return path

    def prepare(self):
        files = self.directory / "files"
        (files / "upload").mkdir(parents=True, exist_ok=True)
        files.chmod(0o755)
        os.chown(files / "upload", UID, UID)
        self.state.mkdir(mode=0o755, exist_ok=True)
        for name in ("empty", "dav"):
            (self.state / name).mkdir(exist_ok=True)
        os.chown(self.state / "dav", UID, UID)
        hashed = subprocess.run(["openssl", "passwd", "-6", PASSWORD], capture_output=True, text=True, check=True)
        self.extend("/etc/passwd", f"{USER}:x:{UID}:{UID}::/:/bin/sh\n")
        self.extend("/etc/group", f"{USER}:x:{UID}:\n")
        self.extend("/etc/shadow", f"{USER}:{hashed.stdout.strip()}:19000:0:99999:7:::\n")
        self.mount("--bind", self.write("pam", PAM), "/etc/pam.d/vsftpd")
        self.mount("--bind", files, ROOT)
        self.mount("-t", "tmpfs", "tmpfs", "/run")
        pathlib.Path("/run/sshd").mkdir()

    def extend(self, path, line):
        """A file of the system with one more line, in this mount namespace alone."""
        own = self.write(pathlib.Path(path).name, pathlib.Path(path).read_text() + line, 0o600)
        own.chmod(os.stat(path).st_mode & 0o777)
        self.mount("--bind", own, path)

    @staticmethod
    def mount(*arguments):
        subprocess.run(["mount", *map(str, arguments)], check=True)

    def start(self, *command):
        libc = ctypes.CDLL(None)
        log = open(self.state / "output", "ab")
        self.running.append(subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=log,
                                             stderr=log, preexec_fn=lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)))

    def start_nginx(self, wanted):
        listen = f"listen {self.options.address}:80;" if "http" in wanted else ""
        if "https" in wanted:
            listen += NGINX_TLS.format(**self.words)
            if self.options.client_ca:
                listen += NGINX_CLIENT_CA.format(**self.words)
        (self.state / "dav.socket").unlink(missing_ok=True)
        self.write("basic", f"{USER}:{{PLAIN}}{PASSWORD}\n")
        self.start("/usr/sbin/nginx", "-e", self.state / "nginx.error", "-c",
                   self.write("nginx.conf", NGINX.format(listen=listen, **self.words)))

    def start_apache(self):
        modules = "\n".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in APACHE_MODULES)
        secret = hashlib.md5(f"{USER}:{REALM}:{PASSWORD}".encode()).hexdigest()
        self.write("digest", f"{USER}:{REALM}:{secret}\n")
        self.start("/usr/sbin/apache2", "-DFOREGROUND", "-f",
                   self.write("apache.conf", APACHE.format(modules=modules, **self.words)))

    def start_vsftpd(self, name):
        text = VSFTPD.format(port=PORTS[name], **self.words)
        if self.options.certificate:
            text += VSFTPD_TLS.format(implicit="YES" if name == "ftps" else "NO", **self.words)
        if name == "ftps" and self.options.client_ca:
            text += VSFTPD_CLIENT_CA.format(**self.words)
        self.start("/usr/sbin/vsftpd", self.write(f"vsftpd.{name}.conf", text.lstrip()))

    def start_sshd(self):
        if not (self.state / "host_key").exists():
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.state / "host_key"], check=True)
        self.start("/usr/sbin/sshd", "-D", "-e", "-f", self.write("sshd.conf", SSHD.format(**self.words)))

    def start_all(self, wanted):
        if {"http", "https", "digest"} & wanted:  # of Apache's, it takes what is POSTed
            self.start_nginx(wanted)
        if "digest" in wanted:
            self.start_apache()
        for name in {"ftp", "ftps"} & wanted:
            self.start_vsftpd(name)
        if "sftp" in wanted:
            self.start_sshd()

    def wait_for(self, wanted):
        deadline = time.monotonic() + READY_S
        for name in wanted:
            while True:
                try:
                    socket.create_connection((self.options.address, PORTS[name]), 1).close()
                    break
                except OSError as error:
                    ended = [server.args[0] for server in self.running if server.poll() is not None]
                    if ended or time.monotonic() > deadline:
                        sys.exit(f"file_servers: {name}: {error}; ended: {ended}; see {self.state}/output")
                    time.sleep(0.01)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory")
    parser.add_argument("--address", required=True)
    parser.add_argument("--certificate", help="of the https and ftps servers, PEM; without one they are left out")
    parser.add_argument("--key")
    parser.add_argument("--client-ca", help="asked for by https, required by ftps at port 990")
    parser.add_argument("--only", help="servers, with commas; default: all")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def main():
    options = parse()
    if not options.inside:
        os.execv("/usr/bin/unshare", ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc",
                                      sys.executable, "-B", __file__, "--inside", *sys.argv[1:]])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    wanted = set(options.only.split(",")) if options.only else set(PORTS)
    if not options.certificate:
        wanted -= {"https", "ftps"}
    servers = Servers(options)
    servers.prepare()
    servers.start_all(wanted)
    servers.wait_for(wanted)
    print("ready", flush=True)
    while True:
        signal.pause()


if __name__ == "__main__":
    main()

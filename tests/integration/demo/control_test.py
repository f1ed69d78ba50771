"""Whatever is said to the control socket, it answers with a reason, and no device notices."""
import contextlib
import json
import random
import socket
import time

import program

FLEET = "groups:\n  - {name: hnb, profile: umts-hnb, count: 2}\n"
VALUES = "/devices/hnb-0001/parameters"


class Control(program.ProgramTest):
    def setUp(self):
        super().setUp()
        self.up(self.write(FLEET))
        self.socket = str(self.state / "fleet" / "control")
        self.sessions = self.ok("trace", "hnb-0001").count("soap-out")

    def tearDown(self):
        self.assertIn("2 of 2 devices in service", self.ok("ls"))
        self.assertEqual(self.ok("trace", "hnb-0001").count("soap-out"), self.sessions)

    def call(self, method, path, body=None):
        with contextlib.closing(program.ControlConnection(self.socket)) as connection:
            connection.request(method, path, body)
            response = connection.getresponse()
            return response.status, json.loads(response.read())

    def test_bad_requests_get_a_reason(self):
        cases = [
            ("GET", "/", None, 404), ("GET", "/nothing", None, 404), ("POST", "/devices", None, 405),
            ("GET", "/devices/none", None, 404), ("GET", "/devices/hnb-0001/none", None, 404),
            ("DELETE", "/devices/hnb-0001", None, 405), ("GET", "/devices/hnb-0001/inform", None, 405),
            ("GET", "/down", None, 405), ("GET", "/namespaces/none", None, 404),
            ("POST", "/devices/hnb-0001/inform", "{", 400), ("POST", "/devices/hnb-0001/inform", "[]", 400),
            ("POST", "/devices/hnb-0001/inform", '{"event": 7}', 400),
            ("POST", "/devices/hnb-0001/inform", json.dumps({"event": "x" * 65}), 400),
            ("POST", "/devices/hnb-0001/hold", "{}", 400), ("POST", "/devices/hnb-0001/hold", '{"at": null}', 400),
            ("PATCH", VALUES, "{}", 400), ("PATCH", VALUES, '{"parameters": 3}', 400),
            ("PATCH", VALUES, '{"parameters": {"A.B": 3}}', 400), ("PATCH", VALUES, '{"parameters": {"A.B": "x"}}', 400),
            ("PATCH", VALUES, "[" * 100000, 400), ("GET", VALUES + "?path=A.B", None, 404),
            ("GET", VALUES + "?pth=x", None, 400), ("GET", "/devices/%ff%00", None, 400),
            ("PATCH", VALUES, "x" * (2 << 20), 413),
        ]
        for method, path, body, wanted in cases:
            with self.subTest(f"{method} {path} {str(body)[:40]}"):
                status, answer = self.call(method, path, body)
                self.assertEqual(status, wanted, answer)
                self.assertTrue(answer["error"])

    def test_noise_harms_nobody(self):
        noise = random.Random(3)
        for _ in range(50):
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(self.socket)
                try:
                    client.sendall(noise.randbytes(noise.randrange(1, 5000)))
                except BrokenPipeError:
                    pass
        self.assertEqual(self.call("GET", "/fleet")[0], 200)

    def test_clients_that_never_read_or_write_keep_nobody_waiting(self):
        stuck = []
        for i in range(40):
            client = socket.socket(socket.AF_UNIX)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
            client.connect(self.socket)
            if i % 2:
                client.sendall(b"GET /devices/hnb-0001/trace HTTP/1.1\r\nHost: x\r\n\r\n" * 20)
            stuck.append(client)
        begin = time.monotonic()
        self.assertEqual(self.call("GET", "/devices")[0], 200)
        self.assertLess(time.monotonic() - begin, 2)
        for client in stuck:
            client.close()


if __name__ == "__main__":
    program.main()

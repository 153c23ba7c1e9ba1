"""The scheduler's side of a companion that connects."""

from __future__ import annotations

import json
import os
import socket
import stat
import time
import unittest
import warnings
from typing import Any, Dict, List, Optional

from asyncz_companion import CompanionServer, install_companion

from .support import CompanionTest


class Client:
    """A companion that connects."""

    def __init__(self, address: str, resume: Optional[Dict[str, int]] = None) -> None:
        kind, _, rest = address.partition(":")
        if kind == "unix":
            self.end = socket.socket(socket.AF_UNIX)
            self.end.connect(rest)
        else:
            host, _, port = rest.rpartition(":")
            self.end = socket.create_connection((host, int(port)))
        self.end.settimeout(20)
        self.file = self.end.makefile("rb")
        self.say({"hello": 1, "connect": True, "resume": resume or {}})
        self.hello = self.hear()

    def say(self, line: Dict[str, Any]) -> None:
        self.end.sendall(json.dumps(line).encode() + b"\n")

    def hear(self) -> Dict[str, Any]:
        found = json.loads(self.file.readline())
        assert isinstance(found, dict)
        return found

    def messages(self, count: int) -> List[str]:
        return [self.hear()["message"] for _ in range(count)]

    def close(self) -> None:
        self.file.close()
        self.end.close()


class ServerTest(CompanionTest):
    def serve(self, address: Optional[str] = None, **options: Any) -> CompanionServer:
        server = CompanionServer(address or self.address, source="worker-1", **options)
        self.addCleanup(server.close)
        install_companion(address=server)
        return server

    def connect(self, server: CompanionServer, resume: Optional[Dict[str, int]] = None) -> Client:
        client = Client(server.address, resume)
        self.addCleanup(client.close)
        return client

    def test_what_was_and_what_comes(self) -> None:
        server = self.serve()
        for number in range(10):
            self.logger.info("%d", number)
        client = self.connect(server)
        self.assertEqual(client.messages(10), [str(number) for number in range(10)])
        self.logger.info("live")
        self.assertEqual(client.messages(1), ["live"])
        hello = client.hello
        self.assertEqual(hello["session"], server.session)
        self.assertEqual((hello["source"], hello["ack"], hello["first"]), ("worker-1", True, 1))

    def test_each_record_once_for_a_companion_that_comes_again(self) -> None:
        server = self.serve()
        found: List[str] = []
        for number in range(30):
            for each in range(10):
                self.logger.info("%d", number * 10 + each)
            resume = {"of-another": 7, server.session: len(found)}
            # What it got but has not stored it asks for again.
            for count in (number % 3, 10):
                client = self.connect(server, resume)
                messages = client.messages(count)
                client.close()
            found.extend(messages)
        self.assertEqual(found, [str(number) for number in range(300)])

    def test_what_a_companion_missed_shows_in_the_numbers(self) -> None:
        server = self.serve(max_records=5)
        for number in range(20):
            self.logger.info("%d", number)
        server.flush(5)
        client = self.connect(server, {server.session: 3})
        self.assertEqual((client.hello["first"], client.hello["next"]), (16, 21))
        self.assertEqual(client.messages(5), ["15", "16", "17", "18", "19"])

    def test_several_companions(self) -> None:
        server = self.serve("tcp:0")
        self.assertRegex(server.address, r"^tcp:127\.0\.0\.1:\d+$")
        clients = [self.connect(server) for _ in range(3)]
        for number in range(2_000):
            self.logger.info("%d", number)
        for client in clients:
            self.assertEqual(client.messages(2_000), [str(number) for number in range(2_000)])

    def test_flush_waits_for_acknowledgement(self) -> None:
        server = self.serve()
        self.logger.info("one")
        self.assertFalse(server.flush(10))
        client = self.connect(server)
        client.messages(1)
        self.assertFalse(server.flush(0.05))
        client.say({"ack": 1})
        self.assertTrue(server.flush(10))

    def test_a_client_that_is_no_companion_is_closed(self) -> None:
        server = self.serve("tcp:0")
        self.logger.info("secret")
        port = int(server.address.rpartition(":")[2])
        for said in (b"GET / HTTP/1.1\r\n\r\n", b'{"hello": 1}\n', b"x" * 200_000):
            end = socket.create_connection(("127.0.0.1", port))
            end.settimeout(20)
            try:
                end.sendall(said)
                answer = end.recv(1_000)
            except ConnectionError:
                answer = b""
            end.close()
            self.assertEqual(answer, b"")
        self.assertEqual(self.connect(server).messages(1), ["secret"])

    def test_a_client_that_does_not_read_stalls_nobody(self) -> None:
        server = self.serve(max_records=1_000)
        slow, quick = self.connect(server), self.connect(server)
        for round_ in range(20):
            for number in range(500):
                self.logger.info("%d %s", round_ * 500 + number, "x" * 1_000)
            quick.messages(500)
        # It was left behind, and is told how much it lacks.
        with self.assertRaises(ValueError):
            slow.messages(10_000)
        again = self.connect(server, {server.session: 1})
        self.assertEqual(again.hello["first"], 9_001)

    def test_socket_is_private_and_removed(self) -> None:
        path = os.path.join(self.folder, "made", "feed.sock")
        server = self.serve(f"unix:{path}")
        self.assertEqual(stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode), 0o700)
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        with self.assertRaisesRegex(OSError, "served by another process"):
            CompanionServer(f"unix:{path}")
        server.close()
        self.assertFalse(os.path.exists(path))

    def test_a_dead_socket_is_replaced_and_nothing_else(self) -> None:
        dead = socket.socket(socket.AF_UNIX)
        dead.bind(self.path)
        dead.close()
        self.connect(self.serve())
        other = os.path.join(self.folder, "file")
        with open(other, "w"):
            pass
        with self.assertRaisesRegex(OSError, "no socket of this user"):
            CompanionServer(f"unix:{other}")
        os.chmod(self.folder, 0o755)
        with self.assertRaisesRegex(OSError, "mode 0700"):
            CompanionServer(f"unix:{self.folder}/other.sock")

    def test_addresses_it_cannot_serve(self) -> None:
        for address in ("file:/x", "unix:"):
            with self.assertRaisesRegex(ValueError, "of its own"):
                CompanionServer(address)
        with self.assertRaisesRegex(ValueError, "within this machine"):
            CompanionServer("tcp:0.0.0.0:9020")

    def test_the_end_delivers_and_cleans_up(self) -> None:
        program = """
import logging, sys
from asyncz_companion import CompanionServer, install_companion
server = CompanionServer(sys.argv[1])
install_companion(address=server)
print("ready", flush=True)
sys.stdin.readline()
logging.getLogger("asyncz").info("last words")
"""
        import subprocess
        import sys

        from .support import PACKAGE

        process = subprocess.Popen(
            [sys.executable, "-c", program, self.address],
            env={**os.environ, "PYTHONPATH": PACKAGE},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None and process.stdin is not None
        self.assertEqual(process.stdout.readline(), b"ready\n")
        client = Client(self.address)
        self.addCleanup(client.close)
        process.stdin.write(b"\n")
        process.stdin.close()
        self.assertEqual(client.messages(1), ["last words"])
        client.say({"ack": 1})
        self.assertEqual(process.wait(20), 0)
        process.stdout.close()
        self.assertFalse(os.path.exists(self.path))

    @unittest.skipUnless(hasattr(os, "fork"), "needs fork")
    def test_a_forked_child_leaves_the_place_to_its_parent(self) -> None:
        server = self.serve()
        client = self.connect(server)
        with warnings.catch_warnings():
            # Python 3.12 and newer warn of any fork beside a thread.
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
        if child == 0:
            self.logger.info("of the child")
            server.close()
            os._exit(0)
        os.waitpid(child, 0)
        self.logger.info("of the parent")
        self.assertEqual(client.messages(1), ["of the parent"])
        self.assertTrue(os.path.exists(self.path))

"""Delivery: exactly once, bounded, and never in the application's way."""

from __future__ import annotations

import logging
import logging.config
import os
import random
import socket
import sys
import threading
import time
import unittest
from typing import Dict, List

from asyncz_companion import (
    CompanionHandler,
    default_address,
    install_companion,
    uninstall_companion,
)

from .receiver import Receiver, Store, until
from .support import CompanionTest

PRELUDE = """
import logging, os, sys
from asyncz_companion import install_companion
handler = install_companion(address=sys.argv[1], source="program")
log = logging.getLogger("asyncz.task")
"""


class SenderTest(CompanionTest):
    def test_each_record_once_over_receiver_kills(self) -> None:
        store = Store()
        handler = install_companion(address=self.address, max_records=1_000_000)
        is_over = threading.Event()
        written: List[int] = []

        def write() -> None:
            while not is_over.is_set():
                self.logger.info("%d", len(written))
                written.append(len(written))
                if len(written) % 20 == 0:
                    time.sleep(0.001)

        writer = threading.Thread(target=write)
        writer.start()
        self.addCleanup(is_over.set)
        rng = random.Random(1)
        for round_ in range(60):
            # Some break off by themselves, in the middle of what was sent; some acknowledge nothing.
            limit = rng.randrange(1, 200) if round_ % 2 else None
            known = len(store.hellos)
            receiver = Receiver(self.path, store, limit=limit, acks=round_ % 3 != 0)
            until("a connection", lambda: len(store.hellos) > known)
            time.sleep(rng.random() * 0.02)
            receiver.kill()
        is_over.set()
        writer.join()
        with Receiver(self.path, store):
            self.assertTrue(handler.outlet.flush(30))
        self.assertEqual(store.messages, [str(number) for number in written])
        self.assertEqual((len(store.sessions), store.gaps, store.missed), (1, [], 0))

    def test_what_there_is_no_room_for_is_a_gap(self) -> None:
        handler = install_companion(address=self.address, max_records=100)
        for number in range(1_000):
            self.logger.info("%d", number)
            if number % 50 == 0:
                # So that the queue is the one that is full, not its way in.
                until("its turn", lambda: handler.outlet.stats()["records"] > number)
        store = Store()
        with Receiver(self.path, store):
            self.assertTrue(handler.outlet.flush(10))
            self.logger.info("and on")
            self.assertTrue(handler.outlet.flush(10))
        self.assertEqual(store.messages, [str(number) for number in range(900, 1_000)] + ["and on"])
        (gap,) = store.gaps
        self.assertEqual(store.lines[0], {"gap": gap})
        self.assertEqual(gap["records"], 900)
        self.assertEqual(gap["reason"], "The queue was full while the companion was away")
        self.assertLess(gap["from"], gap["to"])
        self.assertLess(gap["to"], store.entries[0]["ts"])
        self.assertEqual(handler.outlet.stats(), {"records": 1_001, "dropped": 900})

    def test_bytes_are_bounded_too(self) -> None:
        handler = install_companion(address=self.address, max_bytes=2 * 1024 * 1024)
        for number in range(100):
            self.logger.info("%d %s", number, "x" * 100_000)
        store = Store()
        with Receiver(self.path, store):
            self.assertTrue(handler.outlet.flush(10))
        (gap,) = store.gaps
        self.assertEqual(gap["records"] + len(store.entries), 100)
        self.assertEqual(len(store.entries), 20)

    def test_a_burst_that_the_thread_gets_no_turn_in_is_counted(self) -> None:
        handler = install_companion(address=self.address, max_records=50)
        interval = sys.getswitchinterval()
        sys.setswitchinterval(5)
        try:
            for number in range(5_000):
                self.logger.info("%d", number)
        finally:
            sys.setswitchinterval(interval)
        store = Store()
        with Receiver(self.path, store):
            self.assertTrue(handler.outlet.flush(10))
        missing = sum(gap["records"] for gap in store.gaps)
        self.assertEqual(missing + len(store.entries), 5_000)
        self.assertEqual(handler.outlet.stats()["dropped"], missing)

    def test_over_tcp(self) -> None:
        with Receiver(("127.0.0.1", 0)) as receiver:
            handler = install_companion(address=f"tcp:{receiver.port}", source="worker-1")
            self.logger.info("hello")
            self.assertTrue(handler.outlet.flush(10))
            self.assertEqual(receiver.store.messages, ["hello"])
            (hello,) = receiver.store.hellos
        session = hello.pop("session")
        self.assertRegex(session, r"^[A-Za-z0-9-]{1,64}$")
        self.assertEqual(
            hello, {"hello": 1, "source": "worker-1", "ack": True, "first": 1, "next": 1}
        )

    def test_flush_does_not_wait_for_nobody(self) -> None:
        handler = install_companion(address=self.address)
        self.logger.info("kept")
        started = time.monotonic()
        self.assertFalse(handler.outlet.flush(60))
        self.assertLess(time.monotonic() - started, 30)

    def test_flush_waits_for_a_receiver_that_is_starting_again(self) -> None:
        with Receiver(self.path, refusals=3) as receiver:
            handler = install_companion(address=self.address)
            self.logger.info("kept")
            self.assertTrue(handler.outlet.flush(10))
            self.assertEqual(receiver.store.messages, ["kept"])

    def test_a_receiver_that_never_answers_stalls_nobody(self) -> None:
        with Receiver(self.path, answers=False) as receiver:
            handler = install_companion(address=self.address, max_records=10)
            for number in range(1_000):
                self.logger.info("%d", number)
            self.assertFalse(handler.outlet.flush(0.1))
            self.assertEqual(receiver.store.lines, [])

    def test_a_receiver_that_knows_more_gets_a_new_session(self) -> None:
        store = Store()
        with Receiver(self.path, store):
            handler = install_companion(address=self.address)
            self.logger.info("one")
            self.assertTrue(handler.outlet.flush(10))
        (lines,) = store.sessions.values()
        lines.extend([{"message": "of somebody else"}] * 5)
        self.logger.info("two")
        with Receiver(self.path, store):
            until("the new session", lambda: store.messages[-1] == "two")
        self.assertEqual(len(store.sessions), 2)

    def test_a_socket_of_others_gets_nothing(self) -> None:
        handler = install_companion(address=self.address)
        with open(self.path, "w"):
            pass
        self.logger.info("secret")
        self.assertFalse(handler.outlet.flush(10))
        self.assertIn("is no socket", str(getattr(handler.outlet, "problem")))

    def test_the_fixed_place_must_be_private(self) -> None:
        before = os.environ.get("XDG_RUNTIME_DIR")
        os.environ["XDG_RUNTIME_DIR"] = self.folder
        self.addCleanup(
            lambda: os.environ.pop("XDG_RUNTIME_DIR")
            if before is None
            else os.environ.update({"XDG_RUNTIME_DIR": before})
        )
        place = os.path.join(self.folder, "asyncz-companion")
        self.assertEqual(default_address(), f"unix:{place}/feed.sock")
        os.mkdir(place, 0o755)
        os.chmod(place, 0o755)
        with Receiver(os.path.join(place, "feed.sock")) as receiver:
            handler = install_companion()
            self.logger.info("secret")
            self.assertFalse(handler.outlet.flush(10))
            self.assertIn("not private", str(getattr(handler.outlet, "problem")))
            os.chmod(place, 0o700)
            self.assertTrue(handler.outlet.flush(10))
            self.assertEqual(receiver.store.messages, ["secret"])
        os.chmod(self.folder, 0o755)
        self.assertEqual(
            default_address(), f"unix:/tmp/asyncz-companion-{os.getuid()}/feed.sock"
        )

    def test_addresses_that_cannot_be(self) -> None:
        for address, reason in (
            ("http://x", "expected unix:/path"),
            ("tcp:x", "expected tcp:PORT"),
            ("tcp:99999", "expected tcp:PORT"),
            ("tcp:10.0.0.1:9020", "within this machine only"),
            ("unix:/" + "x" * 200, "100 bytes at most"),
        ):
            with self.assertRaisesRegex(ValueError, reason):
                install_companion(address=address)

    def test_a_closed_handler_sends_no_more(self) -> None:
        with Receiver(self.path) as receiver:
            handler = CompanionHandler(self.address)
            self.logger.setLevel(logging.INFO)
            self.logger.addHandler(handler)
            self.logger.info("one")
            handler.close()
            self.logger.info("two")
            handler.close()
            until("the record", lambda: receiver.store.messages == ["one"])

    def test_dict_config_does_not_end_it(self) -> None:
        with Receiver(self.path) as receiver:
            handler = install_companion(address=self.address)
            self.logger.info("one")
            logging.config.dictConfig({"version": 1, "disable_existing_loggers": False})
            self.logger.info("two")
            self.assertTrue(handler.outlet.flush(10))
            self.assertEqual(receiver.store.messages, ["one", "two"])

    def test_threads_log_each_record_once_and_in_order(self) -> None:
        with Receiver(self.path) as receiver:
            handler = install_companion(address=self.address, max_records=100_000)

            def write(name: int) -> None:
                for number in range(2_000):
                    self.logger.info("%d %d", name, number)

            threads = [threading.Thread(target=write, args=(name,)) for name in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertTrue(handler.outlet.flush(30))
            found: Dict[str, List[int]] = {}
            for message in receiver.store.messages:
                name, number = message.split()
                found.setdefault(name, []).append(int(number))
        self.assertEqual(found, {str(name): list(range(2_000)) for name in range(4)})


class ProcessTest(CompanionTest):
    def test_what_is_logged_last_is_delivered(self) -> None:
        with Receiver(self.path) as receiver:
            self.run_program(
                PRELUDE
                + "import atexit\natexit.register(lambda: log.info('at exit'))\n"
                + "for number in range(5_000): log.info('%d', number)\n",
                self.address,
            )
            expected = [str(number) for number in range(5_000)] + ["at exit"]
            self.assertEqual(receiver.store.messages, expected)

    def test_the_end_is_not_held_up(self) -> None:
        started = time.monotonic()
        self.run_program(PRELUDE + "log.info('kept')", self.address)
        with Receiver(self.path, answers=False):
            self.run_program(PRELUDE + "log.info('kept')", self.address)
        self.assertLess(time.monotonic() - started, 30)

    @unittest.skipUnless(hasattr(os, "fork"), "needs fork")
    def test_a_forked_child_is_a_sender_of_its_own(self) -> None:
        with Receiver(self.path) as receiver:
            self.run_program(
                PRELUDE
                + """
for number in range(100): log.info("parent %d", number)
child = os.fork()
if child == 0:
    for number in range(100): log.info("child %d", number)
    handler.flush()
    os._exit(0)
for number in range(100, 200): log.info("parent %d", number)
os.waitpid(child, 0)
""",
                self.address,
            )
            sessions = [
                [line["message"] for line in lines]
                for lines in receiver.store.sessions.values()
            ]
        self.assertEqual(
            sorted(sessions),
            [
                [f"child {number}" for number in range(100)],
                [f"parent {number}" for number in range(200)],
            ],
        )

    @unittest.skipUnless(hasattr(os, "fork"), "needs fork")
    def test_workers_of_multiprocessing_deliver_before_they_end(self) -> None:
        with Receiver(self.path) as receiver:
            self.run_program(
                PRELUDE
                + """
import multiprocessing
def work(): log.info("of the worker")
worker = multiprocessing.get_context("fork").Process(target=work)
worker.start()
worker.join()
""",
                self.address,
            )
            self.assertEqual(receiver.store.messages, ["of the worker"])

    def test_logging_while_objects_are_freed(self) -> None:
        with Receiver(self.path) as receiver:
            self.run_program(
                PRELUDE
                + """
import gc
class Circle:
    def __init__(self): self.me = self
    def __del__(self): log.info("freed")
gc.set_threshold(5)
for number in range(2_000):
    Circle()
    log.info("%d", number, extra={"values": [number]})
gc.collect()
""",
                self.address,
            )
            messages = receiver.store.messages
        self.assertEqual(messages.count("freed"), 2_000)
        numbers = [message for message in messages if message != "freed"]
        self.assertEqual(numbers, [str(number) for number in range(2_000)])


class HostilePeerTest(CompanionTest):
    def test_garbage_for_a_hello_is_no_companion(self) -> None:
        for garbage in (
            b"HTTP/1.1 400 Bad Request\r\n\r\n",
            b'{"hello": 1}\n',
            b'{"hello": 1, "last": -1}\n',
            b'{"hello": 1, "last": 1.5}\n',
            b'{"hello": 1, "last": true}\n',
            b"[" * 60_000 + b"\n",
            b"x" * 100_000,
            b"\xff\n",
        ):
            self.check(garbage)

    def check(self, garbage: bytes) -> None:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(self.path)
        listener.listen(4)
        answered = threading.Event()

        def answer() -> None:
            while True:
                try:
                    end, _ = listener.accept()
                except OSError:
                    return
                try:
                    end.sendall(garbage)
                    while end.recv(65_536):
                        pass
                except OSError:
                    pass
                end.close()
                answered.set()

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        handler = install_companion(address=self.address)
        self.logger.info("kept")
        self.assertTrue(answered.wait(20), garbage[:20])
        self.assertFalse(handler.outlet.flush(0.1))
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(20)
        with Receiver(self.path) as receiver:
            self.assertTrue(handler.outlet.flush(10), garbage[:20])
            self.assertEqual(receiver.store.messages, ["kept"])
        uninstall_companion()
        os.unlink(self.path)

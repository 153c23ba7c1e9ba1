"""A companion's receiver for the tests: it keeps lines as the protocol says, in memory."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from typing import Any, Callable, Dict, List, Optional, Tuple, Union

Place = Union[str, Tuple[str, int]]


class Store:
    """What a receiver has of each session, across its restarts."""

    def __init__(self) -> None:
        self.sessions: Dict[str, List[Dict[str, Any]]] = {}
        self.hellos: List[Dict[str, Any]] = []
        #: Records that a sender no longer had.
        self.missed = 0
        #: Lines that were sent a second time within a connection, or out of turn: none, ever.
        self.lock = threading.Lock()

    @property
    def lines(self) -> List[Dict[str, Any]]:
        with self.lock:
            return [line for lines in self.sessions.values() for line in lines]

    @property
    def entries(self) -> List[Dict[str, Any]]:
        return [line for line in self.lines if "gap" not in line]

    @property
    def gaps(self) -> List[Dict[str, Any]]:
        return [line["gap"] for line in self.lines if "gap" in line]

    @property
    def messages(self) -> List[str]:
        return [entry["message"] for entry in self.entries]


class Receiver:
    """Listens at a unix path or (host, port). `kill` ends all connections at once."""

    def __init__(
        self,
        place: Place,
        store: Optional[Store] = None,
        *,
        acks: bool = True,
        answers: bool = True,
        limit: Optional[int] = None,
        refusals: int = 0,
    ) -> None:
        self.store = store if store is not None else Store()
        self.acks = acks
        self.answers = answers
        #: Breaks off after so many lines of a connection, in the middle of what was sent.
        self.limit = limit
        #: Hangs up on so many connections before it answers one.
        self.refusals = refusals
        family = socket.AF_UNIX if isinstance(place, str) else socket.AF_INET
        if isinstance(place, str) and os.path.exists(place):
            os.unlink(place)
        self._listener = socket.socket(family, socket.SOCK_STREAM)
        if not isinstance(place, str):
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind(place)
        self._listener.listen(16)
        self.port = 0 if isinstance(place, str) else self._listener.getsockname()[1]
        self._ends: List[socket.socket] = []
        self._threads: List[threading.Thread] = []
        self._start(self._accept)

    def __enter__(self) -> "Receiver":
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def kill(self) -> None:
        for end in [self._listener, *self._ends]:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()
        for thread in self._threads:
            thread.join(5)

    def _start(self, run: Callable[..., None], *args: Any) -> None:
        thread = threading.Thread(target=run, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                end, _ = self._listener.accept()
            except OSError:
                return
            self._ends.append(end)
            self._start(self._read, end)

    def _read(self, end: socket.socket) -> None:
        try:
            if self.refusals > 0:
                self.refusals -= 1
                return
            self._converse(end)
        except (OSError, ValueError):
            pass
        finally:
            end.close()

    def _converse(self, end: socket.socket) -> None:
        file = end.makefile("rb")
        hello = json.loads(file.readline())
        with self.store.lock:
            self.store.hellos.append(hello)
            kept = self.store.sessions.setdefault(hello["session"], [])
            if not self.answers:
                file.read()
                return
            last = len(kept)
            if hello["first"] > last + 1:
                missed = hello["first"] - last - 1
                self.store.missed += missed
                kept.extend({"gap": {"records": 1, "reason": "missed"}} for _ in range(missed))
            end.sendall(json.dumps({"hello": 1, "last": last}).encode() + b"\n")
        count = 0
        for line in file:
            if not line.endswith(b"\n"):
                return
            with self.store.lock:
                kept.append(json.loads(line.decode("utf-8")))
                stored = len(kept)
            count += 1
            if self.acks:
                end.sendall(json.dumps({"ack": stored}).encode() + b"\n")
            if self.limit is not None and count >= self.limit:
                return


def until(what: str, look: Callable[[], Any], deadline: float = 20) -> Any:
    """Waits for the first true value of ``look``."""
    end = time.monotonic() + deadline
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"Waited {deadline} s for {what}; there is {found!r}")
        time.sleep(0.005)

"""AsyncZ Companion, the Python side: what a scheduler logs and does, sent to the log viewer.

    from asyncz_companion import install_companion

    install_companion(scheduler)

sends the records of the logger ``asyncz`` with their tracebacks, and the scheduler's events, to the
companion running on this machine; while it is not running they are kept, and what there is no room
for is counted. Nothing here raises into the application, waits for the companion on its threads, or
needs anything but the standard library. This file can be copied as it is.

Sections: 1 addresses, 2 an entry and its line, 3 outlets (a queue and a thread), 4 the outlet to the
companion, 5 the outlet to a file, 6 the outlet that serves, 7 log records, 8 runs, 9 events,
10 the dashboard's storage, 11 installing.
"""

from __future__ import annotations

import atexit
import contextlib
import errno
import hashlib
import ipaddress
import itertools
import json
import logging
import os
import random
import reprlib
import selectors
import socket
import stat
import sys
import tempfile
import threading
import time
import traceback
import uuid
import weakref
from collections import OrderedDict, deque
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from types import FrameType, TracebackType
from typing import (
    Any,
    Callable,
    Deque,
    Dict,
    Iterable,
    List,
    Mapping,
    NamedTuple,
    Optional,
    Sequence,
    Set,
    Tuple,
    Type,
    Union,
)

__all__ = [
    "CompanionHandler",
    "CompanionLogStorage",
    "CompanionServer",
    "LogEntry",
    "default_address",
    "install_companion",
    "run_id",
    "uninstall_companion",
]
__version__ = "0.1.0"

#: Records an outlet keeps while they cannot be delivered, and bytes of them.
MAX_RECORDS = 10_000
MAX_BYTES = 64 * 1024 * 1024
#: The companion reads the beginning of longer lines only, so texts are cut to stay below (bytes).
MAX_LINE = 1024 * 1024
#: Seconds the end of the interpreter may take for what is not delivered yet.
EXIT_TIMEOUT = 2.0

# ------------------------------------------------------------------------------------------------
# 1 Addresses
# ------------------------------------------------------------------------------------------------

#: ``sun_path`` has 104 bytes on macOS and 108 on Linux.
_MAX_PATH = 100


class _Address(NamedTuple):
    kind: str  # unix, tcp or file
    path: str  # of the socket or file; the host of tcp
    port: int = 0
    #: The companion's own place: its folder must be private, or it is not the companion's.
    is_fixed: bool = False

    def __str__(self) -> str:
        return f"tcp:{self.path}:{self.port}" if self.kind == "tcp" else f"{self.kind}:{self.path}"


def default_address() -> str:
    """The address the companion listens at by default: a unix socket private to this user."""
    if os.name == "nt":
        raise ValueError(
            "There is no default address on Windows: have the companion listen at a TCP port and "
            "give its address, such as tcp:9020"
        )
    return f"unix:{_fixed_path()}"


def _fixed_path() -> str:
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if os.path.isabs(runtime) and _is_private_folder(runtime):
        return os.path.join(runtime, "asyncz-companion", "feed.sock")
    return f"/tmp/asyncz-companion-{_user_id()}/feed.sock"


def _user_id() -> int:
    return os.getuid() if sys.platform != "win32" else -1


def _is_private_folder(path: str) -> bool:
    """Whether this is a folder (no link to one) of this user with mode 0700."""
    try:
        found = os.lstat(path)
    except OSError:
        return False
    mode = stat.S_IMODE(found.st_mode)
    return stat.S_ISDIR(found.st_mode) and found.st_uid == _user_id() and mode & 0o077 == 0


def _parse_address(address: Optional[str]) -> _Address:
    """Reads ``None``, ``unix:``, ``unix:/path``, ``tcp:PORT``, ``tcp:HOST:PORT`` or ``file:/path``.

    Raises ``ValueError`` with one sentence for what is none of these or leads off this machine.
    """
    if address is None or address in ("", "unix:"):
        return _Address("unix", default_address()[len("unix:") :], is_fixed=True)
    kind, _, rest = address.partition(":")
    if kind == "file" and rest:
        return _Address("file", os.path.abspath(rest))
    if kind == "unix" and rest:
        if not hasattr(socket, "AF_UNIX"):
            raise ValueError(f"{address}: Python has no unix sockets here; use tcp:PORT")
        path = os.path.abspath(rest)
        if len(os.fsencode(path)) > _MAX_PATH:
            raise ValueError(f"{address}: the path of a socket may have {_MAX_PATH} bytes at most")
        return _Address("unix", path)
    if kind == "tcp":
        host, _, port = rest.rpartition(":")
        host = host.strip("[]") or "127.0.0.1"
        if not port.isdecimal() or not 0 <= int(port) <= 65_535:
            raise ValueError(f"{address}: expected tcp:PORT or tcp:HOST:PORT")
        if not _is_loopback(host):
            raise ValueError(f"{address}: logs are sent within this machine only; use 127.0.0.1")
        return _Address("tcp", host, int(port))
    raise ValueError(
        f"{address}: expected unix:/path, tcp:PORT, tcp:HOST:PORT or file:/path"
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _dial(address: _Address, timeout: float) -> socket.socket:
    """A connected, non-blocking socket. Raises ``OSError``, also where trust is missing."""
    if address.kind == "tcp":
        found = socket.create_connection((address.path, address.port), timeout)
        with contextlib.suppress(OSError):
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    else:
        _check_socket(address)
        found = socket.socket(_unix_family(), socket.SOCK_STREAM)
        try:
            found.settimeout(timeout)
            found.connect(address.path)
        except OSError:
            found.close()
            raise
    found.setblocking(False)
    return found


def _unix_family() -> int:
    return int(getattr(socket, "AF_UNIX"))  # noqa: B009 - it is not there on Windows


def _check_socket(address: _Address) -> None:
    """Logs may hold secrets: they go to nobody but this user or root."""
    found = os.lstat(address.path)
    if not stat.S_ISSOCK(found.st_mode):
        raise OSError(errno.ENOTSOCK, f"{address.path} is no socket")
    if found.st_uid not in (_user_id(), 0):
        raise PermissionError(errno.EACCES, f"{address.path} belongs to another user")
    if address.is_fixed and not _is_private_folder(os.path.dirname(address.path)):
        raise PermissionError(
            errno.EACCES, f"{os.path.dirname(address.path)} is not private to this user"
        )


# ------------------------------------------------------------------------------------------------
# 2 An entry and its line
# ------------------------------------------------------------------------------------------------


class _Json(str):
    """Text that is JSON already."""

    __slots__ = ()


class _Raised(NamedTuple):
    """An exception, taken apart so that it can be written later without keeping it alive."""

    type: str
    message: str
    #: Without frames or locals; or the text that was made where the exception was.
    traceback: Union[traceback.TracebackException, str]


class _Entry(NamedTuple):
    """What the caller's thread hands over. All of it is immutable, or nobody else's."""

    #: Seconds since 1970. A float tells microseconds apart until the year 2242.
    ts: float
    level: str
    message: str
    logger: str
    task_id: Optional[str]
    #: Plain values or `_Json`.
    extra: Optional[Dict[str, Any]] = None
    raised: Optional[_Raised] = None
    #: The length of a message that was cut.
    length: int = 0


_PLAIN = frozenset((str, int, float, bool, type(None)))


def _text(value: object) -> str:
    """``str(value)`` as ``json.dumps(default=str)`` has it, or what can be said if that fails."""
    try:
        return str(value)
    except Exception as error:
        return f"<{type(value).__name__}: its text failed with {type(error).__name__}>"


_encoder = json.JSONEncoder(ensure_ascii=False, default=_text)


def _json(value: object) -> str:
    """JSON of anything: objects as their text, keys as theirs, ``NaN`` as Python writes it."""
    try:
        return _encoder.encode(value)
    except Exception:
        # Keys that are no strings, a circle, a change by another thread, a huge integer.
        try:
            return _encoder.encode(_plain(value, 20))
        except Exception:
            return _encoder.encode(f"<{type(value).__name__}: it could not be written>")


def _plain(value: Any, depth: int) -> Any:
    if isinstance(value, dict) and depth > 0:
        return {_text(key): _plain(inner, depth - 1) for key, inner in list(value.items())}
    if isinstance(value, (list, tuple)) and depth > 0:
        return [_plain(inner, depth - 1) for inner in list(value)]
    if isinstance(value, (dict, list, tuple)):
        return reprlib.repr(value)
    if value is None or isinstance(value, (bool, float, str)):
        return value
    return int(value) if isinstance(value, int) and value.bit_length() < 4_000 else _text(value)


def _freeze(value: Any) -> Any:
    """Called where the value may still change: plain values stay, the rest is written now."""
    return value if type(value) in _PLAIN else _Json(_json(value))


def _frozen(values: Mapping[str, Any]) -> Dict[str, Any]:
    return {key: _freeze(value) for key, value in values.items()}


class _Gap(NamedTuple):
    """Records that are not there: how many, why, and the times of the first and the last."""

    records: int
    reason: str
    since: float
    until: float

    def with_more(self, records: int, since: float, until: float) -> _Gap:
        return _Gap(
            self.records + records, self.reason, min(self.since, since), max(self.until, until)
        )


def _stamp(ts: float) -> str:
    """The time as AsyncZ writes it, in UTC and always with its microseconds."""
    try:
        when = datetime.fromtimestamp(ts, timezone.utc)
    except (ValueError, OverflowError, OSError):
        # A record with a time of its own making. An entry needs one, and now is not far off.
        when = datetime.now(timezone.utc)
    return when.isoformat(" ", "microseconds")


def _raised(
    kind: Optional[Type[BaseException]],
    error: Optional[BaseException],
    frames: Optional[TracebackType],
    text: Optional[str] = None,
) -> Optional[_Raised]:
    """Takes an exception apart. ``text``: its frames, where it has lost them on its way."""
    if kind is None or error is None:
        return None
    module = kind.__module__
    name = kind.__qualname__ if module in ("builtins", "__main__") else f"{module}.{kind.__qualname__}"
    message = _text(error)
    found: Union[traceback.TracebackException, str]
    try:
        if frames is None and text:
            last = "".join(traceback.format_exception_only(kind, error))
            found = f"Traceback (most recent call last):\n{text.rstrip()}\n{last}"
        else:
            # Sources are looked up when it is written; no frame and no local is kept.
            found = traceback.TracebackException(kind, error, frames, lookup_lines=False)
    except Exception:
        found = f"Traceback (most recent call last):\n  (its frames could not be read)\n{name}: {message}"
    return _Raised(name, message, found)


def _exception_of(raised: _Raised) -> Dict[str, Any]:
    kind, message, found = raised
    try:
        text = found if isinstance(found, str) else "".join(found.format())
    except Exception:
        text = f"Traceback (most recent call last):\n  (it could not be written)\n{kind}: {message}"
    return {"type": kind, "message": message, "traceback": text.rstrip("\n")}


def _settle_exception(entry: _Entry) -> _Entry:
    """The entry with its exception as text: sources may have changed when it is sent."""
    if entry.raised is None:
        return entry
    extra = {**(entry.extra or {}), "exception": _exception_of(entry.raised)}
    return entry._replace(extra=extra, raised=None)


def _size_of(entry: _Entry) -> int:
    """About how many bytes an entry takes that is not written yet."""
    size = 300 + len(entry.message)
    for value in (entry.extra or {}).values():
        if isinstance(value, str):
            size += len(value)
        elif isinstance(value, dict):
            size += sum(map(len, value.values()))
    return size


def _line(entry: _Entry) -> bytes:
    """The entry as a line of JSON in AsyncZ's form, at most `MAX_LINE` bytes. Never raises."""
    try:
        return _write_line(_lift_event(entry))
    except Exception as error:
        failed = {"failed": f"{type(error).__name__}: {_text(error)}"}
        logger, level = _text(entry.logger)[:200], _text(entry.level)[:32]
        message = "An entry could not be written"
        return _write_line(_Entry(time.time(), level, message, logger, None, failed))


def _write_line(entry: _Entry) -> bytes:
    extra = {**entry.extra} if entry.extra else {}
    message, cut = entry.message, {"message": entry.length} if entry.length else {}
    found = _assemble(entry, message, {**extra, "cut": cut} if cut else extra)
    for limit in (200_000, 50_000, 10_000, 1_000):
        if len(found) <= MAX_LINE:
            return found
        message, less, cut = _shorten(entry, extra, limit)
        found = _assemble(entry, message, {**less, "cut": cut})
    if len(found) > MAX_LINE:
        kept: Dict[str, Any] = {
            key: extra[key] for key in ("run_id", "status", "event") if key in extra
        }
        found = _assemble(entry, message[:1_000], {**kept, "cut": {"extra": len(extra)}})
    return found


def _shorten(
    entry: _Entry, extra: Mapping[str, Any], limit: int
) -> Tuple[str, Dict[str, Any], Dict[str, int]]:
    """Texts of at most ``limit`` characters each, and the lengths that those cut had."""
    cut: Dict[str, int] = {}

    def shorten(name: str, text: str) -> str:
        if len(text) <= limit:
            return text
        cut[name] = len(text)
        # The end of a traceback says what happened.
        head = limit if name != "traceback" else limit // 2
        tail = text[len(text) - (limit - head) :] if head < limit else ""
        return f"{text[:head]}… [cut] …{tail}" if tail else f"{text[:head]}…"

    message = shorten("message", entry.message)
    less: Dict[str, Any] = {}
    for key, value in extra.items():
        if key == "exception" and isinstance(value, dict):
            less[key] = {name: shorten(name, text) for name, text in value.items()}
        elif isinstance(value, str):
            short = shorten(key, value)
            # What was JSON is none when it is cut.
            less[key] = value if short is value else str(short)
        else:
            less[key] = value
    if entry.length:
        cut["message"] = entry.length
    return message, less, cut


def _assemble(entry: _Entry, message: str, extra: Mapping[str, Any]) -> bytes:
    members = ", ".join(
        f"{_json(_text(key))}: {value if type(value) is _Json else _json(value)}"
        for key, value in extra.items()
    )
    text = (
        f'{{"ts": "{_stamp(entry.ts)}", "level": {_json(entry.level)}, "message": {_json(message)}, '
        f'"logger": {_json(entry.logger)}, "task_id": {_json(entry.task_id)}, '
        f'"extra": {"{" + members + "}" if members else "null"}}}\n'
    )
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        # Halves of surrogate pairs have no UTF-8: they are escaped, as `json.dumps` does.
        return "".join(
            f"\\u{ord(letter):04x}" if "\ud800" <= letter <= "\udfff" else letter for letter in text
        ).encode("utf-8")


def _gap_of(gap: _Gap) -> Dict[str, Any]:
    return {
        "records": gap.records,
        "reason": gap.reason,
        "from": _stamp(gap.since),
        "to": _stamp(gap.until),
    }


def _gap_line(gap: _Gap) -> bytes:
    return f"{_json({'gap': _gap_of(gap)})}\n".encode("utf-8")


# structlog

_TASK_KEYS = ("task_id", "job_id", "asyncz_task_id")


def _first_task(values: Mapping[str, Any]) -> Optional[str]:
    for key in _TASK_KEYS:
        value = values.get(key)
        if value:
            return _text(value)
    return None


def _lift_event(entry: _Entry) -> _Entry:
    """structlog's ``JSONRenderer`` makes the message a JSON object: its event is the message."""
    message = entry.message
    if entry.length or not (message.startswith("{") and message.endswith("}")):
        return entry
    try:
        event = json.loads(message)
    except Exception:
        return entry
    if not isinstance(event.get("event"), str):
        return entry
    text, values = _event_values(event, entry.level, entry.logger, entry.ts)
    if values.get("exc_info") is True and entry.extra and "exception" in entry.extra:
        del values["exc_info"]
    lines = values.get("exception")
    if isinstance(lines, str):
        last = lines.strip().rpartition("\n")[2]
        kind, _, said = last.partition(": ")
        values["exception"] = {"type": kind, "message": said, "traceback": lines.rstrip("\n")}
    task = entry.task_id or _first_task(values)
    values.pop("task_id", None)
    extra = {**values, **(entry.extra or {})}
    return entry._replace(message=text, task_id=task, extra=extra or None)


def _event_values(
    event: Mapping[Any, Any], level: str, logger: str, created: float
) -> Tuple[str, Dict[str, Any]]:
    """The text of an event of structlog, and its values without those the record has anyway."""
    values = {_text(key): value for key, value in event.items() if key != "event"}
    if _text(values.get("level")).upper() == level.upper():
        del values["level"]
    if values.get("logger") == logger:
        del values["logger"]
    if _is_about(values.get("timestamp"), created):
        del values["timestamp"]
    return _text(event["event"]), values


def _is_about(value: object, created: float) -> bool:
    """Whether this is the time of the record, as structlog's ``TimeStamper`` writes it."""
    try:
        if isinstance(value, str):
            when = datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp()
        else:
            when = float(value)  # type: ignore[arg-type]
    except Exception:
        return False
    return abs(when - created) < 1


# ------------------------------------------------------------------------------------------------
# 3 Outlets: a queue and a thread
# ------------------------------------------------------------------------------------------------

#: What comes within this time is taken together (seconds): one waking for many records.
_LINGER = 0.005
#: The same while nothing can be delivered.
_LINGER_AWAY = 0.02
#: Entries taken or written in one go.
_AT_ONCE = 2_000
_BUSY = "Records came faster than they could be taken"


class _Waiter:
    """Somebody who waits until what came before has been delivered."""

    __slots__ = ("done", "is_delivered", "target")

    def __init__(self) -> None:
        self.done = threading.Event()
        self.is_delivered = False
        self.target = 0


class _Outlet:
    """Takes entries on any thread without waiting, and delivers their lines on one of its own.

    Entries become lines when there is somebody to send them to: with nobody there the thread has
    next to nothing to do, and does not take the application's turn at Python's global lock.

    `put` may be called from within itself: an object that is freed or a signal that arrives
    meanwhile may log. So the caller's side has no locks, only `deque.append`.
    """

    def __init__(self, source: str, max_records: int, max_bytes: int) -> None:
        self.source = source
        self.users = 0
        self._max_records = max(1, max_records)
        self._max_intake = max(1_000, max_records)
        self._max_bytes = max(MAX_LINE, max_bytes)
        self._reset()
        _outlets.add(self)

    def _reset(self) -> None:
        """The state of a new process or a new outlet: nothing to deliver, no thread."""
        self._intake: Deque[Union[_Entry, _Waiter]] = deque()
        self._overflow: Deque[float] = deque()
        self._waiters: List[_Waiter] = []
        self._thread: Optional[threading.Thread] = None
        self._starting = threading.RLock()
        self._is_asleep = False
        self._is_closing = False
        self._close_at = 0.0
        self._made = 0
        self._dropped = 0

    # The caller's side

    def put(self, entry: _Entry) -> None:
        """Hands an entry over. Never waits, never raises. After `close` it is forgotten."""
        if self._is_closing:
            return
        if len(self._intake) < self._max_intake:
            self._intake.append(entry)
        else:
            # The thread had no turn for so long. Times only: the count must be exact.
            self._overflow.append(entry.ts)
        if self._is_asleep or self._thread is None:
            self._wake()

    def flush(self, timeout: float = EXIT_TIMEOUT) -> bool:
        """Waits until what was put so far is delivered, at most ``timeout`` seconds.

        Does not wait for a receiver that is not there. Returns whether all of it is delivered.
        """
        if self._thread is None and not self._intake:
            return True
        if threading.current_thread() is self._thread or self._is_closing or timeout <= 0:
            return False
        waiter = _Waiter()
        self._intake.append(waiter)
        self._wake()
        if self._thread is None:
            return False
        return waiter.done.wait(timeout) and waiter.is_delivered

    def close(self, timeout: float = EXIT_TIMEOUT) -> None:
        """Delivers what can be delivered within ``timeout`` seconds and ends. Does not wait."""
        self._close_at = time.monotonic() + timeout
        self._intake.append(_Waiter())
        self._is_closing = True
        self._wake()
        _outlets.discard(self)

    def stats(self) -> Dict[str, int]:
        """``records``: taken so far; ``dropped``: records there was no room for."""
        return {"records": self._made, "dropped": self._dropped + len(self._overflow)}

    def _wake(self) -> None:
        self._is_asleep = False
        try:
            if self._thread is None:
                self._start()
            else:
                self._alarm.send(b"\0")
        except (OSError, RuntimeError):
            # The alarm rings already; or the interpreter ends and starts no threads any more.
            pass

    def _start(self) -> None:
        with self._starting:
            if self._thread is not None or (self._is_closing and len(self._intake) <= 1):
                return
            self._bell, self._alarm = socket.socketpair()
            self._bell.setblocking(False)
            self._alarm.setblocking(False)
            self._selector: selectors.BaseSelector = selectors.DefaultSelector()
            self._selector.register(self._bell, selectors.EVENT_READ)
            self._prepare()
            thread = threading.Thread(target=self._run, name="asyncz-companion", daemon=True)
            self._thread = thread
            try:
                thread.start()
            except RuntimeError:
                self._thread = None
                raise
            _register_worker_exit(self)

    # The thread's side

    def _run(self) -> None:
        while True:
            try:
                wait = self._turn()
                if wait is None:
                    break
                self._sleep(wait)
            except Exception:
                # Nothing is expected here. The thread goes on, with a new connection.
                with contextlib.suppress(Exception):
                    self._let_go()
                if self._is_closing:
                    break
                time.sleep(1.0)
        self._let_go()
        self._retire()
        for waiter in self._waiters:
            waiter.done.set()
        self._selector.close()
        self._bell.close()
        self._alarm.close()

    def _turn(self) -> Optional[float]:
        """Does what can be done now. Returns seconds to sleep, or nothing to end."""
        self._take()
        wait = self._work(time.monotonic())
        self._settle()
        if self._is_closing:
            left = self._close_at - time.monotonic()
            if left <= 0 or (not self._intake and self._is_delivered(self._made) is not None):
                return None
            wait = min(wait, left)
        return wait

    def _take(self) -> None:
        for _ in range(_AT_ONCE):
            try:
                found = self._intake.popleft()
            except IndexError:
                break
            if isinstance(found, _Waiter):
                found.target = self._made
                self._waiters.append(found)
                self._hurry()
            else:
                self._made += 1
                self._accept(_settle_exception(found))
        lost = len(self._overflow)
        if lost > 0:
            times = [self._overflow.popleft() for _ in range(lost)]
            self._dropped += lost
            self._accept_gap(_Gap(lost, _BUSY, min(times), max(times)))

    def _settle(self) -> None:
        waiting: List[_Waiter] = []
        for waiter in self._waiters:
            delivered = self._is_delivered(waiter.target)
            if delivered is None:
                waiting.append(waiter)
            else:
                waiter.is_delivered = delivered
                waiter.done.set()
        self._waiters = waiting

    def _sleep(self, seconds: float) -> None:
        self._is_asleep = True
        if self._intake or self._overflow:
            self._is_asleep = False
            seconds = 0
        ready = self._selector.select(seconds)
        self._is_asleep = False
        for key, events in ready:
            if key.fileobj is self._bell:
                with contextlib.suppress(OSError):
                    while self._bell.recv(4_096):
                        pass
                if not self._waiters and not self._is_closing:
                    time.sleep(_LINGER_AWAY if self._is_away() else _LINGER)
            else:
                self._ready(key.fileobj, events)

    # What an outlet is made of

    def _prepare(self) -> None:
        """Before the thread starts, on a caller's thread."""

    def _accept(self, entry: _Entry) -> None:
        raise NotImplementedError

    def _accept_gap(self, gap: _Gap) -> None:
        raise NotImplementedError

    def _is_away(self) -> bool:
        """Whether there is nobody to deliver to: then nothing is written but what will be sent."""
        return False

    def _work(self, now: float) -> float:
        """Delivers without waiting. Returns in how many seconds it wants its next turn."""
        raise NotImplementedError

    def _ready(self, place: object, events: int) -> None:
        """A file or socket in the selector is ready."""

    def _hurry(self) -> None:
        """Somebody waits."""

    def _is_delivered(self, target: int) -> Optional[bool]:
        """Whether the first ``target`` entries are; nothing while that is open."""
        raise NotImplementedError

    def _let_go(self) -> None:
        """Closes connections and files."""

    def _retire(self) -> None:
        """Gives its place up, for good."""

    def _leave_to_parent(self) -> None:
        """In a forked child: closes what belongs to the parent, without a word to the other side."""


_outlets: "weakref.WeakSet[_Outlet]" = weakref.WeakSet()
_exit_deadline: Optional[float] = None


def _at_exit() -> None:
    global _exit_deadline
    _exit_deadline = time.monotonic() + EXIT_TIMEOUT
    for outlet in list(_outlets):
        outlet.flush(_exit_time(EXIT_TIMEOUT))
        outlet._retire()


def _exit_time(timeout: float) -> float:
    """All that waits at the end of the interpreter shares one limit."""
    if _exit_deadline is None:
        return timeout
    return max(0.0, min(timeout, _exit_deadline - time.monotonic()))


def _register_worker_exit(outlet: _Outlet) -> None:
    # Workers of multiprocessing end without atexit, but call its finalizers.
    util = sys.modules.get("multiprocessing.util")
    process = sys.modules.get("multiprocessing.process")
    if util is not None and process is not None and process.parent_process() is not None:
        util.Finalize(None, outlet.flush, args=(EXIT_TIMEOUT,), exitpriority=100)


def _after_fork() -> None:
    """A forked child is a sender of its own: what the parent holds, the parent delivers."""
    for outlet in list(_outlets):
        if outlet._thread is not None:
            with contextlib.suppress(Exception):
                outlet._leave_to_parent()
            for closable in (outlet._selector, outlet._bell, outlet._alarm):
                with contextlib.suppress(Exception):
                    closable.close()
        outlet._reset()


atexit.register(_at_exit)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


class _Wire:
    """Lines over a connected socket, both ways, without waiting."""

    def __init__(self, end: socket.socket, selector: selectors.BaseSelector) -> None:
        self.end = end
        self._selector = selector
        self._out = bytearray()
        self._in = bytearray()
        self._events = selectors.EVENT_READ
        selector.register(end, self._events)

    @property
    def unsent(self) -> int:
        return len(self._out)

    def write(self, data: bytes) -> None:
        self._out += data

    def send(self) -> None:
        """Sends what the socket takes. Raises ``OSError``."""
        while self._out:
            try:
                with memoryview(self._out) as all_of_it, all_of_it[:_BATCH] as part:
                    sent = self.end.send(part)
            except (BlockingIOError, InterruptedError):
                break
            del self._out[:sent]
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._out else 0)
        if events != self._events:
            self._events = events
            self._selector.modify(self.end, events)

    def receive(self) -> List[Dict[str, Any]]:
        """The control lines that have come. Raises ``OSError`` at the end, or for what is none."""
        try:
            data = self.end.recv(65_536)
        except (BlockingIOError, InterruptedError):
            return []
        if not data:
            raise ConnectionResetError("the other side has closed the connection")
        self._in += data
        *lines, rest = self._in.split(b"\n")
        if len(rest) > 65_536:
            raise OSError("a control line is too long")
        self._in = bytearray(rest)
        return [_control(bytes(line)) for line in lines]

    def close(self) -> None:
        with contextlib.suppress(KeyError, ValueError, OSError):
            self._selector.unregister(self.end)
        self.end.close()


def _control(line: bytes) -> Dict[str, Any]:
    try:
        found = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise OSError("a control line is no JSON object")
    return found


def _count(value: object) -> Optional[int]:
    return value if type(value) is int and value >= 0 else None


# ------------------------------------------------------------------------------------------------
# 4 The outlet to the companion
# ------------------------------------------------------------------------------------------------

#: Seconds until a connection is tried again, doubled up to the second.
_FIRST_RETRY, _LAST_RETRY = 0.1, 5.0
_CONNECT_TIMEOUT = 0.5
_HELLO_TIMEOUT = 5.0
#: Bytes handed to the socket at a time.
_BATCH = 256 * 1024
_AWAY = "The queue was full while the companion was away"
_SLOW = "The queue was full: the companion took records more slowly than they came"


class _Sender(_Outlet):
    """Delivers each line exactly once to a companion that acknowledges them.

    A line gets its number when it is first sent, and is kept until it is acknowledged; after a new
    connection the companion says what it has, and the rest is sent again. While the queue is full
    the oldest lines that have no number make room, and a gap line is sent in their place.
    """

    def __init__(
        self,
        address: _Address,
        source: str,
        max_records: int = MAX_RECORDS,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self.address = address
        super().__init__(source, max_records, max_bytes)

    def _reset(self) -> None:
        super()._reset()
        self.session = str(uuid.uuid4())
        #: Lines with numbers, the first of which is `_first`, and whether each is an entry.
        self._sent: Deque[Tuple[bytes, bool]] = deque()
        self._first = 1
        self._sent_bytes = 0
        #: What waits for its number, and its size.
        self._pending: Deque[Tuple[Union[_Entry, _Gap], int]] = deque()
        self._pending_bytes = 0
        #: What was dropped before the first of these.
        self._gap: Optional[_Gap] = None
        #: Entries that are acknowledged or dropped.
        self._gone = 0
        self._wire: Optional[_Wire] = None
        self._is_open = False
        self._hello_by = 0.0
        self._again: Deque[bytes] = deque()
        self._retry_at = 0.0
        self._retry_after = _FIRST_RETRY
        self._is_hopeless = False
        self.problem: Optional[str] = None

    # Lines

    def _accept(self, entry: _Entry) -> None:
        self._append(entry, _size_of(entry))

    def _accept_gap(self, gap: _Gap) -> None:
        # These were newer than all that waits, so the gap goes last.
        self._append(gap, 300)

    def _append(self, item: Union[_Entry, _Gap], size: int) -> None:
        self._pending.append((item, size))
        self._pending_bytes += size
        while self._pending and (
            len(self._sent) + len(self._pending) > self._max_records
            or self._sent_bytes + self._pending_bytes > self._max_bytes
        ):
            dropped, size = self._pending.popleft()
            self._pending_bytes -= size
            self._drop(dropped)

    def _drop(self, item: Union[_Entry, _Gap]) -> None:
        if isinstance(item, _Gap):
            records, since, until = item.records, item.since, item.until
        else:
            self._dropped += 1
            self._gone += 1
            records, since, until = 1, item.ts, item.ts
        if self._gap is None:
            self._gap = _Gap(records, _SLOW if self._is_open else _AWAY, since, until)
        else:
            self._gap = self._gap.with_more(records, since, until)

    def _acknowledge(self, last: int) -> None:
        while self._sent and self._first <= last:
            line, is_entry = self._sent.popleft()
            self._sent_bytes -= len(line)
            self._first += 1
            self._gone += int(is_entry)

    def _is_away(self) -> bool:
        return not self._is_open

    def _is_delivered(self, target: int) -> Optional[bool]:
        if self._gone >= target:
            return True
        return False if self._is_hopeless else None

    # The connection

    def _hurry(self) -> None:
        if self._wire is None:
            self._is_hopeless = False
            self._retry_at = 0.0

    def _work(self, now: float) -> float:
        if self._wire is None:
            if now < self._retry_at:
                return self._retry_at - now
            self._connect(now)
            if self._wire is None:
                return max(0.0, self._retry_at - now)
        if not self._is_open:
            if now > self._hello_by:
                self._disconnect("it did not answer")
                return self._retry_after
            return self._hello_by - now + 0.01
        try:
            self._fill()
        except OSError as error:
            self._disconnect(_text(error))
            return 0.0
        return 60.0

    def _connect(self, now: float) -> None:
        try:
            end = _dial(self.address, _CONNECT_TIMEOUT)
        except OSError as error:
            self._disconnect(_text(error))
            # Nobody is there: whoever waits has waited enough.
            self._is_hopeless = True
            return
        self._wire = _Wire(end, self._selector)
        self._hello_by = now + _HELLO_TIMEOUT
        hello = {
            "hello": 1,
            "source": self.source,
            "session": self.session,
            "ack": True,
            "first": self._first,
            "next": self._first + len(self._sent),
        }
        self._wire.write(f"{_json(hello)}\n".encode("utf-8", "replace"))
        try:
            self._wire.send()
        except OSError as error:
            self._disconnect(_text(error))

    def _disconnect(self, reason: str) -> None:
        self.problem = f"{self.address}: {reason}"
        self._let_go()
        # Not all senders at once when the companion comes back.
        wait = self._retry_after * random.uniform(0.8, 1.2)
        self._retry_at = time.monotonic() + wait
        self._retry_after = min(self._retry_after * 2, _LAST_RETRY)

    def _let_go(self) -> None:
        if self._wire is not None:
            self._wire.close()
        self._wire = None
        self._is_open = False
        self._again.clear()

    def _leave_to_parent(self) -> None:
        if self._wire is not None:
            self._wire.end.close()

    def _ready(self, place: object, events: int) -> None:
        wire = self._wire
        if wire is None or place is not wire.end or not events & selectors.EVENT_READ:
            return
        try:
            for line in wire.receive():
                self._hear(line)
                if self._wire is None:
                    break
        except OSError as error:
            self._disconnect(_text(error))

    def _hear(self, line: Mapping[str, Any]) -> None:
        if self._is_open:
            last = _count(line.get("ack"))
            if last is not None and last < self._first + len(self._sent):
                self._acknowledge(last)
            return
        last = _count(line.get("last"))
        if "hello" not in line or last is None:
            raise OSError("it answered with no hello")
        if last >= self._first + len(self._sent):
            # It knows more of this session than was ever sent: these numbers mean nothing to it.
            self.session = str(uuid.uuid4())
            self._first = 1
            self._disconnect("it counts differently; a new session is begun")
            self._retry_at = 0.0
            return
        self._acknowledge(last)
        self._again = deque(line for line, _ in self._sent)
        self._is_open = True
        self._is_hopeless = False
        self._retry_after = _FIRST_RETRY
        self.problem = None

    def _fill(self) -> None:
        """Hands lines to the socket: first those sent before, then new ones, each with a number."""
        wire = self._wire
        if wire is None:
            return
        while True:
            while wire.unsent < _BATCH:
                line = self._next_line()
                if line is None:
                    break
                wire.write(line)
            before = wire.unsent
            wire.send()
            if before == 0 or wire.unsent > 0:
                return

    def _next_line(self) -> Optional[bytes]:
        if self._again:
            return self._again.popleft()
        if len(self._sent) * 2 > self._max_records or self._sent_bytes * 2 > self._max_bytes:
            # Half of the room is for entries that can still make room.
            return None
        item: Union[_Entry, _Gap]
        if self._gap is not None:
            item, self._gap = self._gap, None
        elif self._pending:
            item, size = self._pending.popleft()
            self._pending_bytes -= size
        else:
            return None
        line = _gap_line(item) if isinstance(item, _Gap) else _line(item)
        self._sent.append((line, isinstance(item, _Entry)))
        self._sent_bytes += len(line)
        return line


# ------------------------------------------------------------------------------------------------
# 5 The outlet to a file
# ------------------------------------------------------------------------------------------------


class _FileOutlet(_Outlet):
    """Appends lines to a JSONL file that the companion, or anything else, reads.

    The file may be renamed by a rotation: the next lines go to a new one. Several processes may
    write to one file, as whole lines are appended at a time.
    """

    def __init__(
        self,
        address: _Address,
        source: str,
        max_records: int = MAX_RECORDS,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self.address = address
        super().__init__(source, max_records, max_bytes)

    def _reset(self) -> None:
        super()._reset()
        self._pending: Deque[Tuple[_Entry, int]] = deque()
        self._pending_bytes = 0
        self._gap: Optional[_Gap] = None
        #: What is being written, and how many entries it has.
        self._rest = b""
        self._rest_entries = 0
        self._gone = 0
        self._file: Optional[int] = None
        self._is_hopeless = False
        self.problem: Optional[str] = None

    def _accept(self, entry: _Entry) -> None:
        size = _size_of(entry)
        self._pending.append((entry, size))
        self._pending_bytes += size
        while len(self._pending) > self._max_records or self._pending_bytes > self._max_bytes:
            dropped, size = self._pending.popleft()
            self._pending_bytes -= size
            self._dropped += 1
            self._gone += 1
            self._accept_gap(_Gap(1, "The file could not be written", dropped.ts, dropped.ts))

    def _accept_gap(self, gap: _Gap) -> None:
        if self._gap is not None:
            gap = self._gap.with_more(gap.records, gap.since, gap.until)
        self._gap = gap

    def _is_away(self) -> bool:
        return self.problem is not None

    def _is_delivered(self, target: int) -> Optional[bool]:
        if self._gone >= target:
            return True
        return False if self._is_hopeless else None

    def _hurry(self) -> None:
        self._is_hopeless = False

    def _work(self, now: float) -> float:
        try:
            while self._rest or self._pending or self._gap is not None:
                file = self._opened()
                self._next_batch()
                self._write(file)
            self.problem = None
            return 60.0
        except OSError as error:
            self.problem = f"{self.address}: {_text(error)}"
            self._is_hopeless = True
            self._let_go()
            return 1.0

    def _next_batch(self) -> None:
        if self._rest:
            return
        batch: List[bytes] = []
        if self._gap is not None:
            batch.append(_line(_gap_entry(self._gap)))
            self._gap = None
        while self._pending and self._rest_entries < _AT_ONCE:
            entry, size = self._pending.popleft()
            self._pending_bytes -= size
            self._rest_entries += 1
            batch.append(_line(entry))
        self._rest = b"".join(batch)

    def _write(self, file: int) -> None:
        while self._rest:
            # A disk that is full may take a part of a line; the rest of it comes first.
            self._rest = self._rest[os.write(file, self._rest) :]
        self._gone += self._rest_entries
        self._rest_entries = 0

    def _opened(self) -> int:
        path = self.address.path
        if self._file is not None:
            mine = os.fstat(self._file)
            try:
                there = os.stat(path)
                if (mine.st_dev, mine.st_ino) == (there.st_dev, there.st_ino):
                    return self._file
            except FileNotFoundError:
                pass
            self._let_go()
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
        file = os.open(path, flags | getattr(os, "O_CLOEXEC", 0), 0o600)
        self._file = file
        size = os.fstat(file).st_size
        if size > 0:
            os.lseek(file, size - 1, os.SEEK_SET)
            if os.read(file, 1) != b"\n":
                # A writer was killed within a line: ours does not become a part of it.
                os.write(file, b"\n")
        return file

    def _let_go(self) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):
                os.close(self._file)
        self._file = None

    def _leave_to_parent(self) -> None:
        self._let_go()


def _gap_entry(gap: _Gap) -> _Entry:
    """A gap as an entry: files hold nothing else."""
    message = f"{gap.records} records are missing here. {gap.reason}."
    extra = {"gap": _Json(_json(_gap_of(gap)))}
    return _Entry(gap.until, "WARNING", message, "asyncz_companion", None, extra)


# ------------------------------------------------------------------------------------------------
# 6 The outlet that serves
# ------------------------------------------------------------------------------------------------

_MAX_CLIENTS = 16


class _Client:
    __slots__ = ("acked", "cursor", "hello_by", "is_open", "wire")

    def __init__(self, wire: _Wire, hello_by: float) -> None:
        self.wire = wire
        self.hello_by = hello_by
        self.is_open = False
        #: The number of the next line to send.
        self.cursor = 1
        self.acked = 0


class CompanionServer(_Outlet):
    """Keeps the last records and serves them, then live ones, to companions that connect.

    ``address`` is ``unix:/path`` or ``tcp:PORT`` (on 127.0.0.1; port 0 takes a free one, see
    `address`). The folder of a unix socket is made with mode 0700, and must have it; a socket left
    there by a process of this user that is gone is replaced. Raises ``OSError`` or ``ValueError``
    with one sentence where it cannot serve.

    A companion that connects again goes on after the last record it has. One that is away for more
    than ``max_records`` misses those in between and shows how many.
    """

    def __init__(
        self,
        address: str,
        *,
        source: Optional[str] = None,
        max_records: int = MAX_RECORDS,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self._address = _parse_address(address)
        if self._address.kind == "file" or self._address.is_fixed:
            raise ValueError(f"{address}: a server needs unix:/path or tcp:PORT of its own")
        self._listener: Optional[socket.socket] = _listen(self._address)
        if self._address.kind == "tcp":
            port = int(self._listener.getsockname()[1])
            self._address = self._address._replace(port=port)
        self._inode = _inode(self._address)
        super().__init__(source or _source_name(), max_records, max_bytes)
        self._has_name = source is not None
        self._start()

    @property
    def address(self) -> str:
        """Where to connect to, with the port that was taken."""
        return str(self._address)

    def suggest_name(self, source: Optional[str]) -> None:
        """Calls itself so from the next connection on, unless it was given a name."""
        if source is not None and not self._has_name:
            self.source = source

    def __enter__(self) -> CompanionServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self, timeout: float = EXIT_TIMEOUT) -> None:
        """Delivers what connected companions lack, at most ``timeout`` seconds, and stops serving."""
        super().close(timeout)
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout + 1)

    def _reset(self) -> None:
        super()._reset()
        self.session = str(uuid.uuid4())
        #: Entries until they are sent for the first time, lines from then on; and their sizes.
        self._ring: Deque[Union[_Entry, bytes]] = deque()
        self._sizes: Deque[int] = deque()
        self._first = 1
        self._bytes = 0
        self._clients: Dict[socket.socket, _Client] = {}

    def _prepare(self) -> None:
        if self._listener is not None:
            self._selector.register(self._listener, selectors.EVENT_READ)

    # Lines: each has a number, the first of the ring being `_first`

    @property
    def _next(self) -> int:
        return self._first + len(self._ring)

    def _accept(self, entry: _Entry) -> None:
        self._append(entry, _size_of(entry))

    def _accept_gap(self, gap: _Gap) -> None:
        # It takes a number like an entry.
        self._made += 1
        self._append(_gap_line(gap), 300)

    def _append(self, item: Union[_Entry, bytes], size: int) -> None:
        self._ring.append(item)
        self._sizes.append(size)
        self._bytes += size
        while len(self._ring) > self._max_records or self._bytes > self._max_bytes:
            self._ring.popleft()
            self._bytes -= self._sizes.popleft()
            self._first += 1

    def _numbered(self, number: int) -> bytes:
        item = self._ring[number - self._first]
        if isinstance(item, bytes):
            return item
        line = _line(item)
        self._ring[number - self._first] = line
        return line

    def _is_away(self) -> bool:
        return not self._clients

    def _is_delivered(self, target: int) -> Optional[bool]:
        clients = [client for client in self._clients.values() if client.is_open]
        if not clients:
            return target == 0
        return True if all(client.acked >= target for client in clients) else None

    # Clients

    def _work(self, now: float) -> float:
        wait = 60.0
        for client in list(self._clients.values()):
            if not client.is_open:
                if now > client.hello_by:
                    self._close_client(client)
                else:
                    wait = min(wait, client.hello_by - now + 0.01)
                continue
            try:
                self._fill(client)
            except OSError:
                self._close_client(client)
        return wait

    def _fill(self, client: _Client) -> None:
        while True:
            if client.cursor < self._first:
                # It is too slow. What it missed is counted when it connects again.
                raise OSError("fell behind")
            while client.wire.unsent < _BATCH and client.cursor < self._next:
                client.wire.write(self._numbered(client.cursor))
                client.cursor += 1
            before = client.wire.unsent
            client.wire.send()
            if before == 0 or client.wire.unsent > 0:
                return

    def _ready(self, place: object, events: int) -> None:
        if place is self._listener:
            self._welcome()
            return
        client = self._clients.get(place) if isinstance(place, socket.socket) else None
        if client is None or not events & selectors.EVENT_READ:
            return
        try:
            for line in client.wire.receive():
                self._hear(client, line)
        except OSError:
            self._close_client(client)

    def _welcome(self) -> None:
        if self._listener is None:
            return
        try:
            end, _ = self._listener.accept()
        except BlockingIOError:
            return
        except OSError:
            # No file descriptors are left, perhaps: it would be ready again at once.
            time.sleep(0.1)
            return
        end.setblocking(False)
        if len(self._clients) >= _MAX_CLIENTS:
            end.close()
            return
        wire = _Wire(end, self._selector)
        self._clients[end] = _Client(wire, time.monotonic() + _HELLO_TIMEOUT)

    def _hear(self, client: _Client, line: Mapping[str, Any]) -> None:
        if client.is_open:
            last = _count(line.get("ack"))
            if last is not None and last < client.cursor:
                client.acked = max(client.acked, last)
            return
        if "hello" not in line or line.get("connect") is not True:
            raise OSError("it said no hello")
        resume = line.get("resume")
        last = _count(resume.get(self.session)) if isinstance(resume, dict) else None
        client.cursor = max(min((last or 0) + 1, self._next), self._first)
        client.acked = client.cursor - 1
        client.is_open = True
        hello = {
            "hello": 1,
            "source": self.source,
            "session": self.session,
            "ack": True,
            "first": self._first,
            "next": self._next,
        }
        client.wire.write(f"{_json(hello)}\n".encode("utf-8", "replace"))

    def _close_client(self, client: _Client) -> None:
        client.wire.close()
        self._clients.pop(client.wire.end, None)

    def _let_go(self) -> None:
        for client in list(self._clients.values()):
            self._close_client(client)

    def _retire(self) -> None:
        if self._listener is None:
            return
        self._listener.close()
        self._listener = None
        # Not the socket of somebody who serves there since.
        if self._inode is not None and self._inode == _inode(self._address):
            with contextlib.suppress(OSError):
                os.unlink(self._address.path)

    def _leave_to_parent(self) -> None:
        # The parent serves: a child has no place of its own.
        for client in self._clients.values():
            client.wire.end.close()
        if self._listener is not None:
            self._listener.close()
            self._listener = None


def _inode(address: _Address) -> Optional[Tuple[int, int]]:
    if address.kind != "unix":
        return None
    try:
        found = os.lstat(address.path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _listen(address: _Address) -> socket.socket:
    if address.kind == "tcp":
        family = socket.AF_INET6 if ":" in address.path else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        try:
            if os.name != "nt":
                # There it would let others take the port.
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((address.path, address.port))
        except OSError:
            listener.close()
            raise
    else:
        _make_place(address)
        listener = socket.socket(_unix_family(), socket.SOCK_STREAM)
        try:
            listener.bind(address.path)
            os.chmod(address.path, 0o600)
        except OSError:
            listener.close()
            raise
    listener.listen(_MAX_CLIENTS)
    listener.setblocking(False)
    return listener


def _make_place(address: _Address) -> None:
    """A private folder with nothing at the socket's place; a dead socket of this user is removed."""
    folder = os.path.dirname(address.path)
    with contextlib.suppress(FileExistsError):
        os.makedirs(folder, mode=0o700)
    if not _is_private_folder(folder):
        raise PermissionError(
            errno.EACCES, f"{folder} must be a folder of this user with mode 0700, to serve in it"
        )
    try:
        found = os.lstat(address.path)
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(found.st_mode) or found.st_uid != _user_id():
        raise FileExistsError(errno.EEXIST, f"{address.path} is there and no socket of this user")
    probe = socket.socket(_unix_family(), socket.SOCK_STREAM)
    try:
        probe.settimeout(1.0)
        probe.connect(address.path)
    except ConnectionRefusedError:
        os.unlink(address.path)
    except OSError as error:
        raise OSError(errno.EADDRINUSE, f"{address.path} is in use: {error}") from None
    else:
        raise OSError(errno.EADDRINUSE, f"{address.path} is served by another process")
    finally:
        probe.close()


# ------------------------------------------------------------------------------------------------
# 7 Log records
# ------------------------------------------------------------------------------------------------

#: What every record has, so that the rest is what the caller gave.
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
#: On a record: the outlets it was handed to. Loggers and storages may meet in one outlet.
_MARK = "_asyncz_companion"


class CompanionHandler(logging.Handler):
    """Sends log records to the companion: `install_companion` installs one.

    For ``logging.config.dictConfig`` it is ``{"class": "asyncz_companion.CompanionHandler"}`` with
    the arguments below. A record reaches the companion once, however many loggers it passes.
    """

    def __init__(
        self,
        address: Union[None, str, CompanionServer] = None,
        level: Union[int, str] = logging.NOTSET,
        *,
        source: Optional[str] = None,
        max_records: int = MAX_RECORDS,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        super().__init__(level)
        self.outlet = _use_outlet(address, source, max_records, max_bytes)

    def handle(self, record: logging.LogRecord) -> bool:
        # Without the lock: nothing here needs it, and threads that log do not wait for each other.
        kept = self.filter(record)
        if isinstance(kept, logging.LogRecord):
            record = kept
        if kept:
            self.emit(record)
        return bool(kept)

    def emit(self, record: logging.LogRecord) -> None:
        """Takes what may change of the record; the rest is done on another thread."""
        _put_record(self.outlet, record)

    def flush(self) -> None:
        """Waits until the companion has what was logged so far: 2 seconds, if it is there."""
        outlet = getattr(self, "outlet", None)
        if outlet is not None:
            outlet.flush(_exit_time(EXIT_TIMEOUT))

    def close(self) -> None:
        """Delivers what can be delivered within 2 seconds and sends no more.

        The installed handler goes on: ``logging.config.dictConfig`` closes every handler there is.
        """
        if self is _handler:
            self.flush()
            return
        outlet, self.outlet = self.outlet, _NOWHERE
        _leave_outlet(outlet)
        super().close()

    def redirect(self, outlet: _Outlet) -> None:
        """Sends to another outlet from now on."""
        former, self.outlet = self.outlet, outlet
        _leave_outlet(former)


def _put_record(outlet: _Outlet, record: logging.LogRecord) -> None:
    """Hands a record over, unless the outlet has it already. Never raises."""
    try:
        mark = id(outlet)
        seen: Tuple[int, ...] = record.__dict__.get(_MARK, ())
        if mark in seen:
            return
        record.__dict__[_MARK] = (*seen, mark)
        outlet.put(_entry_of(record))
    except Exception as error:
        _put_failed(outlet, record, error)


def _put_failed(outlet: _Outlet, record: logging.LogRecord, error: Exception) -> None:
    """A record that cannot be read: what can be said of it."""
    with contextlib.suppress(Exception):
        failed = {"failed": f"{type(error).__name__}: {_text(error)}"}
        name, level = _text(record.name), _text(record.levelname)
        outlet.put(_Entry(record.created, level, _text(record.msg), name, None, failed))


def _entry_of(record: logging.LogRecord) -> _Entry:
    values = {key: value for key, value in record.__dict__.items() if key not in _STANDARD}
    del values[_MARK]
    kind, error, frames = _exc_info(record.exc_info)
    logger = str(record.name)
    message: str
    if isinstance(record.msg, Mapping) and not record.args and "event" in record.msg:
        # structlog's `wrap_for_formatter`: the message is its event dict.
        values = {key: value for key, value in values.items() if not key.startswith("_")}
        message, event = _event_values(record.msg, record.levelname, logger, record.created)
        if error is None and event.get("exc_info"):
            kind, error, frames = _exc_info(event.pop("exc_info"))
        values = {**event, **values}
    else:
        message = _message_of(record, values)
        if error is None and message[:1] == "{" and '"exc_info": true' in message:
            # structlog's `JSONRenderer` without `format_exc_info`: it is being handled right now.
            kind, error, frames = sys.exc_info()
    if values:
        values = {key: value for key, value in values.items() if not key.startswith("_")}
    task = _first_task(values) if values else None
    run = _run_of(record, message, logger) if task is None or "run_id" not in values else None
    if run is not None and task in (None, run.task_id):
        task = run.task_id
        if run.id is not None:
            values.setdefault("run_id", run.id)
    values.pop("task_id", None)
    if record.stack_info:
        values["stack_info"] = record.stack_info
    length = 0
    if len(message) > MAX_LINE:
        message, length = message[:MAX_LINE], len(message)
    raised = _raised(kind, error, frames) if error is not None else None
    if raised is None and record.exc_text:
        # A record from another process has the text alone.
        last = record.exc_text.rstrip().rpartition("\n")[2]
        raised = _Raised(last.partition(": ")[0], last.partition(": ")[2], record.exc_text)
    extra = _frozen(values) if values else None
    return _Entry(record.created, record.levelname, message, logger, task, extra, raised, length)


def _message_of(record: logging.LogRecord, values: Dict[str, Any]) -> str:
    try:
        return str(record.getMessage())
    except Exception as error:
        # The arguments do not fit the text: both are kept, and why.
        values["args"] = _text(record.args)
        values["failed"] = f"{type(error).__name__}: {_text(error)}"
        return _text(record.msg)


_ExcInfo = Tuple[
    Optional[Type[BaseException]], Optional[BaseException], Optional[TracebackType]
]


def _exc_info(value: Any) -> _ExcInfo:
    """What ``exc_info`` may be: a tuple, an exception, or just something true."""
    if not value:
        return None, None, None
    if isinstance(value, BaseException):
        return type(value), value, value.__traceback__
    if isinstance(value, tuple) and len(value) == 3:
        return value
    return sys.exc_info()


# ------------------------------------------------------------------------------------------------
# 8 Runs: which run of a task a record belongs to
# ------------------------------------------------------------------------------------------------


def run_id(task_id: str, store: Optional[str], scheduled_run_time: object) -> str:
    """The id AsyncZ's dashboard gives to a run: the same for the same task, store and time."""
    parts = (task_id, store or "", _iso(scheduled_run_time) or "")
    return hashlib.sha256("|".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:20]


def _iso(when: object) -> Optional[str]:
    if isinstance(when, datetime):
        zoned = when if when.tzinfo is not None else when.replace(tzinfo=timezone.utc)
        return zoned.astimezone(timezone.utc).isoformat()
    return None if when is None else str(when)


class _Run:
    __slots__ = ("id", "is_over", "task_id")

    def __init__(self, task_id: str, id: Optional[str]) -> None:
        self.task_id = task_id
        self.id = id
        self.is_over = False


#: The run that this thread or coroutine is in, since the executor said that it begins.
_current_run: "ContextVar[Optional[_Run]]" = ContextVar("asyncz_companion_run", default=None)
#: Runs that have begun, until an event says they are over.
_open_runs: "OrderedDict[str, _Run]" = OrderedDict()
_MAX_OPEN_RUNS = 10_000
_listener_count = 0

_ASYNCZ_ITSELF = ("asyncz.schedulers", "asyncz.executors", "asyncz.stores")
_ABOUT_A_TASK = (
    "Running task ",
    "Task '",
    "Run time of task ",
    "Execution of task ",
    "Added task ",
    "Removed task ",
    "Error running task ",
    "Executor lookup ",
    "Error submitting task ",
    "Error executing shutdown task ",
    "Unable to restore task ",
)


def _run_of(record: logging.LogRecord, message: str, logger: str) -> Optional[_Run]:
    """The run a record belongs to. AsyncZ's own records say it nowhere but in its variables."""
    if logger.startswith(_ASYNCZ_ITSELF) and message.startswith(_ABOUT_A_TASK):
        found = _run_in_frames(record)
        if found is None:
            return None
        if found.id is not None:
            if message.startswith("Running task ") and _listener_count > 0:
                _begin_run(found)
            elif message.startswith("Task '"):
                _end_run(found.id)
        return found
    run = _current_run.get()
    if run is None or run.is_over:
        return None
    return run


def _run_in_frames(record: logging.LogRecord) -> Optional[_Run]:
    """Looks into the function of AsyncZ that is logging this: it knows its task and time."""
    frame: Optional[FrameType] = sys._getframe(1)
    for _ in range(20):
        if frame is None:
            return None
        code = frame.f_code
        if code.co_name == record.funcName and code.co_filename == record.pathname:
            break
        frame = frame.f_back
    else:
        return None
    names = frame.f_locals
    task = getattr(names.get("task"), "id", None) or names.get("task_id")
    if not isinstance(task, str):
        return None
    if "run_time" in names and "store_alias" in names:
        return _Run(task, run_id(task, names["store_alias"], names["run_time"]))
    return _Run(task, None)


def _begin_run(run: _Run) -> None:
    if run.id is not None:
        _open_runs[run.id] = run
        _current_run.set(run)
        while len(_open_runs) > _MAX_OPEN_RUNS:
            with contextlib.suppress(KeyError):
                _open_runs.popitem(last=False)


def _end_run(id: str) -> None:
    run = _open_runs.pop(id, None)
    if run is not None:
        run.is_over = True


# ------------------------------------------------------------------------------------------------
# 9 Events of a scheduler
# ------------------------------------------------------------------------------------------------


class _Kind(NamedTuple):
    name: str
    #: With the task, or the alias of a store or executor.
    message: str
    level: str = "INFO"
    status: Optional[str] = None


_EVENTS = {
    1: _Kind("scheduler.started", "Scheduler started"),
    2: _Kind("scheduler.shutdown", "Scheduler shut down"),
    4: _Kind("scheduler.paused", "Scheduler paused"),
    8: _Kind("scheduler.resumed", "Scheduler resumed"),
    16: _Kind("executor.added", "Executor {} added", "DEBUG"),
    32: _Kind("executor.removed", "Executor {} removed", "DEBUG"),
    64: _Kind("store.added", "Store {} added", "DEBUG"),
    128: _Kind("store.removed", "Store {} removed", "DEBUG"),
    256: _Kind("task.all_removed", "All tasks removed"),
    512: _Kind("task.added", "Task {} added"),
    1_024: _Kind("task.removed", "Task {} removed"),
    2_048: _Kind("task.modified", "Task {} modified"),
    4_096: _Kind("task.executed", "Run of {} succeeded", "INFO", "succeeded"),
    8_192: _Kind("task.error", "Run of {} failed", "ERROR", "failed"),
    16_384: _Kind("task.missed", "Run of {} missed", "WARNING", "missed"),
    32_768: _Kind("task.submitted", "Run of {} submitted", "INFO", "running"),
    65_536: _Kind(
        "task.max_instances",
        "Run of {} skipped: it runs as often as it may",
        "WARNING",
        "max_instances",
    ),
}
_OVER = (4_096, 8_192, 16_384)

_short_repr = reprlib.Repr()
_short_repr.maxstring = _short_repr.maxother = 500


class _Listener:
    """Makes entries of a scheduler's events. Called on its threads: it waits for nothing."""

    def __init__(self, scheduler: Any, handler: CompanionHandler) -> None:
        self.scheduler = weakref.ref(scheduler)
        self._handler = handler

    def __call__(self, event: Any) -> None:
        with contextlib.suppress(Exception):
            now = time.time()
            times: Sequence[Any] = getattr(event, "scheduled_run_times", None) or [
                getattr(event, "scheduled_run_time", None)
            ]
            for when in times:
                entry = self._entry(event, now, when)
                if logging.getLevelName(entry.level) >= self._handler.level:
                    self._handler.outlet.put(entry)

    def _entry(self, event: Any, now: float, when: object) -> _Entry:
        code = event.code
        kind = _EVENTS.get(code) or _Kind(f"event.{code}", f"Event {code}: {{}}")
        task = getattr(event, "task_id", None)
        alias = getattr(event, "alias", None)
        # An added task has its store in `alias`.
        store = getattr(event, "store", None) or (alias if task is not None else None)
        identity = getattr(event, "scheduler_identity", None) or getattr(
            self.scheduler(), "identity", None
        )
        extra: Dict[str, Any] = {"event": kind.name}
        if kind.status is not None:
            extra["status"] = kind.status
        if task is not None and when is not None:
            extra["scheduled_run_time"] = _iso(when)
            extra["run_id"] = run_id(task, getattr(event, "store", None), when)
            if code in _OVER:
                _end_run(extra["run_id"])
        found = {
            "store": store,
            "alias": alias if task is None else None,
            "scheduler_identity": identity,
            "source": getattr(event, "source", None),
            "coalesced_run_count": getattr(event, "coalesced_run_count", None),
        }
        extra.update({key: _freeze(value) for key, value in found.items() if value})
        returned = getattr(event, "return_value", None)
        if returned is not None:
            extra["return_value"] = _repr(returned)
        message = kind.message.format(task if task is not None else alias or "")
        raised = _exception_in(event)
        if raised is not None:
            said = f": {raised.message}" if raised.message else ""
            message = f"{message}: {raised.type}{said}"
        length = 0
        if len(message) > MAX_LINE:
            message, length = message[:MAX_LINE], len(message)
        name = None if task is None else _text(task)
        return _Entry(now, kind.level, message, "asyncz.events", name, extra, raised, length)


def _exception_in(event: Any) -> Optional[_Raised]:
    error = getattr(event, "exception", None)
    if not isinstance(error, BaseException):
        return None
    return _raised(type(error), error, error.__traceback__, getattr(event, "traceback", None))


def _repr(value: object) -> str:
    """A short ``repr`` that does not walk through large values."""
    try:
        return _short_repr.repr(value)
    except Exception as error:
        return f"<{type(value).__name__}: its repr failed with {type(error).__name__}>"


# ------------------------------------------------------------------------------------------------
# 10 The dashboard's storage
# ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LogEntry:
    """An entry as AsyncZ's dashboard shows it; the same fields as its own ``LogEntry``."""

    ts: datetime
    level: str
    message: str
    logger: str
    task_id: Optional[str] = None
    extra: Optional[Dict[str, Any]] = None


class CompanionLogStorage:
    """A ``LogStorage`` for ``AsynczAdmin(log_storage=…)`` that also sends to the companion.

    The dashboard reads from a ring of the last ``maxlen`` entries in memory, as from AsyncZ's own
    ``MemoryLogStorage``. What the dashboard leaves out of log records, the companion gets:
    tracebacks above all. Together with `install_companion` each record is still sent once.
    """

    def __init__(
        self,
        address: Union[None, str, CompanionServer] = None,
        maxlen: int = 10_000,
        *,
        source: Optional[str] = None,
    ) -> None:
        self._outlet = _use_outlet(address, source, MAX_RECORDS, MAX_BYTES)
        self._entries: Deque[Any] = deque(maxlen=maxlen)
        # An entry may be appended while one is: by an object that is freed, by a signal.
        self._lock = threading.RLock()
        self._appended = 0

    def append(self, entry: Any) -> None:
        """Keeps a ``LogEntry`` of ours or AsyncZ's, or a mapping with its fields, and sends it.

        Raises ``TypeError`` for anything else.
        """
        kept = _log_entry(entry)
        with self._lock:
            self._entries.append(kept)
            self._appended += 1
        caller = sys._getframe(1)
        record = _record_being_handled(caller)
        if record is not None:
            _put_record(self._outlet, record)
            return
        with contextlib.suppress(Exception):
            extra = {key: kept.extra[key] for key in kept.extra} if kept.extra else {}
            message = _text(kept.message)
            length = len(message) if len(message) > MAX_LINE else 0
            self._outlet.put(
                _Entry(
                    kept.ts.timestamp(),
                    _text(kept.level),
                    message[:MAX_LINE],
                    _text(kept.logger),
                    None if kept.task_id is None else _text(kept.task_id),
                    _frozen({_text(key): value for key, value in extra.items()}) or None,
                    _exception_being_noted(caller),
                    length,
                )
            )

    def query(
        self,
        *,
        task_id: Optional[str] = None,
        run_id: Optional[str] = None,
        level: Optional[str] = None,
        q: Optional[str] = None,
        since: Optional[datetime] = None,
        until: Optional[datetime] = None,
        limit: int = 200,
    ) -> List[Any]:
        """The entries that match, the last appended first, as ``MemoryLogStorage`` finds them."""
        wanted_level = level.upper() if level else None
        needle = (q or "").lower().strip()
        found: List[Any] = []
        with self._lock:
            entries = list(self._entries)
        for entry in reversed(entries):
            if (
                (task_id and entry.task_id != task_id)
                or (run_id and (not entry.extra or str(entry.extra.get("run_id")) != run_id))
                or (since and entry.ts < since)
                or (until and entry.ts > until)
                or (wanted_level and entry.level.upper() != wanted_level)
                or (needle and needle not in entry.message.lower())
            ):
                continue
            found.append(entry)
            if len(found) >= limit:
                break
        return found

    def clear(self) -> None:
        """Forgets the entries of the ring. What was sent stays in the companion."""
        with self._lock:
            self._entries.clear()

    def stats(self) -> Dict[str, int]:
        """``size`` of the ring, its ``maxlen``, entries ``appended`` and ``dropped`` from it."""
        with self._lock:
            size, appended = len(self._entries), self._appended
        return {
            "size": size,
            "maxlen": self._entries.maxlen or 0,
            "appended": appended,
            "dropped": appended - size,
        }

    def flush(self, timeout: float = EXIT_TIMEOUT) -> bool:
        """Waits until the companion has all of it, at most ``timeout`` seconds."""
        return self._outlet.flush(timeout)

    def close(self) -> None:
        """Sends no more; what was appended is delivered if that takes no more than 2 seconds."""
        outlet, self._outlet = self._outlet, _NOWHERE
        _leave_outlet(outlet)


def _log_entry(entry: Any) -> Any:
    if isinstance(entry, Mapping):
        ts = entry.get("ts")
        if not isinstance(ts, datetime):
            ts = datetime.now(timezone.utc)
        elif ts.tzinfo is None:
            ts = ts.replace(tzinfo=timezone.utc)
        extra = entry.get("extra")
        return LogEntry(
            ts=ts,
            level=str(entry.get("level", "INFO")),
            message=str(entry.get("message", "")),
            logger=str(entry.get("logger", "")),
            task_id=entry.get("task_id"),
            extra=extra if isinstance(extra, dict) else None,
        )
    if all(hasattr(entry, name) for name in ("ts", "level", "message", "logger")):
        if isinstance(entry.ts, datetime) and entry.ts.tzinfo is None:
            # Times without a zone are UTC to AsyncZ; it cannot compare them with others.
            return replace(entry, ts=entry.ts.replace(tzinfo=timezone.utc))
        return entry
    raise TypeError(f"Expected a LogEntry or a dict, got {type(entry).__name__}")


def _record_being_handled(caller: FrameType) -> Optional[logging.LogRecord]:
    """AsyncZ's ``TaskLogHandler.emit`` passes on half of its record; this is the record."""
    if caller.f_code.co_name != "emit":
        return None
    record = caller.f_locals.get("record")
    return record if isinstance(record, logging.LogRecord) else None


def _exception_being_noted(caller: FrameType) -> Optional[_Raised]:
    """AsyncZ's `_append_run_log` leaves out the traceback of a run that failed; its event has it."""
    if caller.f_code.co_name != "_append_run_log" or caller.f_back is None:
        return None
    return _exception_in(caller.f_back.f_locals.get("event"))


# ------------------------------------------------------------------------------------------------
# 11 Installing
# ------------------------------------------------------------------------------------------------


class _Nowhere(_Outlet):
    """Where a closed handler's records go."""

    def put(self, entry: _Entry) -> None:
        pass

    def flush(self, timeout: float = EXIT_TIMEOUT) -> bool:
        return True


_NOWHERE = _Nowhere("", 1, 1)
_shared: Dict[_Address, _Outlet] = {}
_shared_lock = threading.RLock()


def _source_name() -> str:
    """The program's name: ``worker`` for ``worker.py``, the package for ``python -m package``."""
    path = sys.argv[0] if sys.argv and sys.argv[0] not in ("", "-c", "-m") else "python"
    name = os.path.splitext(os.path.basename(path))[0]
    if name == "__main__":
        name = os.path.basename(os.path.dirname(os.path.abspath(path)))
    return name or "python"


def _identity(scheduler: Any) -> Optional[str]:
    """The scheduler's own name. One that AsyncZ made up is another one at each start."""
    name = _text(getattr(scheduler, "identity", None) or "")
    kind, _, random_part = name.rpartition("-")
    is_made_up = kind == type(scheduler).__name__ and len(random_part) == 12
    return None if is_made_up or not name else name


def _use_outlet(
    address: Union[None, str, CompanionServer],
    source: Optional[str],
    max_records: int,
    max_bytes: int,
) -> _Outlet:
    """The one outlet of this process to an address, so that all its users share a session."""
    if isinstance(address, CompanionServer):
        address.suggest_name(source)
        return address
    place = _parse_address(address)
    with _shared_lock:
        outlet = _shared.get(place)
        if outlet is None:
            make = _FileOutlet if place.kind == "file" else _Sender
            outlet = make(place, source or _source_name(), max_records, max_bytes)
            _shared[place] = outlet
        elif source is not None:
            outlet.source = source
        outlet.users += 1
        return outlet


def _leave_outlet(outlet: _Outlet) -> None:
    with _shared_lock:
        outlet.users -= 1
        for place, shared in list(_shared.items()):
            if shared is outlet and outlet.users <= 0:
                del _shared[place]
                if _exit_deadline is not None:
                    outlet.flush(_exit_time(EXIT_TIMEOUT))
                outlet.close(_exit_time(EXIT_TIMEOUT))


_handler: Optional[CompanionHandler] = None
_handled: Set[str] = set()
_listeners: List[_Listener] = []


def install_companion(
    scheduler: Any = None,
    address: Union[None, str, CompanionServer] = None,
    loggers: Iterable[str] = ("asyncz",),
    level: Union[int, str] = logging.INFO,
    *,
    source: Optional[str] = None,
    max_records: int = MAX_RECORDS,
    max_bytes: int = MAX_BYTES,
) -> CompanionHandler:
    """Sends log records, and a scheduler's events, to the companion. Returns the handler.

    - ``scheduler``: its events become entries of the logger ``asyncz.events``, and records that a
      task logs get its ``task_id`` and ``run_id``.
    - ``address``: ``None`` for the companion on this machine, ``unix:/path``, ``tcp:PORT``,
      ``file:/path`` for a JSONL file, or a `CompanionServer`.
    - ``loggers``: those whose records are sent; ``""`` is the root, and so all of them.
    - ``level``: the lowest that is sent. The loggers' own level is lowered to it, never raised.
    - ``source``: the name shown; by default the identity that the scheduler was given, or the
      program's name.
    - ``max_records``, ``max_bytes``: what is kept while the companion is away. Beyond that the
      oldest are dropped, counted, and shown as a gap.

    Called again it changes the settings of the one handler there is, and adds the scheduler. Raises
    ``ValueError`` for an address that cannot be one; nothing raises after that.
    """
    global _handler
    name = source or _identity(scheduler)
    if _handler is None:
        _handler = CompanionHandler(
            address, level, source=name, max_records=max_records, max_bytes=max_bytes
        )
    else:
        _handler.redirect(_use_outlet(address, name, max_records, max_bytes))
        _handler.setLevel(level)
    wanted = {loggers} if isinstance(loggers, str) else set(loggers)
    for logger_name in _handled - wanted:
        logging.getLogger(logger_name or None).removeHandler(_handler)
    for logger_name in wanted:
        logger = logging.getLogger(logger_name or None)
        logger.setLevel(min(logger.level or _handler.level, _handler.level))
        logger.addHandler(_handler)
    _handled.clear()
    _handled.update(wanted)
    if scheduler is not None:
        _listen_to(scheduler, _handler)
    return _handler


def _listen_to(scheduler: Any, handler: CompanionHandler) -> None:
    global _listener_count
    _listeners[:] = [listener for listener in _listeners if listener.scheduler() is not None]
    if all(listener.scheduler() is not scheduler for listener in _listeners):
        listener = _Listener(scheduler, handler)
        scheduler.add_listener(listener)
        _listeners.append(listener)
    _listener_count = len(_listeners)


def uninstall_companion() -> None:
    """Takes back what `install_companion` did. What is not delivered yet is, for 2 seconds."""
    global _handler, _listener_count
    handler, _handler = _handler, None
    if handler is None:
        return
    for logger_name in _handled:
        logging.getLogger(logger_name or None).removeHandler(handler)
    _handled.clear()
    for listener in _listeners:
        scheduler = listener.scheduler()
        if scheduler is not None:
            with contextlib.suppress(Exception):
                scheduler.remove_listener(listener)
    _listeners.clear()
    _listener_count = 0
    _open_runs.clear()
    handler.close()

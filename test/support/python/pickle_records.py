"""Log records as Python's SocketHandler sends them, each with the line that the app has to make of it.

    python3 pickle_records.py [PROTOCOL]        one JSON object a line: kind, frame, line
    python3 pickle_records.py --merge PYTHON…   the same of several Pythons, equal ones once

Frames are base64 and have their length before them. Lines are ASCII. What changes from run to run
(times, ids, paths) is fixed, so that equal Pythons print equal texts. Python 3.6 or newer.
"""
import base64
import collections
import datetime
import decimal
import enum
import json
import logging
import logging.handlers
import pathlib
import pickle
import subprocess
import sys
import uuid

try:
    import zoneinfo

    PARIS = zoneinfo.ZoneInfo("Europe/Paris")
except Exception:  # older than 3.9, or a system without the data
    PARIS = None

UTC = datetime.timezone.utc
CREATED = 1795342787.283179


class Colour(enum.Enum):
    RED = 1


class Plain:
    def __init__(self):
        self.x = 1


Point = collections.namedtuple("Point", "a b")


def py(name, **parts):
    """An object of a class that the app does not know."""
    return dict({"$py": name}, **parts)


def plain(value):
    """A value as the app shows it."""
    if isinstance(value, (bytes, bytearray)):
        return repr(bytes(value))
    if isinstance(value, (list, tuple, set, frozenset, collections.deque)):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, logging.Logger):
        return value.name
    if isinstance(value, datetime.datetime) and PARIS is not None and value.tzinfo is PARIS:
        return "%s[Europe/Paris]" % value.replace(tzinfo=None)
    known = (datetime.date, datetime.time, datetime.timedelta, datetime.timezone)
    if isinstance(value, known + (decimal.Decimal, uuid.UUID, pathlib.PurePath)):
        return str(value)
    return value


def cycle():
    value = []
    value.append(value)
    return value


def nested(levels):
    value = 1
    for _ in range(levels):
        value = [value]
    return value


SHARED = [1]

# What `extra={"v": …}` holds.
VALUES = {
    "int_small": 5,
    "int_two_bytes": 60000,
    "int_four_bytes": 70000,
    "int_negative": -3,
    "int_31_bits": 2**31,
    "int_53_bits": 2**53,
    "int_past_53_bits": 2**53 + 1,
    "int_70_bits": 2**70,
    "int_negative_big": -(2**40),
    "int_negative_huge": -(2**90),
    "float": 1.5,
    "float_whole": 3.0,
    "float_small": 1e-7,
    "float_big": 1e16,
    "float_negative_zero": -0.0,
    "nan": float("nan"),
    "infinity": float("inf"),
    "infinity_negative": float("-inf"),
    "none": None,
    "true": True,
    "false": False,
    "dict_empty": {},
    "dict_one": {"a": 1},
    "dict_two": {"a": 1, "b": 2},
    "dict_keys": {1: "a", None: "b", True: "c", 2.5: "d", 2**70: "e"},
    "dict_proto": {"__proto__": {"polluted": 1}, "constructor": {"x": 1}},
    "list_empty": [],
    "list_one": [1],
    "list_two": [1, 2],
    "tuple_empty": (),
    "tuple_one": (1,),
    "tuple_two": (1, 2),
    "tuple_three": (1, 2, 3),
    "tuple_four": (1, 2, 3, 4),
    "text_unicode": "h\u00e9 \u20ac \U0001f600 \u2028",
    "text_half_pair": "a\ud83d b",
    "text_long": "x" * 300,
    "text_empty": "",
    "text_control": "a\nb\tc\\d\"e\x00f\x7f",
    "bytes": b"ab\xff'\"\\\n",
    "bytes_empty": b"",
    "bytes_quoted": b"it's",
    "bytearray": bytearray(b"ab"),
    "set": {1, 2},
    "set_empty": set(),
    "frozenset": frozenset([1]),
    "deque": collections.deque([1, 2], 5),
    "datetime": datetime.datetime(2026, 1, 2, 3, 4, 5, 6),
    "datetime_utc": datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    "datetime_offset": datetime.datetime(
        2026, 1, 2, tzinfo=datetime.timezone(datetime.timedelta(hours=-3, minutes=-30))
    ),
    "datetime_fold": datetime.datetime(2026, 10, 25, 2, 30, fold=1),
    "date": datetime.date(2026, 1, 2),
    "time": datetime.time(1, 2, 3),
    "time_micros": datetime.time(1, 2, 3, 4, tzinfo=UTC),
    "timedelta": datetime.timedelta(seconds=90),
    "timedelta_negative": datetime.timedelta(microseconds=-1),
    "timedelta_days": datetime.timedelta(days=400, seconds=5),
    "timezone": datetime.timezone.utc,
    "timezone_named": datetime.timezone(datetime.timedelta(hours=2), "CEST"),
    "uuid": uuid.UUID(int=5),
    "decimal": decimal.Decimal("1.50"),
    "path": pathlib.PurePosixPath("/a/b"),
    "path_relative": pathlib.PurePosixPath("a/b"),
    "path_windows": pathlib.PureWindowsPath("c:/a/b"),
    "ordered_dict": collections.OrderedDict([("a", 1), ("b", 2)]),
    "default_dict": collections.defaultdict(list, a=[1]),
    "logger": logging.getLogger("asyncz.other"),
    "nested": {"a": [{"b": (1, 2, "x")}, None, True, 1.5]},
    "shared": [SHARED, SHARED],
    "many_keys": {str(i): i for i in range(1100)},
    "many_texts": ["s%d" % i for i in range(300)],
}
if PARIS is not None:
    VALUES["datetime_zone"] = datetime.datetime(2026, 1, 2, tzinfo=PARIS)

# Objects that stay what they are: a value, and what is shown of it in protocols 0 and 1, and later.
OPAQUE = {
    "enum": (Colour.RED, py("__main__.Colour", args=[1]), None),
    "object": (Plain(), py("__main__.Plain", state={"x": 1}), None),
    "exception": (ValueError("x"), py("builtins.ValueError", args=["x"]), None),
    "class": (ValueError, py("builtins.ValueError"), None),
    "complex": (1 + 2j, py("builtins.complex", args=[1.0, 2.0]), None),
    "range": (range(3), py("builtins.range", args=[0, 3, 1]), None),
    "named_tuple": (
        Point(1, 2),
        py("__main__.Point", args=[[1, 2]]),
        py("__main__.Point", args=[1, 2]),
    ),
    "cycle": (cycle(), ["\u2026"], None),
    "nested_deep": (nested(150), None, None),
}


def deep():
    """At most 100 levels: the extra's value is the first of them."""
    text = '"\u2026"'
    for _ in range(100):
        text = "[%s]" % text
    return json.loads(text)


class Handler(logging.handlers.SocketHandler):
    """SocketHandler as it is, but for the protocol where another one is asked for."""

    def __init__(self, protocol):
        super().__init__("127.0.0.1", 9)
        self.protocol = protocol

    def makePickle(self, record):
        frame = super().makePickle(record)
        if self.protocol == 1:
            return frame
        return framed(pickle.dumps(pickle.loads(frame[4:]), self.protocol))


def framed(data):
    return len(data).to_bytes(4, "big") + data


def record_of(extra=None, msg="hello %s", args=("w",), exc=None, level=20, stack=None):
    logger = logging.getLogger("asyncz.task")
    record = logger.makeRecord(
        "asyncz.task", level, "/app/jobs.py", 10, msg, args, exc, "run", extra, stack
    )
    record.created = CREATED
    record.msecs = 283.0
    record.relativeCreated = 1234.5
    record.thread = 140245678901234
    record.process = 4242
    return record


PLACE = {"pathname": "/app/jobs.py", "lineno": 10, "funcName": "run", "process": 4242}


def line(message="hello w", level="INFO", task=None, extra=None):
    return {
        "ts": str(datetime.datetime.fromtimestamp(CREATED, UTC)),
        "level": level,
        "message": message,
        "logger": "asyncz.task",
        "task_id": task,
        "extra": dict(extra or {}, **PLACE),
    }


def raised():
    """An exception whose traceback names no path of this machine."""
    try:
        exec(compile("1 / 0", "/app/jobs.py", "exec"), {})
    except ZeroDivisionError:
        kind, error, trace = sys.exc_info()
        return kind, error, trace.tb_next


def kinds(protocol):
    """Each kind of record: its name, its frame and its line."""
    handler = Handler(protocol)

    def sent(name, record, expected):
        return name, handler.makePickle(record), expected

    yield sent("plain", record_of(), line())
    yield sent("task", record_of({"task_id": "a"}), line(task="a"))
    yield sent("task_number", record_of({"task_id": 7}), line(task="7"))
    yield sent(
        "job",
        record_of({"task_id": "", "job_id": "j"}),
        line(task="j", extra={"job_id": "j"}),
    )
    yield sent("private", record_of({"_hidden": 1, "shown": 2}), line(extra={"shown": 2}))
    yield sent("level", record_of(level=35), line(level="Level 35", extra={"levelno": 35}))
    record = record_of(exc=raised(), level=40)
    frame = handler.makePickle(record)
    error = collections.OrderedDict(
        [("type", "ZeroDivisionError"), ("message", "division by zero")]
    )
    error["traceback"] = record.exc_text
    yield "traceback", frame, line(level="ERROR", extra={"exception": error})
    stack = 'Stack (most recent call last):\n  File "/app/jobs.py", line 3, in run'
    yield sent("stack", record_of(stack=stack), line(extra={"stack": stack}))
    for name, value in VALUES.items():
        yield sent(name, record_of({"v": value}), line(extra={"v": plain(value)}))
    for name, (value, old, new) in OPAQUE.items():
        expected = new if protocol >= 2 and new is not None else old
        if name == "nested_deep":
            expected = deep()
        yield sent(name, record_of({"v": value}), line(extra={"v": expected}))

    # Who overrides makePickle sends the attributes as they are, or the record itself.
    bound = {"event": "built", "task_id": "t", "level": "info", "rows": 3, "_record": None}
    record = record_of(msg=bound, args=None)
    expected = line("built", task="t", extra={"rows": 3})
    yield "structlog", framed(pickle.dumps(record.__dict__, protocol)), expected
    record = record_of()
    expected = line("hello %s", extra={"args": ["w"]})
    yield "arguments", framed(pickle.dumps(record.__dict__, protocol)), expected
    yield "record", framed(pickle.dumps(record, protocol)), expected


def corpus(protocol):
    for kind, frame, expected in kinds(protocol):
        yield {
            "kind": kind,
            "frame": base64.b64encode(frame).decode("ascii"),
            "line": json.dumps(expected),
        }


def merge(pythons):
    """What several Pythons print, with their versions."""
    found = {}
    for python in pythons:
        version = subprocess.check_output([python, "--version"]).decode().split()[1]
        for text in subprocess.check_output([python, __file__]).decode().splitlines():
            found.setdefault(text, []).append(version)
    for text, versions in found.items():
        yield dict(json.loads(text), versions=versions)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--merge"]:
        records = merge(sys.argv[2:])
    else:
        records = corpus(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
    for one in records:
        print(json.dumps(one))

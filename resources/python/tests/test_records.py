"""What becomes of a log record: its line, whatever it holds."""

from __future__ import annotations

import enum
import json
import logging
import threading
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any, Dict, List

from asyncz_companion import install_companion

from .receiver import Receiver
from .support import CompanionTest


class Shouting(enum.IntEnum):
    LOUD = 3


class Silent:
    def __str__(self) -> str:
        raise OSError("no text")


class RecordsTest(CompanionTest):
    def setUp(self) -> None:
        super().setUp()
        self.receiver = Receiver(self.path)
        self.addCleanup(self.receiver.kill)
        self.handler = install_companion(address=self.address, level=logging.DEBUG)

    def sent(self) -> List[Dict[str, Any]]:
        self.assertTrue(self.handler.outlet.flush(10))
        return self.receiver.store.entries

    def test_form_of_asyncz(self) -> None:
        record = logging.makeLogRecord(
            {"name": "asyncz.task", "levelname": "INFO", "msg": "built %d", "args": (3,)}
        )
        record.created = 1_764_152_386.25
        record.__dict__.update({"task_id": "daily", "rows": 1520, "_hidden": 1})
        self.handler.handle(record)
        record = logging.makeLogRecord({"name": "a", "levelname": "DEBUG", "msg": "{}"})
        record.created = 1_764_152_386.0
        self.handler.handle(record)
        self.assertEqual(
            [list(entry.items()) for entry in self.sent()],
            [
                [
                    ("ts", "2025-11-26 10:19:46.250000+00:00"),
                    ("level", "INFO"),
                    ("message", "built 3"),
                    ("logger", "asyncz.task"),
                    ("task_id", "daily"),
                    ("extra", {"rows": 1520}),
                ],
                [
                    ("ts", "2025-11-26 10:19:46.000000+00:00"),
                    ("level", "DEBUG"),
                    ("message", "{}"),
                    ("logger", "a"),
                    ("task_id", None),
                    ("extra", None),
                ],
            ],
        )

    def test_a_time_that_is_none(self) -> None:
        for created in (float("nan"), 1e300, -1e300):
            record = logging.makeLogRecord({"name": "asyncz", "levelname": "INFO", "msg": "x"})
            record.created = created
            self.handler.handle(record)
        self.assertEqual([entry["message"] for entry in self.sent()], ["x"] * 3)

    def test_task_ids_by_all_their_names(self) -> None:
        for extra in (
            {"task_id": "a"},
            {"job_id": 7},
            {"asyncz_task_id": "c"},
            {"task_id": "", "job_id": "d"},
            {},
        ):
            self.logger.info("x", extra=extra)
        found = [entry["task_id"] for entry in self.sent()]
        self.assertEqual(found, ["a", "7", "c", "d", None])

    def test_tracebacks_with_their_causes(self) -> None:
        try:
            try:
                {"here": 1}["gone"]
            except KeyError as error:
                raise ValueError("bad input") from error
        except ValueError:
            self.logger.exception("failed")
        self.logger.error("never raised", exc_info=ValueError("x"), stack_info=True)
        self.logger.error("nothing raised", exc_info=True)
        first, second, third = self.sent()
        exception = first["extra"]["exception"]
        self.assertEqual((exception["type"], exception["message"]), ("ValueError", "bad input"))
        lines = exception["traceback"].split("\n")
        self.assertEqual(lines[0], "Traceback (most recent call last):")
        self.assertEqual(lines[-1], "ValueError: bad input")
        self.assertIn("KeyError: 'gone'", lines)
        self.assertIn('{"here": 1}["gone"]', exception["traceback"])
        self.assertEqual(second["extra"]["exception"]["traceback"], "ValueError: x")
        self.assertIn("test_tracebacks_with_their_causes", second["extra"]["stack_info"])
        self.assertEqual((third["message"], third["extra"]), ("nothing raised", None))

    def test_what_changes_later_is_sent_as_it_was(self) -> None:
        seen: List[int] = [1]
        self.logger.info("saw %s", seen, extra={"seen": seen})
        seen.append(2)
        (entry,) = self.sent()
        self.assertEqual((entry["message"], entry["extra"]), ("saw [1]", {"seen": [1]}))

    def test_values_that_are_no_json(self) -> None:
        circle: List[Any] = []
        circle.append(circle)
        deep: List[Any] = []
        for _ in range(5_000):
            deep = [deep]
        extra = {
            "when": datetime(2026, 1, 2, tzinfo=timezone.utc),
            "lock": threading.Lock(),
            "lambda": lambda: 1,
            "enum": Shouting.LOUD,
            "decimal": Decimal("1.10"),
            "bytes": b"\xff",
            "keys": {(1, 2): 3, None: 4},
            "huge": 10**5_000,
            "big": 9_007_199_254_740_993,
            "nan": float("nan"),
            "half": "\ud83d!",
            "silent": Silent(),
            "circle": circle,
            "deep": deep,
            "ключ": "значение",
        }
        self.logger.info("half %s", "\udc00", extra=extra)
        (entry,) = self.sent()
        found = entry["extra"]
        self.assertEqual(entry["message"], "half \udc00")
        self.assertEqual(list(found), list(extra))
        self.assertEqual(
            {
                key: found[key]
                for key in ("when", "enum", "decimal", "bytes", "big", "half", "keys", "ключ")
            },
            {
                "when": "2026-01-02 00:00:00+00:00",
                "enum": 3,
                "decimal": "1.10",
                "bytes": "b'\\xff'",
                "big": 9_007_199_254_740_993,
                "half": "\ud83d!",
                "keys": {"(1, 2)": 3, "None": 4},
                "ключ": "значение",
            },
        )
        self.assertNotEqual(found["nan"], found["nan"])
        self.assertIn("Silent: its text failed with OSError", found["silent"])
        self.assertIn("lambda", found["lambda"])

    def test_arguments_that_do_not_fit(self) -> None:
        self.logger.info("%d rows", "many")
        self.logger.info("%s", Silent())
        first, second = self.sent()
        self.assertEqual(first["message"], "%d rows")
        self.assertEqual(first["extra"]["args"], "('many',)")
        self.assertIn("TypeError", first["extra"]["failed"])
        self.assertIn("OSError: no text", second["extra"]["failed"])

    def test_huge_entries_are_cut_and_say_so(self) -> None:
        self.logger.info("я" * 3_000_000, extra={"task_id": "t", "note": "\0" * 900_000})
        self.logger.info("small", extra={"rows": list(range(400_000)), "run_id": "r"})
        self.logger.info("many", extra={f"k{n}": "v" * 900 for n in range(2_000)})
        try:
            raise ValueError("x" * 2_000_000)
        except ValueError:
            self.logger.exception("cut")
        message, rows, many, error = self.sent()
        self.assertTrue(message["message"].startswith("яяя"))
        self.assertEqual(message["extra"]["cut"], {"message": 3_000_000, "note": 900_000})
        self.assertEqual(message["task_id"], "t")
        self.assertGreater(rows["extra"]["cut"]["rows"], 2_000_000)
        self.assertEqual((rows["message"], rows["extra"]["run_id"]), ("small", "r"))
        self.assertEqual(many["extra"], {"cut": {"extra": 2_000}})
        self.assertTrue(error["extra"]["exception"]["traceback"].startswith("Traceback (most"))
        for entry in (message, rows, many, error):
            self.assertLess(len(json.dumps(entry, ensure_ascii=False).encode()), 1024 * 1024)

    def test_logging_while_a_record_is_rendered(self) -> None:
        logger = self.logger

        class Talkative:
            def __str__(self) -> str:
                logger.info("inner")
                return "outer"

        class Endless:
            def __str__(self) -> str:
                logger.info("%s", self)
                return "never"

        logger.info("%s", Talkative())
        self.assertEqual([entry["message"] for entry in self.sent()], ["inner", "outer"])
        logger.info("%s", Endless())
        logger.info("after")
        self.assertEqual(self.sent()[-1]["message"], "after")

    def test_second_call_changes_settings(self) -> None:
        again = install_companion(address=self.address, level=logging.WARNING, loggers=["myapp"])
        self.assertIs(again, self.handler)
        logging.getLogger("asyncz").warning("no more")
        logging.getLogger("myapp").info("too low")
        logging.getLogger("myapp").warning("mine")
        self.assertEqual([entry["message"] for entry in self.sent()], ["mine"])
        self.assertEqual(len(self.receiver.store.sessions), 1)

    def test_levels_of_loggers_are_lowered_never_raised(self) -> None:
        logging.getLogger("myapp").setLevel(logging.DEBUG)
        install_companion(address=self.address, loggers=("", "myapp"), level=logging.INFO)
        self.assertEqual(logging.getLogger().level, logging.INFO)
        self.assertEqual(logging.getLogger("myapp").level, logging.DEBUG)

    def test_a_record_is_sent_once_through_several_loggers(self) -> None:
        install_companion(address=self.address, loggers=("", "asyncz", "asyncz.task"))
        self.logger.info("once")
        self.assertEqual([entry["message"] for entry in self.sent()], ["once"])

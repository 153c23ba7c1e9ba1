"""structlog, in the ways it is set up for AsyncZ."""

from __future__ import annotations

import unittest
from typing import Any, Dict, List

from asyncz_companion import install_companion

from .receiver import Receiver
from .support import CompanionTest, import_or_none

structlog: Any = import_or_none("structlog")


@unittest.skipIf(structlog is None, "structlog is not installed")
class StructlogTest(CompanionTest):
    def setUp(self) -> None:
        super().setUp()
        self.receiver = Receiver(self.path)
        self.addCleanup(self.receiver.kill)
        self.addCleanup(structlog.reset_defaults)
        self.handler = install_companion(address=self.address)

    def log(self, *processors: Any) -> List[Dict[str, Any]]:
        structlog.configure(
            logger_factory=structlog.stdlib.LoggerFactory(),
            processors=[
                structlog.stdlib.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                *processors,
            ],
        )
        logger = structlog.get_logger("asyncz.task").bind(task_id="daily")
        values = {"seen": [1]}
        logger.info("Report built", rows=1520, values=values)
        values["seen"].append(2)
        try:
            raise ValueError("bad input")
        except ValueError:
            logger.exception("Report failed", run_id="r1")
        self.assertTrue(self.handler.outlet.flush(10))
        return self.receiver.store.entries

    def check(self, entries: List[Dict[str, Any]]) -> None:
        built, failed = entries
        self.assertEqual(
            {key: built[key] for key in ("level", "message", "logger", "task_id", "extra")},
            {
                "level": "INFO",
                "message": "Report built",
                "logger": "asyncz.task",
                "task_id": "daily",
                "extra": {"rows": 1520, "values": {"seen": [1]}},
            },
        )
        self.assertEqual((failed["level"], failed["message"]), ("ERROR", "Report failed"))
        self.assertEqual((failed["task_id"], failed["extra"]["run_id"]), ("daily", "r1"))
        self.assertEqual(set(failed["extra"]), {"run_id", "exception"})
        exception = failed["extra"]["exception"]
        self.assertEqual((exception["type"], exception["message"]), ("ValueError", "bad input"))
        lines = exception["traceback"].split("\n")
        self.assertEqual(lines[0], "Traceback (most recent call last):")
        self.assertEqual(lines[-1], "ValueError: bad input")

    def test_wrap_for_formatter_as_in_the_guide(self) -> None:
        self.check(self.log(structlog.stdlib.ProcessorFormatter.wrap_for_formatter))

    def test_render_to_log_kwargs(self) -> None:
        entries = self.log(structlog.stdlib.render_to_log_kwargs)
        for entry in entries:
            # Here they are the record's own, and nobody says that they are structlog's.
            entry["extra"].pop("level", None)
            entry["extra"].pop("timestamp", None)
        self.check(entries)

    def test_json_renderer(self) -> None:
        self.check(self.log(structlog.processors.JSONRenderer()))

    def test_json_renderer_with_exceptions_as_text(self) -> None:
        self.check(
            self.log(structlog.processors.format_exc_info, structlog.processors.JSONRenderer())
        )

    def test_json_that_is_no_event_stays_as_it_is(self) -> None:
        self.logger.info('{"a": 1}')
        self.logger.info("{broken}")
        self.logger.info({"a": 1})
        self.assertTrue(self.handler.outlet.flush(10))
        self.assertEqual(self.receiver.store.messages, ['{"a": 1}', "{broken}", "{'a': 1}"])

"""Lines in a file, for the companion's file reader or anything else."""

from __future__ import annotations

import json
import os
from typing import Any, Dict, List

from asyncz_companion import install_companion

from .support import CompanionTest

WRITER = """
import logging, sys
from asyncz_companion import install_companion
handler = install_companion(address=sys.argv[1], max_records=100_000)
for number in range(3_000): logging.getLogger("asyncz").info("%s %d", sys.argv[2], number)
"""


class FileTest(CompanionTest):
    def setUp(self) -> None:
        super().setUp()
        self.file = os.path.join(self.folder, "log.jsonl")

    def read(self, path: str) -> List[Dict[str, Any]]:
        with open(path, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def test_lines_of_asyncz_that_go_on_after_a_rotation(self) -> None:
        handler = install_companion(address=f"file:{self.file}")
        self.logger.info("one", extra={"task_id": "daily", "rows": 3})
        self.assertTrue(handler.outlet.flush(10))
        os.rename(self.file, f"{self.file}.1")
        self.logger.info("two")
        self.assertTrue(handler.outlet.flush(10))
        (first,), (second,) = self.read(f"{self.file}.1"), self.read(self.file)
        self.assertEqual(list(first), ["ts", "level", "message", "logger", "task_id", "extra"])
        self.assertEqual((first["task_id"], first["extra"]), ("daily", {"rows": 3}))
        self.assertEqual(second["message"], "two")
        self.assertEqual(os.stat(self.file).st_mode & 0o777, 0o600)

    def test_a_torn_line_stays_by_itself(self) -> None:
        with open(self.file, "w") as file:
            file.write('{"ts": "2026')
        handler = install_companion(address=f"file:{self.file}")
        self.logger.info("whole")
        self.assertTrue(handler.outlet.flush(10))
        with open(self.file) as file:
            torn, whole = file.read().splitlines()
        self.assertEqual((torn, json.loads(whole)["message"]), ('{"ts": "2026', "whole"))

    def test_what_could_not_be_written_is_written_or_counted(self) -> None:
        place = os.path.join(self.folder, "not", "there", "log.jsonl")
        handler = install_companion(address=f"file:{place}", max_records=100)
        for number in range(50):
            self.logger.info("%d", number)
        self.assertFalse(handler.outlet.flush(10))
        self.assertIn("No such file", str(getattr(handler.outlet, "problem")))
        for number in range(50, 150):
            self.logger.info("%d", number)
        self.assertFalse(handler.outlet.flush(10))
        os.makedirs(os.path.dirname(place))
        self.assertTrue(handler.outlet.flush(10))
        gap, *entries = self.read(place)
        self.assertEqual([entry["message"] for entry in entries], [str(n) for n in range(50, 150)])
        self.assertEqual((gap["level"], gap["extra"]["gap"]["records"]), ("WARNING", 50))
        self.assertIn("50 records are missing here", gap["message"])

    def test_several_processes_write_to_one_file(self) -> None:
        for name in ("a", "b"):
            self.run_program(WRITER, f"file:{self.file}", name)
        messages = [entry["message"] for entry in self.read(self.file)]
        self.assertEqual(messages, [f"{name} {n}" for name in ("a", "b") for n in range(3_000)])

"""The dashboard's storage, beside AsyncZ's own where that is installed."""

from __future__ import annotations

import importlib
import logging
import random
import unittest
from datetime import datetime, timedelta, timezone
from typing import Any, Dict, List

from asyncz_companion import CompanionLogStorage, LogEntry, install_companion

from .receiver import Receiver
from .support import CompanionTest, import_or_none

START = datetime(2026, 1, 2, tzinfo=timezone.utc)


class StorageTest(CompanionTest):
    def setUp(self) -> None:
        super().setUp()
        self.receiver = Receiver(self.path)
        self.addCleanup(self.receiver.kill)

    def test_dicts_and_entries_are_kept_and_sent(self) -> None:
        storage = CompanionLogStorage(self.address, maxlen=2)
        self.addCleanup(storage.close)
        entry = LogEntry(START, "INFO", "entry", "asyncz.task", "a", {"rows": 1})
        storage.append({"message": "first"})
        storage.append(entry)
        storage.append(
            {"ts": datetime(2026, 1, 2), "message": "dict", "level": "ERROR", "extra": "no dict"}
        )
        second, first = storage.query()
        self.assertIs(first, entry)
        self.assertEqual(second, LogEntry(START, "ERROR", "dict", "", None, None))
        self.assertEqual(
            storage.stats(), {"size": 2, "maxlen": 2, "appended": 3, "dropped": 1}
        )
        storage.clear()
        self.assertEqual((storage.query(), storage.stats()["size"]), ([], 0))
        with self.assertRaisesRegex(TypeError, "got int"):
            storage.append(3)
        self.assertTrue(storage.flush(10))
        sent = self.receiver.store.entries
        self.assertEqual(
            [(line["message"], line["task_id"], line["extra"]) for line in sent],
            [("first", None, None), ("entry", "a", {"rows": 1}), ("dict", None, None)],
        )
        self.assertEqual(sent[1]["ts"], "2026-01-02 00:00:00.000000+00:00")

    def test_times_keep_their_microseconds(self) -> None:
        storage = CompanionLogStorage(self.address)
        self.addCleanup(storage.close)
        rng = random.Random(1)
        times = [
            datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(microseconds=rng.randrange(2**52))
            for _ in range(500)
        ]
        for ts in times:
            storage.append({"ts": ts, "message": "x"})
        self.assertTrue(storage.flush(10))
        self.assertEqual([datetime.fromisoformat(e["ts"]) for e in self.receiver.store.entries], times)


def load_asyncz_logs() -> Any:
    if import_or_none("asyncz.contrib.dashboard.admin") is None:
        return None
    return importlib.import_module("asyncz.contrib.dashboard.logs.storage")


@unittest.skipIf(import_or_none("asyncz.contrib.dashboard.admin") is None, "AsyncZ with its dashboard is not installed")
class BesideAsyncZTest(StorageTest):
    def test_finds_what_memory_log_storage_finds(self) -> None:
        logs = load_asyncz_logs()
        ours, theirs = CompanionLogStorage(self.address, maxlen=50), logs.MemoryLogStorage(50)
        self.addCleanup(ours.close)
        rng = random.Random(1)
        for number in range(80):
            entry: Dict[str, Any] = {
                "ts": START + timedelta(seconds=rng.randrange(60)),
                "level": rng.choice(["INFO", "info", "ERROR", "WARN"]),
                "message": rng.choice(["Disk full", "disk FULL 50%", "Überlauf", ""]),
                "logger": "asyncz.task",
                "task_id": rng.choice([None, "a", "A"]),
                "extra": rng.choice([None, {"run_id": 7}, {"run_id": "r"}]),
            }
            for storage in (ours, theirs):
                storage.append(logs.LogEntry(**entry) if number % 2 else dict(entry))
        for _ in range(2_000):
            asked: Dict[str, Any] = {
                "task_id": rng.choice([None, "", "a", "A", "b"]),
                "run_id": rng.choice([None, "", "7", "r"]),
                "level": rng.choice([None, "", "info", "ERROR", "warning"]),
                "q": rng.choice([None, "  ", "disk", " FULL ", "über", "%", "zz"]),
                "since": rng.choice([None, START + timedelta(seconds=rng.randrange(60))]),
                "until": rng.choice([None, START + timedelta(seconds=rng.randrange(60))]),
                "limit": rng.choice([200, 1, 0, -1, 5]),
            }
            for name in list(asked):
                if rng.random() < 0.6:
                    del asked[name]
            self.assertEqual(fields(ours.query(**asked)), fields(theirs.query(**asked)), asked)

    def test_once_beside_the_handler_and_with_tracebacks(self) -> None:
        handlers = importlib.import_module("asyncz.contrib.dashboard.logs.handler")
        for installs_first in (True, False):
            if installs_first:
                install_companion(address=self.address)
            storage = CompanionLogStorage(self.address)
            handler = handlers.install_task_log_handler(storage)
            logging.getLogger("asyncz").addHandler(handler)
            if not installs_first:
                install_companion(address=self.address)
            self.log_failure()
            self.assertEqual(len(storage.query()), 1)
            self.check_failure(storage)
            self._leave()
            storage.close()

    def test_alone_it_sends_tracebacks_too(self) -> None:
        handlers = importlib.import_module("asyncz.contrib.dashboard.logs.handler")
        storage = CompanionLogStorage(self.address)
        self.addCleanup(storage.close)
        logging.getLogger("asyncz").addHandler(handlers.install_task_log_handler(storage))
        logging.getLogger("asyncz").setLevel(logging.INFO)
        self.log_failure()
        self.check_failure(storage)

    def log_failure(self) -> None:
        try:
            raise ValueError("bad input")
        except ValueError:
            self.logger.exception("failed", extra={"task_id": "daily"})

    def check_failure(self, storage: CompanionLogStorage) -> None:
        self.assertTrue(storage.flush(10))
        (entry,) = self.receiver.store.entries
        self.assertEqual((entry["message"], entry["task_id"]), ("failed", "daily"))
        traceback = entry["extra"]["exception"]["traceback"]
        self.assertTrue(traceback.endswith("ValueError: bad input"), traceback)
        self.receiver.store.sessions.clear()


def fields(entries: Any) -> List[Any]:
    return [
        (e.ts, e.level, e.message, e.logger, e.task_id, e.extra) for e in entries
    ]

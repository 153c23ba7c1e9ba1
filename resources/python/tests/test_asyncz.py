"""A real scheduler, with everything that can become of a run."""

from __future__ import annotations

import asyncio
import importlib
import logging
import os
import threading
import time
import unittest
from datetime import datetime, timedelta, timezone
from typing import Any, Dict, List, Optional

from asyncz_companion import (
    CompanionLogStorage,
    CompanionServer,
    install_companion,
    run_id,
    uninstall_companion,
)

from .receiver import Receiver, until
from .support import CompanionTest, import_or_none

has_asyncz = import_or_none("asyncz.contrib.dashboard.admin") is not None
user_logger = logging.getLogger("myapp")


def succeeding() -> int:
    user_logger.info("within the run")
    return 42


def failing() -> None:
    user_logger.info("about to fail")
    raise ValueError("bad input")


async def coroutine() -> str:
    user_logger.info("before waiting")
    await asyncio.sleep(0.01)
    user_logger.info("after waiting")
    return "done"


is_released = threading.Event()


def overlapping() -> None:
    is_released.wait(20)


@unittest.skipUnless(has_asyncz, "AsyncZ with its dashboard is not installed")
class SchedulerTest(CompanionTest):
    def setUp(self) -> None:
        super().setUp()
        self.receiver = Receiver(self.path)
        self.addCleanup(self.receiver.kill)
        is_released.clear()

    def events(self, name: Optional[str] = None) -> List[Dict[str, Any]]:
        return [
            entry
            for entry in self.receiver.store.entries
            if entry["logger"] == "asyncz.events"
            and (name is None or entry["extra"]["event"] == name)
        ]

    def run_jobs(self, storage: Optional[CompanionLogStorage] = None) -> Any:
        """Runs a scheduler until every kind of run has been; returns it, shut down."""
        schedulers = importlib.import_module("asyncz.schedulers")

        async def main() -> Any:
            scheduler = schedulers.AsyncIOScheduler(identity="worker-1", timezone="UTC")
            if storage is not None:
                admin = importlib.import_module("asyncz.contrib.dashboard.admin")
                admin.AsynczAdmin(scheduler=scheduler, log_storage=storage)
            install_companion(scheduler, self.address, ["asyncz", "myapp"])
            # A second time changes nothing.
            install_companion(scheduler, self.address, ["asyncz", "myapp"])
            now = datetime.now(timezone.utc)
            scheduler.start()
            scheduler.add_task(succeeding, "date", id="ok", name="Daily report")
            scheduler.add_task(failing, "date", id="boom", name="Boom")
            scheduler.add_task(coroutine, "date", id="co", name="Coroutine")
            scheduler.add_task(
                succeeding,
                "date",
                run_at=now - timedelta(seconds=30),
                mistrigger_grace_time=1,
                id="late",
                name="late",
            )
            scheduler.add_task(overlapping, "interval", seconds=0.2, id="slow", name="slow", max_instances=1)
            scheduler.add_task(succeeding, "interval", hours=1, id="manual")
            scheduler.run_task("manual", force=True)
            scheduler.update_task("manual", name="Renamed")
            wanted = {
                "task.executed": 3,
                "task.error": 1,
                "task.missed": 1,
                "task.max_instances": 1,
                "task.submitted": 6,
            }
            end = time.monotonic() + 30
            while any(len(self.events(name)) < count for name, count in wanted.items()):
                self.assertLess(time.monotonic(), end, [e["message"] for e in self.events()])
                await asyncio.sleep(0.02)
            is_released.set()
            scheduler.pause()
            scheduler.resume()
            scheduler.delete_task("manual")
            scheduler.shutdown()
            return scheduler

        scheduler = asyncio.run(main())
        until("the last event", lambda: self.events("scheduler.shutdown"))
        return scheduler

    def test_the_name_shown_stays_the_same(self) -> None:
        schedulers = importlib.import_module("asyncz.schedulers")

        def name_of(scheduler: Any) -> str:
            handler = install_companion(scheduler, self.address)
            name: str = handler.outlet.source
            uninstall_companion()
            return name

        program = name_of(None)
        self.assertEqual(name_of(schedulers.AsyncIOScheduler(identity="worker-1")), "worker-1")
        # AsyncZ makes one up: another one each time.
        self.assertEqual(name_of(schedulers.AsyncIOScheduler()), program)
        path = os.path.join(self.folder, "served", "feed.sock")
        for given, shown in ((None, "worker-1"), ("mine", "mine")):
            with CompanionServer(f"unix:{path}", source=given) as server:
                install_companion(schedulers.AsyncIOScheduler(identity="worker-1"), server)
                self.assertEqual(server.source, shown)
                uninstall_companion()

    def test_events_of_every_kind(self) -> None:
        self.run_jobs()
        names = {entry["extra"]["event"] for entry in self.events()}
        self.assertLessEqual(
            {
                "scheduler.started",
                "scheduler.shutdown",
                "scheduler.paused",
                "scheduler.resumed",
                "task.added",
                "task.removed",
                "task.modified",
                "task.submitted",
                "task.executed",
                "task.error",
                "task.missed",
                "task.max_instances",
            },
            names,
        )
        (failed,) = self.events("task.error")
        self.assertEqual(
            (failed["level"], failed["message"], failed["task_id"]),
            ("ERROR", "Run of boom failed: ValueError: bad input", "boom"),
        )
        extra = failed["extra"]
        when = datetime.fromisoformat(extra["scheduled_run_time"])
        self.assertEqual(extra["run_id"], run_id("boom", "default", when))
        self.assertEqual((extra["status"], extra["scheduler_identity"]), ("failed", "worker-1"))
        lines = extra["exception"]["traceback"].split("\n")
        self.assertEqual(lines[0], "Traceback (most recent call last):")
        self.assertIn("in failing", extra["exception"]["traceback"])
        self.assertEqual(lines[-1], "ValueError: bad input")
        (missed,) = self.events("task.missed")
        self.assertEqual((missed["level"], missed["task_id"]), ("WARNING", "late"))
        skipped = self.events("task.max_instances")[0]
        self.assertEqual((skipped["level"], skipped["task_id"]), ("WARNING", "slow"))
        executed = {entry["task_id"]: entry["extra"] for entry in self.events("task.executed")}
        self.assertEqual(executed["ok"]["return_value"], "42")
        self.assertEqual(executed["co"]["return_value"], "'done'")
        sources = {e["task_id"]: e["extra"]["source"] for e in self.events("task.submitted")}
        self.assertEqual((sources["manual"], sources["ok"]), ("manual", "scheduled"))

    def test_records_know_their_task_and_run(self) -> None:
        self.run_jobs()
        runs = {e["task_id"]: e["extra"]["run_id"] for e in self.events("task.submitted")}
        found = [
            (entry["message"], entry["task_id"], entry["extra"]["run_id"])
            for entry in self.receiver.store.entries
            if entry["logger"] == "myapp"
        ]
        self.assertEqual(
            sorted(found),
            sorted(
                [
                    ("about to fail", "boom", runs["boom"]),
                    ("after waiting", "co", runs["co"]),
                    ("before waiting", "co", runs["co"]),
                    ("within the run", "manual", runs["manual"]),
                    ("within the run", "ok", runs["ok"]),
                ]
            ),
        )
        for beginning, task in (
            ('Running task "Daily report', "ok"),
            ("Task 'Daily report", "ok"),
            ('Running task "Boom', "boom"),
            ("Task 'Coroutine", "co"),
            ("Run time of task 'late", "late"),
        ):
            (entry,) = [
                entry
                for entry in self.receiver.store.entries
                if entry["message"].startswith(beginning)
            ]
            self.assertEqual((entry["task_id"], entry["extra"]["run_id"]), (task, runs[task]))
        for beginning, task in (
            ("Added task 'Daily report'", "ok"),
            ("Execution of task 'slow", "slow"),
            ("Removed task manual", "manual"),
        ):
            found_tasks = {
                entry["task_id"]
                for entry in self.receiver.store.entries
                if entry["message"].startswith(beginning)
            }
            self.assertEqual(found_tasks, {task}, beginning)

    def test_nothing_after_a_run_is_taken_for_it(self) -> None:
        self.run_jobs()
        handler = install_companion(address=self.address, loggers=["asyncz", "myapp"])
        user_logger.info("outside of any run")
        self.assertTrue(handler.outlet.flush(10))
        entry = self.receiver.store.entries[-1]
        self.assertEqual(
            (entry["message"], entry["task_id"], entry["extra"]), ("outside of any run", None, None)
        )

    def test_the_dashboard_beside_it(self) -> None:
        history = importlib.import_module("asyncz.contrib.dashboard.history")
        storage = CompanionLogStorage(self.address)
        self.addCleanup(storage.close)
        self.run_jobs(storage)
        self.assertTrue(storage.flush(10))
        ids = {run.task_id: run.run_id for run in history.get_run_history_storage().query()}
        (failed,) = self.events("task.error")
        self.assertEqual(failed["extra"]["run_id"], ids["boom"])
        shown = [entry.message for entry in storage.query(run_id=ids["boom"])]
        # The dashboard looks for the name of a task that may be gone.
        self.assertIn("task run failed for boom: bad input.", [text.lower() for text in shown])
        # Each record of the dashboard reached the companion once, as did those it does not show.
        for logger in ("asyncz.dashboard.history", "asyncz.executors.default"):
            kept = sorted(e.message for e in storage.query(limit=10_000) if e.logger == logger)
            sent = sorted(
                e["message"] for e in self.receiver.store.entries if e["logger"] == logger
            )
            self.assertEqual(sent, kept)

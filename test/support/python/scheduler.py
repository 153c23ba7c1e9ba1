"""A real AsyncZ scheduler with everything that can become of a run, and its own account of it.

    python scheduler.py IDENTITY

Prints "ready"; reads Python as a JSON string: the lines that connect the scheduler to the app; runs
its tasks; prints one line of JSON: what was logged and which events there were, as AsyncZ itself has
them. Ends when its input does, so that a server among the lines goes on serving.
"""

import asyncio
import json
import logging
import sys
import threading
import traceback
from collections import Counter
from datetime import datetime, timedelta, timezone

from asyncz.contrib.dashboard import history
from asyncz.contrib.dashboard.logs.handler import get_task_logger
from asyncz.events import constants
from asyncz.schedulers import AsyncIOScheduler

EVENTS = {
    value: name
    for name, value in vars(constants).items()
    if isinstance(value, int) and name != "SCHEDULER_START"  # the old name of SCHEDULER_STARTED
}
#: What has to have happened before it shuts down.
WANTED = {"TASK_EXECUTED": 3, "TASK_ERROR": 1, "TASK_MISSED": 1, "TASK_MAX_INSTANCES": 1}

is_released = threading.Event()


def report(task_id):
    get_task_logger(task_id, "asyncz.task").info("Report %s built", task_id, extra={"rows": 1520})


def retry():
    try:
        read_config()
    except KeyError:
        logging.getLogger("asyncz.task").exception("Trying again")


def read_config():
    return {}["url"]


def broken():
    try:
        read_config()
    except KeyError as error:
        raise ValueError("bad input") from error


def slow():
    is_released.wait(60)


class Account(logging.Handler):
    """What was logged, kept by nothing but Python's own logging."""

    def __init__(self):
        super().__init__()
        self.records = []

    def emit(self, record):
        error = record.exc_info and record.exc_info[1]
        self.records.append((record.levelname, record.name, record.getMessage(), text_of(error)))


def text_of(error):
    return "".join(traceback.format_exception(error)).rstrip("\n") if error else None


def run_key(event, when):
    """The run's id by AsyncZ's own functions."""
    return history._run_id(
        history._run_key(event.task_id, event.store, history._normalize_run_time(when))
    )


async def main():
    account = Account()
    events, counts = [], Counter()
    loop = asyncio.get_running_loop()
    is_over = asyncio.Event()

    def listen(event):
        name = EVENTS[event.code]
        counts[name] += 1
        task = getattr(event, "task_id", None)
        error = text_of(getattr(event, "exception", None))
        times = getattr(event, "scheduled_run_times", [getattr(event, "scheduled_run_time", None)])
        events.extend((name, task, when and run_key(event, when), error) for when in times)
        if all(counts[name] >= count for name, count in WANTED.items()):
            loop.call_soon_threadsafe(is_over.set)

    scheduler = AsyncIOScheduler(identity=sys.argv[1], timezone="UTC")
    print("ready", flush=True)
    exec(json.loads(sys.stdin.readline()), {"scheduler": scheduler})
    logging.getLogger("asyncz").addHandler(account)
    scheduler.add_listener(listen)
    scheduler.start()
    late = datetime.now(timezone.utc) - timedelta(seconds=30)
    scheduler.add_task(report, "date", args=["report"], id="report", name="Daily report")
    scheduler.add_task(retry, "date", id="retry", name="Retry")
    scheduler.add_task(broken, "date", id="broken", name="Broken")
    scheduler.add_task(
        retry, "date", run_at=late, mistrigger_grace_time=1, id="late", name="Late"
    )
    scheduler.add_task(slow, "interval", seconds=0.2, max_instances=1, id="slow", name="Slow")
    scheduler.add_task(report, "interval", hours=1, args=["manual"], id="manual", name="Manual")
    scheduler.run_task("manual", force=True)
    await asyncio.wait_for(is_over.wait(), 60)
    scheduler.pause()
    is_released.set()
    while counts["TASK_EXECUTED"] == WANTED["TASK_EXECUTED"]:  # the slow one
        await asyncio.sleep(0.01)
    scheduler.shutdown()
    while counts["SCHEDULER_SHUTDOWN"] == 0:
        await asyncio.sleep(0.01)
    print(json.dumps({"records": account.records, "events": events}), flush=True)
    sys.stdin.read()


asyncio.run(main())

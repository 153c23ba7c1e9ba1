"""What a record costs the application: `python -m tests.bench` in the folder above.

Times are of the processor, not of the clock: how long the caller's thread works for a record, from
the logging call to its return, and the whole process with our thread. The best of ten rounds.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
import time
from typing import Callable, Dict, Tuple

from asyncz_companion import install_companion, uninstall_companion

RECORDS = 2_000
ROUNDS = 10
LIMIT_US = 20.0

logger = logging.getLogger("asyncz.task")


def plain() -> None:
    logger.info("Report daily built in %d ms", 42)


def with_extra() -> None:
    logger.info("Report daily built", extra={"task_id": "daily", "rows": 1520})


def with_structure() -> None:
    logger.info("Report daily built", extra={"task_id": "daily", "seen": {"ids": [1, 2, 3]}})


def with_traceback() -> None:
    try:
        raise ValueError("bad input")
    except ValueError:
        logger.exception("Report daily failed", extra={"task_id": "daily"})


CASES: Dict[str, Callable[[], None]] = {
    "message": plain,
    "and task id, number": with_extra,
    "and a structure": with_structure,
    "and a traceback": with_traceback,
}


def measure(log: Callable[[], None]) -> Tuple[float, float]:
    """Microseconds of a record: of the caller's thread, and of the process."""
    best = (float("inf"), float("inf"))
    for _ in range(ROUNDS):
        thread, process = time.thread_time(), time.process_time()
        for _ in range(RECORDS):
            log()
        thread = time.thread_time() - thread
        # Our thread gets its turn, as it does in an application that does more than log.
        time.sleep(0.1)
        process = time.process_time() - process
        best = min(best, (thread / RECORDS * 1e6, process / RECORDS * 1e6))
    return best


RECEIVER = """
import json, socket, sys
listener = socket.socket(socket.AF_UNIX); listener.bind(sys.argv[1]); listener.listen(1)
print("ready", flush=True)
end, _ = listener.accept(); file = end.makefile("rb"); file.readline()
end.sendall(b'{"hello":1,"last":0}\\n')
for number, _ in enumerate(file, 1):
    if number % 50 == 0: end.sendall(b'{"ack":%d}\\n' % number)
"""


def main() -> int:
    null = logging.NullHandler()
    logger.addHandler(null)
    logger.setLevel(logging.INFO)
    nothing = {name: measure(log)[0] for name, log in CASES.items()}
    logger.removeHandler(null)
    print(f"Python {sys.version.split()[0]}; µs of the processor for each record")
    print(f"{'':24}{'logging':>9}{'ours':>9}{'sum':>9}{'process':>9}")
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "feed.sock")
        for state in ("away", "there"):
            receiver = None
            if state == "there":
                receiver = subprocess.Popen(
                    [sys.executable, "-c", RECEIVER, path], stdout=subprocess.PIPE
                )
                assert receiver.stdout is not None
                receiver.stdout.readline()
            install_companion(address=f"unix:{path}", loggers=["asyncz.task"])
            print(f"companion {state}")
            for name, log in CASES.items():
                thread, process = measure(log)
                ours = thread - nothing[name]
                if name != "and a traceback":
                    worst = max(worst, thread)
                print(f"  {name:22}{nothing[name]:9.1f}{ours:9.1f}{thread:9.1f}{process:9.1f}")
            uninstall_companion()
            if receiver is not None:
                receiver.terminate()
                receiver.wait()
                assert receiver.stdout is not None
                receiver.stdout.close()
    print(f"{worst:.1f} µs at most without a traceback; the limit is {LIMIT_US:.0f}")
    return 0 if worst < LIMIT_US else 1


if __name__ == "__main__":
    sys.exit(main())

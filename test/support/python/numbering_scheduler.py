"""A real AsyncZ scheduler that logs numbers until it is told to stop.

    python numbering_scheduler.py IDENTITY AFTER

Prints "ready", reads Python as a JSON string: the lines that connect it to the app. Logs the numbers
after AFTER, and prints each one up to which all have left it: acknowledged, or written. When it reads
another line it stops, and prints "over" and the last number once all have left it.
"""

import asyncio
import json
import logging
import sys
import threading

import asyncz_companion
from asyncz.schedulers import AsyncIOScheduler

log = logging.getLogger("asyncz.task")
number = int(sys.argv[2])


def count():
    global number
    for _ in range(10):
        number += 1
        log.info("%d", number)
    if has_left(0.2):
        print(number, flush=True)


def has_left(seconds):
    # SocketHandler has no queue: what was logged was sent, or is lost.
    handler = asyncz_companion._handler
    return handler is None or handler.outlet.flush(seconds)


async def main():
    scheduler = AsyncIOScheduler(identity=sys.argv[1], timezone="UTC")
    print("ready", flush=True)
    exec(json.loads(sys.stdin.readline()), {"scheduler": scheduler})
    loop = asyncio.get_running_loop()
    is_over = asyncio.Event()
    threading.Thread(
        target=lambda: (sys.stdin.readline(), loop.call_soon_threadsafe(is_over.set)), daemon=True
    ).start()
    scheduler.start()
    scheduler.add_task(count, "interval", seconds=0.03, id="count", name="Count")
    await is_over.wait()
    scheduler.shutdown()
    while not has_left(1):
        await asyncio.sleep(0.1)
    print("over", number, flush=True)


asyncio.run(main())

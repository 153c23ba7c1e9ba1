import { pythonEnvironment } from './python-env.ts';
import type { PythonEnvironment } from './python-env.ts';

/** A Python that has AsyncZ and asyncpg; throws where it can't be installed. */
export function pythonWithPostgres(): PythonEnvironment {
	const environment = pythonEnvironment(['asyncz[dashboard]==0.17.2', 'asyncpg==0.32.0']);
	if (environment.missing !== undefined) {
		throw new Error(`The tests need Python's asyncpg: ${environment.missing}`);
	}
	return environment;
}

/**
 * The seed's storage as its document has it, but that `extra` is made JSON first, which asyncpg wants,
 * and a program that appends entries with it. Arguments: DSN, name, how many. What fails is not tried
 * again. Prints `acked N` for each that was taken.
 */
export const SEED_WRITER = `
import asyncio, asyncpg, json, sys
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

@dataclass(frozen=True)
class LogEntry:
    ts: datetime
    level: str
    message: str
    logger: str
    task_id: Any = None
    extra: Any = None

class PostgresLogStorage:
    def __init__(self, dsn: str):
        self.dsn = dsn

    async def append(self, entry: LogEntry):
        conn = await asyncpg.connect(self.dsn)
        await conn.execute(
            "INSERT INTO asyncz_logs (ts, level, message, logger, task_id, extra) VALUES ($1,$2,$3,$4,$5,$6)",
            entry.ts, entry.level, entry.message, entry.logger, entry.task_id, json.dumps(entry.extra),
        )
        await conn.close()

async def main(dsn, name, count):
    storage = PostgresLogStorage(dsn)
    for n in range(int(count)):
        entry = LogEntry(datetime.now(timezone.utc), "INFO", f"{name} {n}", "asyncz.task", name, {"n": n, "big": 2**53 + 1})
        try:
            await storage.append(entry)
            print("acked", n, flush=True)
        except Exception:
            await asyncio.sleep(0.05)

asyncio.run(main(*sys.argv[1:]))
`;

/** What a node does with the storage of `docs/postgres.md`, as its documentation has it. */
export const NODE_PROGRAM = `
import logging, sys
from asyncz.contrib.dashboard.logs.handler import install_task_log_handler

storage = PostgresLogStorage(sys.argv[1])
install_task_log_handler(storage)
log = logging.getLogger("asyncz.task")
log.info("Task started", extra={"task_id": "nightly", "rows": 2**53 + 1})
log.error("It failed: %s", "ключ")
entries = list(storage.query(limit=10))
print([(e.level, e.message, e.task_id, e.extra and e.extra.get("rows")) for e in entries])
`;

import { pythonEnvironment } from './python-env.ts';
import type { PythonEnvironment } from './python-env.ts';

/** A Python that has the client of Redis; throws where it can't be installed. */
export function pythonWithRedis(): PythonEnvironment {
	const environment = pythonEnvironment(['redis==8.1.0']);
	if (environment.missing !== undefined) {
		throw new Error(`The tests need Python's redis: ${environment.missing}`);
	}
	return environment;
}

/**
 * The seed's storage as its document has it, but for the one thing that keeps it from working: the
 * client takes no None and no dict, so that values are made strings first. `STRINGS` says how.
 */
export const SEED_STORAGE = `
import json, redis
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

@dataclass(frozen=True)
class LogEntry:
    ts: datetime
    level: str
    message: str
    logger: str
    task_id: str | None = None
    extra: dict[str, Any] | None = None

STRINGS = {
    "str": lambda fields: {k: str(v) for k, v in fields.items()},
    "json": lambda fields: {
        k: v.isoformat() if isinstance(v, datetime) else v if isinstance(v, str) else json.dumps(v)
        for k, v in fields.items()
    },
    "short": lambda fields: {k: str(v) for k, v in fields.items() if v is not None},
    "empty": lambda fields: {k: "" if v is None else str(v) for k, v in fields.items()},
    "float": lambda fields: {
        **{k: "" if v is None else json.dumps(v) if k == "extra" else str(v) for k, v in fields.items()},
        "ts": fields["ts"].timestamp(),
    },
}

class RedisLogStorage:
    def __init__(self, url="redis://localhost:6379", key="asyncz:logs", maxlen=10_000, strings="str"):
        self.client = redis.from_url(url)
        self.key = key
        self.maxlen = maxlen
        self.strings = STRINGS[strings]

    def append(self, entry):
        self.client.xadd(self.key, self.strings(entry.__dict__), maxlen=self.maxlen, approximate=True)

    def query(self, limit=200, **_):
        messages = self.client.xrevrange(self.key, count=limit)
        for _, fields in messages:
            yield LogEntry(**{k.decode(): v.decode() for k, v in fields.items()})
`;

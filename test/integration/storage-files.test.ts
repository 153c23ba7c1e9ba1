import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { readAll } from '#engine/storages/kit/read-pages.ts';
import { newEntry, ODD_ENTRIES } from '#engine/storages/kit/sample-entries.ts';
import type { LogStorage } from '#engine/storages/log-storage.ts';
import { openStorage } from '#engine/storages/open-storage.ts';
import { parseStorageAddress } from '#shared/model/parse-storage-address.ts';
import { Random, TEST_SCALE } from '../support/entries.ts';
import { Heard } from '../support/heard.ts';
import { root } from '../support/hosts/test-host.ts';
import { findPython } from '../support/python-env.ts';
import { temporaryFolder } from '../support/temp-folder-of-test.ts';
import { until } from '../support/until.ts';

async function opened(address: string): Promise<LogStorage> {
	const storage = await openStorage(parseStorageAddress(address).address);
	onTestFinished(() => storage.close());
	return storage;
}

/** The seed's entry and its JSON storage, as a Python program with what it is to do at its end. */
const PYTHON = `
import json, sys
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

@dataclass(frozen=True)
class LogEntry:
    ts: datetime
    level: str
    message: str
    logger: str
    task_id: str | None = None
    extra: dict[str, Any] | None = None

class JSONLogStorage:
    def __init__(self, path):
        self.path = Path(path)
        self.path.touch(exist_ok=True)

    def append(self, entry):
        with self.path.open("a", encoding="utf-8") as f:
            f.write(json.dumps(entry.__dict__, default=str) + "\\n")

    def query(self, **_):
        with self.path.open("r", encoding="utf-8", newline="\\n") as f:
            for line in f:
                yield LogEntry(**json.loads(line))

storage = JSONLogStorage(sys.argv[1])
`;

function python(path: string, program: string): string {
	return execFileSync(findPython(), ['-c', `${PYTHON}${program}`, path], { encoding: 'utf8' });
}

test('Python reads every line that is written, and each says what was stored', async () => {
	const path = join(temporaryFolder(), 'asyncz.jsonl');
	const storage = await opened(`jsonl:${path}`);
	await storage.append(ODD_ENTRIES);
	const printed = python(
		path,
		'for e in storage.query(): print(json.dumps([e.level, e.message, e.logger, e.task_id or "", str((e.extra or {}).get("big"))]))',
	);
	const found = printed
		.trimEnd()
		.split('\n')
		.map((line) => JSON.parse(line) as unknown);
	expect(found).toEqual(
		ODD_ENTRIES.map(({ level, message, logger, task_id = '', extra = '' }) => [
			level,
			message.toWellFormed(),
			logger.toWellFormed(),
			task_id.toWellFormed(),
			extra.includes('"big"') ? '9007199254740993' : 'None',
		]),
	);
});

test('jq reads every line that is written', async () => {
	const path = join(temporaryFolder(), 'asyncz.jsonl');
	const storage = await opened(`jsonl:${path}`);
	// What Python and AsyncZ write for numbers that are none is no JSON.
	const entries = ODD_ENTRIES.filter(({ extra = '' }) => !extra.includes('NaN'));
	await storage.append(entries);
	const printed = execFileSync('jq', ['-c', '[.level, .logger, (.task_id // "")]', path], {
		encoding: 'utf8',
	});
	expect(printed.trimEnd().split('\n')).toHaveLength(entries.length);
});

test('what Python appends is followed and queried between what the app appends', async () => {
	const path = join(temporaryFolder(), 'asyncz.jsonl');
	const storage = await opened(`jsonl:${path}`);
	const heard = new Heard();
	await storage.follow(heard);
	await storage.append([newEntry({ message: 'from the app' })]);
	python(
		path,
		'storage.append(LogEntry(datetime(2026, 11, 22, 10, 20, tzinfo=timezone.utc), "WARNING", "from Ünïcode \\U0001f600", "asyncz.task", "daily", {"when": datetime(2026, 1, 2), "n": 2**53 + 1, "x": 1.0}))',
	);
	await storage.append([newEntry({ message: 'from the app again' })]);
	await until('three entries', () => heard.entries.length === 3);
	const [, found] = await readAll(storage);
	expect(found).toMatchObject({
		ts: Date.UTC(2026, 10, 22, 10, 20) * 1_000,
		level: 'WARNING',
		message: 'from Ünïcode \u{1f600}',
		task_id: 'daily',
		extra: '{"when": "2026-01-02 00:00:00", "n": 9007199254740993, "x": 1.0}',
	});
	expect(heard.messages[1]).toBe('from Ünïcode \u{1f600}');
});

test.each(['jsonl:', 'rotating:'])(
	'%s keeps what it has acknowledged, however often its process is killed',
	async (scheme) => {
		const path = join(temporaryFolder(), 'app.log');
		const options = scheme === 'rotating:' ? '?max_bytes=200000&backup_count=1000' : '';
		const address = `${scheme}${path}${options}`;
		const random = new Random(scheme.length);
		const rounds = 6 * TEST_SCALE;
		let from = 0;
		const acknowledged = new Set<number>();
		for (let round = 0; round < rounds; round++) {
			const end = await appendUntilKilled(address, from, 1 + random.below(12));
			for (let number = from; number < end; number++) {
				acknowledged.add(number);
			}
			// What was on its way may be there: the next process offers other entries.
			from = end + 100_000;
		}
		const storage = await opened(address);
		await storage.append([newEntry({ message: 'after the kills' })]);
		const all = await readAll(storage, { limit: 10_000 });
		expect(all[0]?.message).toBe('after the kills');
		const whole = all.filter(({ problem }) => problem === undefined);
		for (const { message } of whole) {
			acknowledged.delete(Number(message.slice('entry '.length)));
		}
		expect([...acknowledged]).toEqual([]);
		expect(new Set(whole.map(({ message }) => message)).size).toBe(whole.length);
		expect(all.length - whole.length).toBeLessThanOrEqual(rounds);
		expect((await storage.stats()).size).toBe(all.length);
	},
	120_000,
);

/** The number behind the last entry that was acknowledged. */
async function appendUntilKilled(address: string, from: number, batches: number): Promise<number> {
	const script = join(root, 'test', 'support', 'line-appender.ts');
	const child = spawn(process.execPath, [script, address, String(from)], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	let last = from;
	let left = batches;
	for await (const line of createInterface({ input: child.stdout })) {
		last = Number(line);
		if (--left === 0) {
			child.kill('SIGKILL');
		}
	}
	if (child.exitCode === null && child.signalCode === null) {
		await once(child, 'exit');
	}
	return last;
}

test('a torn line that Python left is ended before the next entry', async () => {
	const path = join(temporaryFolder(), 'asyncz.jsonl');
	writeFileSync(path, '{"ts": "2026-11-22 10:19:46+00:00", "lev');
	const storage = await opened(`jsonl:${path}`);
	await storage.append([newEntry({ message: 'next' })]);
	expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(3);
	expect((await readAll(storage)).map(({ problem }) => problem === undefined)).toEqual([
		true,
		false,
	]);
});

import { closeSync, openSync, writeSync } from 'node:fs';

/** A repeatable stream of numbers in [0, 1): the same seed, the same log. */
function randomNumbers(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		// Mulberry32, a 32-bit generator in the public domain.
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

const LOGGERS = ['executors.default', 'schedulers', 'task', 'stores.redis', 'dashboard.history'];
const MESSAGES = [
	'Running task "{task} (trigger: interval[0:05:00], next run at: 2026-11-22 10:25:00 UTC)"',
	"Task '{task}' executed successfully.",
	'Report built in {n} ms for customer {id}',
	'Fetched {n} rows from billing.invoices in {m} ms',
	'Task run submitted for {task}.',
	'Uploaded artefact {uuid} ({n} bytes)',
	'Cache miss for key session:{uuid}',
];
const FAILURES = [
	'Retrying after timeout: attempt {a} of 5',
	"Run time of task '{task}' was missed by 0:00:0{a}.{n}",
	'Lost connection to 10.0.{a}.{b}: timeout while reading',
	'Task run failed for {task}: bad input in row {n}.',
];
const TRACEBACK =
	'Traceback (most recent call last):\\n  File \\"/app/billing/sync.py\\", line 88, in sync_invoices\\n    response = await client.get(url, timeout=10)\\nhttpx.ReadTimeout: timeout after 10 s';

/**
 * AsyncZ records as a busy scheduler writes them: tasks with a long tail, five levels in realistic
 * shares, uuids and numbers in the messages, a traceback in one line of a hundred.
 */
export function createLineSource(seed = 1): (index: number) => string {
	const random = randomNumbers(seed);
	const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
	const hex = (digits: number) =>
		Math.floor(random() * 16 ** digits)
			.toString(16)
			.padStart(digits, '0');
	const start = Date.UTC(2026, 10, 22, 10, 0, 0);
	return (index) => {
		const task = `task_${Math.floor(10_000 ** random())}`;
		const share = random();
		const level =
			share < 0.3
				? 'DEBUG'
				: share < 0.87
					? 'INFO'
					: share < 0.96
						? 'WARNING'
						: share < 0.998
							? 'ERROR'
							: 'CRITICAL';
		const isBad = share >= 0.87;
		const message = pick(isBad ? FAILURES : MESSAGES)
			.replace('{task}', task)
			.replace('{uuid}', () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(6)}${hex(6)}`)
			.replace('{id}', hex(8))
			.replace('{n}', () => String(Math.floor(random() * 100_000)))
			.replace('{m}', () => String(Math.floor(random() * 500)))
			.replace('{a}', () => String(Math.floor(random() * 5) + 1))
			.replace('{b}', () => String(Math.floor(random() * 255)));
		const ts = new Date(start + index * 2).toISOString().replace('T', ' ').replace('Z', '');
		const micros = String(Math.floor(random() * 1_000)).padStart(3, '0');
		const exception = level === 'ERROR' && random() < 0.25 ? `, "exception": "${TRACEBACK}"` : '';
		return `{"ts": "${ts}${micros}+00:00", "level": "${level}", "message": ${JSON.stringify(message)}, "logger": "asyncz.${pick(LOGGERS)}", "task_id": "${task}", "extra": {"run_id": "${hex(10)}${hex(10)}", "attempt": ${Math.floor(random() * 3)}${exception}}}\n`;
	};
}

/** Writes a log of `lines` records; returns its size in bytes. */
export function generateLog(path: string, lines: number, seed = 1): number {
	const next = createLineSource(seed);
	const file = openSync(path, 'w');
	let bytes = 0;
	let buffer: string[] = [];
	for (let index = 0; index < lines; index++) {
		buffer.push(next(index));
		if (buffer.length === 10_000 || index === lines - 1) {
			bytes += writeSync(file, buffer.join(''));
			buffer = [];
		}
	}
	closeSync(file);
	return bytes;
}

import { describe, expect, test } from 'vitest';
import { decodeEntry } from '#engine/pipeline/decode-entry.ts';
import { readDetails } from '#engine/pipeline/details.ts';
import { recordLine } from '#feeds/pickle/record-line.ts';
import { recordedFrames } from '../../../support/pickle-records.ts';

const RECEIVED = Date.UTC(2026, 10, 26, 10, 0, 0, 250);
const CONTEXT = { arrival: 1_800_000_000_000_000 };

/** A pickle of a value, written with few opcodes. */
function pickled(value: unknown): Buffer {
	return Buffer.concat([pushed(value), Buffer.from('.')]);
}

function pushed(value: unknown): Buffer {
	if (value === null || typeof value === 'boolean') {
		return Buffer.from(value === null ? 'N' : value ? 'I01\n' : 'I00\n');
	}
	if (typeof value === 'number') {
		return Buffer.from(Number.isInteger(value) ? `I${value}\n` : `F${value}\n`);
	}
	if (typeof value === 'string') {
		const prefix = Buffer.alloc(5, 'X');
		prefix.writeUInt32LE(Buffer.byteLength(value), 1);
		return Buffer.concat([prefix, Buffer.from(value)]);
	}
	if (Array.isArray(value)) {
		return Buffer.concat([Buffer.from('('), ...value.map(pushed), Buffer.from('t')]);
	}
	const items = Object.entries(value as object)
		.flat()
		.map(pushed);
	return Buffer.concat([Buffer.from('}('), ...items, Buffer.from('u')]);
}

function lineOf(frame: Buffer): string {
	const reading = recordLine(frame, RECEIVED);
	return 'line' in reading ? reading.line : `refused: ${reading.refused}`;
}

/** The line of a record, as the value it is in JSON. */
const read = (record: object): unknown => JSON.parse(lineOf(pickled(record)));

const RECORD = {
	name: 'asyncz.task',
	msg: 'Report built',
	args: null,
	levelname: 'INFO',
	levelno: 20,
	created: 1_795_342_787.283179,
};
const LINE = {
	ts: '2026-11-22 10:19:47.283179+00:00',
	level: 'INFO',
	message: 'Report built',
	logger: 'asyncz.task',
	task_id: null,
	extra: null,
};

describe('a log record', () => {
	test('becomes one line of AsyncZ', () => {
		expect(lineOf(pickled(RECORD))).toBe(
			'{"ts": "2026-11-22 10:19:47.283179+00:00", "level": "INFO", "message": "Report built", "logger": "asyncz.task", "task_id": null, "extra": null}',
		);
	});

	test.each([
		['a whole second', 1_795_342_787, '2026-11-22 10:19:47+00:00'],
		['almost the next second', 1_795_342_787.9999998, '2026-11-22 10:19:48+00:00'],
		['before 1970', -0.5, '1969-12-31 23:59:59.500000+00:00'],
	])('has its time to the microsecond: %s', (_, created, ts) => {
		expect(read({ ...RECORD, created })).toEqual({ ...LINE, ts });
	});

	test.each([
		['none', null, null],
		['a text', 'yesterday', { created: 'yesterday' }],
		['beyond the year 9999', 1e15, { created: 1e15 }],
	])('without a time has the one of its arrival: %s', (_, created, extra) => {
		const ts = '2026-11-26 10:00:00.250000+00:00';
		expect(read({ ...RECORD, created })).toEqual({ ...LINE, ts, extra });
	});

	test.each([
		['its name', { levelname: 'NOTICE', levelno: 25 }, 'NOTICE', { levelno: 25 }],
		['its number', { levelname: '', levelno: 40 }, 'ERROR', null],
		['a number without a name', { levelname: null, levelno: 35 }, '35', null],
		['nothing', { levelname: null, levelno: null }, 'INFO', null],
	])('has its level by %s', (_, fields, level, extra) => {
		expect(read({ ...RECORD, ...fields })).toEqual({ ...LINE, level, extra });
	});

	test.each([
		['task_id before job_id', { task_id: 'a', job_id: 'b' }, 'a', { job_id: 'b' }],
		['job_id', { task_id: '', job_id: 'b' }, 'b', { job_id: 'b' }],
		['asyncz_task_id', { task_id: 0, asyncz_task_id: 'c' }, 'c', { asyncz_task_id: 'c' }],
		['a number', { task_id: 7 }, '7', null],
		['no true value', { task_id: [], job_id: false }, null, { job_id: false }],
	])('has its task by %s', (_, fields, task, extra) => {
		expect(read({ ...RECORD, ...fields })).toEqual({ ...LINE, task_id: task, extra });
	});

	test('keeps where it comes from, but not what is always the same', () => {
		const main = { processName: 'MainProcess', threadName: 'MainThread', taskName: null };
		const other = { processName: 'Worker-1', threadName: 'pool-1', taskName: 'Task-3' };
		const place = { pathname: '/app/jobs.py', lineno: 10, funcName: 'run', process: 42 };
		const rest = {
			filename: 'jobs.py',
			module: 'jobs',
			thread: 140,
			msecs: 283,
			relativeCreated: 1,
		};
		expect(read({ ...RECORD, ...main, ...place, ...rest })).toEqual({ ...LINE, extra: place });
		expect(read({ ...RECORD, ...other, ...place })).toEqual({
			...LINE,
			extra: { ...place, ...other },
		});
	});

	test('keeps arguments that nobody has put in, and the text if somebody has', () => {
		const open = { ...RECORD, msg: 'Report %s', args: ['a'] };
		expect(read(open)).toEqual({ ...LINE, message: 'Report %s', extra: { args: ['a'] } });
		expect(read({ ...open, message: 'Report a' })).toEqual({
			...LINE,
			message: 'Report a',
			extra: { args: ['a'] },
		});
	});

	test("shows what structlog's dict says", () => {
		const msg = { event: 'built', job_id: 'j', level: 'info', rows: 3, _record: null };
		expect(read({ ...RECORD, msg, rows: 4, _logger: null })).toEqual({
			...LINE,
			message: 'built',
			task_id: 'j',
			extra: { job_id: 'j', rows: 4 },
		});
	});

	test('leaves a message that is no text as JSON', () => {
		expect(read({ ...RECORD, msg: { rows: [1, true] } })).toEqual({
			...LINE,
			message: '{"rows": [1, true]}',
		});
	});
});

describe('what is no log record', () => {
	test.each([
		['a dict', { a: 1 }, 'a dict with 1 keys'],
		['a list', [1, 2], 'a list with 2 values'],
		['a text', 'hello', 'a single value'],
	])('is an entry all the same: %s', (_, value, what) => {
		expect(JSON.parse(lineOf(pickled(value)))).toEqual({
			ts: '2026-11-26 10:00:00.250000+00:00',
			level: 'INFO',
			message: `A pickle that is no log record: ${what}`,
			logger: '',
			task_id: null,
			extra: { pickle: value },
		});
	});
});

/** As Python 2.7 sends it: `pickle.dumps({'name': 'jobs', 'msg': 'caf\xc3\xa9', …}, 1)`. */
const PYTHON_2 = Buffer.from(
	'}(U\x04nameU\x04jobsU\x03msgU\x05caf\xc3\xa9U\x07levelnoK\x14U\x04rawsU\x02\xff\xfe' +
		'U\x04whencdatetime\ndatetime\n(U\x0a\x07\xea\x01\x02\x03\x04\x05\x00\x00\x06tRu.',
	'latin1',
);

function entryOf(line: string): unknown {
	return decodeEntry(line, CONTEXT)[0];
}

function recorded(kind: string): Buffer {
	return recordedFrames().findLast((record) => record.kind === kind)?.frame ?? Buffer.alloc(0);
}

describe('the app', () => {
	test('shows the traceback of a record', () => {
		const line = lineOf(recorded('traceback'));
		expect(readDetails(line).exception).toMatch(
			/^Traceback \(most recent call last\):\n {2}File "\/app\/jobs\.py", line 1/,
		);
		expect(entryOf(line)).toMatchObject({ level: 'ERROR', format: 'AsyncZ', message: 'hello w' });
	});

	test('shows the stack where there is no exception', () => {
		expect(readDetails(lineOf(recorded('stack'))).exception).toMatch(/^Stack \(most recent call/);
	});

	test('shows integers beyond 2^53 with all their digits', () => {
		const { extra } = readDetails(lineOf(recorded('int_past_53_bits')));
		expect(extra).toContain('"v": 9007199254740993,');
	});

	test("lifts structlog's dict out of the text that SocketHandler makes of it", () => {
		const msg = "{'task_id': 'daily', 'rows': 3, 'event': 'built', 'level': 'warning'}";
		expect(entryOf(lineOf(pickled({ ...RECORD, msg })))).toMatchObject({
			message: 'built',
			task_id: 'daily',
			level: 'WARNING',
		});
	});

	test('shows what Python 2 sends', () => {
		const line = lineOf(PYTHON_2);
		expect(entryOf(line)).toMatchObject({ message: 'café', logger: 'jobs' });
		expect(readDetails(line).extra).toBe('{"raws": "ÿþ", "when": "2026-01-02 03:04:05.000006"}');
	});
});

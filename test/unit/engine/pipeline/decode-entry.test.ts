import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { EntryFlag } from '#shared/model/entry.ts';
import { decodeEntry } from '#engine/pipeline/decode-entry.ts';
import type { DecodedEntry } from '#engine/pipeline/entry-decoder.ts';
import { FORMATS } from '#engine/pipeline/formats/table.ts';
import { FORMAT_SAMPLES } from './format-samples.ts';

const ARRIVAL = 1_800_000_000_000_000;
const PLAIN = EntryFlag.plainText | EntryFlag.arrivalTime;

/** The columns of the only entry of a text. */
function decode(raw: string): Omit<DecodedEntry, 'format'> {
	const [first, ...others] = decodeEntry(raw, { arrival: ARRIVAL });
	expect(others).toEqual([]);
	const { format, ...columns } = first ?? { format: '' };
	expect(format).not.toBe('');
	return columns as Omit<DecodedEntry, 'format'>;
}

/** What a line without anything special in it is decoded to. */
function decoded(fields: Partial<DecodedEntry>): Omit<DecodedEntry, 'format'> {
	return {
		ts: ARRIVAL,
		level: 'INFO',
		severity: 20,
		message: '',
		logger: '',
		task_id: undefined,
		flags: EntryFlag.arrivalTime,
		...fields,
	};
}

describe("AsyncZ's own records", () => {
	const lines = readFileSync('resources/samples/asyncz.jsonl', 'utf8').trimEnd().split('\n');

	test.each(lines.map((line) => [line]))('are taken as they are: %.80s', (line) => {
		const record = JSON.parse(line) as Record<string, string | null>;
		const [, second, fraction] = /^(.{19})\.(\d{6})\+00:00$/.exec(record['ts'] ?? '') ?? [];
		expect(decode(line)).toEqual({
			ts: Date.parse(`${second?.replace(' ', 'T')}Z`) * 1_000 + Number(fraction),
			level: record['level'],
			severity: { INFO: 20, WARNING: 30, ERROR: 40 }[record['level'] ?? ''],
			message: record['message'],
			logger: record['logger'],
			task_id: record['task_id'] ?? undefined,
			flags: 0,
		});
	});

	test('are twelve', () => {
		expect(lines).toHaveLength(12);
	});

	const record = {
		ts: '2026-11-22 10:19:46+00:00',
		level: 'INFO',
		message: 'm',
		logger: 'l',
		extra: null,
	};
	const asyncz = (fields: object) => decode(JSON.stringify({ ...record, ...fields }));

	test('keep a level of their own as it is: WARN is not WARNING to AsyncZ', () => {
		expect(['WARN', 'warn', 'FATAL', 'SUCCESS'].map((level) => asyncz({ level }).level)).toEqual([
			'WARN',
			'WARN',
			'FATAL',
			'SUCCESS',
		]);
	});

	test('name the task in task_id, or in extra as its handler is given it', () => {
		const tasks = [
			{ task_id: 'a', extra: { task_id: 'b' } },
			{ task_id: null, extra: { task_id: 'b' } },
			{ extra: { job_id: 'c' } },
			{ job_id: 'd', extra: {} },
			{ extra: { asyncz_task_id: 'e' } },
			{ task_id: '', extra: null },
			{ task_id: 'Ünïcode ', extra: null },
		];
		expect(tasks.map((fields) => asyncz(fields).task_id)).toEqual([
			'a',
			'b',
			'c',
			'd',
			'e',
			undefined,
			'Ünïcode ',
		]);
	});

	test('without a zone are UTC', () => {
		expect(asyncz({ ts: '2026-11-22 10:19:46.5' }).ts).toBe(1_795_342_786_500_000);
	});
});

describe('the lines of other loggers', () => {
	test.each(FORMAT_SAMPLES)('$format, $note', ({ line, time, name, part = 0, ...sample }) => {
		const { level, severity, message, logger, task_id } = sample;
		const columns = { ...decoded({ level, severity, message, logger, task_id }), format: name };
		expect(decodeEntry(line, { arrival: ARRIVAL })[part]).toEqual(
			time === 'arrival' ? columns : { ...columns, ts: microsOf(time), flags: 0 },
		);
	});

	test('are of every format of the table', () => {
		// No logger writes what feeds have of their own: see feed-lines.test.ts.
		const own = ['gap', 'refused frame'];
		const known = FORMATS.map(({ name }) => name).filter((name) => !own.includes(name));
		const seen = new Set(
			FORMAT_SAMPLES.map(({ name }) => name.replace('Docker › AsyncZ', 'AsyncZ')),
		);
		expect([...seen].sort()).toEqual([...new Set([...known, 'JSON'])].sort());
	});
});

/** Of an ISO stamp with microseconds; without a Z it is local time. */
function microsOf(stamp: string): number {
	return (
		Date.parse(stamp.replace(/\d{3}(?=Z?$)/, '')) * 1_000 + Number(/(\d{3})Z?$/.exec(stamp)?.[1])
	);
}

test.each([
	['{"ts":"soon","time":"2026-11-22T10:19:46Z","msg":""}'],
	['{"ts":{"s":1},"time":"","timestamp":1795342786,"msg":""}'],
	['{"created":1795342786.0,"asctime":"2020-01-01 00:00:00,000","msg":""}'],
	['{"created":"yesterday","asctime":"2026-11-22 10:19:46,000Z","msg":""}'],
])('the time of %s is the first value that is one', (line) => {
	expect(decode(line)).toEqual(decoded({ ts: 1_795_342_786_000_000, flags: 0 }));
});

describe('levels', () => {
	test.each([
		['{"level":"warn","msg":""}', 'WARNING', 30],
		['{"severity":"Err","msg":""}', 'ERROR', 40],
		['{"lvl":"fatal","msg":""}', 'CRITICAL', 50],
		['{"level":" info ","msg":""}', 'INFO', 20],
		['{"level":"ERROR+4","msg":""}', 'ERROR+4', 50],
		['{"level":"","msg":""}', 'INFO', 20],
		['{"level":" ","severity":"error","msg":""}', 'ERROR', 40],
		['{"level":{"name":"x"},"levelname":"error","msg":""}', 'ERROR', 40],
		['{"level":null,"severity":"error","msg":""}', 'ERROR', 40],
		['{"level":40,"msg":""}', '40', 20],
		['{"level":{"name":"ERROR"},"msg":""}', 'INFO', 20],
		['{"levelno":40,"msg":""}', 'ERROR', 40],
		['{"levelno":25,"msg":""}', 'INFO', 25],
		['{"levelno":1e400,"msg":""}', 'INFO', 20],
		['{"levelno":-1e400,"msg":""}', 'INFO', 20],
		['{"levelno":NaN,"msg":""}', 'INFO', 20],
		['{"level":10,"time":1,"pid":1}', 'TRACE', 5],
		['{"level":35,"time":1,"pid":1}', 'INFO', 20],
		['{"level":60,"time":1,"hostname":""}', 'CRITICAL', 50],
		['{"level":1e9,"time":1,"msg":""}', 'CRITICAL', 50],
		['{"level":-5,"time":1,"v":0}', 'TRACE', 5],
	])('of %s', (line, level, severity) => {
		const { level: foundLevel, severity: foundSeverity } = decode(line);
		expect([foundLevel, foundSeverity]).toEqual([level, severity]);
	});
});

describe('what is no JSON object is an INFO entry with its text', () => {
	test.each([
		['plain text'],
		['Traceback (most recent call last):'],
		['[1, 2]'],
		['null'],
		['"text"'],
		['42'],
		['   indented'],
		['\u0000\u0007'],
		['<script>alert(1)</script>'],
	])('%j', (line) => {
		expect(decode(line)).toEqual(decoded({ message: line, flags: PLAIN }));
	});

	test('half a surrogate pair in it is shown as U+FFFD', () => {
		expect(decode('a\ud83d').message).toBe('a\ufffd');
	});

	test('a NUL run before a record, left by a truncation, does not hide the record', () => {
		const line = '{"level":"error","msg":"after"}';
		expect(decode(`${'\0'.repeat(600)}${line}`)).toEqual(decode(line));
	});
});

describe('odd values are shown as they were written', () => {
	test.each([
		['9007199254740993'],
		['1.0'],
		['-0'],
		['1e400'],
		['true'],
		['NaN'],
		['-Infinity'],
		['[1, 2.50]'],
		['{"a":  1.0}'],
		['{"toString": 1, "valueOf": 2}'],
	])('%s as message, logger and task id', (value) => {
		const line = `{"message": ${value}, "logger": ${value}, "task_id": ${value}, "x": NaN}`;
		const { message, logger, task_id } = decode(line);
		expect([message, logger, task_id]).toEqual([value, value, value]);
	});

	test('a task id beyond 2^53 keeps its digits, nested too', () => {
		expect([
			decode('{"msg":"","task_id":12345678901234567890}').task_id,
			decode('{"msg":"","extra":{"task_id":12345678901234567890}}').task_id,
			decode('\ufeff{"msg":"","context":{"job_id":-0.10}}').task_id,
		]).toEqual(['12345678901234567890', '12345678901234567890', '-0.10']);
	});

	test('null and missing fields are empty cells', () => {
		expect(decode('{"msg": "m", "logger": null, "task_id": null, "time": null}')).toEqual(
			decoded({ message: 'm' }),
		);
	});

	test('a record without a message shows the whole line', () => {
		expect(decode('{"x": 1}').message).toBe('{"x": 1}');
		expect(decode('{}').message).toBe('{}');
	});

	test('the last of two keys counts, as in JSON.parse', () => {
		expect(decode('{"msg": 1, "msg": 2.0}').message).toBe('2.0');
	});

	test('a byte order mark does not hide the record', () => {
		expect(decode('\ufeff{"msg": "m"}')).toEqual(decoded({ message: 'm' }));
	});

	test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'])(
		'the key %s is a key like any other',
		(key) => {
			const inner = '{"message": "inner", "level": "ERROR", "task_id": "inner"}';
			expect(decode(`{"${key}": ${inner}, "msg": "m"}`)).toEqual(decoded({ message: 'm' }));
			expect(decode(`{"${key}": ${inner}, "msg": "m", "x": NaN}`)).toEqual(
				decoded({ message: 'm' }),
			);
			expect(decode(`{"msg": "m", "extra": {"${key}": ${inner}}}`)).toEqual(
				decoded({ message: 'm' }),
			);
		},
	);
});

test('level, logger and task id are no longer than a cell may be', () => {
	const long = `${'x'.repeat(999)}😀`;
	const { level, logger, task_id } = decode(
		JSON.stringify({ level: long, logger: long, task_id: long }),
	);
	expect([level, logger, task_id]).toEqual([
		`${'X'.repeat(999)}\ufffd`,
		`${'x'.repeat(999)}\ufffd`,
		`${'x'.repeat(999)}\ufffd`,
	]);
});

describe('hostile lines', () => {
	const deep = '['.repeat(200_000) + ']'.repeat(200_000);
	const long = 'x'.repeat(5_000_000);

	test.each([
		['a deep message', `{"message": ${deep}}`],
		['a deep task id', `{"task_id": ${deep}, "msg": "m"}`],
		['a deep logger', `{"logger": ${deep}, "msg": "m"}`],
		[
			'an object that hides toString beside something deep',
			`{"msg": {"toString": 1}, "x": ${deep}}`,
		],
		['brackets only', '['.repeat(1_000_000)],
		['an unfinished deep object', '{"a":'.repeat(500_000)],
		['a long time', `{"time": "2026-11-22${' '.repeat(1_000_000)}x", "msg": "m"}`],
		['a long level', `{"level": "${long}", "msg": "m"}`],
		['a million keys', `{${Array.from({ length: 300_000 }, (_, i) => `"k${i}":${i}`).join()}}`],
	])('%s is decoded quickly', (_, line) => {
		const begin = performance.now();
		const { message } = decode(line);
		expect(performance.now() - begin).toBeLessThan(10_000);
		expect(message.length).toBeGreaterThan(0);
	});
});

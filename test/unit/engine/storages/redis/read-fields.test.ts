import { describe, expect, test } from 'vitest';
import { readFields, readTime } from '#engine/storages/redis/read-fields.ts';
import { fieldsOf } from '#engine/storages/redis/written-fields.ts';
import { Random } from '../../../../support/entries.ts';
import { randomNewEntries } from '../../../../support/storage-pairs.ts';

const ID = '1795342786278-4';
const STAMP = '2026-11-22 10:19:46.278583+00:00';
const TS = 1_795_342_786_278_583;

/** What an entry with these fields is read as, beside its id. */
function read(fields: Readonly<Record<string, string>>) {
	const { entry } = readFields([ID, Object.entries(fields).flat()]);
	const { id, ...rest } = entry;
	expect(id).toBe(ID);
	return rest;
}

const PLAIN = { ts: STAMP, level: 'INFO', message: 'Built', logger: 'asyncz.task' };

test('what was written is read as it was', () => {
	const random = new Random(3);
	for (const [number, entry] of randomNewEntries(random, 300).entries()) {
		const fields = fieldsOf(entry, { writer: 'w', number });
		const found = readFields([ID, fields]);
		expect(found).toEqual({ entry: { ...entry, id: ID }, origin: `w:${number}` });
		expect(readTime([ID, fields])).toBe(entry.ts);
	}
});

test.each(['None', 'null', ' ', 'ключ'])('a task of ours called %j keeps its name', (task_id) => {
	const entry = { ts: TS, level: 'warn', message: '', logger: 'None', task_id };
	const found = readFields([ID, fieldsOf(entry, { writer: 'w', number: 1 })]);
	expect(found.entry).toMatchObject({ task_id, level: 'warn' });
});

describe('times of Python', () => {
	test.each([
		[STAMP, TS],
		['2026-11-22T10:19:46.278583+00:00', TS],
		['2026-11-22 10:19:46.278583', TS],
		['2026-11-22T12:19:46.278583+02:00', TS],
		['1795342786.278583', TS],
		['1795342786278', TS - 583],
		['1795342786', TS - 278_583],
	])('%s', (ts, expected) => {
		expect(read({ ...PLAIN, ts })).toMatchObject({ ts: expected });
	});

	test('that are none are kept in extra, and the id says when it came', () => {
		expect(read({ ...PLAIN, ts: 'yesterday' })).toEqual({
			ts: 1_795_342_786_278_000,
			level: 'INFO',
			message: 'Built',
			logger: 'asyncz.task',
			extra: '{"ts": "yesterday"}',
		});
		expect(read({ ...PLAIN, ts: 'None' })).toMatchObject({ ts: 1_795_342_786_278_000 });
		expect(read({ ...PLAIN, ts: 'None' })).not.toHaveProperty('extra');
		expect(read({ message: 'm' })).toEqual({
			ts: 1_795_342_786_278_000,
			level: 'INFO',
			message: 'm',
			logger: '',
		});
	});
});

test.each([['None'], ['null'], [''], [undefined]])('a task id of %s is none', (task_id) => {
	const entry = read(task_id === undefined ? PLAIN : { ...PLAIN, task_id });
	expect(entry).not.toHaveProperty('task_id');
	expect(entry).not.toHaveProperty('extra');
});

test.each([
	['None', undefined],
	['null', undefined],
	['', undefined],
	['{}', '{}'],
	[
		'{"n": 9007199254740993, "x": 1.0, "nan": NaN}',
		'{"n": 9007199254740993, "x": 1.0, "nan": NaN}',
	],
	["{'rows': 1520, 'ok': True, 'none': None}", '{"rows": 1520, "ok": true, "none": null}'],
	[
		"{'when': datetime.datetime(2026, 1, 2), 'p': ('a', 'b')}",
		'{"when": "datetime.datetime(2026, 1, 2)", "p": ["a", "b"]}',
	],
	['[1, 2]', '{"extra": [1, 2]}'],
	['7', '{"extra": 7}'],
	['free text', '{"extra": "free text"}'],
	['{broken', '{"extra": "{broken"}'],
])('extra %j is read as %j', (extra, expected) => {
	expect(read({ ...PLAIN, extra }).extra).toBe(expected);
});

test('fields that AsyncZ does not know are added to extra', () => {
	const more = { host: 'worker "1"', run_id: '7' };
	expect(read({ ...PLAIN, ...more }).extra).toBe('{"host": "worker \\"1\\"", "run_id": "7"}');
	expect(read({ ...PLAIN, extra: '{"a": 1}', ...more }).extra).toBe(
		'{"a": 1, "host": "worker \\"1\\"", "run_id": "7"}',
	);
	expect(read({ ...PLAIN, extra: '{ }', ...more }).extra).toBe(
		'{"host": "worker \\"1\\"", "run_id": "7"}',
	);
});

test.each([
	['warn', 'WARNING'],
	[' error ', 'ERROR'],
	['Audit', 'AUDIT'],
	['', 'INFO'],
	['None', 'INFO'],
])('the level %j is %s', (level, expected) => {
	expect(read({ ...PLAIN, level }).level).toBe(expected);
});

test('what has no message is shown as its fields, with the problem', () => {
	expect(read({ temperature: '20.5', unit: 'C' })).toEqual({
		ts: 1_795_342_786_278_000,
		level: 'INFO',
		logger: '',
		message: '{"temperature": "20.5", "unit": "C"}',
		problem: expect.stringMatching(/^This entry of the stream has no field message: /),
	});
});

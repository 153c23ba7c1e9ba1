import { describe, expect, test } from 'vitest';
import { decodeEntry } from '#engine/pipeline/decode-entry.ts';
import { readDetails } from '#engine/pipeline/details.ts';
import { jsonOfRepr } from '#engine/pipeline/python-repr.ts';

const CONTEXT = { arrival: 1_800_000_000_000_000 };

const asyncz = (message: string, fields: object = {}) =>
	JSON.stringify({
		ts: '2026-11-22 10:19:47.283179+00:00',
		level: 'INFO',
		message,
		logger: 'asyncz.task',
		task_id: null,
		extra: null,
		...fields,
	});

const DICT = "{'task_id': 'daily-report', 'rows': 3, 'event': \"it's built\", 'level': 'warning'}";

describe('a message that is a record', () => {
	test.each([
		[
			'as JSON',
			'{"task_id": "daily-report", "rows": 3, "event": "it\'s built", "level": "warning"}',
		],
		["as Python's dict", DICT],
	])('%s is lifted out', (_, message) => {
		expect(decodeEntry(asyncz(message), CONTEXT)).toEqual([
			{
				ts: 1_795_342_787_283_179,
				level: 'WARNING',
				severity: 30,
				message: "it's built",
				logger: 'asyncz.task',
				task_id: 'daily-report',
				flags: 0,
				format: 'AsyncZ',
			},
		]);
		expect(readDetails(asyncz(message), 0, CONTEXT)).toEqual({
			format: 'AsyncZ',
			extra: '{"rows": 3, "level": "INFO"}',
		});
	});

	test('gives way to the task, logger and time of the record it stands in', () => {
		const message = '{"event": "m", "task_id": "b", "logger": "x", "ts": 5}';
		expect(decodeEntry(asyncz(message, { task_id: 'a' }), CONTEXT)).toMatchObject([
			{ message: 'm', task_id: 'a', logger: 'asyncz.task', ts: 1_795_342_787_283_179 },
		]);
		expect(readDetails(asyncz(message, { task_id: 'a' }), 0, CONTEXT).extra).toBe(
			'{"task_id": "b", "logger": "x", "ts": 5}',
		);
	});

	test('keeps its exception', () => {
		const exception = 'Traceback (most recent call last):\n  File "a.py"\nE: x';
		const raw = asyncz(JSON.stringify({ event: 'm', exception }));
		expect(readDetails(raw, 0, CONTEXT).exception).toBe(exception);
	});

	test('is found where a line is nothing else', () => {
		expect(decodeEntry(DICT, CONTEXT)).toMatchObject([
			{ message: "it's built", level: 'WARNING', task_id: 'daily-report', format: 'structlog' },
		]);
	});

	test.each([
		['{"rows": 3}'],
		['{"event": 3}'],
		["{'rows': 3}"],
		["{'rows': 3, 'an event': 'x'}"],
		["{'event': 3}"],
		["{'event': 'x'"],
		["{'event': 'x'} and more"],
		['{name} is no record'],
		[' {"event": "not at the beginning"}'],
		['[{"event": "in a list"}]'],
	])('is not %s', (message) => {
		expect(decodeEntry(asyncz(message), CONTEXT)[0]?.message).toBe(message);
	});
});

describe("Python's repr as JSON", () => {
	test.each([
		[
			"{'a': 1, 'b': -2.5e-07, 'c': True, 'd': False, 'e': None}",
			'{"a": 1, "b": -2.5e-07, "c": true, "d": false, "e": null}',
		],
		["{'a': 9007199254740993, 'b': 1.0}", '{"a": 9007199254740993, "b": 1.0}'],
		["{'a': nan, 'b': inf, 'c': -inf}", '{"a": NaN, "b": Infinity, "c": -Infinity}'],
		[
			"{'a': [1, 'x', []], 'b': (1,), 'c': (), 'd': {1, 2}, 'e': {}}",
			'{"a": [1, "x", []], "b": [1], "c": [], "d": [1, 2], "e": {}}',
		],
		["{'a': \"it's\", 'b': '\"\\''}", '{"a": "it\'s", "b": "\\"\'"}'],
		[
			"{'a': '\\n\\t\\\\', 'b': '\\x1b\\u20ac\\U0001f600'}",
			'{"a": "\\n\\t\\\\", "b": "\\u001b€😀"}',
		],
		[
			"{'a': datetime.datetime(2026, 11, 22, tzinfo=datetime.timezone.utc), 'b': 1}",
			'{"a": "datetime.datetime(2026, 11, 22, tzinfo=datetime.timezone.utc)", "b": 1}',
		],
		[
			"{'a': <Logger asyncz (INFO)>, 'b': Decimal('1.5'), 'c': b'x,y'}",
			'{"a": "<Logger asyncz (INFO)>", "b": "Decimal(\'1.5\')", "c": "b\'x,y\'"}',
		],
		["{'a': {1: 'x', None: 'y', 'z': {2: 3}}}", '{"a": {"1": "x", "null": "y", "z": {"2": 3}}}'],
		["{'a': 1j, 'b': 1_0}", '{"a": "1j", "b": "1_0"}'],
	])('%s', (repr, json) => {
		expect(jsonOfRepr(repr)).toBe(json);
	});

	test.each([
		[''],
		['{}x'],
		["{'a': }"],
		["{'a': 1, 2}"],
		["{'a': 1"],
		["{'a': 'x"],
		["{'a': [1}"],
		["{'a': 1]"],
		["{'a': (1, 2], 'b': 3}"],
		["{'a': <O'Brien>}"],
		["{'a': {(1, 2): 3}}"],
		[`{'a': ${'['.repeat(300)}${']'.repeat(300)}}`],
	])('is not made of %.40s', (text) => {
		expect(jsonOfRepr(text)).toBeUndefined();
	});

	test.each([
		['brackets', `{'event': 'x', 'a': ${'('.repeat(300_000)}`],
		['braces', `{'event': ${'{'.repeat(150)}1${': 1}'.repeat(150)}}`],
		['quotes', `{'event': 'x', 'a': '${"\\'".repeat(1_000_000)}`],
		['signs', `{'event': 'x', 'a': ${"<'".repeat(500_000)}`],
		['opaque values', `{'event': 'x', 'a': [${'<a b>, '.repeat(300_000)}`],
	])('gives up soon on %s without end', (_, text) => {
		expect(jsonOfRepr(text)).toBeUndefined();
	});
});

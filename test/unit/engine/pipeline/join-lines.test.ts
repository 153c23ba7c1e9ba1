import { describe, expect, test } from 'vitest';
import { findEntryStart } from '#engine/pipeline/join-lines.ts';
import { joinLines } from './group-lines.ts';
import type { JoinState } from '#engine/pipeline/join-lines.ts';
import type { PlacedLine } from '#engine/pipeline/whole-lines.ts';

const TRACEBACK = [
	'Traceback (most recent call last):',
	'  File "/app/jobs.py", line 7, in run',
	'    try: 1/0',
	'         ~^~',
	'ZeroDivisionError: division by zero',
];
const CHAINED = [
	...TRACEBACK,
	'',
	'During handling of the above exception, another exception occurred:',
	'',
	'Traceback (most recent call last):',
	'  File "/app/jobs.py", line 9, in run',
	'    raise RuntimeError("no report") from None',
	'app.errors.ReportError: no report',
];
const JSON_LINE = '{"level": "INFO", "message": "m"}';

function rawLines(texts: readonly string[]): PlacedLine[] {
	let offset = 0;
	return texts.map((text) => {
		const line = { text, offset };
		offset += Buffer.byteLength(text) + 1;
		return line;
	});
}

/** The entries as texts, joined batch by batch; what belongs to an entry before the first is `-1`. */
function entries(batches: readonly (readonly string[])[], from: JoinState = 'fresh'): string[][] {
	let state = from;
	const found: string[][] = [];
	for (const batch of batches) {
		const joined = joinLines(rawLines(batch), state);
		state = joined.state;
		(found.at(-1) ?? []).push(...joined.before.map(({ text }) => text));
		found.push(...joined.groups.map(({ head, rest }) => [head, ...rest].map(({ text }) => text)));
	}
	return found;
}

const cases: readonly [string, readonly string[], readonly (readonly string[])[]][] = [
	['lines are entries', ['a', 'b', JSON_LINE], [['a'], ['b'], [JSON_LINE]]],
	['empty lines are none', ['', 'a', '', '', 'b', ''], [['a'], ['b']]],
	[
		'a traceback belongs to the line before it',
		['boom', ...TRACEBACK, 'b'],
		[['boom', ...TRACEBACK], ['b']],
	],
	[
		'… of a record too',
		[JSON_LINE, ...TRACEBACK, JSON_LINE],
		[[JSON_LINE, ...TRACEBACK], [JSON_LINE]],
	],
	['a chained one is one', ['boom', ...CHAINED, 'b'], [['boom', ...CHAINED], ['b']]],
	['at the start of a file it is an entry', [...TRACEBACK, 'b'], [TRACEBACK, ['b']]],
	['… chained too', [...CHAINED, JSON_LINE], [CHAINED, [JSON_LINE]]],
	[
		'two in a row are two only with a line between',
		['a', ...TRACEBACK, 'b', ...TRACEBACK],
		[
			['a', ...TRACEBACK],
			['b', ...TRACEBACK],
		],
	],
	[
		'a record ends one that has no exception line',
		['a', ...TRACEBACK.slice(0, 3), JSON_LINE],
		[['a', ...TRACEBACK.slice(0, 3)], [JSON_LINE]],
	],
	[
		'an exception without a message',
		['a', ...TRACEBACK.slice(0, 4), 'KeyboardInterrupt', 'b'],
		[['a', ...TRACEBACK.slice(0, 4), 'KeyboardInterrupt'], ['b']],
	],
	[
		'an exception line alone is an entry',
		['ValueError: x', 'KeyError: y'],
		[['ValueError: x'], ['KeyError: y']],
	],
	[
		'after the exception line comes an entry',
		['a', ...TRACEBACK, 'ValueError: x'],
		[['a', ...TRACEBACK], ['ValueError: x']],
	],
	[
		'indented lines belong to the line before',
		['SELECT', '\tFROM t', '  WHERE 1', 'b'],
		[['SELECT', '\tFROM t', '  WHERE 1'], ['b']],
	],
	['… not an indented record', ['a', '  {"msg": "m"}'], [['a'], ['  {"msg": "m"}']]],
	[
		'… but its source in a traceback',
		['a', TRACEBACK[0] ?? '', '    {"x": 1}[y]', 'KeyError: y'],
		[['a', TRACEBACK[0] ?? '', '    {"x": 1}[y]', 'KeyError: y']],
	],
	['… at the start of a file it is an entry', ['  a', '  b'], [['  a', '  b']]],
	[
		'empty lines inside a traceback stay',
		['a', ...TRACEBACK.slice(0, 2), '', ...TRACEBACK.slice(2), 'b'],
		[['a', ...TRACEBACK.slice(0, 2), '', ...TRACEBACK.slice(2)], ['b']],
	],
	['a line of spaces is an entry, an empty one is not', ['a', ' ', '', 'b'], [['a'], [' '], ['b']]],
];

describe('joinLines', () => {
	test.each(cases)('%s', (_, lines, expected) => {
		expect(entries([lines])).toEqual(expected);
	});

	test.each(cases)('gives the same entries wherever a batch ends: %s', (_, lines, expected) => {
		for (let first = 0; first <= lines.length; first++) {
			for (let second = first; second <= lines.length; second++) {
				const batches = [lines.slice(0, first), lines.slice(first, second), lines.slice(second)];
				expect({ first, second, found: entries(batches) }).toEqual({
					first,
					second,
					found: expected,
				});
			}
		}
	});
});

describe('findEntryStart', () => {
	test.each<[string, readonly string[], number]>([
		['a record is surest', ['x', 'ValueError: x', JSON_LINE, JSON_LINE], 2],
		['a line that no traceback contains', [...TRACEBACK.slice(1), '2026-11-22 started', 'b'], 4],
		['none, if all may be one traceback', ['  a', '  b', ''], -1],
		['the first line of many plain ones', ['2026-11-22 a', '2026-11-22 b'], 0],
		[
			'the second of lines that look like the last of a traceback',
			['INFO:root:a', 'INFO:root:b'],
			1,
		],
		['the line behind the last one of a traceback', [...TRACEBACK.slice(1), 'ValueError: y'], 4],
		['none of none', [], -1],
	])('%s', (_, lines, expected) => {
		expect(findEntryStart(rawLines(lines))).toBe(expected);
	});

	test('from there on the entries are those of the whole file', () => {
		const file = [...TRACEBACK, JSON_LINE, ...CHAINED, 'started at 10:19', JSON_LINE, '  x', 'b 1'];
		const whole = entries([file]);
		for (let from = 1; from < file.length; from++) {
			const part = file.slice(from);
			const start = findEntryStart(rawLines(part));
			expect(whole).toEqual(expect.arrayContaining(entries([part.slice(start)])));
		}
	});
});

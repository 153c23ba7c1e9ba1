import { describe, expect, test } from 'vitest';
import { EntryFlag } from '#shared/model/entry.ts';
import { decodeEntry } from '#engine/pipeline/decode-entry.ts';
import { readDetails } from '#engine/pipeline/details.ts';

const CONTEXT = { arrival: 1_800_000_000_000_000 };
const TEXT = EntryFlag.plainText | EntryFlag.arrivalTime;

describe('a line that begins like JSON and is none', () => {
	test.each([
		['{', 'ends too early, after column 1: expected a key in quotes or }.'],
		['{"msg": "cut of', 'ends too early, after column 15: expected the rest of a text in quotes.'],
		['{"a": 1} trailing', 'is none: column 10: expected the end of the line.'],
		["{'a': 'a Python dict'}", 'is none: column 2: expected a key in quotes or }.'],
		['\ufeff{"a"}', 'is none: column 5: expected a colon.'],
		['[{"a": 1}', 'ends too early, after column 9: expected a comma or the closing bracket.'],
		['["a" "b"]', 'is none: column 6: expected a comma or the closing bracket.'],
	])('%s is shown as text, with the reason', (line, problem) => {
		const quarantine = `It begins like JSON but ${problem}`;
		expect(decodeEntry(line, CONTEXT)).toEqual([
			{
				ts: CONTEXT.arrival,
				level: 'INFO',
				severity: 20,
				message: line,
				logger: '',
				task_id: undefined,
				flags: TEXT | EntryFlag.quarantined,
				format: 'text',
				quarantine,
			},
		]);
		expect(readDetails(line, 0, CONTEXT)).toEqual({ format: 'text', quarantine });
	});
});

test('a record that is nested too deep has its columns, and the reason', () => {
	const deep = `${'['.repeat(250)}${']'.repeat(250)}`;
	const [entry] = decodeEntry(`{"msg": "m", "level": "error", "x": ${deep}}`, CONTEXT);
	expect(entry).toMatchObject({
		message: 'm',
		level: 'ERROR',
		flags: EntryFlag.arrivalTime | EntryFlag.quarantined,
		quarantine: 'It is nested deeper than 200 levels: see the raw line.',
	});
});

test('a piece of a record in Docker is quarantined too', () => {
	const line = JSON.stringify({
		log: '{"msg": "cut',
		stream: 'stdout',
		time: '2026-11-22T10:19:47Z',
	});
	expect(decodeEntry(line, CONTEXT)[0]).toMatchObject({
		message: '{"msg": "cut',
		flags: EntryFlag.quarantined,
		format: 'Docker',
	});
});

test.each([
	['plain text'],
	[''],
	['[error] no report'],
	['[2026-11-22 10:21:34] started'],
	['[1, 2]'],
	['[1, 2'],
	['["a"]'],
	['[{"a": 1}]'],
	['[[1]]'],
	['42'],
	['"text"'],
	['null'],
	['}'],
	["['a', 'b']"],
	['{"a": NaN}'],
	['\0\0{"a": 1}'],
])('%j is not quarantined', (line) => {
	expect(decodeEntry(line, CONTEXT)[0]).not.toHaveProperty('quarantine');
});

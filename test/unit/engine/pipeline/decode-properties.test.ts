import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeEntry } from '#engine/pipeline/decode-entry.ts';
import { readDetails } from '#engine/pipeline/details.ts';
import { FORMATS, FormatGuess, recogniseFormat } from '#engine/pipeline/formats/table.ts';
import { readRecord } from '#engine/pipeline/json-record.ts';
import { parseJson } from '#shared/json/parse-json.ts';
import { Random, TEST_SCALE } from '../../../support/entries.ts';
import { FORMAT_SAMPLES } from './format-samples.ts';

const CONTEXT = {
	arrival: 1_800_000_000_000_000,
	mapping: { time: ['time'], level: ['log', 'level'], message: ['body'], task: ['v'] },
};

const LINES = [
	...FORMAT_SAMPLES.map(({ line }) => line),
	...readFileSync('resources/samples/asyncz.jsonl', 'utf8').trimEnd().split('\n'),
	'2026-11-22 10:21:34,547 WARNING asyncz.task: late',
	'<34>1 2026-11-22T10:19:47Z host app - - - x',
	"{'event': 'x', 'level': 'info'}",
	'{"msg": "failed"}\nTraceback (most recent call last):\n  File "a.py"\nE: x',
];

const SIGNS = new Set(FORMATS.flatMap(({ signs }) => signs));
const KEYS = [
	...SIGNS,
	'level',
	'time',
	'message',
	'host',
	'version',
	'pid',
	'log',
	'stream',
	'body',
];
const VALUES: readonly unknown[] = JSON.parse(`[
	"x", "INFO", "info", "stdout", "2026-11-22T10:19:47Z", "", "{\\"event\\": \\"x\\"}", "{A}",
	0, 1, 30, 1e400, -1, 9007199254740993, null, true, [], {}, [{}], ["x"], [1, 2],
	{"level": {}, "time": {}}, {"level": "info"}, {"toString": 1}, {"resourceLogs": []}
]`) as unknown[];

const PIECES = [
	'{',
	'}',
	'[',
	']',
	'"',
	'\\',
	',',
	':',
	'\n',
	'\0',
	'\ufeff',
	'null',
	'NaN',
	'1e999',
];

/** A line with a few characters, values or stretches of it changed. */
function mutated(random: Random): string {
	let line = random.pick(LINES);
	for (let i = random.below(4); i >= 0; i--) {
		const at = random.below(line.length + 1);
		const length = random.below(random.chance(0.2) ? line.length : 4);
		const put = random.chance(0.3)
			? ''
			: random.pick([...PIECES, ...KEYS, JSON.stringify(random.pick(VALUES)), random.pick(LINES)]);
		line = line.slice(0, at) + put + line.slice(at + length);
	}
	return line;
}

/** A record of keys that formats are known by, with values that they have and that they never have. */
function mixed(random: Random): string {
	const sample = random.chance(0.5)
		? readRecord(random.pick(LINES).split('\n')[0] ?? '')
		: undefined;
	const record: Record<string, unknown> = { ...sample?.value };
	for (let i = random.below(6); i > 0; i--) {
		record[random.pick(KEYS)] = random.pick(VALUES);
	}
	return JSON.stringify(record);
}

test('every text is at least one entry, in which nothing is missing', () => {
	const random = new Random(1);
	for (let round = 0; round < 8_000 * TEST_SCALE; round++) {
		const raw = random.chance(0.5) ? mutated(random) : mixed(random);
		const entries = decodeEntry(raw, random.chance(0.5) ? CONTEXT : { arrival: CONTEXT.arrival });
		expect(entries.length).toBeGreaterThan(0);
		for (const { ts, level, severity, message, logger, task_id = 'x', format } of entries) {
			const isSound =
				Number.isInteger(ts) &&
				Number.isInteger(severity) &&
				severity >= 0 &&
				level !== '' &&
				task_id !== '' &&
				format !== '' &&
				[level, message, logger, task_id].every((text) => text.isWellFormed());
			expect({ raw, isSound }).toEqual({ raw, isSound: true });
		}
	}
});

test('the details of every text are JSON, and tell its format as its columns do', () => {
	const random = new Random(2);
	for (let round = 0; round < 4_000 * TEST_SCALE; round++) {
		const raw = random.chance(0.5) ? mutated(random) : mixed(random);
		const entries = decodeEntry(raw, CONTEXT);
		const part = random.below(entries.length);
		const { extra = '{}', format, quarantine } = readDetails(raw, part, CONTEXT);
		expect({ raw, kind: parseJson(extra)?.kind }).toEqual({ raw, kind: 'object' });
		expect([format, quarantine]).toEqual([entries[part]?.format, entries[part]?.quarantine]);
	}
});

test('a guess changes nothing, whatever came before', () => {
	const random = new Random(3);
	const guess = new FormatGuess();
	for (let round = 0; round < 8_000 * TEST_SCALE; round++) {
		// Lines of one format in a row, as logs have them, and now and then something else.
		const raw = random.chance(0.5) ? random.pick(LINES) : mixed(random);
		for (let i = random.below(3); i >= 0; i--) {
			expect(decodeEntry(raw, CONTEXT, guess)).toEqual(decodeEntry(raw, CONTEXT));
		}
	}
});

test('every record of a format has one of the keys it is known by', () => {
	const random = new Random(4);
	for (let round = 0; round < 20_000 * TEST_SCALE; round++) {
		const record = readRecord(mixed(random))?.value ?? {};
		const { name, signs } = recogniseFormat(record);
		expect(name === 'JSON' || signs.some((key) => key in record)).toBe(true);
	}
});

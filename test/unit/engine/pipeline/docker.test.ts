import { describe, expect, test } from 'vitest';
import { EntryFlag } from '#shared/model/entry.ts';
import { decodeEntry } from '#engine/pipeline/decode-entry.ts';
import { readDetails } from '#engine/pipeline/details.ts';
import { findEntryStart, follow, stateAfter } from '#engine/pipeline/join-lines.ts';
import { joinLines } from './group-lines.ts';
import type { JoinState } from '#engine/pipeline/join-lines.ts';
import { Random, TEST_SCALE } from '../../../support/entries.ts';

const CONTEXT = { arrival: 1_800_000_000_000_000 };

const docker = (log: string, stream = 'stdout', rest: object = {}) =>
	JSON.stringify({ log, stream, time: '2026-11-22T10:19:47.283179123Z', ...rest });

/** The entries as texts. */
function entriesOf(lines: readonly string[]): readonly string[] {
	const raw = lines.map((text) => ({ text, offset: 0 }));
	const { groups } = joinLines(raw, 'fresh');
	return groups.map(({ head, rest }) => [head, ...rest].map(({ text }) => text).join('\n'));
}

const messagesOf = (lines: readonly string[]) =>
	entriesOf(lines).map((raw) => decodeEntry(raw, CONTEXT).map(({ message }) => message));

const TRACEBACK = [
	'Traceback (most recent call last):\n',
	'  File "/app/jobs.py", line 7, in run\n',
	'ValueError: bad input\n',
];

describe("a program's lines in Docker's records", () => {
	test('are entries each', () => {
		expect(messagesOf([docker('a\n'), docker('b\r\n'), docker('c\n', 'stderr')])).toEqual([
			['a'],
			['b'],
			['c'],
		]);
	});

	test('that were cut are put together again', () => {
		const lines = [docker('{"msg": "a lo'), docker('ng'), docker(' line"}\n'), docker('b\n')];
		expect(messagesOf(lines)).toEqual([['a long line'], ['b']]);
	});

	test('… whatever came between on the other stream', () => {
		const lines = [docker('a'), docker('x\n', 'stderr'), docker('  y\n', 'stderr'), docker('b\n')];
		expect(messagesOf(lines)).toEqual([['ab', 'x']]);
		const [raw = ''] = entriesOf(lines);
		expect(readDetails(raw, 0, CONTEXT).exception).toBeUndefined();
		expect(readDetails(raw, 1, CONTEXT).exception).toBe('  y');
	});

	test('… but not for ever', () => {
		const others = Array.from({ length: 20 }, () => docker('x\n', 'stderr'));
		expect(messagesOf([docker('a'), ...others, docker('b\n')])).toEqual([
			['a', ...Array.from({ length: 16 }, () => 'x')],
			['x'],
			['x'],
			['x'],
			['x'],
			['b'],
		]);
	});

	test('of a traceback belong together', () => {
		const [raw = '', ...others] = entriesOf([
			docker('{"msg": "failed", "level": "error"}\n', 'stderr'),
			...TRACEBACK.map((log) => docker(log, 'stderr')),
			docker('next\n', 'stderr'),
		]);
		expect(others).toHaveLength(1);
		expect(decodeEntry(raw, CONTEXT)).toMatchObject([
			{ message: 'failed', level: 'ERROR', flags: EntryFlag.continued, format: 'Docker › JSON' },
		]);
		expect(readDetails(raw, 0, CONTEXT).exception).toBe(TRACEBACK.join('').trimEnd());
	});

	test('of a traceback on one stream are not those on the other', () => {
		expect(messagesOf([docker('failed\n'), docker(TRACEBACK[0] ?? '', 'stderr')])).toEqual([
			['failed'],
			['Traceback (most recent call last):'],
		]);
	});

	test('in records with CRLF are the same', () => {
		const raw = [docker('a '), docker('b\n')].join('\r\n');
		expect(decodeEntry(`${raw}\r`, CONTEXT)[0]?.message).toBe('a b');
	});

	test('of text have the time of Docker, and their own level', () => {
		expect(decodeEntry(docker('2020-01-01 00:00:00 ERROR no report\n'), CONTEXT)).toEqual([
			{
				ts: 1_795_342_787_283_179,
				level: 'ERROR',
				severity: 40,
				message: '2020-01-01 00:00:00 ERROR no report',
				logger: '',
				task_id: undefined,
				flags: 0,
				format: 'Docker',
			},
		]);
	});

	test.each([
		['{"level":30,"time":1795342787283,"msg":"m"}\n', 'Docker › pino'],
		['<34>Nov 22 10:21:34 host app: m\n', 'Docker › syslog'],
		[`${docker('m\n')}\n`, 'Docker › Docker'],
	])('%s are read as their format', (log, format) => {
		expect(decodeEntry(docker(log), CONTEXT)[0]?.format).toBe(format);
	});

	test('leave to extra what the wrapper has beside them', () => {
		const raw = docker('{"msg": "m", "a": 1}\n', 'stderr', { attrs: { tag: 't' } });
		expect(readDetails(raw, 0, CONTEXT).extra).toBe(
			'{"a": 1, "stream": "stderr", "attrs": {"tag":"t"}}',
		);
	});
});

test('the state between two lines is plain data', () => {
	let state: JoinState = stateAfter(docker('a'));
	for (const line of [docker('x\n', 'stderr'), docker('b'), docker('c\n')]) {
		const copy = JSON.parse(JSON.stringify(state)) as JoinState;
		const next = follow(line, state);
		expect(next).toEqual(follow(line, copy));
		expect(next).toBeDefined();
		state = next ?? state;
	}
	expect(follow(docker('d\n'), state)).toBeUndefined();
});

test('from an entry start on, the entries are those of the whole file', () => {
	const random = new Random(5);
	const logs = ['a\n', 'a', '{"msg":"m"}\n', '  x\n', 'E: x\n', '\n', ...TRACEBACK];
	const streams = ['stdout', 'stdout', 'stderr'];
	for (let round = 0; round < 500 * TEST_SCALE; round++) {
		const lines = Array.from({ length: 60 }, () =>
			random.chance(0.9)
				? docker(random.pick(logs), round % 2 === 0 ? 'stdout' : random.pick(streams))
				: random.pick(['plain', '{"msg":"m"}', '  indented']),
		);
		const whole = entriesOf(lines);
		const part = lines.slice(1 + random.below(30));
		const start = findEntryStart(part.map((text) => ({ text, offset: 0 })));
		// -1 says that there is no sure one.
		const found = start === -1 ? [] : entriesOf(part.slice(start));
		expect({ round, found }).toEqual({ round, found: whole.slice(whole.length - found.length) });
	}
});

import { describe, expect, test } from 'vitest';
import {
	formatMinutes,
	rangeLabel,
	readBetween,
	readLast,
	typedSince,
	typedUntil,
} from '../../../src/renderer/lib/time-range.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const READING = { zone: 'utc', now: NOW } as const;

function micros(text: string): number {
	return Date.parse(text) * 1_000;
}

test.each([
	[15, '15 min'],
	[60, '1 h'],
	[90, '1 h 30 min'],
	[240, '4 h'],
	[1_440, '24 h'],
	[2_160, '36 h'],
	[2_880, '2 days'],
	[10_080, '7 days'],
	[3_060, '2 days 3 h'],
	[1_441, '1 day 1 min'],
])('%i minutes are %s', (minutes, text) => {
	expect(formatMinutes(minutes)).toBe(text);
	expect(readLast(text)).toEqual({ range: { kind: 'last', minutes } });
});

describe('a length of time', () => {
	test.each([
		['90', 90],
		['90m', 90],
		['2h', 120],
		['2 hours', 120],
		['1d12h', 2_160],
		['3 Days', 4_320],
		['2 weeks', 20_160],
	])('%j is read', (text, minutes) => {
		expect(readLast(text)).toEqual({ range: { kind: 'last', minutes } });
	});

	test.each(['', 'soon', '0', '-5', '10s', '5 years', 'now'])('%j is none', (text) => {
		expect(readLast(text)).toEqual({ problem: expect.stringMatching(/^Type a length of time/) });
	});

	test('more than a year is too long', () => {
		expect(readLast('400 days')).toEqual({ problem: expect.stringContaining('a year') });
	});
});

describe('two moments', () => {
	test('a day or a minute belongs to it as a whole', () => {
		expect(readBetween('2026-11-21', '2026-11-22 10:28', READING)).toEqual({
			range: {
				kind: 'between',
				since: micros('2026-11-21T00:00:00Z'),
				until: micros('2026-11-22T10:29:00Z') - 1,
			},
		});
	});

	test('a time without a day is of today, and an end can be open', () => {
		expect(readBetween('10:28', '', READING)).toEqual({
			range: { kind: 'between', since: micros('2026-11-22T10:28:00Z') },
		});
		expect(readBetween('', '-2h', READING)).toEqual({
			range: { kind: 'between', until: micros('2026-11-22T10:00:00Z') },
		});
	});

	test.each([
		['', '', 'Type when it begins, when it ends, or both.'],
		['10:29', '10:28', 'It would end before it begins.'],
		['x', '10:28', '“x” is no time'],
		['10:28', '2026-13-01', '“2026-13-01” is no time'],
	])('%j to %j is none', (from, to, problem) => {
		expect(readBetween(from, to, READING)).toEqual({
			problem: expect.stringContaining(problem),
		});
	});
});

test.each([
	[{ kind: 'all' }, 'All time'],
	[{ kind: 'last', minutes: 15 }, 'Last 15 min'],
	[
		{
			kind: 'between',
			since: micros('2026-11-22T10:14:00Z'),
			until: micros('2026-11-22T10:29:30Z'),
		},
		'10:14 – 10:29:30',
	],
	[
		{
			kind: 'between',
			since: micros('2026-11-21T23:00:00Z'),
			until: micros('2026-11-22T01:00:00Z'),
		},
		'2026-11-21 23:00 – 2026-11-22 01:00',
	],
	[
		{
			kind: 'between',
			since: micros('2026-11-22T10:14:00Z'),
			until: micros('2026-11-22T10:29:00Z') - 1,
		},
		'10:14 – 10:29',
	],
	[{ kind: 'between', until: micros('2026-11-23T00:00:00Z') - 1 }, 'Until 2026-11-23 00:00'],
	[{ kind: 'between', since: micros('2026-11-22T10:14:00.5Z') }, 'Since 10:14:00.500'],
	[{ kind: 'between', until: micros('2026-11-22T10:14:00Z') }, 'Until 10:14'],
] as const)('%j is called %s', (range, label) => {
	expect(rangeLabel(range, READING)).toBe(label);
});

test('a moment is written as it can be read again', () => {
	for (const text of ['2026-11-22 10:28', '2026-11-22 10:28:59', '2026-11-22 10:28:59.250']) {
		const typed = readBetween(text, '', READING);
		const since =
			'range' in typed && typed.range.kind === 'between' ? typed.range.since : undefined;
		expect(typedSince(since, 'utc')).toBe(text);
	}
});

test('the end of a range is written as it can be read again', () => {
	const texts = [
		'2026-11-22',
		'2026-11-22 10:28',
		'2026-11-22 10:28:58',
		'2026-11-22 10:28:59.250',
		'2026-11-22 10:28:59.250123',
		'2026-11-22 10:00:00.000000',
	];
	const written = texts.map((text) => {
		const typed = readBetween('', text, READING);
		return 'range' in typed && typed.range.kind === 'between'
			? typedUntil(typed.range.until, 'utc')
			: typed;
	});
	expect(written).toEqual(texts);
});

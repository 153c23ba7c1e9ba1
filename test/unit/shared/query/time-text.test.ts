import { expect, test } from 'vitest';
import { momentOf, timeBoundsOf } from '#shared/query/time-test.ts';
import { readTime } from '#shared/query/time-text.ts';

/** Noon of the 1st of July in UTC; clocks are two hours ahead all year. */
const context = { at: Date.UTC(2026, 6, 1, 12) * 1_000, zone: 'Etc/GMT-2' };

const shown = (micros: number) =>
	`${new Date(Math.floor(micros / 1_000)).toISOString().slice(0, -1)}${String(((micros % 1_000) + 1_000) % 1_000).padStart(3, '0')}`;

test.each([
	['2026-07', '2026-06-30T22:00:00.000000', '2026-07-31T21:59:59.999999'],
	['2026-12', '2026-11-30T22:00:00.000000', '2026-12-31T21:59:59.999999'],
	['2026-07-01', '2026-06-30T22:00:00.000000', '2026-07-01T21:59:59.999999'],
	['2024-02-29', '2024-02-28T22:00:00.000000', '2024-02-29T21:59:59.999999'],
	['2026-07-01T10', '2026-07-01T08:00:00.000000', '2026-07-01T08:59:59.999999'],
	['2026-07-01T10:00', '2026-07-01T08:00:00.000000', '2026-07-01T08:00:59.999999'],
	['2026-07-01 10:00:05', '2026-07-01T08:00:05.000000', '2026-07-01T08:00:05.999999'],
	['2026-07-01T10:00:05.1', '2026-07-01T08:00:05.100000', '2026-07-01T08:00:05.199999'],
	['2026-07-01T10:00:05,123', '2026-07-01T08:00:05.123000', '2026-07-01T08:00:05.123999'],
	['2026-07-01T10:00:05.123456', '2026-07-01T08:00:05.123456', '2026-07-01T08:00:05.123456'],
	['2026-07-01T10:00:05.123456789', '2026-07-01T08:00:05.123456', '2026-07-01T08:00:05.123456'],
	['2026-07-01T10:00Z', '2026-07-01T10:00:00.000000', '2026-07-01T10:00:59.999999'],
	['2026-07-01T10:00-05:30', '2026-07-01T15:30:00.000000', '2026-07-01T15:30:59.999999'],
	['2026-07-01T10:00+0100', '2026-07-01T09:00:00.000000', '2026-07-01T09:00:59.999999'],
	['1969-12-31T23:59Z', '1969-12-31T23:59:00.000000', '1969-12-31T23:59:59.999999'],
	['10:19', '2026-07-01T08:19:00.000000', '2026-07-01T08:19:59.999999'],
	['10:19:46.5', '2026-07-01T08:19:46.500000', '2026-07-01T08:19:46.599999'],
	['1782907200', '2026-07-01T12:00:00.000000', '2026-07-01T12:00:00.999999'],
	['1782907200.25', '2026-07-01T12:00:00.250000', '2026-07-01T12:00:00.259999'],
	['1782907200123', '2026-07-01T12:00:00.123000', '2026-07-01T12:00:00.123999'],
	['1782907200123456', '2026-07-01T12:00:00.123456', '2026-07-01T12:00:00.123456'],
	['now', '2026-07-01T12:00:00.000000', '2026-07-01T12:00:00.000000'],
	['-15m', '2026-07-01T11:45:00.000000', '2026-07-01T11:45:00.000000'],
	['+1d', '2026-07-02T12:00:00.000000', '2026-07-02T12:00:00.000000'],
	['now-1h30m', '2026-07-01T10:30:00.000000', '2026-07-01T10:30:00.000000'],
	['-1.5s', '2026-07-01T11:59:58.500000', '2026-07-01T11:59:58.500000'],
	['-2w', '2026-06-17T12:00:00.000000', '2026-06-17T12:00:00.000000'],
])('%s is from %s to %s', (text, from, to) => {
	const span = readTime(text, context);
	expect(span && [shown(span.from), shown(span.to)]).toEqual([from, to]);
});

test.each([
	...'2026 2026-13 2026-02-29 2026-00-01 2026-07-32 2026-07-01T24 2026-07-01T10:60'.split(' '),
	...'24:00 10:60 10 -15 15m -m now- now15m nowx yesterday 123 12345678901234567 -1e5m'.split(' '),
	'',
	' ',
	'2026-07-01Z',
	`-${'9'.repeat(30)}w`,
])('%j is no time', (text) => {
	expect(readTime(text, context)).toBeUndefined();
});

test('A range is open where it has no end', () => {
	const range = { kind: 'range', withEnds: true } as const;
	expect(timeBoundsOf({ ...range, low: 'now', high: undefined }, context)).toEqual({
		from: context.at,
		to: Infinity,
	});
	expect(timeBoundsOf({ ...range, low: undefined, high: undefined }, context)).toEqual({
		from: -Infinity,
		to: Infinity,
	});
	expect(timeBoundsOf({ ...range, low: 'x', high: undefined }, context)).toBeUndefined();
	expect(timeBoundsOf({ kind: 'exists' }, context)).toBeUndefined();
});

test('A value in a log is a time only if it has a date, or counts from 1970', () => {
	expect(momentOf('2026-07-01T12:00:00Z', context)).toBe(context.at);
	expect(momentOf('1782907200', context)).toBe(context.at);
	expect(['now', '-15m', '10:19', '500', 'soon'].map((text) => momentOf(text, context))).toEqual(
		Array.from({ length: 5 }, () => undefined),
	);
});

test('A time is read with what its zone is ahead of UTC then, not now', () => {
	const berlin = { at: Date.UTC(2026, 10, 26, 12) * 1_000, zone: 'Europe/Berlin' };
	const read = (text: string) => {
		const span = readTime(text, berlin);
		return span && [shown(span.from).slice(0, 19), shown(span.to).slice(0, 19)];
	};
	expect(read('2026-07-01T10:00')).toEqual(['2026-07-01T08:00:00', '2026-07-01T08:00:59']);
	expect(read('2026-11-26T10:00')).toEqual(['2026-11-26T09:00:00', '2026-11-26T09:00:59']);
	expect(read('10:19')).toEqual(['2026-11-26T09:19:00', '2026-11-26T09:19:59']);
	expect(read('2026-10')).toEqual(['2026-09-30T22:00:00', '2026-10-31T22:59:59']);
	// The days on which the clocks are put forward and back.
	expect(read('2026-03-29')).toEqual(['2026-03-28T23:00:00', '2026-03-29T21:59:59']);
	expect(read('2026-10-25')).toEqual(['2026-10-24T22:00:00', '2026-10-25T22:59:59']);
	expect(read('2026-10-25T02:30')).toEqual(['2026-10-25T00:30:00', '2026-10-25T01:30:59']);
	expect(read('2026-10-25T02')).toEqual(['2026-10-25T00:00:00', '2026-10-25T01:59:59']);
	expect(read('2026-03-29T02:30')).toEqual(['2026-03-29T01:30:00', '2026-03-29T01:30:59']);
});

import { afterEach, describe, expect, test } from 'vitest';
import { parseTime } from '#engine/pipeline/parse-time.ts';

const zone = process.env['TZ'];

afterEach(() => {
	process.env['TZ'] = zone;
});

/** Microseconds of a moment in UTC, with its fraction by itself: `Date` knows no microseconds. */
function micros(moment: string, fraction = 0): number {
	return Date.parse(moment) * 1_000 + fraction;
}

const NOON = '2026-11-22T10:19:46Z';

test.each([
	['2026-11-22 10:19:46.278583+00:00', micros(NOON, 278_583)],
	['2026-11-22 10:19:46+00:00', micros(NOON)],
	['2026-11-22 10:19:46.000001+00:00', micros(NOON, 1)],
	['2026-11-22T10:19:46.278583+00:00', micros(NOON, 278_583)],
	['2026-11-22T10:19:46.278Z', micros(NOON, 278_000)],
	['2026-11-22t10:19:46z', micros(NOON)],
	['2026-11-22 10:19:46,278+0000', micros(NOON, 278_000)],
	['2026-11-22 10:19:46.278583 UTC', micros(NOON, 278_583)],
	['2026-11-22 10:19:46 GMT', micros(NOON)],
	['2026-11-22T12:19:46+02:00', micros(NOON)],
	['2026-11-22T12:19:46+0200', micros(NOON)],
	['2026-11-22T12:19:46+02', micros(NOON)],
	['2026-11-22T04:49:46-05:30', micros(NOON)],
	['2026-11-22T10:19:46.1Z', micros(NOON, 100_000)],
	['2026-11-22T10:19:46.123456789Z', micros(NOON, 123_456)],
	['2026-11-22T10:19:46.1234567Z', micros(NOON, 123_456)],
	['  2026-11-22T10:19:46Z  ', micros(NOON)],
	['2026-11-22T10:19Z', micros('2026-11-22T10:19:00Z')],
	['2026-11-22', micros('2026-11-22T00:00:00Z')],
	['2024-02-29T00:00:00Z', micros('2024-02-29T00:00:00Z')],
	['2016-12-31T23:59:60Z', micros('2017-01-01T00:00:00Z')],
	['2026-11-22T24:00:00Z', micros('2026-11-23T00:00:00Z')],
	['1969-12-31T23:59:59.999999Z', -1],
	['0001-01-01 00:00:00', micros('0001-01-01T00:00:00Z')],
	['9999-12-31 23:59:59.999999', micros('9999-12-31T23:59:59Z', 999_999)],
])('reads the stamp %j', (stamp, expected) => {
	expect(parseTime(stamp, 'utc')).toBe(expected);
});

test.each([
	[1_795_342_787, 1_795_342_787_000_000],
	[1_795_342_787.283_179, 1_795_342_787_283_179],
	[1_795_342_787_283, 1_795_342_787_283_000],
	[1_795_342_787_283.5, 1_795_342_787_283_500],
	[1_795_342_787_283_179, 1_795_342_787_283_179],
	[Number('1795342787283179123'), 1_795_342_787_283_179],
	[0, 0],
	[1.5, 1_500_000],
	[-1.5, -1_500_000],
	[-1_795_342_787_283, -1_795_342_787_283_000],
	['1795342787', 1_795_342_787_000_000],
	['1795342787.283179', 1_795_342_787_283_179],
	[' 1795342787283 ', 1_795_342_787_283_000],
	['1795342787283179123', 1_795_342_787_283_179],
	['1795342787283179999', 1_795_342_787_283_179],
	['-1795342787283179999', -1_795_342_787_283_179],
	['100000000000000000', 100_000_000_000_000],
	['1.795342787e9', 1_795_342_787_000_000],
	['-5', -5_000_000],
])('reads the epoch %j', (epoch, expected) => {
	expect(parseTime(epoch, 'local')).toBe(expected);
});

test.each([
	[''],
	['  '],
	['now'],
	['10:19:46'],
	['2026'.repeat(10)],
	['22.11.2026 10:19'],
	['2026-11-22X10:19:46'],
	['2026-13-01T00:00:00Z'],
	['2026-00-01T00:00:00Z'],
	['2026-11-00T00:00:00Z'],
	['2026-11-32T00:00:00Z'],
	['2026-02-30T00:00:00Z'],
	['2025-02-29T00:00:00Z'],
	['2026-11-22T25:00:00Z'],
	['2026-11-22T10:60:00Z'],
	['2026-11-22T10:19:61Z'],
	['2026-11-22T10:19:46+0'],
	['2026-11-22T10:19:46 CET'],
	['2026-11-22T10:19:46.Z'],
	['0x10'],
	['1_000'],
	['NaN'],
	['Infinity'],
	[Number.NaN],
	[Number.POSITIVE_INFINITY],
	[1e20],
	[-1e300],
	[true],
	[null],
	[undefined],
	[{}],
	[[1_795_342_787]],
])('finds no time in %j', (value) => {
	expect(parseTime(value, 'utc')).toBeUndefined();
	expect(parseTime(value, 'local')).toBeUndefined();
});

describe('a stamp without a zone', () => {
	test.each([
		['UTC', '2026-11-22T10:21:34Z'],
		['Europe/Berlin', '2026-11-22T09:21:34Z'],
		['Asia/Kolkata', '2026-11-22T04:51:34Z'],
		['America/New_York', '2026-11-22T15:21:34Z'],
	])('is local time in %s where local is meant, and UTC where UTC is', (tz, moment) => {
		process.env['TZ'] = tz;
		expect([
			parseTime('2026-11-22 10:21:34,547', 'local'),
			parseTime('2026-11-22 10:21:34,547', 'utc'),
			parseTime('2026-11-22 10:21:34,547Z', 'local'),
		]).toEqual([
			micros(moment, 547_000),
			micros('2026-11-22T10:21:34Z', 547_000),
			micros('2026-11-22T10:21:34Z', 547_000),
		]);
	});

	test('of the first centuries is no stamp of the 20th', () => {
		process.env['TZ'] = 'UTC';
		expect(parseTime('0099-01-01 00:00:00', 'local')).toBe(micros('0099-01-01T00:00:00Z'));
	});

	test('that the clock skipped or showed twice is still a time near it', () => {
		process.env['TZ'] = 'Europe/Berlin';
		expect([
			parseTime('2026-03-29 02:30:00', 'local'),
			parseTime('2026-10-25 02:30:00', 'local'),
		]).toEqual([micros('2026-03-29T01:30:00Z'), micros('2026-10-25T00:30:00Z')]);
	});
});

test.each([
	['a stamp and spaces', `2026-11-22${' '.repeat(200_000)}x`],
	['spaces', `${' '.repeat(200_000)}x`],
	['digits', `${'1'.repeat(200_000)}x`],
	['a fraction', `2026-11-22 10:19:46.${'1'.repeat(200_000)}`],
])('gives up at once on %s without end', (_, text) => {
	const begin = performance.now();
	expect(parseTime(text, 'utc')).toBeUndefined();
	expect(performance.now() - begin).toBeLessThan(100);
});

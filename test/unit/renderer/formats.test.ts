import { describe, expect, test } from 'vitest';
import {
	formatBytes,
	formatCount,
	formatCountOf,
	formatRate,
	formatShare,
} from '../../../src/renderer/lib/format-number.ts';
import {
	dayOf,
	formatClock,
	formatDelta,
	formatRecordTime,
	formatTime,
	formatTimestamp,
} from '#shared/format/format-time.ts';

const TS = Date.UTC(2026, 10, 22, 10, 28, 41, 902) * 1_000 + 113;

describe('time', () => {
	test('of today has no date', () => {
		expect(formatTime(TS, 'utc', '2026-11-22')).toBe('10:28:41.902');
	});

	test('of another day has one', () => {
		expect(formatTime(TS, 'utc', '2026-11-23')).toBe('2026-11-22 10:28:41.902');
	});

	test('is told to the microsecond, with its zone', () => {
		expect(formatTimestamp(TS, 'utc')).toBe('2026-11-22 10:28:41.902113 +00:00');
	});

	test('is local with the offset of that moment', () => {
		const minutes = 0 - new Date(TS / 1_000).getTimezoneOffset();
		const local = formatTimestamp(TS, 'local');
		const [, sign, hours, rest] = /([+-])(\d\d):(\d\d)$/.exec(local) ?? [];
		expect((sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(rest))).toBe(minutes);
		expect(Date.parse(local.replace(' ', 'T').replace(' ', ''))).toBe(Math.floor(TS / 1_000));
	});

	test('of a record is as AsyncZ writes it', () => {
		expect(formatRecordTime(TS)).toBe('2026-11-22 10:28:41.902113+00:00');
		expect(formatRecordTime(Date.UTC(2026, 0, 1) * 1_000)).toBe('2026-01-01 00:00:00+00:00');
	});

	test('before 1970 counts its microseconds forwards', () => {
		expect(formatTimestamp(-1, 'utc')).toBe('1969-12-31 23:59:59.999999 +00:00');
	});

	test('that no calendar has is shown as its number', () => {
		expect(formatTime(9e18, 'utc', '')).toBe('9000000000000000000');
		expect(formatTimestamp(Number.NaN, 'utc')).toBe('NaN');
		expect(dayOf(9e18, 'utc')).toBe('');
	});

	test('has as many digits as are wanted', () => {
		const shown = ([0, 3, 6] as const).map((digits) => formatTime(TS, 'utc', '', digits));
		expect(shown).toEqual([
			'2026-11-22 10:28:41',
			'2026-11-22 10:28:41.902',
			'2026-11-22 10:28:41.902113',
		]);
	});

	test('of the last refresh has no fraction', () => {
		expect(formatClock(TS / 1_000, 'utc')).toBe('10:28:41');
	});
});

describe('the time between two entries', () => {
	test('is told in seconds, then as a clock, then with days', () => {
		const day = 86_400_000_000;
		expect(
			[0, 1_204_000, 59_999_000, 123_120_000, 3_723_120_000, 3 * day + 1].map((micros) =>
				formatDelta(micros),
			),
		).toEqual([
			'+0.000 s',
			'+1.204 s',
			'+59.999 s',
			'+2:03.120',
			'+1:02:03.120',
			'+3 d 00:00:00.000',
		]);
	});

	test('has a sign only where it is not nothing', () => {
		expect([formatDelta(-1_500_000), formatDelta(-499), formatDelta(-499, 6)]).toEqual([
			'−1.500 s',
			'+0.000 s',
			'−0.000499 s',
		]);
	});

	test('is rounded to the digits that are wanted', () => {
		expect([formatDelta(59_999_600), formatDelta(1_500_000, 0), formatDelta(Number.NaN)]).toEqual([
			'+1:00.000',
			'+2 s',
			'',
		]);
	});
});

describe('numbers', () => {
	test('are grouped', () => {
		expect([formatCount(200), formatCount(20_100), formatCount(5_104_220)]).toEqual([
			'200',
			'20,100',
			'5,104,220',
		]);
	});

	test('say one of something', () => {
		expect([formatCountOf(1, 'error', 'errors'), formatCountOf(0, 'error', 'errors')]).toEqual([
			'1 error',
			'0 errors',
		]);
	});

	test('of bytes have three digits at most', () => {
		expect([0, 999, 1_023, 1_536, 102_400, 1_153_433_600].map(formatBytes)).toEqual([
			'0 B',
			'999 B',
			'1.0 KB',
			'1.5 KB',
			'100 KB',
			'1.1 GB',
		]);
	});

	test('of shares are rounded down, so that 100 % is all', () => {
		expect([0, 0.645, 0.9999, 1, 1.5].map(formatShare)).toEqual([
			'0 %',
			'64 %',
			'99 %',
			'100 %',
			'100 %',
		]);
	});

	test('of rates show that there is something', () => {
		expect([0, 0.42, 1.4, 4_120].map(formatRate)).toEqual(['0', '0.4', '1', '4,120']);
	});
});

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
	formatRecordTime,
	formatTime,
	formatTimestamp,
} from '../../../src/renderer/lib/format-time.ts';

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

	test('of the last refresh has no fraction', () => {
		expect(formatClock(TS / 1_000, 'utc')).toBe('10:28:41');
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

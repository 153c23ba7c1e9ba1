import { expect, test } from 'vitest';
import { isZone, momentInZone, zoneOffset } from '#shared/query/zone-offset.ts';

test.each([
	['UTC', '2026-07-01T12:00:00Z', 0],
	['Europe/Berlin', '2026-07-01T12:00:00Z', 120],
	['Europe/Berlin', '2026-11-26T12:00:00Z', 60],
	['Europe/Berlin', '2026-10-25T00:59:59Z', 120],
	['Europe/Berlin', '2026-10-25T01:00:00Z', 60],
	['Asia/Kolkata', '2026-07-01T12:00:00Z', 330],
	['Australia/Lord_Howe', '2026-01-01T00:00:00Z', 660],
	['America/New_York', '1969-12-31T23:59:59.999Z', -300],
	['Asia/Kathmandu', '0044-03-15T12:00:00Z', 341 + 16 / 60],
])('%s at %s is %f minutes ahead', (zone, time, minutes) => {
	expect(zoneOffset(zone, Date.parse(time))).toBeCloseTo(minutes, 5);
});

test('A moment that no calendar has is taken as it is', () => {
	expect(zoneOffset('Europe/Berlin', Infinity)).toBe(0);
	expect(zoneOffset('Europe/Berlin', Number.NaN)).toBe(0);
});

test('What a clock shows is one moment, and the same clock shows it then', () => {
	for (let hour = 0; hour < 24 * 366; hour += 7) {
		const wall = Date.UTC(2026, 0, 1, hour) * 1_000;
		const moment = momentInZone('Europe/Berlin', wall);
		const shown = moment + zoneOffset('Europe/Berlin', moment / 1_000) * 60_000_000;
		// 02:00 to 03:00 of the 29th of March is on no clock.
		expect(shown).toBe(hour === 24 * 87 + 2 ? wall + 3_600_000_000 : wall);
	}
});

test('There are zones, and others', () => {
	expect(['UTC', 'Europe/Berlin', 'Middle/Earth', ''].map(isZone)).toEqual([
		true,
		true,
		false,
		false,
	]);
});

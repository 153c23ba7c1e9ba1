import { expect, test } from 'vitest';
import { isZone, momentsInZone, zoneOffset } from '#shared/query/zone-offset.ts';

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
		const { first: moment, last } = momentsInZone('Europe/Berlin', wall);
		const shown = moment + zoneOffset('Europe/Berlin', moment / 1_000) * 60_000_000;
		// 02:00 to 03:00 of the 29th of March is on no clock.
		expect(shown).toBe(hour === 24 * 87 + 2 ? wall + 3_600_000_000 : wall);
		// 02:00 to 03:00 of the 25th of October is there twice.
		expect(last - moment).toBe(hour === 24 * 297 + 2 ? 3_600_000_000 : 0);
	}
});

test.each([
	['Europe/Berlin', '2026-10-25T02:30:00Z', ['2026-10-25T00:30:00', '2026-10-25T01:30:00']],
	['Europe/Berlin', '2026-10-25T03:00:00Z', ['2026-10-25T02:00:00', '2026-10-25T02:00:00']],
	['America/New_York', '2026-11-01T01:00:00Z', ['2026-11-01T05:00:00', '2026-11-01T06:00:00']],
	['America/New_York', '2026-11-01T02:00:00Z', ['2026-11-01T07:00:00', '2026-11-01T07:00:00']],
	['Australia/Lord_Howe', '2026-04-05T01:45:00Z', ['2026-04-04T14:45:00', '2026-04-04T15:15:00']],
	['America/Havana', '2026-11-01T00:00:00Z', ['2026-11-01T04:00:00', '2026-11-01T05:00:00']],
	['UTC', '2026-10-25T02:30:00Z', ['2026-10-25T02:30:00', '2026-10-25T02:30:00']],
])('clocks in %s show %s at %j', (zone, wall, moments) => {
	const { first, last } = momentsInZone(zone, Date.parse(wall) * 1_000);
	const shown = [first, last].map((at) => new Date(at / 1_000).toISOString().slice(0, 19));
	expect(shown).toEqual(moments);
});

test('There are zones, and others', () => {
	expect(['UTC', 'Europe/Berlin', 'Middle/Earth', ''].map(isZone)).toEqual([
		true,
		true,
		false,
		false,
	]);
});

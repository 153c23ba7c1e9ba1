/** The zone of times that are as they are: ahead of nothing. */
export const UTC = 'UTC';

const MINUTE_MS = 60_000;

/** Zones change what they are ahead by at full quarters of an hour. */
const QUARTER_MS = 15 * MINUTE_MS;

/** No clock is put back by more. */
const CHANGE_US = 3 * 60 * MINUTE_MS * 1_000;

/** Quarters whose offset is remembered: a log's times are near each other. */
const MAX_KEPT = 10_000;

/** A zone's clock, and what it was found to say. */
interface Zone {
	readonly format: Intl.DateTimeFormat;
	readonly kept: Map<number, number>;
}

const zones = new Map<string, Zone>();

/** Whether there is a zone of this name (IANA: `Europe/Berlin`). */
export function isZone(name: string): boolean {
	try {
		zoneOf(name);
		return true;
	} catch {
		return false;
	}
}

/**
 * Minutes that a zone (IANA: `Europe/Berlin`) is ahead of UTC at a moment in milliseconds since 1970:
 * in July others than in November. Throws a `RangeError` if there is no such zone.
 */
export function zoneOffset(name: string, ms: number): number {
	if (name === UTC || !(Math.abs(ms) < 8.64e15)) {
		return 0;
	}
	const zone = zoneOf(name);
	const quarter = Math.floor(ms / QUARTER_MS);
	let minutes = zone.kept.get(quarter);
	if (minutes === undefined) {
		minutes = readOffset(zone.format, quarter * QUARTER_MS);
		if (zone.kept.size >= MAX_KEPT) {
			zone.kept.clear();
		}
		zone.kept.set(quarter, minutes);
	}
	return minutes;
}

/**
 * The moments, in microseconds since 1970, at which clocks in a zone show what clocks in UTC show at
 * `wall`, the first and the last: in autumn a clock shows an hour twice. What it skips in spring is
 * an hour on.
 */
export function momentsInZone(
	name: string,
	wall: number,
): { readonly first: number; readonly last: number } {
	// What is ahead of UTC in winter may not be so at that time.
	const near = wall - aheadOfUtc(name, wall);
	const found = [near - CHANGE_US, near + CHANGE_US]
		.map((moment) => wall - aheadOfUtc(name, moment))
		.filter((moment) => moment + aheadOfUtc(name, moment) === wall);
	const one = wall - aheadOfUtc(name, near);
	return { first: Math.min(...(found.length > 0 ? found : [one])), last: Math.max(one, ...found) };
}

function aheadOfUtc(name: string, moment: number): number {
	return zoneOffset(name, moment / 1_000) * MINUTE_MS * 1_000;
}

function zoneOf(name: string): Zone {
	let zone = zones.get(name);
	if (zone === undefined) {
		const format = new Intl.DateTimeFormat('en-US', {
			timeZone: name,
			calendar: 'gregory',
			hourCycle: 'h23',
			era: 'short',
			year: 'numeric',
			month: 'numeric',
			day: 'numeric',
			hour: 'numeric',
			minute: 'numeric',
			second: 'numeric',
		});
		zone = { format, kept: new Map() };
		zones.set(name, zone);
	}
	return zone;
}

function readOffset(format: Intl.DateTimeFormat, ms: number): number {
	const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]));
	const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
	const year = parts.get('era') === 'BC' ? 1 - part('year') : part('year');
	const shown = new Date(0);
	shown.setUTCFullYear(year, part('month') - 1, part('day'));
	shown.setUTCHours(part('hour'), part('minute'), part('second'));
	return (shown.getTime() - ms) / MINUTE_MS;
}

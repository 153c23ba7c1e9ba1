/** How a stamp without a zone is meant: AsyncZ's naive times are UTC, Python's `asctime` is local. */
export type ZonelessTime = 'utc' | 'local';

// 2026-11-22 10:19:46.278583+00:00, also with T, a comma, fewer or more digits, Z, +0000, +00, UTC.
const STAMP =
	/^\s*(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?\s*$/i;

/** No stamp is this long; in a longer text the patterns would search for minutes. */
const MAX_LENGTH = 100;

const DIGITS = /^\s*-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\s*$/;

/**
 * Microseconds since 1970 of a time as loggers write it: an ISO 8601 stamp (a space for the T, a
 * comma for the point, no fraction, no zone are all met), or seconds, milliseconds, microseconds or
 * nanoseconds as a number or as its digits. `undefined` if it is none of these. `Date.parse` is no
 * help: it cuts to milliseconds and refuses the comma.
 */
export function parseTime(value: unknown, zoneless: ZonelessTime): number | undefined {
	if (typeof value === 'number') {
		return fromEpoch(value);
	}
	if (typeof value !== 'string' || value.length > MAX_LENGTH) {
		return undefined;
	}
	const match = STAMP.exec(value);
	if (match === null) {
		return DIGITS.test(value) ? fromDigits(value.trim()) : undefined;
	}
	const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = match;
	const parts = [year, month, day, hour, minute, second].map(Number) as DateParts;
	const micros = Number(fraction.slice(0, 6).padEnd(6, '0'));
	if (!isPossible(parts)) {
		return undefined;
	}
	const millis = zone === undefined && zoneless === 'local' ? localMillis(parts) : utcMillis(parts);
	return (millis - zoneMinutes(zone) * 60_000) * 1_000 + micros;
}

/** Nanoseconds have more digits than a double: the last three are cut off first. */
function fromDigits(text: string): number | undefined {
	const isNanos = /^-?\d{18,20}$/.test(text) && Math.abs(Number(text)) < 1e20;
	return isNanos ? Number(text.slice(0, -3)) : fromEpoch(Number(text));
}

type DateParts = [number, number, number, number, number, number];

/**
 * A number without a unit: seconds below 1e11, milliseconds below 1e14, microseconds below 1e17,
 * else nanoseconds. The bounds are thousands of years apart in each reading.
 */
function fromEpoch(value: number): number | undefined {
	const size = Math.abs(value);
	if (!Number.isFinite(value) || size >= 1e20) {
		return undefined;
	}
	if (size < 1e11) {
		return Math.round(value * 1e6);
	}
	if (size < 1e14) {
		return Math.round(value * 1e3);
	}
	return size < 1e17 ? Math.round(value) : Math.round(value / 1e3);
}

function utcMillis([year, month, day, hour, minute, second]: DateParts): number {
	// Set piece by piece: Date.UTC takes years below 100 for 19xx.
	const date = new Date(0);
	date.setUTCFullYear(year, month - 1, day);
	return date.setUTCHours(hour, minute, second);
}

function localMillis([year, month, day, hour, minute, second]: DateParts): number {
	const date = new Date(2000, 0, 1);
	date.setFullYear(year, month - 1, day);
	return date.setHours(hour, minute, second);
}

/** Second 60 is a leap second; hour 24 is midnight in ISO 8601. */
function isPossible([year, month, day, hour, minute, second]: DateParts): boolean {
	return (
		month >= 1 &&
		month <= 12 &&
		day >= 1 &&
		// A day that the month does not have comes out as one of the next month.
		new Date(utcMillis([year, month, day, 0, 0, 0])).getUTCDate() === day &&
		hour <= 24 &&
		minute <= 59 &&
		second <= 60
	);
}

function zoneMinutes(zone: string | undefined): number {
	if (zone === undefined || !/^[+-]/.test(zone)) {
		return 0;
	}
	const digits = zone.replace(':', '');
	const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5) || '0');
	return digits.startsWith('-') ? -minutes : minutes;
}

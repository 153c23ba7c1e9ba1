import type { Precision, TimeZone } from '../model/settings.ts';

/** What `Date` cannot hold is shown as the number it is. */
const MAX_DATE_MS = 8.64e15;

interface Parts {
	readonly day: string;
	readonly clock: string;
}

/** The day of a time in microseconds, `2026-11-22`. */
export function dayOf(ts: number, zone: TimeZone): string {
	return partsOf(ts, zone)?.day ?? '';
}

/**
 * `10:28:59.000`, with the date before it when it is not `today` (a `dayOf`); with so many digits
 * of the second.
 */
export function formatTime(
	ts: number,
	zone: TimeZone,
	today: string,
	precision: Precision = 3,
): string {
	const parts = partsOf(ts, zone);
	if (parts === undefined) {
		return String(ts);
	}
	const clock = withPrecision(parts.clock, ts, precision);
	return parts.day === today ? clock : `${parts.day} ${clock}`;
}

/**
 * How long it took from one time to another, in microseconds: `+1.204 s`, `+2:03.120`,
 * `−1:02:03.120`, `+3 d 01:02:03.120`.
 */
export function formatDelta(micros: number, precision: Precision = 3): string {
	if (!Number.isFinite(micros)) {
		return '';
	}
	const unit = 10 ** (6 - precision);
	const rounded = Math.round(Math.abs(micros) / unit) * unit;
	const sign = micros < 0 && rounded > 0 ? '−' : '+';
	const seconds = Math.floor(rounded / 1e6);
	const fraction =
		precision === 0
			? ''
			: `.${String(rounded % 1e6)
					.padStart(6, '0')
					.slice(0, precision)}`;
	if (seconds < 60) {
		return `${sign}${seconds}${fraction} s`;
	}
	const clock = `${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}${fraction}`;
	const hours = Math.floor(seconds / 3_600);
	if (hours === 0) {
		return `${sign}${clock.replace(/^0/, '')}`;
	}
	return hours < 24
		? `${sign}${hours}:${clock}`
		: `${sign}${Math.floor(hours / 24)} d ${pad(hours % 24)}:${clock}`;
}

/** All of it, to the microsecond and with its zone: `2026-11-22 10:28:41.902113 +00:00`. */
export function formatTimestamp(ts: number, zone: TimeZone): string {
	const parts = partsOf(ts, zone);
	if (parts === undefined) {
		return String(ts);
	}
	return `${parts.day} ${parts.clock}${microsOf(ts)} ${offsetOf(ts, zone)}`;
}

/** As AsyncZ writes it (Python's `str` of an aware UTC time): `2026-11-22 10:19:46.278583+00:00`. */
export function formatRecordTime(ts: number): string {
	const parts = partsOf(ts, 'utc');
	if (parts === undefined) {
		return String(ts);
	}
	const fraction = `${parts.clock.slice(8)}${microsOf(ts)}`;
	return `${parts.day} ${parts.clock.slice(0, 8)}${fraction === '.000000' ? '' : fraction}+00:00`;
}

/** Time of day without fraction, of milliseconds: `10:28:42`. */
export function formatClock(ms: number, zone: TimeZone): string {
	return partsOf(ms * 1_000, zone)?.clock.slice(0, 8) ?? '';
}

function partsOf(ts: number, zone: TimeZone): Parts | undefined {
	const ms = Math.floor(ts / 1_000);
	if (!(Math.abs(ms) <= MAX_DATE_MS)) {
		return undefined;
	}
	const date = new Date(ms);
	const shifted = zone === 'utc' ? date : new Date(ms - date.getTimezoneOffset() * 60_000);
	if (Number.isNaN(shifted.getTime())) {
		return undefined;
	}
	// Not Intl: this runs for every row that scrolls by.
	const iso = shifted.toISOString();
	const split = iso.indexOf('T');
	return { day: iso.slice(0, split), clock: iso.slice(split + 1, -1) };
}

function withPrecision(clock: string, ts: number, precision: Precision): string {
	switch (precision) {
		case 0:
			return clock.slice(0, 8);
		case 3:
			return clock;
		case 6:
			return `${clock}${microsOf(ts)}`;
	}
}

function microsOf(ts: number): string {
	return String(((ts % 1_000) + 1_000) % 1_000).padStart(3, '0');
}

/** How far a zone is from UTC at a time, `+01:00`. */
export function offsetOf(ts: number, zone: TimeZone): string {
	const minutes = zone === 'utc' ? 0 : -new Date(Math.floor(ts / 1_000)).getTimezoneOffset();
	const size = Math.abs(minutes);
	return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

function pad(value: number): string {
	return String(value).padStart(2, '0');
}

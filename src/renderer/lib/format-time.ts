import type { TimeZone } from '#shared/model/settings.ts';

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

/** `10:28:59.000`, with the date before it when it is not `today` (a `dayOf`). */
export function formatTime(ts: number, zone: TimeZone, today: string): string {
	const parts = partsOf(ts, zone);
	if (parts === undefined) {
		return String(ts);
	}
	return parts.day === today ? parts.clock : `${parts.day} ${parts.clock}`;
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

function microsOf(ts: number): string {
	return String(((ts % 1_000) + 1_000) % 1_000).padStart(3, '0');
}

function offsetOf(ts: number, zone: TimeZone): string {
	const minutes = zone === 'utc' ? 0 : -new Date(Math.floor(ts / 1_000)).getTimezoneOffset();
	const size = Math.abs(minutes);
	return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

function pad(value: number): string {
	return String(value).padStart(2, '0');
}

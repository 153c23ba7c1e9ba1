import { momentsInZone, zoneOffset } from './zone-offset.ts';

/** A stretch of time in microseconds since 1970; both ends belong to it. */
export interface TimeSpan {
	readonly from: number;
	readonly to: number;
	/** It is counted from now: `-15m`, `now`. */
	readonly relative: boolean;
}

/** What a time in a query counts from. */
export interface TimeContext {
	/** Now, in microseconds since 1970. */
	readonly at: number;
	/** The zone of times that name none (IANA: `Europe/Berlin`, `UTC`). */
	readonly zone: string;
}

const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Microseconds of each unit of a duration. */
export const TIME_UNITS: ReadonlyMap<string, number> = new Map([
	['ns', 0.001],
	['us', 1],
	['µs', 1],
	['μs', 1],
	['ms', 1_000],
	['s', SECOND],
	['sec', SECOND],
	['m', MINUTE],
	['min', MINUTE],
	['h', HOUR],
	['d', DAY],
	['w', 7 * DAY],
]);

const RELATIVE = /^(now)?([+-](?:\d+(?:\.\d+)?(?:us|ms|sec|s|min|m|h|d|w))+)?$/;
const PART = /(\d+(?:\.\d+)?)([a-z]+)/g;
const DATE =
	/^(\d{4})-(\d\d)(?:-(\d\d)(?:[T ](\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?)?)?)?(Z|[+-]\d\d(?::?\d\d)?)?$/i;
const CLOCK = /^(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?$/;

/**
 * Reads a time as people write it: `2026-07-01` (all of that day), `2026-07-01T10:00` (that
 * minute), `10:19:46` (of this day), seconds, milliseconds or microseconds since 1970, `now`,
 * `-15m`, `now-1h30m`. Without a zone it is one of the context's: of an hour that clocks show twice
 * both are meant. `undefined` if it is none of these.
 */
export function readTime(text: string, context: TimeContext): TimeSpan | undefined {
	return (
		readRelative(text, context) ??
		readDate(text, context) ??
		readClock(text, context) ??
		readEpoch(text)
	);
}

function readRelative(text: string, { at }: TimeContext): TimeSpan | undefined {
	const found = text === '' ? null : RELATIVE.exec(text);
	if (found === null) {
		return undefined;
	}
	const amount = found[2] ?? '';
	let sum = 0;
	for (const [, count, unit = ''] of amount.matchAll(PART)) {
		sum += Number(count) * (TIME_UNITS.get(unit) ?? 0);
	}
	const moment = at + Math.round(amount.startsWith('-') ? -sum : sum);
	return Number.isSafeInteger(moment) ? { from: moment, to: moment, relative: true } : undefined;
}

function readDate(text: string, { zone: own }: TimeContext): TimeSpan | undefined {
	const found = DATE.exec(text);
	if (found === null) {
		return undefined;
	}
	const [, year, month, day, hour, minute, second, fraction, zone] = found;
	const [y, m, d] = [Number(year), Number(month), Number(day ?? 1)];
	// Date.UTC takes the years 0 to 99 for 1900 to 1999, and the 31st of June for the 1st of July.
	const midnight = new Date(0);
	midnight.setUTCFullYear(y, m - 1, d);
	if (midnight.getUTCMonth() !== m - 1 || midnight.getUTCDate() !== d) {
		return undefined;
	}
	const clock = clockSpan(hour, minute, second, fraction);
	if (clock === undefined || (zone !== undefined && hour === undefined)) {
		return undefined;
	}
	const wall = midnight.getTime() * 1_000 + clock.from;
	if (zone !== undefined) {
		const from = wall - zoneMinutes(zone) * MINUTE;
		return { from, to: from + clock.width - 1, relative: false };
	}
	const { first: from, last } = momentsInZone(own, wall);
	if (day === undefined) {
		midnight.setUTCFullYear(y, m, 1);
		return { from, to: momentsInZone(own, midnight.getTime() * 1_000).first - 1, relative: false };
	}
	// A day can have 23 hours, or 25.
	const end = hour === undefined ? momentsInZone(own, wall + DAY).first : last + clock.width;
	return { from, to: end - 1, relative: false };
}

function readClock(text: string, { at, zone }: TimeContext): TimeSpan | undefined {
	const [, hour, minute, second, fraction] = CLOCK.exec(text) ?? [];
	const clock = hour === undefined ? undefined : clockSpan(hour, minute, second, fraction);
	if (clock === undefined) {
		return undefined;
	}
	const today = Math.floor((at + zoneOffset(zone, at / 1_000) * MINUTE) / DAY) * DAY;
	const { first, last } = momentsInZone(zone, today + clock.from);
	return { from: first, to: last + clock.width - 1, relative: false };
}

/** Seconds, milliseconds or microseconds since 1970, told apart by their size. */
function readEpoch(text: string): TimeSpan | undefined {
	const [, whole = '', fraction = ''] = /^(\d{9,16})(?:\.(\d{1,6}))?$/.exec(text) ?? [];
	if (whole === '') {
		return undefined;
	}
	const unit = whole.length <= 11 ? SECOND : whole.length <= 14 ? 1_000 : 1;
	const from = Number(whole) * unit + Math.floor(Number(`0.${fraction || 0}`) * unit);
	const width = Math.max(1, unit / 10 ** fraction.length);
	return { from, to: from + width - 1, relative: false };
}

function clockSpan(hour?: string, minute?: string, second?: string, fraction?: string) {
	const from =
		Number(hour ?? 0) * HOUR +
		Number(minute ?? 0) * MINUTE +
		Number(second ?? 0) * SECOND +
		Number((fraction ?? '').padEnd(6, '0').slice(0, 6));
	if (Number(hour ?? 0) > 23 || Number(minute ?? 0) > 59 || Number(second ?? 0) > 59) {
		return undefined;
	}
	const width =
		fraction !== undefined
			? Math.max(1, 10 ** (6 - fraction.length))
			: second !== undefined
				? SECOND
				: minute !== undefined
					? MINUTE
					: hour !== undefined
						? HOUR
						: DAY;
	return { from, width };
}

function zoneMinutes(zone: string): number {
	const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
	return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
}

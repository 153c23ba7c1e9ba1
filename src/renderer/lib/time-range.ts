import type { TimeZone } from '#shared/model/settings.ts';
import type { TimeRange } from '#shared/model/view.ts';
import { readTime } from '#shared/query/time-text.ts';
import { UTC } from '#shared/query/zone-offset.ts';
import { dayOf, formatTime, formatTimestamp } from '#shared/format/format-time.ts';
import { zoneName } from './zone-name.ts';

/** How a time ends that is the last one of a day, a minute, a second, a millisecond. */
const WHOLE_ENDS = [' 23:59:59.999999', ':59.999999', '.999999', '999'] as const;

/** The longest relative range: a leap year. */
const MAX_MINUTES = 366 * 24 * 60;

/** A range that was typed, or the sentence that says why it is none. */
export type TypedRange = { readonly range: TimeRange } | { readonly problem: string };

/** Times without a zone are local ones or UTC, as the settings say. */
export interface TimeReading {
	readonly zone: TimeZone;
	/** Milliseconds since 1970. */
	readonly now: number;
}

/** `15 min`, `4 h`, `7 days`, `1 h 30 min`. */
export function formatMinutes(minutes: number): string {
	const days = Math.floor(minutes / 1_440);
	const hours = Math.floor((minutes % 1_440) / 60);
	const rest = minutes % 60;
	const parts = [
		...(days > 0 ? [`${days} ${days === 1 ? 'day' : 'days'}`] : []),
		...(hours > 0 ? [`${hours} h`] : []),
		...(rest > 0 ? [`${rest} min`] : []),
	];
	// Whole days up to two are better known by their hours.
	return minutes % 60 === 0 && minutes < 2_880 ? `${minutes / 60} h` : parts.join(' ');
}

/** What a range is called: `All time`, `Last 15 min`, `10:14 – 10:29`. An end that is the last moment of a second is told by the next one. */
export function rangeLabel(range: TimeRange, { zone, now }: TimeReading): string {
	switch (range.kind) {
		case 'all':
			return 'All time';
		case 'last':
			return `Last ${formatMinutes(range.minutes)}`;
		case 'between': {
			const { since, until } = range;
			const today = dayOf(now * 1_000, zone);
			const from = since === undefined ? undefined : shortTime(since, zone, today);
			const day = since === undefined ? today : dayOf(since, zone);
			const to = until === undefined ? undefined : shortTime(endOf(until), zone, day);
			if (from === undefined) {
				return to === undefined ? 'All time' : `Until ${to}`;
			}
			return to === undefined ? `Since ${from}` : `${from} – ${to}`;
		}
	}
}

/** A beginning as it can be typed again: without a fraction of zeros, and with its day. */
export function typedSince(ts: number | undefined, zone: TimeZone): string {
	return ts === undefined ? '' : asMeant(shortTime(ts, zone, ''), ts, zone, 'from');
}

/** The same of an end, which belongs to its range: the day, minute or second it is the end of. */
export function typedUntil(ts: number | undefined, zone: TimeZone): string {
	if (ts === undefined) {
		return '';
	}
	const text = formatTime(ts, zone, '', 6);
	const whole = WHOLE_ENDS.find((end) => text.endsWith(end));
	return asMeant(whole === undefined ? text : text.slice(0, -whole.length), ts, zone, 'to');
}

/** Of an hour that clocks show twice in autumn, a time says by its offset which one it is of. */
function asMeant(text: string, ts: number, zone: TimeZone, end: 'from' | 'to'): string {
	const offset = formatTimestamp(ts, zone).slice(-'+00:00'.length);
	const read = (written: string) => readTime(written, { at: 0, zone: zoneName(zone) })?.[end];
	return read(text) !== ts && read(text + offset) === ts ? text + offset : text;
}

/** Reads a length of time: `90 min`, `2h`, `3 days`; a number alone is minutes. */
export function readLast(text: string): TypedRange {
	const written = text
		.toLowerCase()
		.replace(/weeks?|days?|hours?|hrs?|minutes?|mins?/g, (word) => word.charAt(0))
		.replace(/\s+/g, '');
	const amount = /^\d+$/.test(written) ? `${written}min` : written;
	const span = readTime(`-${amount}`, { at: 0, zone: UTC });
	const minutes = span?.relative === true ? Math.round(-span.from / 60_000_000) : 0;
	if (minutes < 1) {
		return { problem: 'Type a length of time from one minute on: 90 min, 2 h, 3 days.' };
	}
	return minutes > MAX_MINUTES
		? { problem: 'A range that ends now can be a year long at most.' }
		: { range: { kind: 'last', minutes } };
}

/** Reads both ends of a range; an empty one is open. A day or a minute is in it as a whole. */
export function readBetween(from: string, to: string, reading: TimeReading): TypedRange {
	const since = readEnd(from, reading);
	const until = readEnd(to, reading);
	if (since === undefined || until === undefined) {
		const which = since === undefined ? from : to;
		return { problem: `“${which.trim()}” is no time: type 2026-11-22, 2026-11-22 10:28 or 10:28.` };
	}
	if (since === 'open' && until === 'open') {
		return { problem: 'Type when it begins, when it ends, or both.' };
	}
	if (since !== 'open' && until !== 'open' && since.from > until.to) {
		return { problem: 'It would end before it begins.' };
	}
	return {
		range: {
			kind: 'between',
			...(since === 'open' ? {} : { since: since.from }),
			...(until === 'open' ? {} : { until: until.to }),
		},
	};
}

function readEnd(text: string, { zone, now }: TimeReading) {
	const written = text.trim();
	if (written === '') {
		return 'open';
	}
	return readTime(written, { at: now * 1_000, zone: zoneName(zone) });
}

/** A range up to the last moment of a second ends where the next one begins. */
function endOf(until: number): number {
	return (until + 1) % 1_000_000 === 0 ? until + 1 : until;
}

function shortTime(ts: number, zone: TimeZone, today: string): string {
	return formatTime(ts, zone, today).replace(/(?::00)?\.000$/, '');
}

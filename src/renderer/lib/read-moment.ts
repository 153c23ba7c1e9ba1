import type { TimeZone } from '#shared/model/settings.ts';
import { readTime } from '#shared/query/time-text.ts';
import { zoneName } from './zone-name.ts';

/**
 * The moment that is meant by a typed time, in microseconds since 1970: the end of the day, minute
 * or second it names. A time without a day is one of the day of `day`. `undefined` if it is no time.
 * `now` is in milliseconds.
 */
export function readMoment(
	text: string,
	zone: TimeZone,
	now: number,
	day: number = now * 1_000,
): number | undefined {
	const written = text.trim();
	const isClock = /^\d{1,2}:/.test(written);
	return readTime(written, { at: isClock ? day : now * 1_000, zone: zoneName(zone) })?.to;
}

import type { TimeZone } from '#shared/model/settings.ts';
import { readTime } from '#shared/query/time-text.ts';

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
	const read = (ms: number) =>
		readTime(written, {
			at: isClock ? day : now * 1_000,
			offsetMinutes: zone === 'utc' ? 0 : -new Date(ms).getTimezoneOffset(),
		});
	// What is ahead of UTC in winter may not be so at that time.
	const guess = read(now);
	return guess === undefined ? undefined : read(Math.floor(guess.from / 1_000))?.to;
}

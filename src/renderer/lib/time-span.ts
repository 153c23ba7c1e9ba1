import type { TimeZone } from '#shared/model/settings.ts';
import { dayOf, formatTime } from '#shared/format/format-time.ts';

const SECOND = 1_000_000;

/**
 * A stretch of time in microseconds, `10:14:00 – 10:29:00`: with the day where it is not `today`
 * (said once if both ends are of it, and of both if they differ), with milliseconds where it takes them to tell the ends apart.
 */
export function formatSpan(from: number, to: number, zone: TimeZone, today: string): string {
	const day = dayOf(from, zone);
	const isOneDay = day === dayOf(to, zone);
	const isFine = [from, to].some((ts) => ts % SECOND !== 0) && to - from < 10 * SECOND;
	const text = (ts: number, known: string): string => {
		const whole = formatTime(ts, zone, known);
		return isFine ? whole : whole.replace(/\.\d{3}$/, '');
	};
	// An end without a day would be read as one of the day that was named before it.
	return `${text(from, isOneDay ? today : '')} – ${text(to, isOneDay ? day : '')}`;
}

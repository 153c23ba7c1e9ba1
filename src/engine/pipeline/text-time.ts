import { parseTime } from './parse-time.ts';

/** A time at the beginning of a line. */
export interface TextTime {
	/** Microseconds since 1970. */
	readonly ts: number;
	/** Where the text after it begins. */
	readonly end: number;
	/** Written as syslog does: `Nov 22 10:21:34`. */
	readonly isSyslog?: boolean;
}

const STAMP =
	/^[[(]?(?:time=")?(\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)( ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)(?![\w:]))?(?=[\s\]),;|"]|:?(?:\s|$))/i;

const MONTHS = 'janfebmaraprmayjunjulaugsepoctnovdec';
const SYSLOG = /^([a-z]{3}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d(?:\.\d{1,9})?)(?=\s)/i;
const KLOG = /^(\d\d)(\d\d) (\d\d:\d\d:\d\d\.\d{1,9})$/;

/** Finds a time that a line of text begins with, also in brackets. Without a zone it is local. */
export function findTextTime(text: string, arrival: number): TextTime | undefined {
	const [found, stamp, zone = ''] = STAMP.exec(text) ?? [];
	if (found !== undefined && stamp !== undefined) {
		const ts = parseTime(stamp.replaceAll('/', '-') + zone, 'local');
		const closing = /^["\])]/.test(text.slice(found.length)) ? 1 : 0;
		return ts === undefined ? undefined : { ts, end: found.length + closing };
	}
	const [written, month, day, clock] = SYSLOG.exec(text) ?? [];
	if (written !== undefined && month !== undefined) {
		const index = MONTHS.indexOf(month.toLowerCase());
		const number = index % 3 === 0 ? index / 3 + 1 : 0;
		const ts = nearest(`${number}`, day ?? '', clock ?? '', arrival);
		return ts === undefined ? undefined : { ts, end: written.length, isSyslog: true };
	}
	const [whole, klogMonth, klogDay, klogClock] = KLOG.exec(text) ?? [];
	if (whole !== undefined) {
		const ts = nearest(klogMonth ?? '', klogDay ?? '', klogClock ?? '', arrival);
		return ts === undefined ? undefined : { ts, end: whole.length };
	}
	return undefined;
}

const DAY = 86_400_000_000;

/** A time without its year: that of the last year in which it is not more than a day ahead. */
function nearest(month: string, day: string, clock: string, arrival: number): number | undefined {
	const year = new Date(arrival / 1_000).getFullYear();
	for (const candidate of [year + 1, year, year - 1, year - 2, year - 3, year - 4]) {
		const date = `${candidate}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
		const ts = parseTime(`${date} ${clock}`, 'local');
		if (ts !== undefined && ts <= arrival + DAY) {
			return ts;
		}
	}
	return undefined;
}

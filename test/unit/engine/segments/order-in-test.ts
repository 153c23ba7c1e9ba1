import { EntryFlag, LATE_MICROS } from '#shared/model/entry.ts';
import type { EntryRow } from '#shared/model/entry.ts';
import type { Random } from '../../../support/entries.ts';

/** When the logs of these tests begin, in ms. */
const START = Date.parse('2026-11-20T10:00:00Z');

/** How the times of a log go on: mostly forward, often the same, some a little or far behind or off. */
export class LogTimes {
	readonly #random: Random;
	readonly #wild: readonly string[];
	#micros = 0;

	/** `wild`: times that are far off, told now and then. */
	constructor(random: Random, wild: readonly string[] = ['1970-01-01T00:00:00.000001Z']) {
		this.#random = random;
		this.#wild = wild;
	}

	next(): string {
		const random = this.#random;
		if (random.chance(0.01)) {
			return random.pick(this.#wild);
		}
		this.#micros += random.pick([0, 0, 1, 500, 20_000, 1_500_000]);
		const behind = random.chance(0.2) ? random.pick([1, 600, 999_999, 1_000_000, 7_000_000]) : 0;
		return isoOf(Math.max(this.#micros - behind, 0));
	}
}

function isoOf(micros: number): string {
	const date = new Date(START + Math.floor(micros / 1_000)).toISOString();
	return `${date.slice(0, -1)}${String(micros % 1_000).padStart(3, '0')}Z`;
}

const LEVELS = ['DEBUG', 'INFO', 'INFO', 'WARNING', 'ERROR'] as const;

/** So many lines of a log of AsyncZ, some without a time. */
export function linesOf(random: Random, times: LogTimes, count: number): string {
	const lines = Array.from({ length: count }, (_, index) =>
		random.chance(0.03)
			? `plain line ${random.below(10)}`
			: JSON.stringify({
					ts: times.next(),
					level: random.pick(LEVELS),
					message: `entry ${index} of ${random.pick(['alpha', 'beta', 'gamma'])}`,
					logger: 'app',
					task_id: random.pick(['nightly', 'hourly', null]),
				}),
	);
	return lines.map((line) => `${line}\n`).join('');
}

/** Times before 1970 and after all others. */
export const WILD_TIMES = ['1960-01-01T00:00:00.000001Z', '2999-12-31T23:59:59.999999Z'] as const;

/** What each row's `late` has to be, by `seq`; `rows` are all there are, as they came. */
export function lateOf(rows: readonly EntryRow[]): ReadonlyMap<number, number> {
	const newest = new Map<number, number>();
	const late = new Map<number, number>();
	for (const { seq, ts, source, flags } of rows) {
		if ((flags & (EntryFlag.arrivalTime | EntryFlag.gap)) === 0) {
			const behind = (newest.get(source) ?? -Infinity) - ts;
			if (behind >= LATE_MICROS) {
				late.set(seq, behind);
			}
			newest.set(source, Math.max(newest.get(source) ?? -Infinity, ts));
		}
	}
	return late;
}

/** Later times first, of one time what came later first. */
export function byTime(rows: readonly EntryRow[]): readonly EntryRow[] {
	return [...rows].sort((a, b) => b.ts - a.ts || b.seq - a.seq);
}

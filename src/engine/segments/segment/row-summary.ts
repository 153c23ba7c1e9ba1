import { severityOf } from '#shared/model/level.ts';
import { WITHOUT_TIME } from './columns.ts';
import type { Columns } from './columns.ts';
import { levelOfText } from './dictionary.ts';
import type { Dictionary } from './dictionary.ts';
import type { Segment } from './segment.ts';

/** Severity from which a row counts as an error. */
export const ERROR = severityOf('ERROR');

/** What many rows have in common, so that a search can pass all of them by. */
export class RowSummary {
	minTs = Infinity;
	maxTs = -Infinity;
	maxSeverity = 0;
	errors = 0;
	/** See `Segment.behind`. */
	behind = 0;
	#newest = -Infinity;
	readonly #dictionary: Dictionary;
	/** By level id. */
	readonly #severities: number[] = [];

	constructor(dictionary: Dictionary) {
		this.#dictionary = dictionary;
	}

	add(ts: number, level: number, flags: number): void {
		const severity = this.severityOf(level);
		this.minTs = Math.min(this.minTs, ts);
		this.maxTs = Math.max(this.maxTs, ts);
		if ((flags & WITHOUT_TIME) === 0) {
			this.behind = Math.max(this.behind, this.#newest - ts);
			this.#newest = Math.max(this.#newest, ts);
		}
		this.maxSeverity = Math.max(this.maxSeverity, severity);
		this.errors += severity >= ERROR ? 1 : 0;
	}

	/** The severity of a level by its id. */
	severityOf(level: number): number {
		return (this.#severities[level] ??= levelOfText(
			this.#dictionary.text('level', level),
		).severity);
	}
}

/** What is known of a segment by the times of its first `rows` rows. */
export function timesOf(
	{ ts, flags }: Columns,
	rows: number,
): Pick<Segment, 'minTs' | 'maxTs' | 'behind'> {
	let minTs = Infinity;
	let maxTs = -Infinity;
	let newest = -Infinity;
	let behind = 0;
	for (let row = 0; row < rows; row++) {
		const time = ts[row] ?? 0;
		minTs = Math.min(minTs, time);
		maxTs = Math.max(maxTs, time);
		if (((flags[row] ?? 0) & WITHOUT_TIME) === 0) {
			behind = Math.max(behind, newest - time);
			newest = Math.max(newest, time);
		}
	}
	return { minTs, maxTs, behind };
}

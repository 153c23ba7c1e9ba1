import { UNIT_ROWS } from './kept-counts.ts';
import { keptTally } from './kept-tallies.ts';
import type { CountedRows, KeptFilter, KeptTally } from './kept-tallies.ts';
import type { HeldSegment, SegmentSet } from './segment-set.ts';
import type { Stretch } from './stretches.ts';
import type { FoundRows, Tally, TallyKind } from './tally.ts';

/** Which of the rows [from, to), which are in one unit, match: 1 or 0 for each. */
export type FindRows = (held: HeldSegment, from: number, to: number) => Uint8Array;

/** What is to be counted in a stretch of rows. */
export interface TallyJob {
	readonly stretch: Stretch;
	readonly filter: KeptFilter;
	readonly kinds: readonly TallyKind[];
	readonly readsText: boolean;
	readonly find: FindRows;
	/** Asked before each unit: whether to stop there. */
	readonly isOver: () => boolean;
}

interface Task {
	readonly rows: CountedRows;
	readonly end: number;
	isBegun: boolean;
}

/** Counts rows unit by unit by several kinds at once, and goes on where it was stopped. */
export class TallyRunner {
	readonly #segments: SegmentSet;
	readonly #rows = new Uint32Array(UNIT_ROWS);
	/** Rises with each unit that was looked at. */
	learned = 0;

	constructor(segments: SegmentSet) {
		this.#segments = segments;
	}

	/** Counts what is not counted yet; whether all is by now. */
	run(job: TallyJob): boolean {
		const { stretch, filter, kinds, readsText } = job;
		const tasks: Task[] = [];
		for (const kind of kinds) {
			const kept = keptTally(filter, stretch.held, kind, readsText);
			for (const rows of wantedParts(kept, stretch, kind)) {
				const end = rows === kept.whole ? wholeRows(stretch.to) : stretch.to;
				if (rows.to < end) {
					tasks.push({ rows, end, isBegun: false });
				}
			}
		}
		return tasks.length === 0 || this.#count(job, tasks);
	}

	#count(job: TallyJob, tasks: readonly Task[]): boolean {
		const { held, from: first, to } = job.stretch;
		const resident = this.#segments.resident(held);
		const from = tasks.reduce((least, { rows }) => Math.min(least, rows.to), Infinity);
		try {
			for (let unit = Math.floor(from / UNIT_ROWS); unit * UNIT_ROWS < to; unit++) {
				const start = Math.max(unit * UNIT_ROWS, first);
				const asked = tasks.filter(({ rows, end }) => rows.to === start && end > start);
				if (asked.length > 0) {
					if (job.isOver()) {
						return false;
					}
					const mask = job.find(held, start, Math.min((unit + 1) * UNIT_ROWS, to));
					this.#countUnit(asked, { held, resident }, start, mask);
					endTasks(asked.filter(({ rows, end }) => rows.to >= end));
					this.learned++;
				}
			}
			return true;
		} finally {
			endTasks(tasks);
		}
	}

	#countUnit(
		tasks: readonly Task[],
		place: Pick<FoundRows, 'held' | 'resident'>,
		start: number,
		mask: Uint8Array,
	): void {
		const count = rowsIn(mask, start, this.#rows);
		for (const task of tasks) {
			if (!task.isBegun) {
				task.isBegun = true;
				task.rows.tally.begin();
			}
			if (count > 0) {
				task.rows.tally.add({ ...place, rows: this.#rows, count });
			}
			task.rows.to = start + mask.length;
		}
	}
}

function endTasks(tasks: readonly Task[]): void {
	for (const task of tasks) {
		if (task.isBegun) {
			task.isBegun = false;
			task.rows.tally.end();
		}
	}
}

/** What is counted of a stretch by some kind so far. */
export function talliesOf<T extends Tally>(
	{ filter, stretch, readsText }: TallyJob,
	kind: TallyKind<T>,
): readonly T[] {
	const kept = keptTally(filter, stretch.held, kind, readsText);
	// What a kind's name stands for was made by a kind of that name.
	return wantedParts(kept, stretch, kind).map(({ tally }) => tally as T);
}

/** The parts a stretch is counted in: whole units, and what is left of it. */
function wantedParts(kept: KeptTally, stretch: Stretch, kind: TallyKind): CountedRows[] {
	const whole = wholeRows(stretch.to);
	const isOther = stretch.from > 0 || kept.whole.to > whole;
	const from = isOther ? stretch.from : whole;
	const { rest } = kept;
	const goesOn =
		rest?.from === from &&
		(rest.to === stretch.to || (rest.to < stretch.to && rest.to % UNIT_ROWS === 0));
	if (!goesOn) {
		kept.rest =
			from === stretch.to ? undefined : { from, to: from, tally: kind.create(stretch.held) };
	}
	return [...(isOther ? [] : [kept.whole]), ...(kept.rest === undefined ? [] : [kept.rest])];
}

function wholeRows(rows: number): number {
	return rows - (rows % UNIT_ROWS);
}

/** Puts the numbers of the rows that are in a mask, which begins at `start`, into `rows`. */
function rowsIn(mask: Uint8Array, start: number, rows: Uint32Array): number {
	let count = 0;
	const first = mask.indexOf(1);
	for (let at = first === -1 ? mask.length : first; at < mask.length; at++) {
		if (mask[at] === 1) {
			rows[count++] = start + at;
		}
	}
	return count;
}

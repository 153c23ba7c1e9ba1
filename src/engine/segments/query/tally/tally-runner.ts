import type { Columns } from '../../segment/columns.ts';
import { UNIT_ROWS } from '../kept/kept-counts.ts';
import { keptTally } from './kept-tallies.ts';
import type { CountedRows, KeptFilter } from './kept-tallies.ts';
import { headRow, textStart } from '../text/row-text.ts';
import type { HeldSegment, SegmentSet } from '../segment-set.ts';
import type { Stretch } from '../order/stretches.ts';
import type { FoundRows, Tally, TallyKind } from './tally.ts';

/** So much text is decoded in one go: long lines are few. */
const DECODED_BYTES = 512 * 1024;

/** Says which of the rows [from, to), which are in one unit, match. */
export interface RowFinder {
	/** Finds that out where it takes long, unless it `isOver` before; whether it did. */
	prepare(held: HeldSegment, from: number, to: number, isOver: () => boolean): boolean;
	/** Puts them into `into`, rising; how many these are. */
	rows(held: HeldSegment, from: number, to: number, into: Uint32Array): number;
}

/** What is to be counted in a stretch of rows. */
export interface TallyJob {
	readonly stretch: Stretch;
	readonly filter: KeptFilter;
	readonly kinds: readonly TallyKind[];
	/** Whether it depends on more than columns which rows match. */
	readonly readsText: boolean;
	readonly rows: RowFinder;
	/** Asked before each piece: whether to stop there. */
	readonly isOver: () => boolean;
}

interface Task {
	readonly rows: CountedRows;
	isBegun: boolean;
}

/** Counts rows piece by piece by several kinds at once, and goes on where it was stopped. */
export class TallyRunner {
	readonly #segments: SegmentSet;
	readonly #rows = new Uint32Array(UNIT_ROWS);
	/** Rises with each piece that was looked at. */
	learned = 0;

	constructor(segments: SegmentSet) {
		this.#segments = segments;
	}

	/** Counts what is not counted yet; whether all is by now. */
	run(job: TallyJob): boolean {
		const tasks: Task[] = [];
		for (const kind of job.kinds) {
			for (const rows of this.#parts(job, kind)) {
				if (rows.to < rows.end) {
					tasks.push({ rows, isBegun: false });
				}
			}
		}
		return tasks.length === 0 || this.#count(job, tasks);
	}

	/** What is counted of a job's rows by some kind so far, and whether that is all. */
	tallies<T extends Tally>(
		job: TallyJob,
		kind: TallyKind<T>,
	): { readonly tallies: readonly T[]; readonly isAll: boolean } {
		const parts = this.#parts(job, kind);
		return {
			// What is kept by a kind's name was made by a kind of that name.
			tallies: parts.map(({ tally }) => tally as T),
			isAll: parts.every(({ to, end }) => to === end),
		};
	}

	/** What a job's rows are counted in: whole pieces, which never change, and what follows them. */
	#parts({ stretch, filter, readsText }: TallyJob, kind: TallyKind): CountedRows[] {
		const { held, from, to } = stretch;
		const isText = readsText || kind.readsText === true;
		const kept = keptTally(filter, held, kind, isText);
		const stable = isText ? this.#stableRows(stretch) : { rows: to, textEnd: 0 };
		const step = kind.pieceRows ?? UNIT_ROWS;
		const whole = stable.rows - (stable.rows % step);
		const isUsed = from === 0 && kept.whole.to <= whole;
		if (isUsed) {
			kept.whole.end = whole;
		}
		const start = isUsed ? whole : from;
		let { rest } = kept;
		if (start === to) {
			rest = undefined;
		} else if (rest === undefined || !goesOn(rest, start, to, stable.textEnd, step)) {
			const tally = kind.create(held, filter);
			rest = { from: start, to: start, end: to, textEnd: stable.textEnd, tally };
		} else {
			rest.end = to;
		}
		kept.rest = rest;
		return [...(isUsed ? [kept.whole] : []), ...(rest === undefined ? [] : [rest])];
	}

	/** Lines may still come to the last entry of a segment that grows: where its text ends, tells. */
	#stableRows({ held, to }: Stretch): { readonly rows: number; readonly textEnd: number } {
		if (!held.isPinned) {
			return { rows: to, textEnd: 0 };
		}
		const { columns } = this.#segments.resident(held);
		return { rows: headRow(columns, to - 1), textEnd: columns.end[to - 1] ?? 0 };
	}

	#count(job: TallyJob, tasks: readonly Task[]): boolean {
		const { held, to } = job.stretch;
		const resident = this.#segments.resident(held);
		const step = Math.min(...job.kinds.map((kind) => kind.pieceRows ?? UNIT_ROWS));
		try {
			for (let left = tasks; left.length > 0;) {
				if (job.isOver()) {
					return false;
				}
				const from = left.reduce((least, { rows }) => Math.min(least, rows.to), to);
				const asked = left.filter(({ rows }) => rows.to === from);
				// Up to where all of these and none of the others are asked about.
				const ends = left.map(({ rows }) => (rows.to === from ? rows.end : rows.to));
				const next = Math.min(from - (from % step) + step, ...ends);
				const readsText = job.kinds.some((kind) => kind.readsText === true);
				const end = readsText ? endWithin(resident.columns, from, next) : next;
				const isReady = [job.rows, ...job.kinds].every(
					(each) => each.prepare?.(held, from, end, job.isOver) ?? true,
				);
				if (!isReady) {
					return false;
				}
				const count = job.rows.rows(held, from, end, this.#rows);
				this.#countRows(asked, { held, resident, from, to: end, rows: this.#rows, count });
				left = left.filter(({ rows }) => rows.to < rows.end);
				endTasks(asked.filter((task) => !left.includes(task)));
				this.learned++;
			}
			return true;
		} finally {
			endTasks(tasks);
		}
	}

	#countRows(tasks: readonly Task[], found: FoundRows): void {
		for (const task of tasks) {
			if (!task.isBegun) {
				task.isBegun = true;
				task.rows.tally.begin();
			}
			if (found.count > 0) {
				task.rows.tally.add(found);
			}
			task.rows.to = found.to;
		}
	}
}

/** Where rows from `from` on end, at most at `to`, whose text can be decoded in one go: one at least. */
function endWithin(columns: Columns, from: number, to: number): number {
	const start = textStart(columns, from);
	let end = to;
	while (end > from + 1 && (columns.end[end - 1] ?? 0) - start > DECODED_BYTES) {
		end--;
	}
	return end;
}

/** Whether rows that are counted in part can be counted on up to `to`. */
function goesOn(
	rest: CountedRows,
	from: number,
	to: number,
	textEnd: number,
	step: number,
): boolean {
	const isSame = rest.from === from && rest.textEnd === textEnd;
	return isSame && (rest.end === to || (rest.to < to && rest.to % step === 0));
}

function endTasks(tasks: readonly Task[]): void {
	for (const task of tasks) {
		if (task.isBegun) {
			task.isBegun = false;
			task.rows.tally.end();
		}
	}
}

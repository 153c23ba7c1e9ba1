import { ERROR } from '../../segment/row-summary.ts';
import { levelOfText } from '../../segment/dictionary.ts';
import type { Search } from './searches.ts';
import { UNIT_ROWS } from '../kept/kept-counts.ts';
import type { UnitCount } from '../kept/kept-counts.ts';
import { KeptMatches, Mark } from '../kept/kept-matches.ts';
import { PlanRunner } from './plan-runner.ts';
import { rowsOfMask, selectRows } from './select-rows.ts';
import type { QueryState } from '../query-state.ts';
import { rowsWithin, textLength } from '../text/row-text.ts';
import type { HeldSegment } from '../segment-set.ts';

/** So many entries are decoded in one go: at worst that takes some ms. */
const DECODED_ROWS = 256;

/** The same in bytes, for long lines. */
const DECODED_BYTES = 512 * 1024;

/** So much text is searched in one go. */
const SEARCHED_BYTES = 4 * 1024 * 1024;

/** Finds which rows of a stretch match. What took long to find out is remembered. */
export class UnitMasks {
	readonly #state: QueryState;
	readonly #runner: PlanRunner;
	readonly #kept = new KeptMatches();
	/** Rows of the unit that is counted. */
	readonly #rows = new Uint32Array(UNIT_ROWS);
	/** Made anew when levels came. */
	#errorLevels = new Uint8Array(0);

	constructor(state: QueryState) {
		this.#state = state;
		this.#runner = new PlanRunner(state);
	}

	/** Rises whenever something is found out that will be remembered. */
	get learned(): number {
		return this.#kept.learned;
	}

	/** A segment has left. */
	forget(segment: number): void {
		this.#kept.forget(segment);
	}

	/** 1 for each of the rows [from, to) that matches, else 0. */
	mask(held: HeldSegment, search: Search, from: number, to: number): Uint8Array {
		const rows = { held, resident: this.#state.segments.resident(held), from, to };
		if (!search.isSlow) {
			const mask = new Uint8Array(to - from).fill(1);
			this.#runner.keep(search.plan, { ...rows, mask });
			return mask;
		}
		const mask = new Uint8Array(to - from);
		if (this.#kept.isFresh(search.key, rows)) {
			this.#runner.keep(search.plan, { ...rows, mask: mask.fill(1) });
			this.#kept.learnAll(search.key, rows, mask);
			return mask;
		}
		const marks = this.#kept.marks(search.key, rows);
		if (markOpen(marks, mask)) {
			this.#runner.keep(search.plan, { ...rows, mask });
			settle(marks, mask);
			this.#kept.learn(search.key, rows, marks);
		}
		for (let at = 0; at < mask.length; at++) {
			mask[at] = marks[at] === Mark.match ? 1 : 0;
		}
		return mask;
	}

	/** 1 for each of the rows [from, to) that may match, as far as that is known without decoding them. */
	candidates(held: HeldSegment, search: Search, from: number, to: number): Uint8Array {
		const mask = new Uint8Array(to - from).fill(1);
		if (search.bound !== undefined) {
			const resident = this.#state.segments.resident(held);
			this.#runner.keep(search.bound, { held, resident, from, to, mask });
		}
		return mask;
	}

	/**
	 * The first of the rows [from, to) from which on they can be looked at in one go without taking
	 * long, because few of them have to be decoded and their text is short.
	 */
	pieceStart(held: HeldSegment, search: Search, from: number, to: number): number {
		if (!search.isSlow) {
			return from;
		}
		const resident = this.#state.segments.resident(held);
		const { columns } = resident;
		if (search.bound === undefined) {
			return rowsWithin(columns, from, to, SEARCHED_BYTES);
		}
		const rows = { held, resident, from, to };
		const marks = this.#kept.marks(search.key, rows);
		if (marks.includes(Mark.unknown)) {
			const mask = new Uint8Array(marks.length);
			for (let at = 0; at < mask.length; at++) {
				mask[at] = marks[at] === Mark.unknown ? 1 : 0;
			}
			this.#runner.keep(search.bound, { ...rows, mask });
			for (let at = 0; at < mask.length; at++) {
				if (marks[at] === Mark.unknown) {
					marks[at] = mask[at] === 1 ? Mark.candidate : Mark.noMatch;
				}
			}
			this.#kept.learn(search.key, rows, marks);
		}
		let left = DECODED_ROWS;
		let bytes = DECODED_BYTES;
		let at = marks.length;
		while (at > 0 && left > 0 && bytes > 0) {
			at--;
			if (marks[at] === Mark.candidate) {
				left--;
				bytes -= textLength(columns, from + at);
			}
		}
		return from + at;
	}

	/** Puts those of the rows [from, to) that match into `into`, rising; how many these are. */
	rows(held: HeldSegment, search: Search, from: number, to: number, into: Uint32Array): number {
		const resident = this.#state.segments.resident(held);
		const selected = selectRows(search.plan, { held, resident, from, to }, into);
		return selected ?? rowsOfMask(this.mask(held, search, from, to), from, into);
	}

	/** How many of the rows [from, to), which are in one unit, match, and how many of those are errors. */
	count(held: HeldSegment, search: Search, from: number, to: number): UnitCount {
		const rows = this.#rows;
		const matched = this.rows(held, search, from, to, rows);
		const { level } = this.#state.segments.resident(held).columns;
		const isError = this.levelsOfErrors();
		let errors = 0;
		for (let index = 0; index < matched; index++) {
			errors += isError[level[rows[index] ?? 0] ?? 0] ?? 0;
		}
		return { matched, errors };
	}

	/** By level id: 1 for ERROR and above. */
	levelsOfErrors(): Uint8Array {
		const { dictionary } = this.#state;
		const count = dictionary.count('level') + 1;
		if (this.#errorLevels.length !== count) {
			this.#errorLevels = Uint8Array.from({ length: count }, (_, id) =>
				id > 0 && levelOfText(dictionary.text('level', id)).severity >= ERROR ? 1 : 0,
			);
		}
		return this.#errorLevels;
	}
}

// Plain loops: a million rows go through these for each word that is searched.

/** Puts 1 into a mask for each row that is still to be looked at; whether there are any. */
function markOpen(marks: Uint8Array, mask: Uint8Array): boolean {
	let isAny = false;
	for (let at = 0; at < marks.length; at++) {
		const mark = marks[at];
		if (mark === Mark.unknown || mark === Mark.candidate) {
			mask[at] = 1;
			isAny = true;
		}
	}
	return isAny;
}

/** Those that were still to be looked at match as the mask says by now. */
function settle(marks: Uint8Array, mask: Uint8Array): void {
	for (let at = 0; at < marks.length; at++) {
		const mark = marks[at];
		if (mark === Mark.unknown || mark === Mark.candidate) {
			marks[at] = mask[at] === 1 ? Mark.match : Mark.noMatch;
		}
	}
}

import type { Search } from '../plan/searches.ts';
import { judgeSegment } from '../plan/judge-segment.ts';
import { KeptCounts, UNIT_ROWS } from './kept-counts.ts';
import type { UnitCount } from './kept-counts.ts';
import type { QueryState } from '../query-state.ts';
import type { HeldSegment } from '../segment-set.ts';
import { UnitMasks } from '../plan/unit-masks.ts';

const NOTHING: UnitCount = { matched: 0, errors: 0 };

/** Which rows match, and how many: looked for unit by unit, and remembered. */
export class CountedUnits {
	readonly masks: UnitMasks;
	readonly #state: QueryState;
	readonly #kept = new KeptCounts();

	constructor(state: QueryState) {
		this.#state = state;
		this.masks = new UnitMasks(state);
	}

	/** Rises whenever something is found out that will be remembered. */
	get learned(): number {
		return this.#kept.learned + this.masks.learned;
	}

	/** Puts a search to use: the others' counts may be forgotten when there are many. */
	use(search: Search): void {
		this.#kept.use(search.key);
	}

	/** A segment has left. */
	forget(segment: number): void {
		this.#kept.forget(segment);
		this.masks.forget(segment);
	}

	/** The count of all of a segment's rows, where it is known without looking at them. */
	whole(held: HeldSegment, search: Search, from: number, to: number): UnitCount | undefined {
		const { segment } = held;
		const { dictionary, sourceOf } = this.#state;
		const verdict = judgeSegment(search.plan, segment, dictionary, sourceOf);
		if (verdict === 'none') {
			return NOTHING;
		}
		if (from > 0 || to < segment.rows) {
			return undefined;
		}
		return verdict === 'all'
			? { matched: segment.rows - segment.hidden, errors: segment.errors }
			: this.#kept.whole(held);
	}

	/** Counts rows [from, to), which are in one unit. Whole ones are remembered. */
	count(held: HeldSegment, search: Search, from: number, to: number): UnitCount {
		const known = this.known(held, from, to);
		if (known !== undefined) {
			return known;
		}
		const count = this.masks.count(held, search, from, to);
		this.#learn(held, from, to, count);
		return count;
	}

	/** Puts those of the rows [from, to) of one unit that match into `into`, rising; how many these are. */
	rows(held: HeldSegment, search: Search, from: number, to: number, into: Uint32Array): number {
		return this.known(held, from, to)?.matched === 0
			? 0
			: this.masks.rows(held, search, from, to, into);
	}

	/** 1 for each of the rows [from, to) of one unit that matches, else 0. */
	mask(held: HeldSegment, search: Search, from: number, to: number): Uint8Array {
		return this.masks.mask(held, search, from, to);
	}

	/**
	 * Where the rows begin that are to be counted at once before row `end`, none of them before
	 * `from`: a whole unit, or less where counting it would take long.
	 */
	pieceStart(held: HeldSegment, search: Search, from: number, end: number): number {
		const unit = Math.max(unitStart(end - 1), from);
		return this.known(held, unit, end) === undefined
			? this.masks.pieceStart(held, search, unit, end)
			: unit;
	}

	/**
	 * Counts rows [from, to) of a segment from the last one on, until `isOver`; says then how far
	 * that went: down to the row `from` of what is returned.
	 */
	countDown(
		held: HeldSegment,
		search: Search,
		from: number,
		to: number,
		isOver: () => boolean,
	): UnitCount & { readonly from: number } {
		const whole = this.whole(held, search, from, to);
		if (whole !== undefined) {
			return { ...whole, from };
		}
		let matched = 0;
		let errors = 0;
		for (let end = to; end > from;) {
			const start = Math.max(unitStart(end - 1), from);
			const unit = this.#countUnit(held, search, start, end, isOver);
			matched += unit.matched;
			errors += unit.errors;
			if (unit.from > start) {
				return { matched, errors, from: unit.from };
			}
			end = start;
		}
		return { matched, errors, from };
	}

	/** As `countDown`, within a unit. */
	#countUnit(
		held: HeldSegment,
		search: Search,
		from: number,
		to: number,
		isOver: () => boolean,
	): UnitCount & { readonly from: number } {
		const known = this.known(held, from, to);
		if (known !== undefined) {
			return { ...known, from };
		}
		let matched = 0;
		let errors = 0;
		for (let end = to; end > from;) {
			if (isOver()) {
				return { matched, errors, from: end };
			}
			const start = this.masks.pieceStart(held, search, from, end);
			const count = this.masks.count(held, search, start, end);
			matched += count.matched;
			errors += count.errors;
			end = start;
		}
		this.#learn(held, from, to, { matched, errors });
		return { matched, errors, from };
	}

	/** The count of all rows of a unit, where it is known. */
	known(held: HeldSegment, from: number, to: number): UnitCount | undefined {
		return isWhole(held, from, to)
			? this.#kept.unit(held, Math.floor(from / UNIT_ROWS))
			: undefined;
	}

	#learn(held: HeldSegment, from: number, to: number, count: UnitCount): void {
		if (isWhole(held, from, to)) {
			this.#kept.learn(held, Math.floor(from / UNIT_ROWS), count);
		}
	}
}

/** Whether rows [from, to) are all there are of a unit. */
function isWhole({ segment }: HeldSegment, from: number, to: number): boolean {
	return from % UNIT_ROWS === 0 && to === Math.min(from + UNIT_ROWS, segment.rows);
}

/** The row after the last one of the unit that a row is in. */
export function unitEnd(row: number): number {
	return unitStart(row) + UNIT_ROWS;
}

/** The first row of the unit that a row is in. */
export function unitStart(row: number): number {
	return Math.floor(row / UNIT_ROWS) * UNIT_ROWS;
}

import { severityOf } from '#shared/model/level.ts';
import type { Search } from './compile-search.ts';
import { KeptCounts, UNIT_ROWS } from './kept-counts.ts';
import type { UnitCount } from './kept-counts.ts';
import { cannotMatch } from './match-rows.ts';
import type { QueryState } from './query-state.ts';
import type { HeldSegment } from './segment-set.ts';
import { UnitMasks } from './unit-masks.ts';

const NOTHING: UnitCount = { matched: 0, errors: 0 };

/** Which rows match, and how many: looked for unit by unit, and remembered. */
export class CountedUnits {
	readonly masks: UnitMasks;
	readonly #kept = new KeptCounts();

	constructor(state: QueryState) {
		this.masks = new UnitMasks(state);
	}

	/** Rises whenever something is found out that will be remembered. */
	get learned(): number {
		return this.#kept.learned;
	}

	/** Puts a search to use: the others' counts may be forgotten when there are many. */
	use(search: Search): void {
		this.#kept.use(search.key);
	}

	/** A segment has left. */
	forget(segment: number): void {
		this.#kept.forget(segment);
	}

	/** The count of all of a segment's rows, where it is known without looking at them. */
	whole(held: HeldSegment, search: Search, from: number, to: number): UnitCount | undefined {
		const { segment } = held;
		const { min_level } = search.filter;
		if (cannotMatch(held, search, min_level === undefined ? -Infinity : severityOf(min_level))) {
			return NOTHING;
		}
		if (from > 0 || to < segment.rows) {
			return undefined;
		}
		return search.isEverything
			? { matched: segment.rows - segment.hidden, errors: segment.errors }
			: this.#kept.whole(held);
	}

	/** Counts rows [from, to), which are in one unit. Whole ones are remembered. */
	count(held: HeldSegment, search: Search, from: number, to: number): UnitCount {
		const unit = Math.floor(from / UNIT_ROWS);
		const isWhole = this.#isWhole(held, from, to);
		const known = isWhole ? this.#kept.unit(held, unit) : undefined;
		if (known !== undefined) {
			return known;
		}
		const mask = this.masks.mask(held, search, from, to);
		const count = this.masks.count(held, mask, from, to);
		if (isWhole) {
			this.#kept.learn(held, unit, count, isSlow(search) ? mask : undefined);
		}
		return count;
	}

	/** 1 for each of the rows [from, to) of one unit that matches, else 0. */
	mask(held: HeldSegment, search: Search, from: number, to: number): Uint8Array {
		const unit = Math.floor(from / UNIT_ROWS);
		const kept = from % UNIT_ROWS === 0 ? this.#kept.mask(held, unit, to - from) : undefined;
		return kept ?? this.masks.mask(held, search, from, to);
	}

	/** The same, and it is remembered what was found out on the way. */
	learnedMask(held: HeldSegment, search: Search, from: number, to: number): Uint8Array {
		if (isSlow(search)) {
			this.count(held, search, from, to);
		}
		return this.mask(held, search, from, to);
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
		let end = to;
		while (end > from && !isOver()) {
			const start = Math.max(unitStart(end - 1), from);
			const count = this.count(held, search, start, end);
			matched += count.matched;
			errors += count.errors;
			end = start;
		}
		return { matched, errors, from: end };
	}

	#isWhole({ segment }: HeldSegment, from: number, to: number): boolean {
		return from % UNIT_ROWS === 0 && to === Math.min(from + UNIT_ROWS, segment.rows);
	}
}

/** Whether finding out again which rows match takes longer than remembering it. */
export function isSlow({ text }: Search): boolean {
	return text !== undefined;
}

/** The row after the last one of the unit that a row is in. */
export function unitEnd(row: number): number {
	return unitStart(row) + UNIT_ROWS;
}

/** The first row of the unit that a row is in. */
export function unitStart(row: number): number {
	return Math.floor(row / UNIT_ROWS) * UNIT_ROWS;
}

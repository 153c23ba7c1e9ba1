import type { Filter } from '#shared/model/query.ts';
import type { Search } from '../plan/searches.ts';
import type { CountedUnits } from './counted-units.ts';
import { judgeSegment } from '../plan/judge-segment.ts';
import { fillWithRows } from '../plan/select-rows.ts';
import { KeptTallies } from '../tally/kept-tallies.ts';
import type { KeptFilter } from '../tally/kept-tallies.ts';
import { levelClasses } from '../tally/level-classes.ts';
import type { QueryState } from '../query-state.ts';
import type { HeldSegment } from '../segment-set.ts';
import { stretchesOf } from '../order/stretches.ts';
import type { Stretch } from '../order/stretches.ts';
import { TallyRunner } from '../tally/tally-runner.ts';
import type { TallyJob } from '../tally/tally-runner.ts';
import type { Tally, TallyKind } from '../tally/tally.ts';
import { TimeTally } from '../tally/time-tally.ts';
import type { LevelClasses } from '../tally/time-tally.ts';

/** Begins a slice of time; it is over when that is said to be so. */
export type BeginSlice = () => () => boolean;

/** What all counting shares. */
export interface CountingContext {
	readonly state: QueryState;
	readonly units: CountedUnits;
	readonly tallies: KeptTallies;
	readonly runner: TallyRunner;
	/** Counts how many there are, and when they were. */
	readonly times: TallyKind<TimeTally>;
	readonly classes: LevelClasses;
}

export function createCounting(state: QueryState, units: CountedUnits): CountingContext {
	const classes = levelClasses(state.dictionary);
	return {
		state,
		units,
		tallies: new KeptTallies(),
		runner: new TallyRunner(state.segments),
		times: TimeTally.kind(classes),
		classes,
	};
}

interface KeptSearch {
	readonly search: Search;
	readonly kept: KeptFilter;
}

/** The counting of all entries that match one filter, by whatever was asked for. */
export class FilterCounting {
	readonly #context: CountingContext;
	readonly #search: KeptSearch;
	/**
	 * The same without a range of time, for segments that lie in it altogether: what is counted there
	 * is still good when the range has moved on.
	 */
	readonly #timeless: KeptSearch;
	/** Segments all of whose rows match. */
	readonly #whole = new Set<HeldSegment>();
	/** Segments that may have entries, the newest first. */
	readonly stretches: readonly Stretch[];
	/** Rows of all segments, those that can have no entry as well. */
	readonly #total: number;

	constructor(context: CountingContext, filter: Filter) {
		this.#context = context;
		const { arrived_after, up_to, ...rest } = filter;
		const { since: _, until: __, ...timeless } = rest;
		this.#search = this.#keptSearch(rest);
		this.#timeless = this.#keptSearch(timeless);
		const { dictionary, sourceOf } = context.state;
		const { plan } = this.#search.search;
		const all = stretchesOf(context.state.segments.inOrder, arrived_after, up_to);
		this.#total = all.reduce((sum, { from, to }) => sum + to - from, 0);
		this.stretches = all.filter(({ held }) => {
			const verdict = judgeSegment(plan, held.segment, dictionary, sourceOf);
			if (verdict === 'all' && held.segment.hidden === 0) {
				this.#whole.add(held);
			}
			return verdict !== 'none';
		});
	}

	/** Which filter it is, whatever its stretch of arrival. */
	get key(): string {
		return this.#search.search.key;
	}

	/** Whether it depends on more than columns which rows match. */
	get readsText(): boolean {
		return this.#search.search.isSlow;
	}

	/** Goes on counting until it `isOver`; which share of the entries was looked at by then. */
	run(kinds: readonly TallyKind[], isOver: () => boolean): number {
		let left = 0;
		for (const stretch of this.stretches) {
			left += this.runOne(stretch, kinds, isOver) ? 0 : stretch.to - stretch.from;
		}
		return left === 0 ? 1 : Math.min(1 - left / this.#total, 0.999);
	}

	/** Goes on counting in one stretch; whether all of it is counted. */
	runOne(stretch: Stretch, kinds: readonly TallyKind[], isOver: () => boolean): boolean {
		return this.#context.runner.run(this.#job(stretch, kinds, isOver));
	}

	/** What was counted of a stretch so far, and whether that is all. */
	told<T extends Tally>(
		stretch: Stretch,
		kind: TallyKind<T>,
	): { readonly tallies: readonly T[]; readonly isAll: boolean } {
		const job = this.#job(stretch, [kind], () => true);
		return this.#context.runner.tallies(job, kind);
	}

	/** What was counted of a stretch so far. */
	tallies<T extends Tally>(stretch: Stretch, kind: TallyKind<T>): readonly T[] {
		return this.told(stretch, kind).tallies;
	}

	/** The same of all stretches, those apart that will not change any more. */
	allTallies<T extends Tally>(
		kind: TallyKind<T>,
	): { readonly settled: readonly T[]; readonly others: readonly T[] } {
		const settled: T[] = [];
		const others: T[] = [];
		for (const stretch of this.stretches) {
			const { held, from, to } = stretch;
			const isWhole = from === 0 && to === held.segment.rows && !held.isPinned;
			const { tallies, isAll } = this.told(stretch, kind);
			const isSettled = isWhole && isAll && this.#searchIn(held) === this.#timeless;
			(isSettled ? settled : others).push(...tallies);
		}
		return { settled, others };
	}

	/** What is kept of the filter, whatever its range of time: settled tallies are in there. */
	get kept(): KeptFilter {
		return this.#timeless.kept;
	}

	/** Puts those of the rows [from, to), which are in one unit, that match into `into`; how many these are. */
	rows(held: HeldSegment, from: number, to: number, into: Uint32Array): number {
		if (this.#whole.has(held)) {
			return fillWithRows(from, to, into);
		}
		const { units } = this.#context;
		units.use(this.#search.search);
		return units.rows(held, this.#searchIn(held).search, from, to, into);
	}

	/** Finds that out where it takes long, unless it `isOver` before; whether it did. */
	prepare(held: HeldSegment, from: number, to: number, isOver: () => boolean): boolean {
		const { units } = this.#context;
		const { search } = this.#searchIn(held);
		if (!search.isSlow || this.#whole.has(held)) {
			return true;
		}
		units.use(search);
		for (let end = to; end > from;) {
			if (isOver()) {
				return false;
			}
			const start = units.pieceStart(held, search, from, end);
			units.mask(held, search, start, end);
			end = start;
		}
		return true;
	}

	#keptSearch(filter: Filter): KeptSearch {
		const search = this.#context.state.searches.of(filter);
		return { search, kept: this.#context.tallies.use(search.key) };
	}

	#job(stretch: Stretch, kinds: readonly TallyKind[], isOver: () => boolean): TallyJob {
		const { search, kept } = this.#searchIn(stretch.held);
		return { stretch, kinds, filter: kept, readsText: search.isSlow, rows: this, isOver };
	}

	#searchIn({ segment }: HeldSegment): KeptSearch {
		const { since = -Infinity, until = Infinity } = this.#search.search.filter;
		const isInside = segment.minTs >= since && segment.maxTs <= until;
		return isInside ? this.#timeless : this.#search;
	}
}

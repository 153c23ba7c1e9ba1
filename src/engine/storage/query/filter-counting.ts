import type { Filter } from '#shared/model/query.ts';
import type { Search } from './searches.ts';
import type { CountedUnits } from './counted-units.ts';
import { judgeSegment } from './judge-segment.ts';
import type { KeptFilter, KeptTallies } from './kept-tallies.ts';
import type { QueryState } from './query-state.ts';
import type { HeldSegment } from './segment-set.ts';
import { stretchesOf } from './stretches.ts';
import type { Stretch } from './stretches.ts';
import { talliesOf } from './tally-runner.ts';
import type { FindRows, TallyJob, TallyRunner } from './tally-runner.ts';
import type { Tally, TallyKind } from './tally.ts';

/** What counting needs beside the filter. */
export interface CountingContext {
	readonly state: QueryState;
	readonly units: CountedUnits;
	readonly tallies: KeptTallies;
	readonly runner: TallyRunner;
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
	/** Segments that may have entries, the newest first. */
	readonly stretches: readonly Stretch[];
	readonly #kinds: TallyKind[] = [];
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
		this.stretches = all.filter(
			({ held }) => judgeSegment(plan, held.segment, dictionary, sourceOf) !== 'none',
		);
	}

	/** Counts by this as well. */
	want(kind: TallyKind): void {
		if (this.#kinds.every(({ name }) => name !== kind.name)) {
			this.#kinds.push(kind);
		}
	}

	/** Goes on counting until it `isOver`; which share of the entries was looked at by then. */
	run(isOver: () => boolean): number {
		let left = 0;
		for (const stretch of this.stretches) {
			if (!this.#context.runner.run(this.#job(stretch, this.#kinds, isOver))) {
				left += stretch.to - stretch.from;
			}
		}
		return left === 0 ? 1 : Math.min(1 - left / this.#total, 0.999);
	}

	/** Counts one stretch by something more; whether all of it could be. */
	runOne(stretch: Stretch, kind: TallyKind, isOver: () => boolean): boolean {
		return this.#context.runner.run(this.#job(stretch, [kind], isOver));
	}

	/** What was counted of a stretch so far. */
	tallies<T extends Tally>(stretch: Stretch, kind: TallyKind<T>): readonly T[] {
		return talliesOf(
			this.#job(stretch, [kind], () => true),
			kind,
		);
	}

	#keptSearch(filter: Filter): KeptSearch {
		const search = this.#context.state.searches.of(filter);
		return { search, kept: this.#context.tallies.use(search.key) };
	}

	#job(stretch: Stretch, kinds: readonly TallyKind[], isOver: () => boolean): TallyJob {
		const { search, kept } = this.#searchIn(stretch.held);
		const readsText = search.isSlow;
		return { stretch, kinds, filter: kept, readsText, isOver, find: this.#finder(search) };
	}

	#searchIn({ segment }: HeldSegment): KeptSearch {
		const { since = -Infinity, until = Infinity } = this.#search.search.filter;
		const isInside = segment.minTs >= since && segment.maxTs <= until;
		return isInside ? this.#timeless : this.#search;
	}

	#finder(search: Search): FindRows {
		const { units } = this.#context;
		return (held, from, to) => {
			units.use(search);
			return units.mask(held, search, from, to);
		};
	}
}

import type { Filter } from '#shared/model/query.ts';
import { normalizeFilter } from '#shared/model/normalize-filter.ts';
import { compileFilter } from '#shared/query/match-filter.ts';
import type { QueryPredicate } from '#shared/query/match-query.ts';
import { parseQuery } from '#shared/query/parse-query.ts';
import { needsOf } from '#shared/query/query-needs.ts';
import { BLOCK_ENTRIES } from './entry-window.ts';
import type { EntryWindow } from './entry-window.ts';
import { FacetTallies } from './facet-tallies.ts';
import { startOf } from './place-ranges.ts';
import type { PlaceRange } from './place-ranges.ts';

/** So many filters are remembered, the ones used last. */
const KEPT_SEARCHES = 32;

/** So many entries are looked at between two looks at the clock. */
const ENTRIES_PER_LOOK = 64;

interface KnownMatches {
	/** 1 or 0 for each entry of the block, for those before `done`. */
	readonly mask: Uint8Array;
	done: number;
}

/** Which entries of a window match a filter, as far as it was looked at. */
export class KeptSearch {
	/** Whether it is about repeats, so that they are counted of each row. */
	readonly asksRepeats: boolean;
	readonly facets: FacetTallies;
	readonly #window: EntryWindow;
	readonly #matches: QueryPredicate;
	readonly #known = new Map<number, KnownMatches>();
	readonly #onLearned: () => void;
	#first = 0;

	constructor(
		window: EntryWindow,
		filter: Filter,
		sources: ReadonlyMap<number, string>,
		onLearned: () => void,
	) {
		this.#window = window;
		this.#matches = compileFilter(filter, sources);
		this.asksRepeats = asksRepeats(filter);
		this.#onLearned = onLearned;
		this.facets = new FacetTallies(window, sources, onLearned);
	}

	/** Looks at the entries of a range, all in one block, unless it `isOver` before; whether it did. */
	look(range: PlaceRange, isOver: () => boolean): boolean {
		const known = this.#matchesIn(range.from);
		const start = startOf(range);
		while (known.done < range.to - start) {
			if (isOver()) {
				return false;
			}
			const end = Math.min(known.done + ENTRIES_PER_LOOK, this.#window.end - start, BLOCK_ENTRIES);
			for (let at = known.done; at < end; at++) {
				known.mask[at] = this.#isMatch(start + at) ? 1 : 0;
			}
			known.done = end;
			this.#onLearned();
		}
		return true;
	}

	/** Whether an entry matches that was looked at. */
	has(place: number): boolean {
		const known = this.#known.get(Math.floor(place / BLOCK_ENTRIES));
		return known?.mask[place % BLOCK_ENTRIES] === 1;
	}

	/** How many entries of a range match, all in one block, as far as these were looked at. */
	matchedIn(range: PlaceRange): number {
		const start = startOf(range);
		const mask = this.mask(range.from);
		let matched = 0;
		for (let at = range.from - start; at < range.to - start; at++) {
			matched += mask[at] ?? 0;
		}
		return matched;
	}

	/** 1 or 0 for each entry of the block that a place is in, for those that were looked at. */
	mask(place: number): Uint8Array {
		return this.#matchesIn(place).mask;
	}

	/** Entries have left: what depends on them is looked at again. */
	forgetBefore(first: number): void {
		if (this.#first === first) {
			return;
		}
		this.#first = first;
		const oldest = Math.floor(first / BLOCK_ENTRIES);
		for (const block of this.#known.keys()) {
			if (block < oldest) {
				this.#known.delete(block);
			}
		}
		this.facets.forgetBefore(first);
		const known = this.#known.get(oldest);
		if (this.asksRepeats && known !== undefined && known.done > first % BLOCK_ENTRIES) {
			// The entry that it repeated is gone.
			known.mask[first % BLOCK_ENTRIES] = this.#isMatch(first) ? 1 : 0;
		}
	}

	#isMatch(place: number): boolean {
		return (
			place >= this.#window.first && this.#matches(this.#window.entry(place, this.asksRepeats))
		);
	}

	#matchesIn(place: number): KnownMatches {
		const block = Math.floor(place / BLOCK_ENTRIES);
		let known = this.#known.get(block);
		if (known === undefined) {
			known = { mask: new Uint8Array(BLOCK_ENTRIES), done: 0 };
			this.#known.set(block, known);
		}
		return known;
	}
}

/** Whether a filter is about repeats. */
export function asksRepeats({ query, also }: Filter): boolean {
	return [query, also].some((text) => text !== undefined && needsOf(parseQuery(text).root).repeat);
}

/** The searches of a window, by what their filters mean. */
export class KeptSearches {
	/** Rises whenever something is found out that will be remembered. */
	learned = 0;
	readonly #window: EntryWindow;
	readonly #sources: ReadonlyMap<number, string>;
	/** The one used last stands last. */
	readonly #kept = new Map<string, KeptSearch>();

	constructor(window: EntryWindow, sources: ReadonlyMap<number, string>) {
		this.#window = window;
		this.#sources = sources;
	}

	/** What a filter means, but for its stretch of arrival, which is not the same filter's for long. */
	of(given: Filter): KeptSearch {
		const { up_to: _, arrived_after: __, ...filter } = normalizeFilter(given);
		const key = JSON.stringify(filter);
		const search =
			this.#kept.get(key) ??
			new KeptSearch(this.#window, filter, this.#sources, () => {
				this.learned++;
			});
		this.#kept.delete(key);
		this.#kept.set(key, search);
		for (const oldest of this.#kept.keys()) {
			if (this.#kept.size <= KEPT_SEARCHES) {
				break;
			}
			this.#kept.delete(oldest);
		}
		search.forgetBefore(this.#window.first);
		return search;
	}
}

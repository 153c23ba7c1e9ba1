import type { Filter, Order } from '#shared/model/query.ts';
import { compileFilter } from '#shared/query/match-filter.ts';
import type { QueryPredicate } from '#shared/query/match-query.ts';
import { parseQuery } from '#shared/query/parse-query.ts';
import { needsOf } from '#shared/query/query-needs.ts';
import type { EntryWindow } from '../answers/entry-window.ts';
import type { StorageQuery, StoredEntry } from '../log-storage.ts';
import { QueryableEntry, storageQuery } from '../queryable-entry.ts';

/** Older than all that have numbers. */
const OLDER = -1;

/**
 * What is asked of a storage for an export. One that numbers its entries is asked for all of the
 * filter. Of another one only the app knows numbers, of those in its window: what is told by numbers
 * is then judged here, and what is in no window is older than all of them.
 */
export class ExportFilter {
	readonly #asked: Filter;
	readonly #matches: QueryPredicate | undefined;
	readonly #sources: ReadonlyMap<number, string>;
	/** By id, where the storage has no numbers. */
	readonly #numbers: ReadonlyMap<string, number> | undefined;
	readonly #isAll: boolean;
	/** Entries that came since are told first. */
	#hasBegun = false;

	/** `hasMore`: the storage has more than the window. */
	constructor(
		filter: Filter,
		window: EntryWindow,
		hasMore: boolean,
		sources: ReadonlyMap<number, string>,
	) {
		this.#sources = sources;
		this.#isAll = !hasMore;
		if (window.hasOwnNumbers) {
			this.#asked = filter;
			return;
		}
		const { up_to: _, arrived_after: __, ...rest } = filter;
		this.#asked = isByNumbers(filter) ? {} : rest;
		this.#matches = compileFilter(filter, sources);
		const numbers = new Map<string, number>();
		for (let place = window.first; place < window.end; place++) {
			numbers.set(window.stored(place).id, window.seq(place));
		}
		this.#numbers = numbers;
	}

	query(order: Order, limit: number, before: StoredEntry | undefined): StorageQuery {
		const wish = { order, limit, ...(before === undefined ? {} : { before }) };
		return storageQuery(this.#asked, this.#sources, wish);
	}

	/** Those of a page that the filter means, in its order. */
	select(entries: readonly StoredEntry[]): QueryableEntry[] {
		const numbers = this.#numbers;
		const matches = this.#matches;
		if (numbers === undefined || matches === undefined) {
			return entries.map((stored) => new QueryableEntry(stored));
		}
		return entries.flatMap((stored) => {
			const number = numbers.get(stored.id);
			this.#hasBegun ||= number !== undefined;
			const isNew = number === undefined && (this.#isAll || !this.#hasBegun);
			const entry = new QueryableEntry(stored, number ?? OLDER);
			return !isNew && matches(entry) ? [entry] : [];
		});
	}
}

function isByNumbers({ query, also }: Filter): boolean {
	return [query, also].some((text) => {
		const { marked, notes, seenTo } = needsOf(parseQuery(text ?? '').root);
		return marked || notes || seenTo;
	});
}

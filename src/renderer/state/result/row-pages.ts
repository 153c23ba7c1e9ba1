import type { EntryRow } from '#shared/model/entry.ts';

/** Rows in a page; also the most that one request asks for. */
export const PAGE_ROWS = 200;

/** Pages kept; the ones not looked at for longest go first. */
export const MAX_PAGES = 50;

/** A stretch of ranks: `start` belongs to it, `end` does not. */
export interface RankRange {
	readonly start: number;
	readonly end: number;
}

interface PageOfRows {
	readonly rows: (EntryRow | undefined)[];
	/** Answered completely for the view up to this `seq`: what is missing then does not exist. */
	askedUpTo: number;
}

/**
 * The rows of a result that were fetched, by rank. Ranks are whole numbers that may be negative;
 * those of one page are asked for together.
 */
export class RowPages {
	/** Oldest use first. */
	readonly #pages = new Map<number, PageOfRows>();

	/** The row of this rank, if it is here. */
	get(rank: number): EntryRow | undefined {
		return this.#pages.get(pageOf(rank))?.rows[slotOf(rank)];
	}

	/** Puts in rows that follow each other, the first one at rank `start`. */
	put(start: number, rows: readonly EntryRow[]): void {
		for (const [index, row] of rows.entries()) {
			this.#open(pageOf(start + index)).rows[slotOf(start + index)] = row;
		}
	}

	/** Lets go of all rows up to this rank: others stand there now. */
	forgetUpTo(rank: number): void {
		for (const [page, found] of this.#pages) {
			if (page < pageOf(rank)) {
				this.#pages.delete(page);
			} else if (page === pageOf(rank)) {
				found.rows.fill(undefined, 0, slotOf(rank) + 1);
				found.askedUpTo = -1;
			}
		}
	}

	/** Remembers that all of a page that exists up to `upTo` has been put in. */
	markAsked(page: number, upTo: number): void {
		this.#open(page).askedUpTo = upTo;
	}

	/** The ranks of `page` within `bounds` that are not here yet, from the first to the last. */
	missing(page: number, bounds: RankRange, upTo: number): RankRange | undefined {
		const found = this.#pages.get(page);
		if (found?.askedUpTo === upTo) {
			return undefined;
		}
		let start = Math.max(page * PAGE_ROWS, bounds.start);
		let end = Math.min((page + 1) * PAGE_ROWS, bounds.end);
		while (start < end && found?.rows[slotOf(start)] !== undefined) {
			start++;
		}
		while (end > start && found?.rows[slotOf(end - 1)] !== undefined) {
			end--;
		}
		return start < end ? { start, end } : undefined;
	}

	/** Makes these pages the last ones to go, and lets go of those that are too many. */
	keep(first: number, last: number): void {
		for (let page = first; page <= last; page++) {
			const found = this.#pages.get(page);
			if (found !== undefined) {
				this.#pages.delete(page);
				this.#pages.set(page, found);
			}
		}
		for (const page of this.#pages.keys()) {
			if (this.#pages.size <= MAX_PAGES) {
				return;
			}
			this.#pages.delete(page);
		}
	}

	#open(page: number): PageOfRows {
		let found = this.#pages.get(page);
		if (found === undefined) {
			found = { rows: Array.from({ length: PAGE_ROWS }), askedUpTo: -1 };
			this.#pages.set(page, found);
		}
		return found;
	}
}

/** The page a rank is on. */
export function pageOf(rank: number): number {
	return Math.floor(rank / PAGE_ROWS);
}

function slotOf(rank: number): number {
	return rank - pageOf(rank) * PAGE_ROWS;
}

import type { EntryRow } from '#shared/model/entry.ts';
import type { ResultQuestions } from './result-questions.ts';
import { pageOf, PAGE_ROWS, RowPages } from './row-pages.ts';
import type { RankRange } from './row-pages.ts';

const MAX_IN_FLIGHT = 2;

/** What of its result the loader has to know. */
export interface LoadedResult {
	/** The newest `seq` of its first snapshot, and the newest one it takes in. */
	readonly origin: number;
	readonly upTo: number;
	/** Entries in the first snapshot, as far as they were counted (at all?), and since. */
	readonly older: number;
	readonly isCounted: boolean;
	readonly added: number;
	/** Of a search that was stopped there is no more to be had. */
	readonly isStopped: boolean;
}

export interface RowLoaderOptions {
	/** As it is now. */
	readonly result: () => LoadedResult;
	/** Rows have come, which end before this rank. */
	readonly onRows: (end: number) => void;
	/** A question has been answered: nothing may have come. */
	readonly onAnswer: () => void;
	/** There was no answer: `again` is to be called when it is time for another try. */
	readonly onFailure: (error: unknown, again: () => void) => void;
}

/** Fetches the rows of a result that are looked at, by rank, and keeps those fetched last. */
export class RowLoader {
	readonly #questions: ResultQuestions;
	readonly #options: RowLoaderOptions;
	readonly #pages = new RowPages();
	/** Rises with every row that arrives: the pages themselves are not reactive. */
	#version = $state(0);
	#wanted: RankRange = { start: 0, end: 0 };
	/** Ranks from here on are not shown, whatever matches: there is a limit. */
	#end = Infinity;
	/** Pages that were asked for, each with the last rank that has another row since. */
	readonly #loading = new Map<number, number>();
	/** Pages from this rank on hold what they did in the first snapshot. */
	#fixedFrom = 0;
	#gotRows = false;
	#fallback: { readonly rowAt: (rank: number) => EntryRow | undefined } | undefined;

	constructor(questions: ResultQuestions, options: RowLoaderOptions) {
		this.#questions = questions;
		this.#options = options;
	}

	/** Whether there was an answer to any question for rows. */
	get gotRows(): boolean {
		return this.#gotRows;
	}

	/** The row of this rank, once it was fetched. */
	rowAt(rank: number): EntryRow | undefined {
		void this.#version;
		return this.#pages.get(rank) ?? this.#fallback?.rowAt(rank);
	}

	/** Shows these rows until its own have come; `undefined`: no longer. */
	fallBackTo(rowAt: ((rank: number) => EntryRow | undefined) | undefined): void {
		this.#fallback = rowAt === undefined ? undefined : { rowAt };
	}

	/** Says which ranks are looked at. They are fetched, then those around them, short of `end`. */
	want(range: RankRange, end: number): void {
		this.#wanted = range;
		this.#end = end;
		this.#pages.keep(pageOf(range.start) - 1, pageOf(Math.max(range.end - 1, range.start)) + 1);
		this.pump();
	}

	/** Other rows than before stand at ranks up to this one. */
	mixedTo(rank: number): void {
		this.#fixedFrom = Math.max(this.#fixedFrom, rank + 1);
		this.#pages.forgetUpTo(rank);
		this.#fallback = undefined;
		for (const [page, stale] of this.#loading) {
			this.#loading.set(page, Math.max(stale, rank));
		}
		this.#version++;
	}

	put(start: number, rows: readonly EntryRow[]): void {
		if (!this.#questions.closed && rows.length > 0) {
			this.#pages.put(start, rows);
			this.#version++;
			this.#options.onRows(start + rows.length);
		}
	}

	/** Asks for what is missing: of all that was ever wanted, only the last wish counts. */
	pump(): void {
		for (const [page, range] of this.#missing()) {
			if (this.#questions.closed || this.#loading.size >= MAX_IN_FLIGHT) {
				return;
			}
			if (!this.#loading.has(page)) {
				void this.#load(page, range);
			}
		}
	}

	*#missing(): Generator<readonly [number, RankRange]> {
		const { added, older, isCounted } = this.#options.result();
		const first = pageOf(this.#wanted.start);
		const last = pageOf(Math.max(this.#wanted.end - 1, this.#wanted.start));
		// Until something was counted, the first rows are asked for in good faith.
		const bounds = {
			start: -added,
			end: isCounted ? Math.min(older, this.#end) : this.#wanted.end,
		};
		const pages = Array.from({ length: last - first + 1 }, (_, index) => first + index);
		for (const page of isCounted ? [...pages, last + 1, first - 1] : pages) {
			const range = this.#pages.missing(page, bounds, this.#upToOf(page));
			if (range !== undefined) {
				yield [page, range];
			}
		}
		if (this.#loading.size === 0 && this.#gotRows) {
			this.#fallback = undefined;
		}
	}

	async #load(page: number, range: RankRange): Promise<void> {
		this.#loading.set(page, -Infinity);
		try {
			// Pages of the first snapshot are always asked for in the same words, so that an engine
			// that answers in slices can go on where it stopped.
			const isFixed = this.#isFixed(page);
			const start = isFixed ? page * PAGE_ROWS : range.start;
			const limit = isFixed ? PAGE_ROWS : range.end - start;
			const upTo = this.#upToOf(page);
			const offset = isFixed ? start : start + this.#options.result().added;
			let complete = false;
			while (!complete && !this.#questions.closed) {
				const answer = await this.#questions.page({ up_to: upTo, limit, offset });
				this.#gotRows = true;
				const right = Math.max((this.#loading.get(page) ?? -Infinity) + 1 - start, 0);
				this.put(start + right, answer.rows.slice(right));
				this.#options.onAnswer();
				complete = answer.complete || this.#options.result().isStopped;
				if (!complete && !this.#isNear(page)) {
					break;
				}
			}
			if (complete && (this.#loading.get(page) ?? -Infinity) < start) {
				this.#pages.markAsked(page, upTo);
			}
			this.#loading.delete(page);
			this.pump();
		} catch (error) {
			this.#options.onFailure(error, () => {
				this.#loading.delete(page);
				this.pump();
			});
		}
	}

	#isFixed(page: number): boolean {
		return page * PAGE_ROWS >= this.#fixedFrom;
	}

	#upToOf(page: number): number {
		const { origin, upTo } = this.#options.result();
		return this.#isFixed(page) ? origin : upTo;
	}

	#isNear(page: number): boolean {
		return page >= pageOf(this.#wanted.start) - 1 && page <= pageOf(this.#wanted.end) + 1;
	}
}

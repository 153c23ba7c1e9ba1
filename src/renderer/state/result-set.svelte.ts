import type { EngineApi } from '#shared/api/engine.ts';
import { AppError, messageOf } from '#shared/errors.ts';
import type { EntryRow } from '#shared/model/entry.ts';
import type { Count, CountQuery, Filter, Query } from '#shared/model/query.ts';
import type { Clock } from '../lib/clock.ts';
import { askFully } from './ask-fully.ts';
import { pageOf, PAGE_ROWS, RowPages } from './row-pages.ts';
import type { RankRange } from './row-pages.ts';

/** What a result is asked from. */
export type QueryApi = Pick<EngineApi, 'query' | 'count'>;

const MAX_IN_FLIGHT = 2;
const RETRY_MS = 2_000;

/**
 * The entries that match one filter, newest first, as one snapshot that can be moved forward.
 *
 * Rows are addressed by **rank**: 0 is the newest entry of the first snapshot (`origin`), older
 * ones follow at 1, 2, …, those that came later stand before it at -1, -2, …. So an entry keeps
 * its rank, and a fetched page stays right, while the result grows at either end.
 *
 * It is empty until it is started, and stays as it is once it is closed.
 */
export class ResultSet {
	readonly filter: Filter;
	readonly origin: number;
	/** The newest `seq` the result takes in. */
	upTo = $state(0);
	/** Entries up to `origin` that match, as far as they were counted. */
	older = $state(0);
	/** Entries after `origin`, and how many of them are errors. */
	added = $state(0);
	addedErrors = $state(0);
	/** The share of the stored entries that was looked at for `older`, and whether that is all. */
	searched = $state(0);
	complete = $state(false);
	/** The user has ended the search: what was found by then is all there will be. */
	stopped = $state(false);
	/** How long it took until all was counted, in milliseconds. */
	tookMs: number | undefined = $state();
	/** Why the engine's last answer was none; asked again by itself. */
	error: string | undefined = $state();
	/** Resolves when there is something to show: a first count and the first wanted rows. */
	readonly ready: Promise<void>;

	readonly #api: QueryApi;
	readonly #clock: Clock;
	readonly #onRows: () => void;
	readonly #pages = new RowPages();
	/** Rises with every row that arrives: the pages themselves are not reactive. */
	#version = $state(0);
	#wanted: RankRange = { start: 0, end: 0 };
	/** Ranks from here on are not shown, whatever matches: there is a limit. */
	#end = Infinity;
	readonly #loading = new Set<number>();
	#closed = true;
	readonly #isOver = () => this.#closed;
	#gotCount = false;
	#gotRows = false;
	#resolveReady: () => void = () => {};
	#fallback: { readonly set: ResultSet; readonly shift: number } | undefined;

	constructor(
		api: QueryApi,
		options: {
			readonly filter: Filter;
			readonly origin: number;
			/** Known to match before anything was counted: an earlier count, say. */
			readonly atLeast?: number;
			readonly clock: Clock;
			readonly onRows?: () => void;
		},
	) {
		this.#api = api;
		this.#clock = options.clock;
		this.#onRows = options.onRows ?? (() => {});
		this.filter = options.filter;
		this.origin = options.origin;
		this.upTo = options.origin;
		this.older = options.atLeast ?? 0;
		this.ready = new Promise((resolve) => {
			this.#resolveReady = resolve;
		});
	}

	/** Begins to count, and to fetch what is wanted. */
	start(wanted: RankRange, end: number): this {
		this.#closed = false;
		void this.#countOlder();
		this.want(wanted, end);
		return this;
	}

	/** Entries that match, as far as they were counted. */
	get matched(): number {
		return this.older + this.added;
	}

	/** Ends its requests; what still arrives is ignored. */
	close(): void {
		this.#closed = true;
		this.#fallback = undefined;
		this.#resolveReady();
	}

	/** Ends the search for older entries; those that come are still taken in. */
	stop(): void {
		this.stopped = true;
	}

	get closed(): boolean {
		return this.#closed;
	}

	/** The row of this rank, once it was fetched. */
	rowAt(rank: number): EntryRow | undefined {
		void this.#version;
		return this.#pages.get(rank) ?? this.#fallback?.set.rowAt(rank + this.#fallback.shift);
	}

	/** Shows rows of an earlier result, at `rank + shift` there, until its own have come. */
	fallBackTo(set: ResultSet, shift: number): void {
		set.#fallback = undefined;
		this.#fallback = { set, shift };
	}

	/** Says which ranks are looked at. They are fetched, then those around them, short of `end`. */
	want(range: RankRange, end: number): void {
		this.#wanted = range;
		this.#end = end;
		this.#pages.keep(pageOf(range.start) - 1, pageOf(Math.max(range.end - 1, range.start)) + 1);
		this.#pump();
	}

	/**
	 * Takes in what came after `upTo` and up to `seq`: counts it, fetches as many of the newest rows
	 * as `edgeRows` says by then, and only then shows it, all at once. It is given up, and `false`,
	 * when `edgeRows` says `undefined` or the result was closed meanwhile.
	 */
	async advance(seq: number, edgeRows: () => number | undefined): Promise<boolean> {
		const count = await this.countFully({ ...this.filter, after: this.upTo, up_to: seq });
		const limit = Math.min(edgeRows() ?? 0, count?.matched ?? 0, PAGE_ROWS);
		const query: Query = { ...this.filter, up_to: seq, limit, offset: 0 };
		const rows = limit > 0 ? await this.queryFully(query) : [];
		if (count === undefined || rows === undefined || edgeRows() === undefined) {
			return false;
		}
		this.upTo = seq;
		this.added += count.matched;
		this.addedErrors += count.errors;
		this.#store(-this.added, rows);
		this.#pump();
		return true;
	}

	/** How many entries of the result are newer than this one: its place, if it is among them. */
	async placeOf(seq: number): Promise<number | undefined> {
		const count = await this.countFully({ ...this.filter, after: seq, up_to: this.upTo });
		return count?.matched;
	}

	/** Counts to the end, however many answers that takes; `undefined` if the result was closed. */
	async countFully(query: CountQuery): Promise<Count | undefined> {
		return askFully(() => this.#api.count(query), this.#isOver);
	}

	/** Queries to the end, however many answers that takes; `undefined` if the result was closed. */
	async queryFully(query: Query): Promise<readonly EntryRow[] | undefined> {
		return (await askFully(() => this.#api.query(query), this.#isOver))?.rows;
	}

	async #countOlder(): Promise<void> {
		const begunAt = this.#clock.now();
		try {
			while (!this.#closed && !this.complete && !this.stopped) {
				const count = await this.#api.count({ ...this.filter, up_to: this.origin });
				if (this.#closed) {
					return;
				}
				this.older = count.complete ? count.matched : Math.max(count.matched, this.older);
				this.searched = count.searched;
				this.complete = count.complete;
				this.tookMs = count.complete ? this.#clock.now() - begunAt : undefined;
				this.error = undefined;
				this.#gotCount = true;
				this.#settle();
				this.#pump();
			}
		} catch (error) {
			this.#retry(error, () => void this.#countOlder());
		}
	}

	/** Asks for what is missing: of all that was ever wanted, only the last wish counts. */
	#pump(): void {
		for (const [page, range] of this.#missing()) {
			if (this.#closed || this.#loading.size >= MAX_IN_FLIGHT) {
				return;
			}
			if (!this.#loading.has(page)) {
				void this.#load(page, range);
			}
		}
	}

	*#missing(): Generator<readonly [number, RankRange]> {
		const first = pageOf(this.#wanted.start);
		const last = pageOf(Math.max(this.#wanted.end - 1, this.#wanted.start));
		// Until something was counted, the first rows are asked for in good faith.
		const bounds = {
			start: -this.added,
			end: this.#gotCount ? Math.min(this.older, this.#end) : this.#wanted.end,
		};
		const pages = Array.from({ length: last - first + 1 }, (_, index) => first + index);
		for (const page of this.#gotCount ? [...pages, last + 1, first - 1] : pages) {
			const range = this.#pages.missing(page, bounds, page < 0 ? this.upTo : this.origin);
			if (range !== undefined) {
				yield [page, range];
			}
		}
		if (this.#loading.size === 0 && this.#gotRows) {
			this.#fallback = undefined;
		}
	}

	async #load(page: number, range: RankRange): Promise<void> {
		this.#loading.add(page);
		try {
			// Pages of the first snapshot are always asked for in the same words, so that an engine
			// that answers in slices can go on where it stopped.
			const start = page < 0 ? range.start : page * PAGE_ROWS;
			const limit = page < 0 ? range.end - start : PAGE_ROWS;
			const upTo = page < 0 ? this.upTo : this.origin;
			const offset = page < 0 ? start + this.added : start;
			let complete = false;
			while (!complete && !this.#closed) {
				const answer = await this.#api.query({ ...this.filter, up_to: upTo, limit, offset });
				this.#gotRows = true;
				this.#store(start, answer.rows);
				this.#settle();
				// Of a search that was stopped there is no more to be had.
				complete = answer.complete || this.stopped;
				if (!complete && !this.#isNear(page)) {
					break;
				}
			}
			if (complete) {
				this.#pages.markAsked(page, upTo);
			}
			this.#loading.delete(page);
			this.#pump();
		} catch (error) {
			this.#retry(error, () => {
				this.#loading.delete(page);
				this.#pump();
			});
		}
	}

	#isNear(page: number): boolean {
		return page >= pageOf(this.#wanted.start) - 1 && page <= pageOf(this.#wanted.end) + 1;
	}

	#store(start: number, rows: readonly EntryRow[]): void {
		if (!this.#closed && rows.length > 0) {
			this.#pages.put(start, rows);
			this.#version++;
			if (!this.complete) {
				// Rows may be found before they are counted.
				this.older = Math.max(this.older, start + rows.length);
			}
			this.#onRows();
		}
	}

	#settle(): void {
		if (this.#gotCount && (this.#gotRows || (this.complete && this.older === 0))) {
			this.#resolveReady();
		}
	}

	/** Takes note of a question that had no answer; whether to ask again. */
	failed(error: unknown): boolean {
		// Without a connection there is nothing to ask; a new result comes with the next one.
		if (this.#closed || (error instanceof AppError && error.code === 'closed')) {
			return false;
		}
		this.error = messageOf(error);
		return true;
	}

	#retry(error: unknown, again: () => void): void {
		if (this.failed(error)) {
			this.#clock.after(RETRY_MS, again);
		}
	}
}

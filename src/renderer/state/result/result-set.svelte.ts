import { AppError, messageOf } from '#shared/errors.ts';
import type { EntryRow } from '#shared/model/entry.ts';
import type { Count, CountQuery, Filter, Order, Query } from '#shared/model/query.ts';
import type { Clock } from '../../lib/clock.ts';
import { prepareStep } from './next-step.ts';
import type { StepView } from './next-step.ts';
import { ResultQuestions } from './result-questions.ts';
import type { EntryPlace, QueryApi, Question } from './result-questions.ts';
import { RowLoader } from './row-loader.svelte.ts';
import type { LoadedResult } from './row-loader.svelte.ts';
import type { RankRange } from './row-pages.ts';

const RETRY_MS = 2_000;

/**
 * The entries that match one filter, newest first, as one snapshot that can be moved forward.
 *
 * Rows are addressed by **rank**: 0 is the newest entry of the first snapshot (`origin`), older
 * ones follow at 1, 2, …, those that came later stand before it at -1, -2, …. So an entry keeps
 * its rank, and a fetched page stays right, while the result grows at either end. In order of time
 * an entry may come to stand further down: those above it move up by one rank, those below stay.
 *
 * It is empty until it is started, and stays as it is once it is closed.
 */
export class ResultSet {
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
	/** Only so many of the newest entries were looked at, because the storage can't count by itself. */
	over: number | undefined = $state();
	/** How long it took until all was counted, in milliseconds. */
	tookMs: number | undefined = $state();
	/** Why the engine's last answer was none; asked again by itself. */
	error: string | undefined = $state();
	/** Resolves when there is something to show: a first count and the first wanted rows. */
	readonly ready: Promise<void>;

	readonly #questions: ResultQuestions;
	readonly #rows: RowLoader;
	readonly #clock: Clock;
	readonly #onRows: () => void;
	#gotCount = false;
	#resolveReady: () => void = () => {};

	constructor(
		api: QueryApi,
		options: Question & {
			readonly origin: number;
			/** Known to match before anything was counted: an earlier count, say. */
			readonly atLeast?: number;
			readonly clock: Clock;
			readonly onRows?: () => void;
		},
	) {
		const { filter, order, fields } = options;
		this.#questions = new ResultQuestions(api, {
			filter,
			...(order === undefined ? {} : { order }),
			...(fields === undefined ? {} : { fields }),
		});
		this.#rows = new RowLoader(this.#questions, {
			result: () => this.#loaded(),
			onRows: (end) => this.#rowsCame(end),
			onAnswer: () => this.#settle(),
			onFailure: (error, again) => this.#retry(error, again),
		});
		this.#clock = options.clock;
		this.#onRows = options.onRows ?? (() => {});
		this.origin = options.origin;
		this.upTo = options.origin;
		this.older = options.atLeast ?? 0;
		this.ready = new Promise((resolve) => {
			this.#resolveReady = resolve;
		});
	}

	/** Begins to count, and to fetch what is wanted. */
	start(wanted: RankRange, end: number): this {
		this.#questions.open();
		void this.#countOlder();
		this.want(wanted, end);
		return this;
	}

	get filter(): Filter {
		return this.#questions.question.filter;
	}

	get order(): Order {
		return this.#questions.order;
	}

	/** Which fields each of its rows tells, in this order. */
	get fields(): readonly string[] {
		return this.#questions.question.fields ?? [];
	}

	/** Entries that match, as far as they were counted. */
	get matched(): number {
		return this.older + this.added;
	}

	/** Ends its requests; what still arrives is ignored. */
	close(): void {
		this.#questions.close();
		this.#rows.fallBackTo(undefined);
		this.#resolveReady();
	}

	/** Ends the search for older entries; those that come are still taken in. */
	stop(): void {
		this.stopped = true;
	}

	get closed(): boolean {
		return this.#questions.closed;
	}

	/** The row of this rank, once it was fetched. */
	rowAt(rank: number): EntryRow | undefined {
		return this.#rows.rowAt(rank);
	}

	/** Shows rows of an earlier result, at `rank + shift` there, until its own have come. */
	fallBackTo(set: ResultSet, shift: number): void {
		set.#rows.fallBackTo(undefined);
		const isAlike = set.fields.join('\n') === this.fields.join('\n');
		this.#rows.fallBackTo((rank) => {
			const row = set.rowAt(rank + shift);
			return isAlike || row === undefined ? row : withoutFields(row);
		});
	}

	/** Says which ranks are looked at. They are fetched, then those around them, short of `end`. */
	want(range: RankRange, end: number): void {
		this.#rows.want(range, end);
	}

	/**
	 * Takes in what came after `upTo` and up to `seq`: counts it, fetches the rows that will be looked
	 * at, and only then shows it, all at once. It is given up, and `false`, when `view` says so or the
	 * result was closed meanwhile.
	 */
	async advance(seq: number, view: StepView): Promise<boolean> {
		const step = await prepareStep(this.#questions, this, seq, view);
		if (step === undefined || this.closed) {
			return false;
		}
		this.upTo = seq;
		this.added += step.matched;
		this.addedErrors += step.errors;
		if (step.mixedTo !== undefined) {
			// First, while the rows that are held can be told by where they were.
			view.moved((row) => step.shifts.get(row?.seq ?? -1) ?? 0);
			this.#rows.mixedTo(step.mixedTo);
		}
		this.#rows.put(step.start, step.rows);
		this.#rows.pump();
		return true;
	}

	/** How many entries of the result stand above this one: its place, if it is among them. */
	placeOf(place: EntryPlace): Promise<number | undefined> {
		return this.#questions.countAbove(place, this.upTo);
	}

	/** How many entries that match this filter, and that the result takes in, stand above an entry. */
	countAbove(place: EntryPlace, filter: Filter): Promise<number | undefined> {
		return this.#questions.countAbove(place, this.upTo, { filter });
	}

	/** Rows of those that this filter says, of what the result takes in and in its order. */
	rowsOf(
		filter: Filter,
		stretch: { readonly offset: number; readonly limit: number },
	): Promise<readonly EntryRow[] | undefined> {
		const order = this.order === 'time' ? { order: this.order } : {};
		return this.queryFully({ ...filter, ...order, up_to: this.upTo, ...stretch });
	}

	/** Counts to the end, however many answers that takes; `undefined` if the result was closed. */
	countFully(query: CountQuery): Promise<Count | undefined> {
		return this.#questions.countFully(query);
	}

	/** Queries to the end, however many answers that takes; `undefined` if the result was closed. */
	queryFully(query: Query): Promise<readonly EntryRow[] | undefined> {
		return this.#questions.queryFully(query);
	}

	async #countOlder(): Promise<void> {
		const begunAt = this.#clock.now();
		try {
			while (!this.closed && !this.complete && !this.stopped) {
				const count = await this.#questions.count({ ...this.filter, up_to: this.origin });
				if (this.closed) {
					return;
				}
				this.older = count.complete ? count.matched : Math.max(count.matched, this.older);
				this.searched = count.searched;
				this.complete = count.complete;
				this.over = count.over;
				this.tookMs = count.complete ? this.#clock.now() - begunAt : undefined;
				this.error = undefined;
				this.#gotCount = true;
				this.#settle();
				this.#rows.pump();
			}
		} catch (error) {
			this.#retry(error, () => void this.#countOlder());
		}
	}

	#loaded(): LoadedResult {
		const { origin, upTo, older, added, stopped } = this;
		return { origin, upTo, older, added, isCounted: this.#gotCount, isStopped: stopped };
	}

	#rowsCame(end: number): void {
		if (!this.complete) {
			// Rows may be found before they are counted.
			this.older = Math.max(this.older, end);
		}
		this.#onRows();
	}

	#settle(): void {
		if (this.#gotCount && (this.#rows.gotRows || (this.complete && this.older === 0))) {
			this.#resolveReady();
		}
	}

	/** Takes note of a question that had no answer; whether to ask again. */
	failed(error: unknown): boolean {
		// Without a connection there is nothing to ask; a new result comes with the next one.
		if (this.closed || (error instanceof AppError && error.code === 'closed')) {
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

/** Other values than those that are asked for now would stand under the wrong names. */
function withoutFields({ fields: _others, ...row }: EntryRow): EntryRow {
	return row;
}

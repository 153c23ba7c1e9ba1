import type { StorageStatus } from '#shared/api/engine.ts';
import type { EntryRow } from '#shared/model/entry.ts';
import { normalizeFilter } from '#shared/model/normalize-filter.ts';
import type { Filter, Order } from '#shared/model/query.ts';
import type { Refresh } from '#shared/model/view.ts';
import type { Clock } from '../../lib/clock.ts';
import { INITIAL_STATE } from '../initial-state.ts';
import { LiveEdge, takenIn } from './live-edge.svelte.ts';
import type { Moment, News, TakenIn } from './live-edge.svelte.ts';
import { Lag } from './lag.svelte.ts';
import { RefreshLoop } from './refresh-loop.ts';
import type { LoopTasks } from './refresh-loop.ts';
import { ResultSet } from './result-set.svelte.ts';
import { ResultReplacer } from './result-replacer.svelte.ts';
import type { BeforeReplace, ReplacedView } from './result-replacer.svelte.ts';
import type { QueryApi } from './result-questions.ts';
import { stepView } from './step-view.ts';
import type { SteppedView } from './step-view.ts';
import { Viewport } from './viewport.svelte.ts';
import type { Viewed } from './viewport.svelte.ts';

/**
 * What the table shows: which entries (filter, limit), of which moment (refresh), and which
 * stretch of them (scroll position). The engine only says that there is something new; the view
 * asks for what it shows, when it wants to.
 *
 * At the **live edge** (the newest row in view) new rows appear as they come. Away from it the
 * reader's rows stay where they are, and what is new is counted.
 */
export class LogView implements Viewed, LoopTasks, ReplacedView, SteppedView {
	storage: StorageStatus = $state.raw(INITIAL_STATE.storage);
	filter: Filter = $state.raw({});
	order: Order = $state('arrival');
	/** Fields beside the columns all have, whose values are in each row. */
	fields: readonly string[] = $state.raw([]);
	/** How many entries are shown at most; 0 stands for all. */
	limit = $state(200);
	refresh: Refresh = $state('live');
	/** The result that is shown. */
	set = $state.raw() as ResultSet;
	/** When the view last took in what there is, in milliseconds since 1970. */
	refreshedAt: number | undefined = $state();
	/** Entries after this `seq` came with the last of so many steps; so many they were. */
	freshAfter = $state(Infinity);
	freshCount = $state(0);
	stepCount = $state(0);
	/** From written to shown. */
	readonly lag: Lag;
	readonly edge: LiveEdge;
	readonly viewport: Viewport;

	/** Set by what has a place in the result of its own: the cursor. */
	beforeReplace: BeforeReplace = async () => () => {};
	/** The rank of a row that must not be pushed out of the viewport by new ones, if there is one. */
	keptRank: () => number | undefined = () => undefined;
	/** The row that was chosen, and what is done when its rank has become so much less. */
	chosenRow: () => EntryRow | undefined = () => undefined;
	onShift: (by: number) => void = () => {};
	/** Called whenever rows arrived. */
	onRows: () => void = () => {};

	readonly #clock: Clock;
	readonly #noRows: () => ResultSet;
	readonly #loop: RefreshLoop;
	readonly #replacer: ResultReplacer;
	#resumeTo: Refresh = 'live';
	#connected = false;

	constructor(api: QueryApi, clock: Clock) {
		this.#clock = clock;
		this.lag = new Lag(clock);
		this.edge = new LiveEdge(clock);
		this.#noRows = () => new ResultSet(api, { filter: this.filter, origin: 0, clock });
		this.set = this.#noRows();
		this.#loop = new RefreshLoop(clock, this);
		this.viewport = new Viewport(this);
		this.#replacer = new ResultReplacer(api, clock, this, {
			begun: (revision) => this.#loop.replaceBegun(revision),
			done: () => {
				this.#loop.replaceDone();
				this.#countPending();
			},
		});
		this.viewport.onTouch = () => this.#loop.touched();
	}

	/** One more than the rank of the last row shown. */
	get endRank(): number {
		return Math.min(this.set.older, this.limitRank);
	}

	/** How many rows the table has: those within the limit, and those that came since the reader left. */
	get shown(): number {
		return Math.max(this.endRank + this.set.added, 0);
	}

	/** Where the limit ends the table: as many rows after the live edge, or where the reader left it. */
	get limitRank(): number {
		return this.limit === 0 ? Infinity : this.limit - this.edge.addedWhenLeft(this.set);
	}

	get paused(): boolean {
		return this.refresh === 'paused';
	}

	/** What matches is not shown or not counted to the end yet. */
	get searching(): boolean {
		return this.#replacer.isAsking || !(this.set.complete || this.set.stopped);
	}

	/** The rows answer an earlier question than the one that is asked. */
	get isStale(): boolean {
		return this.#replacer.isStale;
	}

	/** Ends the search for what matches, also for a result that is not shown yet. What was found stays. */
	stopSearch(): void {
		this.set.stop();
		this.#replacer.stop();
	}

	/** Another result has been asked for; the one before it is still shown. */
	get replacing(): boolean {
		return this.#replacer.replacing;
	}

	/** What came since the reader left the edge or paused the view. */
	get news(): News {
		return this.edge.news(this.set);
	}

	/** Up to where the reader has seen what came; `undefined` before the engine was heard of. */
	get seenTo(): Moment | undefined {
		return this.edge.seenTo(this.set, this.paused, this.refreshedAt ?? 0);
	}

	/** Why the engine's last answer was none. */
	get error(): string | undefined {
		return this.#replacer.error ?? this.set.error;
	}

	rowAt(rank: number): EntryRow | undefined {
		return this.set.rowAt(rank);
	}

	/** Shows other entries, from the newest one on: at once, in every refresh mode. */
	setFilter(filter: Filter): void {
		this.#replacer.ask();
		this.renewFilter(filter);
	}

	/** Asks the same question anew, because time has changed what it means: the place is kept. */
	renewFilter(filter: Filter): void {
		this.filter = normalizeFilter(filter);
		this.recount();
	}

	/** Shows the same entries in another order: the reader's place is kept. */
	setOrder(order: Order): void {
		if (order !== this.order) {
			this.order = order;
			this.recount();
		}
	}

	/** Has the rows tell the values of these fields, too. */
	setFields(fields: readonly string[]): void {
		if (fields.join('\n') !== this.fields.join('\n')) {
			this.fields = fields;
			this.recount();
		}
	}

	setLimit(limit: number): void {
		this.limit = limit;
		this.viewport.moveTo(this.viewport.top);
	}

	setRefresh(refresh: Refresh): void {
		if (refresh === 'paused' && !this.paused) {
			this.#resumeTo = this.refresh;
		}
		this.refresh = refresh;
		this.#loop.hurry();
		this.#countPending();
	}

	togglePause(): void {
		this.setRefresh(this.paused ? this.#resumeTo : 'paused');
	}

	/** Goes to the newest row there is and follows what comes, also out of a pause. */
	follow(): void {
		this.toEdge();
		this.setRefresh(this.paused ? this.#resumeTo : this.refresh);
	}

	/** Goes to the newest row of the snapshot. */
	toEdge(): void {
		this.edge.arrive();
		this.viewport.moveTo(0);
	}

	/** The engine answers (again): everything is asked for anew, the reader's place is kept. */
	connected(storage: StorageStatus): void {
		this.storage = storage;
		this.#connected = true;
		this.edge.opened(storage.watermark);
		this.recount();
	}

	/** Shows no rows any more: they are of another storage. Until it is `connected` again. */
	forgetRows(): void {
		this.#replacer.cancel();
		this.set.close();
		this.set = this.#noRows();
	}

	/** The engine is gone: the rows stay as they are. */
	disconnected(): void {
		this.#connected = false;
		this.#replacer.cancel();
		this.#loop.stop();
	}

	storageChanged(storage: StorageStatus): void {
		this.storage = storage;
		this.#loop.arrange();
		this.#countPending();
	}

	/** Moves the snapshot forward to what is stored now. */
	async step(): Promise<boolean> {
		const { set } = this;
		const { watermark, written_at } = this.storage;
		const before = takenIn(set);
		try {
			if (watermark <= set.upTo) {
				this.refreshedAt = this.#clock.now();
			} else if (await set.advance(watermark, stepView(this))) {
				this.refreshedAt = this.#clock.now();
				this.lag.shown(written_at);
				this.edge.forgetPending();
				this.freshAfter = before.upTo;
				this.freshCount = set.added - before.matched;
				this.stepCount++;
				this.#keepRow(before);
				this.viewport.moveTo(this.edge.following ? 0 : this.viewport.topRank + set.added);
				set.error = undefined;
			}
			return true;
		} catch (error) {
			set.failed(error);
			return false;
		}
	}

	/** Counts again, because entries came or went among the older ones. */
	recount(): void {
		if (this.#connected) {
			void this.#replacer.replace();
		}
	}

	/** A row that must not leave the viewport by itself ends the following. */
	#keepRow(before: TakenIn): void {
		const kept = this.keptRank();
		if (kept === undefined || !this.edge.following) {
			return;
		}
		const place = kept + this.set.added + 1;
		if (kept + before.matched + 1 <= this.viewport.viewRows && place > this.viewport.viewRows) {
			this.edge.leave(before);
		}
	}

	#countPending(): void {
		if (this.paused && this.#connected) {
			void this.edge.countPending(
				() => (this.paused ? this.set : undefined),
				() => this.storage.watermark,
			);
		}
	}
}

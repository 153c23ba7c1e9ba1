import type { StorageStatus } from '#shared/api/engine.ts';
import type { EntryRow } from '#shared/model/entry.ts';
import { normalizeFilter } from '#shared/model/query.ts';
import type { Filter } from '#shared/model/query.ts';
import type { Refresh } from '#shared/model/view.ts';
import type { Clock } from '../lib/clock.ts';
import { INITIAL_STATE } from './initial-state.ts';
import { LiveEdge, takenIn } from './live-edge.svelte.ts';
import type { News, TakenIn } from './live-edge.svelte.ts';
import { RefreshLoop } from './refresh-loop.ts';
import type { LoopTasks } from './refresh-loop.ts';
import { ResultSet } from './result-set.svelte.ts';
import type { QueryApi } from './result-set.svelte.ts';
import { Viewport } from './viewport.svelte.ts';
import type { Viewed } from './viewport.svelte.ts';

/** Rows fetched beyond the viewport when new ones appear at its top. */
const EDGE_MARGIN = 20;

/** Works out where something is in a result that is about to be shown, and how to say so then. */
export type BeforeReplace = (next: ResultSet, isSameFilter: boolean) => Promise<() => void>;

/**
 * What the table shows: which entries (filter, limit), of which moment (refresh), and which
 * stretch of them (scroll position). The engine only says that there is something new; the view
 * asks for what it shows, when it wants to.
 *
 * At the **live edge** (the newest row on top) new rows appear at the top. Away from it the
 * reader's rows stay where they are, and what is new is counted.
 */
export class LogView implements Viewed, LoopTasks {
	storage: StorageStatus = $state.raw(INITIAL_STATE.storage);
	filter: Filter = $state.raw({});
	/** How many entries are shown at most; 0 stands for all. */
	limit = $state(200);
	refresh: Refresh = $state('live');
	/** The result that is shown. */
	set = $state.raw() as ResultSet;
	/** When the view last took in what there is, in milliseconds since 1970. */
	refreshedAt: number | undefined = $state();
	/** Another result has been asked for; the one before it is still shown. */
	replacing = $state(false);
	/** Rows before this rank came with the last of so many steps. */
	freshBefore = $state(-Infinity);
	stepCount = $state(0);
	readonly edge: LiveEdge;
	readonly viewport: Viewport;

	/** Set by what has a place in the result of its own: the cursor. */
	beforeReplace: BeforeReplace = async () => () => {};
	/** The rank of a row that must not be pushed out of the viewport by new ones, if there is one. */
	keptRank: () => number | undefined = () => undefined;
	/** Called whenever rows arrived. */
	onRows: () => void = () => {};

	readonly #api: QueryApi;
	readonly #clock: Clock;
	readonly #loop: RefreshLoop;
	#resumeTo: Refresh = 'live';
	#next: ResultSet | undefined = $state.raw();
	/** How many questions were asked, and which of them the result that is shown answers. */
	#asked = $state(0);
	#answered = $state(0);
	#connected = false;

	constructor(api: QueryApi, clock: Clock) {
		this.#api = api;
		this.#clock = clock;
		this.edge = new LiveEdge(clock);
		this.set = new ResultSet(api, { filter: {}, origin: 0, clock });
		this.#loop = new RefreshLoop(clock, this);
		this.viewport = new Viewport(this);
		this.viewport.onTouch = () => this.#loop.touched();
	}

	/** One more than the rank of the last row shown. */
	get endRank(): number {
		return Math.min(this.set.older, this.limitRank);
	}

	/** How many rows the table has: those within the limit, and those that came above the reader. */
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
		return this.#asked !== this.#answered || !(this.set.complete || this.set.stopped);
	}

	/** What came since the reader left the edge or paused the view. */
	get news(): News {
		return this.edge.news(this.set);
	}

	/** Why the engine's last answer was none. */
	get error(): string | undefined {
		return this.#next?.error ?? this.set.error;
	}

	rowAt(rank: number): EntryRow | undefined {
		return this.set.rowAt(rank);
	}

	/** Shows other entries, from the newest one on: at once, in every refresh mode. */
	setFilter(filter: Filter): void {
		this.#asked++;
		this.renewFilter(filter);
	}

	/** Asks the same question anew, because time has changed what it means: the place is kept. */
	renewFilter(filter: Filter): void {
		this.filter = normalizeFilter(filter);
		if (this.#connected) {
			void this.#replace();
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
		void this.#replace();
	}

	/** The engine is gone: the rows stay as they are. */
	disconnected(): void {
		this.#connected = false;
		this.#next?.close();
		this.#next = undefined;
		this.replacing = false;
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
		const { watermark } = this.storage;
		const before = takenIn(set);
		const margin = Math.ceil(this.viewport.viewRows) + EDGE_MARGIN;
		const edgeRows = () => (this.edge.following ? margin : 0);
		try {
			if (watermark <= set.upTo) {
				this.refreshedAt = this.#clock.now();
			} else if (await set.advance(watermark, () => (this.replacing ? undefined : edgeRows()))) {
				this.refreshedAt = this.#clock.now();
				this.edge.forgetPending();
				this.freshBefore = -before.matched;
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
		void this.#replace();
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
			void this.edge.countPending(this.set, () => this.storage.watermark);
		}
	}

	/**
	 * Asks for a new result and shows it as soon as there is something to show. For the same filter
	 * the reader's place is kept: a row, or the edge.
	 */
	async #replace(): Promise<void> {
		this.#next?.close();
		const before = this.set;
		const asked = this.#asked;
		const isSame = asked === this.#answered;
		const stay = isSame && !this.edge.following;
		const { revision, watermark, size } = this.storage;
		// A view that began empty and was filled since has a moment to stand still at, too.
		const isFrozen = stay || (this.paused && before.upTo > 0);
		const next = new ResultSet(this.#api, {
			filter: this.filter,
			origin: isFrozen ? Math.min(before.upTo, watermark) : watermark,
			atLeast: isSame ? Math.min(before.matched, size) : 0,
			clock: this.#clock,
			onRows: () => this.onRows(),
		});
		this.#next = next;
		this.replacing = true;
		this.#loop.replaceBegun(revision);
		const start = stay ? Math.floor(this.viewport.top) : 0;
		const limit = this.limit + (stay ? this.news.matched : 0);
		const wanted = { start, end: start + Math.ceil(this.viewport.viewRows) + 1 };
		next.start(wanted, this.limit === 0 ? Infinity : limit);

		const anchor = Math.floor(this.viewport.topRank);
		const seq = stay ? before.rowAt(anchor)?.seq : undefined;
		const [place, putCursor] = await Promise.all([
			seq === undefined ? undefined : next.placeOf(seq).catch(() => undefined),
			this.beforeReplace(next, isSame).catch(() => () => {}),
			next.ready,
		]);
		if (next.closed || next !== this.#next) {
			return;
		}
		const top = this.#swap(next, isSame, anchor, place);
		this.#answered = asked;
		this.freshBefore = -Infinity;
		this.viewport.moveTo(top);
		putCursor();
		this.refreshedAt = this.#clock.now();
		this.#loop.replaceDone();
		this.#countPending();
	}

	/** Shows `next`, and says how far down the reader is in it. */
	#swap(next: ResultSet, isSame: boolean, anchor: number, place: number | undefined): number {
		const before = this.set;
		const { top } = this.viewport;
		const oldPlace = anchor + before.added;
		const newPlace = place ?? oldPlace;
		if (isSame) {
			this.edge.carryOver(before, next);
		} else {
			this.edge.forgetPending();
			this.edge.arrive();
		}
		before.close();
		this.set = next;
		this.#next = undefined;
		this.replacing = false;
		if (this.edge.following) {
			return 0;
		}
		next.fallBackTo(before, anchor - newPlace);
		return top + newPlace - oldPlace;
	}
}

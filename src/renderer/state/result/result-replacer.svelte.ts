import type { StorageStatus } from '#shared/api/engine.ts';
import type { Filter, Order } from '#shared/model/query.ts';
import type { Clock } from '../../lib/clock.ts';
import type { LiveEdge, News } from './live-edge.svelte.ts';
import type { QueryApi } from './result-questions.ts';
import { ResultSet } from './result-set.svelte.ts';
import type { Viewport } from './viewport.svelte.ts';

/** Works out where something is in a result that is about to be shown, and how to say so then. */
export type BeforeReplace = (next: ResultSet, isSameFilter: boolean) => Promise<() => void>;

/** Most questions are answered sooner: what is shown for less time is not told to be an old answer. */
const STALE_MS = 150;

/** The view whose result is replaced. */
export interface ReplacedView {
	readonly storage: StorageStatus;
	readonly filter: Filter;
	readonly order: Order;
	readonly fields: readonly string[];
	readonly limit: number;
	readonly paused: boolean;
	readonly news: News;
	readonly edge: LiveEdge;
	readonly viewport: Viewport;
	readonly beforeReplace: BeforeReplace;
	readonly onRows: () => void;
	set: ResultSet;
	freshAfter: number;
	refreshedAt: number | undefined;
}

/** Asks for another result, and shows it in the place of the one before when it has something to show. */
export class ResultReplacer {
	/** Another result has been asked for; the one before it is still shown. */
	replacing = $state(false);
	/** What is shown answers an earlier question, and has for long enough to be taken for the answer. */
	isStale = $state(false);
	readonly #api: QueryApi;
	readonly #clock: Clock;
	readonly #view: ReplacedView;
	readonly #told: { readonly begun: (revision: number) => void; readonly done: () => void };
	#next: ResultSet | undefined = $state.raw();
	/** How many questions were asked, and which of them the result that is shown answers. */
	#asked = $state(0);
	#answered = $state(0);

	/** `told`: what is called when a result is asked for, for a revision, and when it is shown. */
	constructor(
		api: QueryApi,
		clock: Clock,
		view: ReplacedView,
		told: { readonly begun: (revision: number) => void; readonly done: () => void },
	) {
		this.#api = api;
		this.#clock = clock;
		this.#view = view;
		this.#told = told;
	}

	/** What is shown answers an earlier question. */
	get isAsking(): boolean {
		return this.#asked !== this.#answered;
	}

	/** Why the engine has not answered what is asked for. */
	get error(): string | undefined {
		return this.#next?.error;
	}

	/** The next result answers another question. */
	ask(): void {
		const asked = ++this.#asked;
		this.#clock.after(STALE_MS, () => {
			this.isStale ||= this.#answered < asked;
		});
	}

	/** Ends the search for the result that is asked for; what was found by then will be shown. */
	stop(): void {
		this.#next?.stop();
	}

	cancel(): void {
		this.#next?.close();
		this.#next = undefined;
		this.replacing = false;
	}

	/**
	 * Asks for a new result and shows it as soon as there is something to show. For the same question
	 * the reader's place is kept: a row, or the edge.
	 */
	async replace(): Promise<void> {
		this.#next?.close();
		const view = this.#view;
		const before = view.set;
		const asked = this.#asked;
		const isSame = asked === this.#answered;
		const stay = isSame && !view.edge.following;
		const { revision, watermark, size } = view.storage;
		// A view that began empty and was filled since has a moment to stand still at, too.
		const isFrozen = stay || (view.paused && before.upTo > 0);
		const next = new ResultSet(this.#api, {
			filter: view.filter,
			order: view.order,
			fields: view.fields,
			origin: isFrozen ? Math.min(before.upTo, watermark) : watermark,
			atLeast: isSame ? Math.min(before.matched, size) : 0,
			clock: this.#clock,
			onRows: () => view.onRows(),
		});
		this.#next = next;
		this.replacing = true;
		this.#told.begun(revision);
		const start = stay ? Math.floor(view.viewport.top) : 0;
		const limit = view.limit + (stay ? view.news.matched : 0);
		const wanted = { start, end: start + Math.ceil(view.viewport.viewRows) + 1 };
		next.start(wanted, view.limit === 0 ? Infinity : limit);

		const anchor = Math.floor(view.viewport.topRank);
		const row = stay ? before.rowAt(anchor) : undefined;
		const [place, putCursor] = await Promise.all([
			row === undefined ? undefined : next.placeOf(row).catch(() => undefined),
			view.beforeReplace(next, isSame).catch(() => () => {}),
			next.ready,
		]);
		if (next.closed || next !== this.#next) {
			return;
		}
		const top = this.#swap(next, isSame, anchor, place);
		this.#answered = asked;
		this.isStale &&= this.isAsking;
		view.freshAfter = Infinity;
		view.viewport.moveTo(top);
		putCursor();
		view.refreshedAt = this.#clock.now();
		this.#told.done();
	}

	/** Shows `next`, and says how far down the reader is in it. */
	#swap(next: ResultSet, isSame: boolean, anchor: number, place: number | undefined): number {
		const view = this.#view;
		const before = view.set;
		const { top } = view.viewport;
		const oldPlace = anchor + before.added;
		const newPlace = place ?? oldPlace;
		if (isSame) {
			view.edge.carryOver(before, next);
		} else {
			view.edge.forgetPending();
			view.edge.arrive();
		}
		before.close();
		view.set = next;
		this.#next = undefined;
		this.replacing = false;
		if (view.edge.following) {
			return 0;
		}
		if (before.order === next.order) {
			next.fallBackTo(before, anchor - newPlace);
		}
		return top + newPlace - oldPlace;
	}
}

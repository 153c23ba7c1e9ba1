import type { EngineApi } from '#shared/api/engine.ts';
import type { EntryRow } from '#shared/model/entry.ts';
import { parseQuery } from '#shared/query/parse-query.ts';
import type { Unsubscribe } from '#shared/rpc/channel.ts';
import type { Clock } from '../../lib/clock.ts';
import type { QuerySettings } from '../query/asked-filter.svelte.ts';
import { Asking } from '../result/asking.ts';
import type { LogView } from '../result/log-view.svelte.ts';
import type { ResultSet } from '../result/result-set.svelte.ts';
import type { RowCursor } from './row-cursor.svelte.ts';
import { countAbove, matches } from './row-finder.ts';
import type { Direction, RowFinder, What } from './row-finder.ts';

/** Typed text is looked for this long after the last key. */
const TYPING_MS = 150;

/** What is found is counted anew at most this often. */
const COUNT_MS = 250;

/** Rows around the viewport that are asked about, too, so that scrolling a little shows them. */
const MARGIN = 20;

/** How many entries were found, and which of them the chosen row is. */
export interface Found {
	readonly matched: number;
	/** False: at least so many, the search goes on. */
	readonly complete: boolean;
	/** Counted from 1, the newest being the first; `undefined` where the row is none of them. */
	readonly position: number | undefined;
	/** See `Count.over`. */
	readonly over: number | undefined;
}

/** Looks for something in the result without leaving out anything else. */
export class Highlight {
	isOpen = $state(false);
	/** Text or a query, as it stands in the field. */
	text = $state('');
	/** How the text is understood. */
	readonly parsed = $derived(parseQuery(this.text));
	/** `undefined` while nothing is looked for or nothing is known yet. */
	found: Found | undefined = $state.raw();
	/** The `seq`s in and around the viewport that were found. */
	seqs: ReadonlySet<number> = $state.raw(new Set<number>());
	/** What is looked for, in the terms of a filter. */
	what: What | undefined = $state.raw();
	readonly #api: Pick<EngineApi, 'count'>;
	readonly #view: LogView;
	readonly #cursor: RowCursor;
	readonly #finder: RowFinder;
	readonly #clock: Clock;
	readonly #settings: () => QuerySettings;
	readonly #asking: Asking;
	#cancelTyping: Unsubscribe = () => {};

	constructor(
		api: Pick<EngineApi, 'count'>,
		view: LogView,
		cursor: RowCursor,
		finder: RowFinder,
		clock: Clock,
		settings: () => QuerySettings,
	) {
		this.#api = api;
		this.#view = view;
		this.#cursor = cursor;
		this.#finder = finder;
		this.#clock = clock;
		this.#settings = settings;
		this.#asking = new Asking(clock, COUNT_MS, () => this.#count());
	}

	/** Opens the field; what was looked for last is looked for again. */
	open(): void {
		this.isOpen = true;
		this.#look();
	}

	close(): void {
		this.isOpen = false;
		this.#cancelTyping();
		this.#forget();
	}

	/** Another text stands in the field. */
	type(text: string): void {
		this.text = text;
		this.#cancelTyping();
		this.#cancelTyping = this.#clock.after(TYPING_MS, () => this.#look());
	}

	/** Rows, the chosen one or what is stored are others now. */
	viewChanged(): void {
		if (this.what !== undefined) {
			this.#asking.ask();
		}
	}

	/** Goes to the next one. `false`: there is none that way. */
	async go(direction: Direction): Promise<boolean> {
		this.#look();
		return this.what !== undefined && this.#finder.go(this.what, direction);
	}

	#look(): void {
		this.#cancelTyping();
		const text = this.text.trim();
		if (text === '' || !this.isOpen) {
			this.#forget();
		} else if (this.what?.also !== text) {
			const { zone, marked, notes, seenTo } = this.#settings();
			const at = this.#clock.now() * 1_000;
			this.#forget();
			this.what = {
				also: text,
				at,
				zone,
				marked: [...marked],
				notes: [...notes],
				seen_to: seenTo?.seq,
			};
			this.#asking.ask();
		}
	}

	#forget(): void {
		this.what = undefined;
		this.found = undefined;
		this.seqs = new Set();
	}

	async #count(): Promise<void> {
		const { what } = this;
		const { set } = this.#view;
		if (what === undefined) {
			return;
		}
		const isOver = (): boolean => this.what !== what || this.#view.set !== set;
		try {
			await Promise.all([this.#countAll(set, what, isOver), this.#lookAtRows(set, what, isOver)]);
		} catch (error) {
			set.failed(error);
		}
	}

	async #countAll(set: ResultSet, what: What, isOver: () => boolean): Promise<void> {
		const row = this.#cursor.row;
		const position = row === undefined ? undefined : await positionOf(set, what, row);
		let isComplete = false;
		while (!isComplete && !isOver()) {
			const count = await this.#api.count({ ...what, ...set.filter, up_to: set.upTo });
			isComplete = count.complete;
			if (!isOver()) {
				const { matched, complete, over } = count;
				// Counted anew, it does not fall back to what is known of it so far.
				const known = complete ? 0 : (this.found?.matched ?? 0);
				this.found = { matched: Math.max(matched, known), complete, position, over };
			}
		}
	}

	async #lookAtRows(set: ResultSet, what: What, isOver: () => boolean): Promise<void> {
		const { viewport } = this.#view;
		const first = this.#firstAround(Math.floor(viewport.topRank) - MARGIN);
		if (first === undefined) {
			return;
		}
		const limit = Math.ceil(viewport.viewRows) + 2 * MARGIN;
		const filter = { ...what, ...set.filter };
		const offset = await set.countAbove(first, filter);
		const rows = offset === undefined ? [] : await set.rowsOf(filter, { limit, offset });
		if (rows !== undefined && !isOver()) {
			this.seqs = new Set(rows.map(({ seq }) => seq));
		}
	}

	/** The first row that is here, at or below a rank. */
	#firstAround(rank: number): EntryRow | undefined {
		for (let at = rank; at <= rank + MARGIN + 1; at++) {
			const row = this.#view.rowAt(at);
			if (row !== undefined) {
				return row;
			}
		}
		return undefined;
	}
}

async function positionOf(set: ResultSet, what: What, row: EntryRow): Promise<number | undefined> {
	const above = await countAbove(set, what, row);
	return above !== undefined && (await matches(set, what, row)) === true ? above + 1 : undefined;
}

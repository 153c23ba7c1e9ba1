import type { EntryRow } from '#shared/model/entry.ts';
import type { Level } from '#shared/model/level.ts';
import { rankStep } from '../../lib/row-places.ts';
import { findNewer, findOlder } from './find-level.ts';
import type { LogView } from '../result/log-view.svelte.ts';
import type { EntryPlace } from '../result/result-questions.ts';
import type { ResultSet } from '../result/result-set.svelte.ts';

/** Where to be in another result, once it is there. */
export interface NextPlace {
	readonly chosen: EntryRow | undefined;
	/** So many rows of the viewport are newer than this one; without one the live edge is shown. */
	readonly top: EntryRow | undefined;
	readonly above: number;
	/** How many rows that result shows at most; 0 stands for all. */
	readonly limit: number;
}

/** The row the reader has chosen: keys move it, the details show it. */
export class RowCursor {
	/** Its rank in the result that is shown. */
	rank: number | undefined = $state();
	/** Called when the row is another one, as soon as it is known. */
	onRow: (row: EntryRow) => void = () => {};
	/** Called when a row is chosen, be it known or not. */
	onSelect: () => void = () => {};
	readonly #view: LogView;
	/** Which entry it is, once its row is here: by this it is found again in another result. */
	#entry: EntryPlace | undefined;
	#nextPlace: NextPlace | undefined;

	constructor(view: LogView) {
		this.#view = view;
		view.beforeReplace = (next, isSame) => this.#findIn(next, isSame);
		view.onRows = () => this.#resolve();
		view.chosenRow = () => this.row;
		view.onShift = (by) => {
			this.rank = this.rank === undefined ? undefined : this.rank - by;
		};
	}

	get row(): EntryRow | undefined {
		return this.rank === undefined ? undefined : this.#view.rowAt(this.rank);
	}

	/** Whether the chosen row is on screen, at least in part. */
	get isVisible(): boolean {
		const { topRank, viewRows } = this.#view.viewport;
		return this.rank !== undefined && this.rank > topRank - 1 && this.rank < topRank + viewRows;
	}

	select(rank: number): void {
		const { set, endRank } = this.#view;
		this.onSelect();
		if (endRank + set.added > 0) {
			this.rank = Math.min(Math.max(rank, -set.added), endRank - 1);
			this.#entry = undefined;
			this.#resolve();
		}
	}

	clear(): void {
		this.rank = undefined;
		this.#entry = undefined;
	}

	/** Has the next result of another filter shown at this place, not from its newest row on. */
	placeNext(place: NextPlace | undefined): void {
		this.#nextPlace = place;
	}

	/** Goes so many rows down (up, if negative), from the row chosen or the newest one in view. */
	move(rows: number): void {
		const { viewport } = this.#view;
		const from = this.isVisible ? this.rank : undefined;
		const step = rankStep(viewport.newest);
		this.select(from === undefined ? Math.ceil(viewport.topRank) : from + rows * step);
		this.reveal();
	}

	/** Goes so many viewports down or up. */
	movePages(pages: number): void {
		const { viewport } = this.#view;
		const rows = Math.max(Math.floor(viewport.viewRows) - 1, 1) * pages;
		viewport.scrollBy(rows);
		const first = Math.ceil(viewport.topRank);
		this.select(this.rank === undefined ? first : this.rank + rows * rankStep(viewport.newest));
		this.reveal();
	}

	/** Goes to the newest row, and back to the live edge. */
	toNewest(): void {
		this.#view.toEdge();
		this.select(-this.#view.set.added);
	}

	toOldest(): void {
		this.#view.viewport.scrollTo(Infinity);
		this.select(this.#view.endRank - 1);
	}

	/** Goes to the first row of the table. */
	toTop(): void {
		if (this.#view.viewport.newest === 'top') {
			this.toNewest();
		} else {
			this.toOldest();
		}
	}

	/** Goes to the last row of the table. */
	toBottom(): void {
		if (this.#view.viewport.newest === 'top') {
			this.toOldest();
		} else {
			this.toNewest();
		}
	}

	reveal(): void {
		if (this.rank !== undefined) {
			this.#view.viewport.reveal(this.rank);
		}
	}

	/**
	 * Goes to the next older (or newer) entry of at least this level. Resolves with `false` if the
	 * table has none.
	 */
	async find(level: Level, direction: 'older' | 'newer'): Promise<boolean> {
		const view = this.#view;
		const { set } = view;
		const start = this.row ?? view.rowAt(Math.ceil(view.viewport.topRank));
		if (start === undefined) {
			return false;
		}
		const isStrict = this.row !== undefined;
		const found =
			direction === 'older'
				? await findOlder(set, level, start, isStrict)
				: await findNewer(set, level, start);
		const place = found === undefined ? undefined : await set.placeOf(found);
		if (set !== view.set) {
			return this.find(level, direction); // another result has taken its place meanwhile
		}
		if (place === undefined || place >= view.shown) {
			return false;
		}
		this.select(place - set.added);
		this.reveal();
		return true;
	}

	/** Rows have come: the chosen one may be among them, or not be there any more. */
	#resolve(): void {
		const { row } = this;
		if (row === undefined) {
			return;
		}
		if (this.#entry === undefined) {
			this.#entry = row;
			this.onRow(row);
		} else if (this.#entry.seq !== row.seq) {
			this.clear();
		}
	}

	/** Where the chosen row is in another result; with another filter it may not be in it. */
	async #findIn(next: ResultSet, isSame: boolean): Promise<() => void> {
		const wanted = this.#nextPlace;
		if (wanted !== undefined && !isSame) {
			return this.#findPlace(next, wanted);
		}
		const entry = this.#entry;
		const isThere = entry !== undefined && (isSame || (await isIn(next, entry.seq)));
		const place = isThere ? await next.placeOf(entry) : undefined;
		return () => {
			if (place === undefined) {
				this.clear();
			} else {
				this.rank = place - next.added;
				this.#resolve();
			}
		};
	}

	/** Where to be in another result that is to be shown at a certain place. */
	async #findPlace(next: ResultSet, wanted: NextPlace): Promise<() => void> {
		const { chosen, top, above, limit } = wanted;
		const [place, topPlace] = await Promise.all(
			[chosen, top].map((row) => (row === undefined ? undefined : next.placeOf(row))),
		);
		return () => {
			this.#nextPlace = undefined;
			this.#view.setLimit(limit);
			if (topPlace !== undefined) {
				this.#view.viewport.scrollTo(topPlace - above);
			}
			this.clear();
			if (place !== undefined) {
				this.#entry = chosen;
				this.rank = place - next.added;
				this.#resolve();
			}
		};
	}
}

/** Whether an entry that is stored is one of a result. */
async function isIn(set: ResultSet, seq: number): Promise<boolean> {
	const count = await set.countFully({ ...set.filter, after: seq - 1, up_to: seq });
	return count !== undefined && count.matched > 0;
}

import type { EntryRow } from '#shared/model/entry.ts';
import { rankStep } from '../../lib/row-places.ts';
import type { LogView } from '../result/log-view.svelte.ts';
import type { ResultSet } from '../result/result-set.svelte.ts';
import type { RowCursor } from './row-cursor.svelte.ts';
import { rowsBetween } from './rows-between.ts';

/** More rows than this are not chosen at once. */
export const MAX_SELECTED = 10_000;

/** Where a stretch of chosen rows begins. */
interface Anchor {
	readonly set: ResultSet;
	readonly rank: number;
	readonly row: EntryRow;
}

/**
 * Several rows that are chosen, by their entries: they stay chosen wherever they go. With none,
 * it is the row of the cursor that is meant.
 */
export class RowSelection {
	#rows: ReadonlyMap<number, EntryRow> = $state.raw(new Map());
	readonly #view: LogView;
	readonly #cursor: RowCursor;
	#anchor: Anchor | undefined;
	/** Of several wishes in a row only the last one counts. */
	#wish = 0;
	#isOwnMove = false;

	constructor(view: LogView, cursor: RowCursor) {
		this.#view = view;
		this.#cursor = cursor;
		cursor.onSelect = () => {
			if (!this.#isOwnMove) {
				this.clear();
			}
		};
	}

	/** How many are chosen beside the cursor's way of choosing one: 0, or some. */
	get size(): number {
		return this.#rows.size;
	}

	has(seq: number): boolean {
		return this.#rows.has(seq);
	}

	/** The rows that are meant, in the order of the table. */
	get rows(): readonly EntryRow[] {
		if (this.#rows.size === 0) {
			return this.#cursor.row === undefined ? [] : [this.#cursor.row];
		}
		return [...this.#rows.values()].sort((a, b) => this.#compare(a, b));
	}

	/** Only the cursor's row is meant again. */
	clear(): void {
		this.#wish++;
		this.#anchor = undefined;
		if (this.#rows.size > 0) {
			this.#rows = new Map();
		}
	}

	/** Chooses a row as well, or no longer; the cursor goes there. */
	toggle(rank: number): void {
		const row = this.#view.rowAt(rank);
		if (row === undefined) {
			return;
		}
		this.#wish++;
		const rows = new Map(this.rows.map((chosen) => [chosen.seq, chosen]));
		const isFirst = this.#rows.size === 0;
		if (rows.size < MAX_SELECTED && (!rows.has(row.seq) || (isFirst && rows.size === 1))) {
			rows.set(row.seq, row);
		} else {
			rows.delete(row.seq);
		}
		this.#rows = rows;
		this.#goTo(rank);
		this.#anchor = { set: this.#view.set, rank, row };
	}

	/** Chooses the row of the cursor as well, or no longer. */
	toggleCurrent(): void {
		const { rank } = this.#cursor;
		if (rank === undefined) {
			this.#cursor.move(0);
		} else {
			this.toggle(rank);
		}
	}

	/** Moves the cursor without letting go of what is chosen. */
	moveOnly(rows: number): void {
		this.#isOwnMove = true;
		this.#cursor.move(rows);
		this.#isOwnMove = false;
	}

	/** Chooses the rows between the one it began with and the cursor, which moves so many rows down. */
	extend(rows: number): Promise<number> {
		const { rank } = this.#cursor;
		if (rank === undefined) {
			this.#cursor.move(0);
			return Promise.resolve(0);
		}
		return this.extendTo(rank + rows * rankStep(this.#view.viewport.newest));
	}

	/**
	 * Chooses the rows between the one it began with (the cursor's, at first) and this one. Resolves
	 * with how many were left out because they are too many.
	 */
	async extendTo(rank: number): Promise<number> {
		const { set } = this.#view;
		const wish = ++this.#wish;
		const row = this.#cursor.row;
		const here = this.#cursor.rank;
		if (this.#anchor === undefined && row !== undefined && here !== undefined) {
			this.#anchor = { set, rank: here, row };
		}
		this.#goTo(rank);
		const { rank: end } = this.#cursor;
		const start = await this.#startOf(set);
		if (end === undefined || wish !== this.#wish) {
			return 0;
		}
		const from = start ?? end;
		const count = Math.abs(end - from) + 1;
		const kept = Math.min(count, MAX_SELECTED);
		const [first, last] = from <= end ? [from, from + kept - 1] : [from - kept + 1, from];
		await this.#choose(first, last, wish);
		return count - kept;
	}

	/** Chooses all rows of the table, up to the most there can be; resolves with how many are not. */
	async all(): Promise<number> {
		const { set, endRank } = this.#view;
		const wish = ++this.#wish;
		const first = -set.added;
		const last = Math.min(endRank, first + MAX_SELECTED) - 1;
		if (last < first) {
			return 0;
		}
		await this.#choose(first, last, wish);
		return Math.max(endRank - 1 - last, 0);
	}

	async #choose(first: number, last: number, wish: number): Promise<void> {
		const rows = await rowsBetween(this.#view.set, first, last);
		if (rows !== undefined && wish === this.#wish) {
			this.#rows = new Map(rows.map((row) => [row.seq, row]));
		}
	}

	/** The rank of the row it began with, in the result that is shown now. */
	async #startOf(set: ResultSet): Promise<number | undefined> {
		const anchor = this.#anchor;
		if (anchor === undefined || anchor.set === set) {
			return anchor?.rank;
		}
		const place = await set.placeOf(anchor.row);
		if (place === undefined) {
			return undefined;
		}
		this.#anchor = { set, rank: place - set.added, row: anchor.row };
		return place - set.added;
	}

	#goTo(rank: number): void {
		this.#isOwnMove = true;
		this.#cursor.select(rank);
		this.#cursor.reveal();
		this.#isOwnMove = false;
	}

	#compare(a: EntryRow, b: EntryRow): number {
		const { set, viewport } = this.#view;
		const older = (set.order === 'time' ? b.ts - a.ts : 0) || b.seq - a.seq;
		return older * rankStep(viewport.newest);
	}
}

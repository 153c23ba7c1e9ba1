import type { EntryRow } from '#shared/model/entry.ts';
import type { Filter } from '#shared/model/query.ts';
import type { LogView } from '../result/log-view.svelte.ts';
import type { ResultSet } from '../result/result-set.svelte.ts';
import type { RowCursor } from './row-cursor.svelte.ts';

/** What an entry has to match besides being in the result, in the terms of a filter. */
export type What = Pick<Filter, 'also' | 'at' | 'zone' | 'marked' | 'notes' | 'seen_to'>;

/** Which way to look from the chosen row. */
export type Direction = 'older' | 'newer';

/**
 * Goes to entries of the result by what they match, however far away they are: where the limit of
 * the table ends short of one, the limit is lifted.
 */
export class RowFinder {
	/** Called when the limit was lifted to show a row. */
	onLifted: () => void = () => {};
	readonly #view: LogView;
	readonly #cursor: RowCursor;
	#turn: Promise<boolean> = Promise.resolve(false);
	/** Where it went last: far rows are chosen before they have been fetched. */
	#last: { set: ResultSet; rank: number | undefined; row: EntryRow } | undefined;

	constructor(view: LogView, cursor: RowCursor) {
		this.#view = view;
		this.#cursor = cursor;
	}

	/**
	 * Goes to the next older (or newer) entry that matches `what` as well, from the chosen row or
	 * the first one in view. Resolves with `false` if there is none. Rejects as the engine does.
	 */
	go(what: What, direction: Direction): Promise<boolean> {
		// One after the other: a key pressed twice goes two steps, however long the first one takes.
		const turn = this.#turn.then(() => this.#go(what, direction));
		this.#turn = turn.catch(() => false);
		return turn;
	}

	async #go(what: What, direction: Direction): Promise<boolean> {
		const { set } = this.#view;
		const chosen = this.#cursor.row ?? this.#rowOnItsWay();
		const start = chosen ?? this.#view.rowAt(Math.ceil(this.#view.viewport.topRank));
		const above = start === undefined ? undefined : await countAbove(set, what, start);
		if (start === undefined || above === undefined) {
			return set !== this.#view.set && this.#go(what, direction);
		}
		const isHit = chosen !== undefined && (await matches(set, what, start)) === true;
		const offset = direction === 'older' ? above + (isHit ? 1 : 0) : above - 1;
		const row = offset < 0 ? undefined : await rowOf(set, what, offset);
		if (set !== this.#view.set) {
			return this.#go(what, direction); // another result has taken its place meanwhile
		}
		return row !== undefined && this.goTo(row);
	}

	/** Goes to the first entry of the result that matches `what` as well. */
	async goToFirst(what: What & Pick<Filter, 'until'>): Promise<boolean> {
		const { set } = this.#view;
		const row = await rowOf(set, what, 0);
		return set === this.#view.set ? row !== undefined && this.goTo(row) : this.goToFirst(what);
	}

	/** Goes to an entry of the result. Resolves with `false` if it is not in it. */
	async goTo(row: EntryRow): Promise<boolean> {
		const { set } = this.#view;
		const place = await set.placeOf(row);
		if (set !== this.#view.set) {
			return this.goTo(row);
		}
		if (place === undefined || place >= set.matched) {
			return false;
		}
		if (place >= this.#view.shown) {
			this.#view.setLimit(0);
			this.onLifted();
		}
		this.#cursor.select(place - set.added);
		this.#last = { set, rank: this.#cursor.rank, row };
		this.#center();
		return true;
	}

	/** Goes to an entry that may not be in the result; `false` if it is not. */
	async goToIfThere(row: EntryRow): Promise<boolean> {
		return (await matches(this.#view.set, {}, row)) === true && this.goTo(row);
	}

	/** The chosen row, where it is one this went to and is still being fetched. */
	#rowOnItsWay(): EntryRow | undefined {
		const last = this.#last;
		const isChosen = last?.set === this.#view.set && last.rank === this.#cursor.rank;
		return isChosen && last.rank !== undefined ? last.row : undefined;
	}

	/** Brings the chosen row into view; from far away into its middle, so that both sides are seen. */
	#center(): void {
		const { rank } = this.#cursor;
		const { viewport, set } = this.#view;
		if (rank === undefined || this.#cursor.isVisible) {
			this.#cursor.reveal();
		} else {
			viewport.scrollTo(rank + set.added - Math.floor(viewport.viewRows / 2));
		}
	}
}

/** How many entries of the result that match `what` stand above this one. */
export async function countAbove(
	set: ResultSet,
	what: What,
	row: EntryRow,
): Promise<number | undefined> {
	return set.countAbove(row, { ...what, ...set.filter });
}

/** Whether an entry is in the result and matches `what`, too. */
export async function matches(
	set: ResultSet,
	what: What,
	{ seq }: EntryRow,
): Promise<boolean | undefined> {
	const filter = { ...what, ...set.filter };
	const count = await set.countFully({ ...filter, after: seq - 1, up_to: seq });
	return count === undefined ? undefined : count.matched > 0;
}

async function rowOf(
	set: ResultSet,
	{ until, ...what }: What & Pick<Filter, 'until'>,
	offset: number,
): Promise<EntryRow | undefined> {
	const ends = [until, set.filter.until].filter((end) => end !== undefined);
	const filter = {
		...what,
		...set.filter,
		...(ends.length === 0 ? {} : { until: Math.min(...ends) }),
	};
	return (await set.rowsOf(filter, { limit: 1, offset }))?.[0];
}

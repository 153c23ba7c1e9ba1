import type { EntryRow } from '#shared/model/entry.ts';
import type { Filter } from '#shared/model/query.ts';
import type { LogView } from '../result/log-view.svelte.ts';
import type { RowCursor } from './row-cursor.svelte.ts';

/** Where the reader was before an entry was shown among its neighbours. */
interface Left {
	readonly filter: Filter;
	readonly limit: number;
	/** The row at the top, and by how much of it the table was scrolled; none at the live edge. */
	readonly top: EntryRow | undefined;
	readonly fraction: number;
	readonly chosen: EntryRow | undefined;
}

/** What can be asked of what it shows the entries with. */
type Shown = Pick<LogView, 'paused' | 'setFilter'> & {
	renewFilter(filter: Filter): void;
};

/**
 * Shows an entry among all of its neighbours, whatever is asked for, and comes back to where the
 * reader was. It stands between the query and the view: a query that is changed meanwhile is shown,
 * and there is nothing to come back to.
 */
export class Context {
	/** The entry that is shown among its neighbours. */
	row: EntryRow | undefined = $state.raw();
	readonly #view: LogView & Shown;
	readonly #cursor: RowCursor;
	#left: Left | undefined;

	constructor(view: LogView & Shown, cursor: RowCursor) {
		this.#view = view;
		this.#cursor = cursor;
	}

	get isOpen(): boolean {
		return this.row !== undefined;
	}

	get paused(): boolean {
		return this.#view.paused;
	}

	/** Shows this entry of the table among its neighbours; another one, if one is shown already. */
	open(row: EntryRow): void {
		const { viewport, filter, limit, set, edge } = this.#view;
		const first = Math.floor(viewport.topRank);
		this.#left ??= {
			filter,
			limit,
			top: edge.following ? undefined : this.#view.rowAt(first),
			fraction: viewport.topRank - first,
			chosen: this.#cursor.row,
		};
		this.row = row;
		const above =
			this.#cursor.isVisible && this.#cursor.row?.seq === row.seq
				? (this.#cursor.rank ?? 0) + set.added - viewport.top
				: Math.floor(viewport.viewRows / 2);
		this.#cursor.placeNext({ chosen: row, top: row, above, limit: 0 });
		this.#view.setFilter({});
	}

	/** Goes back to where the reader was. */
	close(): void {
		const left = this.#left;
		if (left !== undefined) {
			this.#end();
			const { chosen, top, fraction, limit } = left;
			this.#cursor.placeNext({ chosen, top, above: -fraction, limit });
			this.#view.setFilter(left.filter);
		}
	}

	/** Something else is asked for: that is shown. */
	setFilter(filter: Filter): void {
		const limit = this.#left?.limit;
		if (limit !== undefined) {
			this.#end();
			this.#view.setLimit(limit);
		}
		this.#view.setFilter(filter);
	}

	/** The same is asked for, of a later moment. */
	renewFilter(filter: Filter): void {
		if (this.#left === undefined) {
			this.#view.renewFilter(filter);
		} else {
			this.#left = { ...this.#left, filter };
		}
	}

	#end(): void {
		this.#left = undefined;
		this.row = undefined;
	}
}

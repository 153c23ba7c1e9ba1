import type { NewestAt } from '#shared/model/settings.ts';
import { rankStep, turnTop } from '../../lib/row-places.ts';
import { clampTop, topThatShows } from '../../lib/virtual-rows.ts';
import type { Extent } from '../../lib/virtual-rows.ts';
import { takenIn } from './live-edge.svelte.ts';
import type { LiveEdge } from './live-edge.svelte.ts';
import type { ResultSet } from './result-set.svelte.ts';

/** What a viewport looks at. */
export interface Viewed {
	readonly set: ResultSet;
	/** Rows in all. */
	readonly shown: number;
	/** The rank at which the limit ends the table. */
	readonly limitRank: number;
	readonly edge: LiveEdge;
}

/**
 * Which rows are looked at: a stretch of ranks, so that newer rows coming do not move it. Its `top` is
 * the end where the newest are, which is at the top of the table or at its bottom.
 */
export class Viewport {
	newest: NewestAt = $state('top');
	/** Rank of the first row looked at, with a fraction. */
	topRank = $state(0);
	/** How many rows fit in, with a fraction. */
	viewRows = $state(40);
	/** Of each row, in CSS pixels. */
	rowHeight = $state(22);
	/** Called when the reader has a hand on the scroll bar. */
	onTouch: () => void = () => {};
	readonly #viewed: Viewed;

	constructor(viewed: Viewed) {
		this.#viewed = viewed;
	}

	get extent(): Extent {
		return { rows: this.#viewed.shown, viewRows: this.viewRows, rowHeight: this.rowHeight };
	}

	/** How many rows are newer than those looked at, with a fraction. */
	get top(): number {
		return clampTop(this.topRank + this.#viewed.set.added, this.extent);
	}

	/** How many rows are above in the table, with a fraction. */
	get above(): number {
		return turnTop(this.top, this.extent, this.newest);
	}

	/** The reader scrolls: row `top` (with a fraction) is to be the first one. */
	scrollTo(top: number): void {
		const { edge, set } = this.#viewed;
		const wanted = clampTop(top, this.extent);
		if (wanted < 0.01) {
			edge.arrive();
		} else {
			edge.leave(takenIn(set));
		}
		this.moveTo(wanted);
	}

	/** The reader scrolls so many rows down in the table, or up. */
	scrollBy(rows: number): void {
		this.scrollTo(this.top + rows * rankStep(this.newest));
	}

	/** The reader scrolls so that so many rows are above in the table. */
	showFrom(above: number): void {
		this.scrollTo(turnTop(above, this.extent, this.newest));
	}

	/** As `showFrom`, by a hand on the scroll bar: until it lets go nothing else may move it. */
	dragTo(above: number): void {
		this.onTouch();
		this.showFrom(above);
	}

	/** Scrolls as little as brings this row into view. */
	reveal(rank: number): void {
		const top = topThatShows(rank + this.#viewed.set.added, this.top, this.extent);
		if (top !== this.top) {
			this.scrollTo(top);
		}
	}

	/** It has this height now, in rows. */
	resize(viewRows: number): void {
		this.viewRows = Math.max(viewRows, 1);
		this.moveTo(this.top);
	}

	/** Has row `top` be the first one, without this being the reader's doing, and asks for what is seen. */
	moveTo(top: number): void {
		const { set, limitRank } = this.#viewed;
		this.topRank = clampTop(top, this.extent) - set.added;
		const start = Math.floor(this.topRank);
		set.want({ start, end: Math.ceil(this.topRank + this.viewRows) }, limitRank);
	}
}

import type { Filter } from '#shared/model/query.ts';
import { BLOCK_ENTRIES } from './entry-window.ts';
import type { EntryWindow } from './entry-window.ts';

/** A stretch of entries by their places: [from, to). */
export interface PlaceRange {
	readonly from: number;
	readonly to: number;
}

/** The places that a filter's stretch of arrival has. */
export function rangeOf(
	window: EntryWindow,
	{ arrived_after = -1, up_to }: Filter,
	after = -1,
): PlaceRange {
	const to = up_to === undefined ? window.end : window.placeAfter(up_to);
	return { from: Math.min(window.placeAfter(Math.max(arrived_after, after)), to), to };
}

/** The place at which the block of a range begins. */
export function startOf({ from }: PlaceRange): number {
	return from - (from % BLOCK_ENTRIES);
}

/** A range cut where blocks begin, the newest part first. */
export function* blocksOf({ from, to }: PlaceRange): Generator<PlaceRange> {
	for (let end = to; end > from;) {
		const start = Math.max(end - 1 - ((end - 1) % BLOCK_ENTRIES), from);
		yield { from: start, to: end };
		end = start;
	}
}

import type { NewestAt } from '#shared/model/settings.ts';
import { lastTop } from './virtual-rows.ts';
import type { Extent } from './virtual-rows.ts';

/**
 * Where rows stand in the table. A result counts its rows by rank, from the newest to the oldest,
 * and so do viewport, cursor and all that looks for rows. The table shows them in that order from
 * the top down, or turned round: only what is drawn, scrolled or pressed has to know, and asks here.
 */

/** By how much the rank changes with one row further down. */
export function rankStep(newest: NewestAt): 1 | -1 {
	return newest === 'top' ? 1 : -1;
}

/**
 * The place of a row among so many, 0 being the top of the table, from its place among them counted
 * from the newest on; and the other way round.
 */
export function turnPlace(place: number, rows: number, newest: NewestAt): number {
	return newest === 'top' ? place : rows - 1 - place;
}

/**
 * How many rows are above the viewport, with a fraction, from how many are beyond its end where the
 * newest are; and the other way round.
 */
export function turnTop(top: number, extent: Extent, newest: NewestAt): number {
	return newest === 'top' ? top : lastTop(extent) - top;
}

/**
 * How many rows below the top of the viewport a row begins, with a fraction, where `topRank` is the
 * rank at the viewport's newest end. Rows that do not fill it begin at its top, whichever end is which.
 */
export function rowsFromTop(
	rank: number,
	topRank: number,
	{ rows, viewRows }: Extent,
	newest: NewestAt,
): number {
	const fromNewest = rank - topRank;
	return newest === 'top' ? fromNewest : Math.min(viewRows, rows) - 1 - fromNewest;
}

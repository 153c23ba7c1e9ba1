import type { KeptFilter } from './kept-tallies.ts';
import type { HeldSegment, Resident } from '../segment-set.ts';

/** Rows of a segment that match a filter. */
export interface FoundRows {
	readonly held: HeldSegment;
	readonly resident: Resident;
	/** All there are of them among the rows [from, to). */
	readonly from: number;
	readonly to: number;
	/** Which rows, rising; the first `count` of these. */
	readonly rows: Uint32Array;
	readonly count: number;
}

/** Counts the rows of one segment by something. */
export interface Tally {
	/** Called before rows are added, and once they all were. */
	begin(): void;
	add(found: FoundRows): void;
	end(): void;
	/** Bytes of memory it takes, about. */
	readonly bytes: number;
}

/** Something to count by. */
export interface TallyKind<T extends Tally = Tally> {
	/** Two kinds with one name count the same, but for its details. */
	readonly name: string;
	/** It looks at more than columns. */
	readonly readsText?: boolean;
	/** So many rows, or all of one piece of them, are counted at once, where that takes long. */
	readonly pieceRows?: number;
	/** Finds out what it will need of rows [from, to), unless it `isOver` before; whether it did. */
	readonly prepare?: (
		held: HeldSegment,
		from: number,
		to: number,
		isOver: () => boolean,
	) => boolean;
	/** Of each name only those with the details asked for last are kept. */
	readonly details?: string;
	create(held: HeldSegment, filter: KeptFilter): T;
}

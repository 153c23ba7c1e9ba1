/** What the scanner found out about a line. */
export const LineStatus = {
	/** Not an AsyncZ record as the scanner knows it: the line has to be decoded. */
	other: 0,
	/** An AsyncZ record: all columns are there. */
	record: 1,
	/** As `record`, and the message has escapes or characters beyond ASCII: search must decode it. */
	recordWithCoding: 2,
} as const;

/**
 * The lines of a chunk, in columns. Row `i` of each array speaks of line `i`. The arrays are views
 * that hold until the next call of the scanner.
 */
export interface ScannedLines {
	readonly count: number;
	/** Where each line begins in the input; `starts[count]` is the end of the last one. */
	readonly starts: Uint32Array;
	/** One of `LineStatus`. The other columns hold for records only. */
	readonly status: Uint8Array;
	/** Microseconds since 1970. */
	readonly ts: Float64Array;
	/** Ids of texts: `LineScanner.text(kind, id)`. 0 is no task. */
	readonly level: Uint16Array;
	readonly logger: Uint32Array;
	readonly task: Uint32Array;
	/** Where the message stands, between its quotes: bytes after the line's beginning, and length. */
	readonly messageStart: Uint32Array;
	readonly messageLength: Uint32Array;
}

export type TextKind = 'level' | 'logger' | 'task';

/** Bits in the filter of a block: a set of hashed 4-grams (see `grams.ts`). */
export const FILTER_BITS = 65_536;
export const FILTER_BYTES = FILTER_BITS / 8;

/**
 * Reads AsyncZ's records straight from their bytes. Two of them exist, in WebAssembly and in plain
 * JavaScript, and say the same: a line is called a record only if `JSON.parse` accepts it and
 * `decodeEntry`, without a mapping, would give the same columns. It has no other keys than AsyncZ's.
 */
export interface LineScanner {
	/** A place for `length` bytes to be scanned. Holds until the next call of `input`. */
	input(length: number): Uint8Array;
	/** Scans the first `length` bytes of the input: lines that end in LF, the last one maybe not. */
	scan(length: number): ScannedLines;
	/** The text of an id, decoded. Ids are given out from 1 in the order of their first use. */
	text(kind: TextKind, id: number): string;
	/** How many ids of a kind were given out since the last `forget`. */
	textCount(kind: TextKind): number;
	/**
	 * Forgets all texts, so that a log with ever new ones can't fill the memory. Once there are more
	 * than `limits.ts` says, records with new ones are `other` until then.
	 */
	forget(): void;
	/**
	 * Adds the 4-grams of input bytes [from, to) to `filter` (FILTER_BYTES long). True if something
	 * in them can match a needle whose grams are not there: the block must always be searched.
	 */
	addGrams(from: number, to: number, filter: Uint8Array): boolean;
	/**
	 * Writes to `found` in which of `count` stretches of the input `needle` stands as a whole, letters
	 * of ASCII in any case: 1, else 0. `stretches` has their beginnings and ends by turns, in bytes of
	 * the input. `needle` is lower-case; an empty one is nowhere.
	 */
	find(stretches: Uint32Array, count: number, needle: Uint8Array, found: Uint8Array): void;
}

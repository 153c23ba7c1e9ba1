import type { FileIdentity, FilePlace } from '../../log-sink.ts';

/** Rows that share one filter of 4-grams. */
export const FILTER_ROWS = 512;

/** Rows that stand together in one log: where their text is there. */
export interface Span {
	/** Its first row; it goes on to the next span's. */
	readonly row: number;
	/** The log it is of; a gap's row, which has no text, has the log that lost something. */
	readonly generation: number;
	/** Where the text of its first row begins, in the segment's text and in the log. */
	readonly text: number;
	readonly offset: number;
}

/** Lines that came too late to stand behind the others of their entry. */
export interface LateText {
	readonly row: number;
	readonly text: string;
}

/** What is known of a segment without looking at its rows. */
export interface Segment {
	readonly id: number;
	/** `seq` of its first row; row `i` has `seq + i`. No two segments overlap. */
	readonly seq: number;
	readonly rows: number;
	/** Rows of removed sources among them: they are in no answer. */
	readonly hidden: number;
	/** Rises when rows that were there change: some were hidden, or read anew by a mapping. */
	readonly version: number;
	readonly textBytes: number;
	readonly minTs: number;
	readonly maxTs: number;
	/**
	 * No row is behind the newest one before it in the segment by more microseconds than this, those
	 * aside that were given a time; `undefined`: it was saved before this was known.
	 */
	readonly behind?: number;
	readonly maxSeverity: number;
	/** Rows of severity ERROR and above, hidden ones not among them. */
	readonly errors: number;
	readonly spans: readonly Span[];
	readonly late: readonly LateText[];
	/** Messages of rows that are gaps. */
	readonly gaps: readonly { readonly row: number; readonly message: string }[];
	/** Whether its text is in the database; else it is read from the log's file. */
	readonly isTextKept: boolean;
}

/** The memory of a segment, shared by the threads. */
export interface SegmentMemory {
	readonly columns: SharedArrayBuffer;
	/** Rows there is room for in `columns`. */
	readonly capacity: number;
	/** The filters of its blocks, `FILTER_BYTES` each, one after the other. */
	readonly filter: SharedArrayBuffer;
	/** 1 for each block of rows that a search must look into whatever its filter says. */
	readonly odd: SharedArrayBuffer;
	/** The text, until it is kept or can be read from its file. */
	readonly text?: SharedArrayBuffer;
}

/** A log as the threads that read text need to know it. */
export interface GenerationPlace {
	readonly id: number;
	readonly source: number;
	readonly place: FilePlace;
	readonly identity: FileIdentity;
	/** Its file no longer holds it: it was truncated or written anew. */
	readonly isDestroyed: boolean;
}

/** The span a row belongs to: the last one that begins at or before it. */
export function spanOf(segment: Segment, row: number): Span | undefined {
	let low = 0;
	let high = segment.spans.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((segment.spans[middle]?.row ?? 0) <= row) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return segment.spans[low - 1];
}

/** How many filters a segment of so many rows has. */
export function filterCount(rows: number): number {
	return Math.ceil(rows / FILTER_ROWS);
}

/** `seq`s from one to another, both inclusive. */
export interface SeqRange {
	readonly from: number;
	readonly to: number;
}

/** The rows of some logs, as their `seq`s. */
export function seqsOf(segment: Segment, isOf: (generation: number) => boolean): SeqRange[] {
	const { seq, rows, spans } = segment;
	return spans.flatMap(({ row, generation }, index) => {
		const end = spans[index + 1]?.row ?? rows;
		return end > row && isOf(generation) ? [{ from: seq + row, to: seq + end - 1 }] : [];
	});
}

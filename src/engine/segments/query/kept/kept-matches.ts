import { headRow } from '../text/row-text.ts';
import { RecentKeys } from '../plan/recent-keys.ts';
import type { SegmentRows } from '../plan/match-rows.ts';

/** Rows whose marks stand together: they take a quarter of the room once all are known. */
const CHUNK_ROWS = 2_048;

/** What is known of a row. */
export const Mark = {
	unknown: 0,
	noMatch: 1,
	match: 2,
	/** It may match; whether it does is still to be found out. */
	candidate: 3,
} as const;

/** Marks of a chunk's rows, as bits once each of them is known. */
type Chunk = { readonly marks: Uint8Array } | { readonly bits: Uint8Array };

const NO_BITS = new Uint8Array(CHUNK_ROWS / 8);

interface KeptSegment {
	readonly version: number;
	/** Rows whose text was nowhere to be had may match once it is kept. */
	readonly isTextKept: boolean;
	readonly chunks: (Chunk | undefined)[];
	/** What the segment was when its rows were looked at last. */
	rows: number;
	textBytes: number;
	late: number;
}

/** Which rows match filters that are slow to ask, by filter, segment and row. */
export class KeptMatches {
	readonly #filters = new RecentKeys(() => new Map<number, KeptSegment>());
	/** Rises whenever something is found out that will be remembered. */
	learned = 0;

	/** The mark of each of the rows [from, to). */
	marks(key: string, rows: SegmentRows): Uint8Array {
		const { chunks } = this.#of(key, rows);
		const { from, to } = rows;
		const marks = new Uint8Array(to - from);
		for (let row = from; row < to;) {
			const chunk = chunks[Math.floor(row / CHUNK_ROWS)];
			const end = Math.min(chunkEnd(row), to);
			if (chunk !== undefined && 'marks' in chunk) {
				const first = row % CHUNK_ROWS;
				marks.set(chunk.marks.subarray(first, first + end - row), row - from);
			} else if (chunk?.bits === NO_BITS) {
				marks.fill(Mark.noMatch, row - from, end - from);
			} else if (chunk !== undefined) {
				for (let at = row; at < end; at++) {
					marks[at - from] = markOf(chunk.bits, at % CHUNK_ROWS);
				}
			}
			row = end;
		}
		return marks;
	}

	/** Whether nothing is known of any of the rows [from, to). */
	isFresh(key: string, rows: SegmentRows): boolean {
		const { chunks } = this.#of(key, rows);
		for (let row = rows.from; row < rows.to; row = chunkEnd(row)) {
			if (chunks[Math.floor(row / CHUNK_ROWS)] !== undefined) {
				return false;
			}
		}
		return true;
	}

	/** Remembers of the rows [from, to), of which nothing was known, which ones match: 1 in the mask. */
	learnAll(key: string, rows: SegmentRows, mask: Uint8Array): void {
		const { chunks } = this.#of(key, rows);
		const { from, to } = rows;
		const isWhole = from % CHUNK_ROWS === 0 && to % CHUNK_ROWS === 0;
		if (isWhole && !mask.includes(1)) {
			// Most words stand in few places: this is what most stretches come to.
			for (let index = from / CHUNK_ROWS; index < to / CHUNK_ROWS; index++) {
				chunks[index] = { bits: NO_BITS };
			}
			this.learned++;
			return;
		}
		if (isWhole) {
			for (let at = 0; at < to - from; at += CHUNK_ROWS) {
				const bits = packed(mask.subarray(at, at + CHUNK_ROWS));
				chunks[(from + at) / CHUNK_ROWS] = { bits };
			}
			this.learned++;
			return;
		}
		const marks = new Uint8Array(to - from);
		for (let at = 0; at < marks.length; at++) {
			marks[at] = mask[at] === 1 ? Mark.match : Mark.noMatch;
		}
		this.learn(key, rows, marks);
	}

	/** Remembers new marks of the rows [from, to). */
	learn(key: string, rows: SegmentRows, marks: Uint8Array): void {
		const { chunks } = this.#of(key, rows);
		const { from, to } = rows;
		for (let row = from; row < to;) {
			const index = Math.floor(row / CHUNK_ROWS);
			const end = Math.min(chunkEnd(row), to);
			const known = marksOf(chunks[index]);
			known.set(marks.subarray(row - from, end - from), row % CHUNK_ROWS);
			const isDone = !known.includes(Mark.unknown) && !known.includes(Mark.candidate);
			chunks[index] = isDone ? { bits: bitsOf(known) } : { marks: known };
			row = end;
		}
		this.learned++;
	}

	/** A segment has left. */
	forget(segment: number): void {
		for (const kept of this.#filters.all()) {
			kept.delete(segment);
		}
	}

	#of(key: string, { held, resident }: SegmentRows): KeptSegment {
		const kept = this.#filters.use(key);
		const { id, version, isTextKept, rows, textBytes, late } = held.segment;
		let known = kept.get(id);
		if (known?.version !== version || known.isTextKept !== isTextKept) {
			known = { version, isTextKept, chunks: [], rows, textBytes, late: late.length };
			kept.set(id, known);
		}
		if (known.rows !== rows || known.textBytes !== textBytes || known.late !== late.length) {
			// Lines may have come to the last entry there was, or to others.
			const last = known.rows - 1;
			forgetRows(known, Math.max(headRow(resident.columns, last), 0), last);
			for (const { row } of late.slice(known.late)) {
				forgetRows(known, row, row);
			}
			known.rows = rows;
			known.textBytes = textBytes;
			known.late = late.length;
		}
		return known;
	}
}

function forgetRows({ chunks }: KeptSegment, first: number, last: number): void {
	for (let row = first; row <= last; row++) {
		const index = Math.floor(row / CHUNK_ROWS);
		const chunk = chunks[index];
		if (chunk !== undefined) {
			const marks = marksOf(chunk);
			marks[row % CHUNK_ROWS] = Mark.unknown;
			chunks[index] = { marks };
		}
	}
}

function chunkEnd(row: number): number {
	return (Math.floor(row / CHUNK_ROWS) + 1) * CHUNK_ROWS;
}

function markOf(bits: Uint8Array, at: number): number {
	return (((bits[at >>> 3] ?? 0) >>> (at & 7)) & 1) === 1 ? Mark.match : Mark.noMatch;
}

function marksOf(chunk: Chunk | undefined): Uint8Array {
	if (chunk === undefined) {
		return new Uint8Array(CHUNK_ROWS);
	}
	return 'marks' in chunk
		? chunk.marks
		: Uint8Array.from({ length: CHUNK_ROWS }, (_, at) => markOf(chunk.bits, at));
}

function bitsOf(marks: Uint8Array): Uint8Array {
	return packed(marks.map((mark) => (mark === Mark.match ? 1 : 0)));
}

/** A chunk's mask of ones and zeros as bits. */
function packed(mask: Uint8Array): Uint8Array {
	if (!mask.includes(1)) {
		return NO_BITS;
	}
	const bits = new Uint8Array(CHUNK_ROWS / 8);
	for (let index = 0; index < bits.length; index++) {
		let byte = 0;
		for (let bit = 0; bit < 8; bit++) {
			byte |= (mask[index * 8 + bit] ?? 0) << bit;
		}
		bits[index] = byte;
	}
	return bits;
}

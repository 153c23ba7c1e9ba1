import { headRow } from './row-text.ts';
import { RecentKeys } from './recent-keys.ts';
import type { AskedRows } from './match-rows.ts';

/** Rows whose marks stand together: they take a quarter of the room once all are known. */
const CHUNK_ROWS = 2_048;

/** What is known of a row. */
const UNKNOWN = 0;
const NO_MATCH = 1;
const MATCH = 2;

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

	/**
	 * Makes `mask` 1 for the rows that are known to match and 0 for all others. The rows nothing is
	 * known of are 1 in the mask that is returned, if there are any.
	 */
	recall(key: string, rows: AskedRows): Uint8Array | undefined {
		const kept = this.#of(key, rows);
		const { from, to, mask } = rows;
		let unknown: Uint8Array | undefined;
		for (let row = from; row < to;) {
			const chunk = kept.chunks[Math.floor(row / CHUNK_ROWS)];
			const end = Math.min((Math.floor(row / CHUNK_ROWS) + 1) * CHUNK_ROWS, to);
			if (chunk === undefined) {
				unknown ??= new Uint8Array(to - from);
				unknown.fill(1, row - from, end - from);
			}
			if (chunk === undefined || ('bits' in chunk && chunk.bits === NO_BITS)) {
				mask.fill(0, row - from, end - from);
				row = end;
				continue;
			}
			for (; row < end; row++) {
				const mark = markOf(chunk, row % CHUNK_ROWS);
				mask[row - from] = mark === MATCH ? 1 : 0;
				if (mark === UNKNOWN) {
					unknown ??= new Uint8Array(to - from);
					unknown[row - from] = 1;
				}
			}
		}
		return unknown;
	}

	/** Remembers of the rows in `asked` whether they are in the mask. */
	learn(key: string, { from, to, mask, ...rows }: AskedRows, asked: Uint8Array): void {
		const { chunks } = this.#of(key, { ...rows, from, to, mask });
		for (let row = from; row < to;) {
			const index = Math.floor(row / CHUNK_ROWS);
			const end = Math.min((index + 1) * CHUNK_ROWS, to);
			const marks = marksOf(chunks[index]);
			for (; row < end; row++) {
				if (asked[row - from] === 1) {
					marks[row % CHUNK_ROWS] = mask[row - from] === 1 ? MATCH : NO_MATCH;
				}
			}
			chunks[index] = marks.includes(UNKNOWN) ? { marks } : { bits: bitsOf(marks) };
		}
		this.learned++;
	}

	/** A segment has left. */
	forget(segment: number): void {
		for (const kept of this.#filters.all()) {
			kept.delete(segment);
		}
	}

	#of(key: string, { held, resident }: AskedRows): KeptSegment {
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
			marks[row % CHUNK_ROWS] = UNKNOWN;
			chunks[index] = { marks };
		}
	}
}

function markOf(chunk: Chunk, at: number): number {
	if ('marks' in chunk) {
		return chunk.marks[at] ?? UNKNOWN;
	}
	return (((chunk.bits[at >>> 3] ?? 0) >>> (at & 7)) & 1) === 1 ? MATCH : NO_MATCH;
}

function marksOf(chunk: Chunk | undefined): Uint8Array {
	if (chunk === undefined) {
		return new Uint8Array(CHUNK_ROWS);
	}
	return 'marks' in chunk
		? chunk.marks
		: Uint8Array.from({ length: CHUNK_ROWS }, (_, at) => markOf(chunk, at));
}

function bitsOf(marks: Uint8Array): Uint8Array {
	if (!marks.includes(MATCH)) {
		return NO_BITS;
	}
	const bits = new Uint8Array(CHUNK_ROWS / 8);
	for (let at = 0; at < CHUNK_ROWS; at++) {
		bits[at >>> 3] = (bits[at >>> 3] ?? 0) | ((marks[at] === MATCH ? 1 : 0) << (at & 7));
	}
	return bits;
}

import type { HeldSegment } from '../segment-set.ts';
import { textStart } from '../text/row-text.ts';
import type { TextReader } from '../text/text-reader.ts';
import type { Columns } from '../../segment/columns.ts';

/** So much text is read at once, if rows that are wanted stand in it. */
const WINDOW_BYTES = 512 * 1024;

/** Text between two wanted rows that costs less to read than to leave out. */
const GAP_BYTES = 16 * 1024;

/** Reads the text of rows that are asked for one after the other, many rows at a time. */
export class TextWindow {
	readonly #texts: TextReader;
	#held: HeldSegment | undefined;
	#start = 0;
	#bytes: Uint8Array = new Uint8Array(0);
	/** Rows of the batch before this one were looked ahead at. */
	#ahead = 0;

	constructor(texts: TextReader) {
		this.#texts = texts;
	}

	/** Other rows come: `prepare` counts from their first one. */
	begin(): void {
		this.#ahead = 0;
		this.#held = undefined;
	}

	/** Row `index` of `rows`, which stand in rising or falling order, is read next, the others behind it. */
	prepare(held: HeldSegment, columns: Columns, rows: Uint32Array, index: number): void {
		if (index < this.#ahead) {
			return;
		}
		let low = textStart(columns, rows[index] ?? 0);
		let high = columns.end[rows[index] ?? 0] ?? low;
		let next = index + 1;
		for (; next < rows.length; next++) {
			const row = rows[next] ?? 0;
			const start = textStart(columns, row);
			const end = columns.end[row] ?? start;
			const isNear = start <= high + GAP_BYTES && end >= low - GAP_BYTES;
			if (!isNear || Math.max(high, end) - Math.min(low, start) > WINDOW_BYTES) {
				break;
			}
			low = Math.min(low, start);
			high = Math.max(high, end);
		}
		this.#ahead = next;
		this.#load(held, low, high);
	}

	/** Bytes [start, end) of a segment's text, good until the next call; `undefined` if they are gone. */
	read(held: HeldSegment, start: number, end: number): Uint8Array | undefined {
		const isHere =
			this.#held === held && start >= this.#start && end <= this.#start + this.#bytes.length;
		return isHere
			? this.#bytes.subarray(start - this.#start, end - this.#start)
			: this.#texts.read(held, start, end);
	}

	#load(held: HeldSegment, start: number, end: number): void {
		const bytes = Buffer.allocUnsafe(end - start);
		this.#held = this.#texts.readInto(held, start, bytes) ? held : undefined;
		this.#start = start;
		this.#bytes = bytes;
	}
}

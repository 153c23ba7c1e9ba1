import { EntryFlag } from '#shared/model/entry.ts';
import { FILTER_BYTES } from '../../scan/scanner.ts';
import type { LineScanner } from '../../scan/scanner.ts';
import {
	copyRows,
	createColumns,
	MUST_DECODE,
	RowFlag,
	trimColumns,
	viewColumns,
} from './columns.ts';
import type { Columns } from './columns.ts';
import type { Dictionary } from './dictionary.ts';
import type { BuiltRows } from './row-builder.ts';
import { startOf } from './built-rows.ts';
import { RowSummary } from './row-summary.ts';
import { FILTER_ROWS, filterCount } from './segment.ts';
import type { LateText, Segment, SegmentMemory, Span } from './segment.ts';

/** Text is taken in steps of this size: most segments end small. */
const TEXT_STEP = 256 * 1024;

export interface SegmentWriterOptions {
	readonly id: number;
	readonly seq: number;
	/** Rows there is room for; without `isFixed` more is made when they are full. */
	readonly capacity: number;
	/** Its columns never move, because others look at them while rows are added. */
	readonly isFixed: boolean;
	/** The most text it takes and holds; 0: the text is in a file and is not held. */
	readonly textLimit: number;
	readonly dictionary: Dictionary;
	/** Memory of a segment that is no more, to be used again. */
	readonly memory?: SegmentMemory | undefined;
}

/** A segment while rows are added to it. */
export class SegmentWriter {
	readonly id: number;
	readonly seq: number;
	readonly #options: SegmentWriterOptions;
	#columns: Columns;
	#filter: SharedArrayBuffer;
	#odd: SharedArrayBuffer;
	readonly #text: SharedArrayBuffer | undefined;
	#rows = 0;
	#textBytes = 0;
	readonly #summary: RowSummary;
	#spans: Span[] = [];
	#late: LateText[] = [];
	#gaps: { row: number; message: string }[] = [];

	constructor(options: SegmentWriterOptions) {
		this.id = options.id;
		this.seq = options.seq;
		this.#options = options;
		this.#summary = new RowSummary(options.dictionary);
		const { memory } = options;
		const blocks = filterCount(options.capacity);
		if (memory === undefined) {
			this.#columns = createColumns(options.capacity);
			this.#filter = new SharedArrayBuffer(blocks * FILTER_BYTES);
			this.#odd = new SharedArrayBuffer(blocks);
		} else {
			this.#columns = viewColumns(memory.columns, memory.capacity);
			this.#filter = memory.filter;
			this.#odd = memory.odd;
			new Uint8Array(this.#filter).fill(0);
			new Uint8Array(this.#odd).fill(0);
		}
		this.#text =
			options.textLimit === 0
				? undefined
				: new SharedArrayBuffer(TEXT_STEP, { maxByteLength: options.textLimit });
	}

	get rows(): number {
		return this.#rows;
	}

	get capacity(): number {
		return this.#options.capacity;
	}

	/** How many of these rows fit in, from row `from`; their text as well. */
	room(built: BuiltRows, from: number): number {
		const { capacity, isFixed, textLimit } = this.#options;
		let to = isFixed ? Math.min(from + capacity - this.#rows, built.count) : built.count;
		if (textLimit > 0) {
			const start = startOf(built, from);
			while (to > from && (built.columns.end[to - 1] ?? 0) - start > textLimit - this.#textBytes) {
				to--;
			}
		}
		// The rows of one line stay together: only the first one has its text.
		while (to > from && to < built.count && (built.columns.part[to] ?? 0) > 0) {
			to--;
		}
		return to - from;
	}

	/** Adds rows [from, to) of those built of `bytes`, which begin at `offset` in their log. */
	add(
		built: BuiltRows,
		from: number,
		to: number,
		bytes: Uint8Array,
		place: { readonly generation: number; readonly offset: number },
		scanner: LineScanner,
	): void {
		const start = startOf(built, from);
		const end = built.columns.end[to - 1] ?? start;
		this.#reserve(to - from);
		this.#continueSpan(place.generation, place.offset + start);
		this.#addGrams(built, from, to, scanner);
		copyRows(built.columns, from, to, this.#columns, this.#rows, this.#textBytes - start);
		for (let row = this.#rows; row < this.#rows + to - from; row++) {
			this.#summarize(row);
			if (((this.#columns.flags[row] ?? 0) & RowFlag.composed) !== 0) {
				this.#odds()[Math.floor(row / FILTER_ROWS)] = 1;
			}
		}
		this.#keepText(bytes.subarray(start, end));
		this.#textBytes += end - start;
		this.#rows += to - from;
	}

	/**
	 * The last line goes on with `bytes`, the first ones of the scanner's input, if they stand right
	 * behind it in its log and there is room. `flags` are set in its rows. False if not.
	 */
	extendLast(
		bytes: Uint8Array,
		place: { readonly generation: number; readonly offset: number },
		scanner: LineScanner,
		flags: number,
	): boolean {
		const span = this.#spans.at(-1);
		const limit = this.#options.textLimit || Infinity;
		if (
			this.#rows === 0 ||
			span?.generation !== place.generation ||
			span.offset + this.#textBytes - span.text !== place.offset ||
			this.#textBytes + bytes.length > limit
		) {
			return false;
		}
		this.#keepText(bytes);
		this.#textBytes += bytes.length;
		for (let row = this.#rows - 1, isMore = true; isMore && row >= 0; row--) {
			this.#columns.end[row] = this.#textBytes;
			this.setFlags(row, flags);
			isMore = (this.#columns.part[row] ?? 0) > 0;
		}
		const block = Math.floor((this.#rows - 1) / FILTER_ROWS);
		const filter = new Uint8Array(this.#filter, block * FILTER_BYTES, FILTER_BYTES);
		if (scanner.addGrams(0, bytes.length, filter)) {
			this.#odds()[block] = 1;
		}
		return true;
	}

	/** Gives a row lines that came when others stood behind it already. */
	addLate(row: number, text: string): void {
		this.#late = [...this.#late, { row, text }];
		this.#odds()[Math.floor(row / FILTER_ROWS)] = 1;
		this.setFlags(row, EntryFlag.continued);
	}

	setFlags(row: number, flags: number): void {
		this.#columns.flags[row] = (this.#columns.flags[row] ?? 0) | flags;
	}

	/** Adds a row without text, which says what was lost. */
	addGap(generation: number, row: { ts: number; level: number; message: string }): void {
		this.#reserve(1);
		this.#spans.push({ row: this.#rows, generation, text: this.#textBytes, offset: 0 });
		this.#gaps = [...this.#gaps, { row: this.#rows, message: row.message }];
		const { ts, level, flags, end, messageStart, messageLength } = this.#columns;
		ts[this.#rows] = row.ts;
		level[this.#rows] = row.level;
		flags[this.#rows] = EntryFlag.gap;
		end[this.#rows] = this.#textBytes;
		// Its message does not stand in the text.
		messageStart[this.#rows] = MUST_DECODE;
		messageLength[this.#rows] = MUST_DECODE;
		this.#odds()[Math.floor(this.#rows / FILTER_ROWS)] = 1;
		this.#summarize(this.#rows);
		this.#rows++;
	}

	/** What it is by now. */
	segment(): Segment {
		return {
			id: this.id,
			seq: this.seq,
			rows: this.#rows,
			hidden: 0,
			version: 1,
			textBytes: this.#textBytes,
			minTs: this.#summary.minTs,
			maxTs: this.#summary.maxTs,
			behind: this.#summary.behind,
			maxSeverity: this.#summary.maxSeverity,
			errors: this.#summary.errors,
			spans: [...this.#spans],
			late: this.#late,
			gaps: this.#gaps,
			isTextKept: false,
		};
	}

	memory(): SegmentMemory {
		return {
			columns: this.#columns.buffer,
			capacity: this.#columns.capacity,
			filter: this.#filter,
			odd: this.#odd,
			...(this.#text === undefined ? {} : { text: this.#text }),
		};
	}

	/** A copy of its memory, of just the size of what is used of it. */
	trimmedMemory(): SegmentMemory {
		const blocks = filterCount(this.#rows);
		return {
			...this.memory(),
			columns: trimColumns(this.#columns, this.#rows).buffer,
			capacity: this.#rows,
			filter: this.#filter.slice(0, blocks * FILTER_BYTES),
			odd: this.#odd.slice(0, blocks),
		};
	}

	#continueSpan(generation: number, offset: number): void {
		const last = this.#spans.at(-1);
		const isNext =
			last?.generation === generation && last.offset + this.#textBytes - last.text === offset;
		const isGap = this.#gaps.at(-1)?.row === this.#rows - 1 && this.#rows > 0;
		if (!isNext || isGap) {
			this.#spans.push({ row: this.#rows, generation, text: this.#textBytes, offset });
		}
	}

	#addGrams(built: BuiltRows, from: number, to: number, scanner: LineScanner): void {
		const filters = new Uint8Array(this.#filter);
		for (let row = from; row < to;) {
			const at = this.#rows + row - from;
			const block = Math.floor(at / FILTER_ROWS);
			const next = Math.min(row + FILTER_ROWS - (at % FILTER_ROWS), to);
			const filter = filters.subarray(block * FILTER_BYTES, (block + 1) * FILTER_BYTES);
			// A line's text is that of all its rows, whatever block they are in.
			const start = startOf(built, row - (built.columns.part[row] ?? 0));
			if (scanner.addGrams(start, built.columns.end[next - 1] ?? 0, filter)) {
				this.#odds()[block] = 1;
			}
			row = next;
		}
	}

	#summarize(row: number): void {
		const { ts, level, flags } = this.#columns;
		this.#summary.add(ts[row] ?? 0, level[row] ?? 0, flags[row] ?? 0);
	}

	#keepText(bytes: Uint8Array): void {
		if (this.#text === undefined || bytes.length === 0) {
			return;
		}
		const needed = this.#textBytes + bytes.length;
		if (needed > this.#text.byteLength) {
			const grown = Math.max(needed, this.#text.byteLength * 2);
			this.#text.grow(Math.min(grown, this.#text.maxByteLength));
		}
		new Uint8Array(this.#text).set(bytes, this.#textBytes);
	}

	#odds(): Uint8Array {
		return new Uint8Array(this.#odd);
	}

	#reserve(more: number): void {
		const needed = this.#rows + more;
		if (needed <= this.#columns.capacity) {
			return;
		}
		const grown = createColumns(Math.max(needed, this.#columns.capacity * 2));
		copyRows(this.#columns, 0, this.#rows, grown, 0);
		const blocks = filterCount(grown.capacity);
		this.#filter = enlarge(this.#filter, blocks * FILTER_BYTES);
		this.#odd = enlarge(this.#odd, blocks);
		this.#columns = grown;
	}
}

function enlarge(buffer: SharedArrayBuffer, length: number): SharedArrayBuffer {
	const larger = new SharedArrayBuffer(length);
	new Uint8Array(larger).set(new Uint8Array(buffer));
	return larger;
}

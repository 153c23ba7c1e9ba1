import { EntryFlag } from '#shared/model/entry.ts';
import { FormatGuess } from '../../pipeline/formats/table.ts';
import type { JoinState } from '../../pipeline/join-lines.ts';
import { rowsOfLine } from '../segment/built-rows.ts';
import { NO_COUNTS } from '../segment/line-counts.ts';
import type { LineCounts } from '../segment/line-counts.ts';
import type { BuildContext, BuiltRows, RowBuilder } from '../segment/row-builder.ts';
import { isBlankText, textOfEntry } from '../segment/decode-bytes.ts';
import type { SegmentWriter } from '../segment/segment-writer.ts';
import type { LogChunk } from '../../log-sink.ts';
import type { Range } from '../segment/range-set.ts';

/** Where the rows of a chunk went. */
export interface Appended {
	readonly rows: number;
	/** How much of the chunk is in which segment. */
	readonly parts: readonly { readonly writer: SegmentWriter; readonly range: Range }[];
	/** A segment that got more lines of an entry it had. */
	readonly extended: SegmentWriter | undefined;
	readonly counts: LineCounts;
	readonly state: JoinState;
	readonly format: string | undefined;
}

interface LastRow {
	readonly writer: SegmentWriter;
	readonly row: number;
}

/** An entry whose segment was closed so long ago takes no more lines. */
const REMEMBERED_WRITERS = 4;

/** Makes rows of chunks and adds them to segments, opening one after the other. */
export class RowAppender {
	readonly #builder: RowBuilder;
	readonly #open: (after: number, rows: number) => SegmentWriter;
	readonly #onFull: (writer: SegmentWriter) => void;
	/** The last row of each log, to which more lines may belong. */
	readonly #last = new Map<number, LastRow>();
	readonly #guesses = new Map<number, FormatGuess>();
	#writers: SegmentWriter[] = [];
	#writer: SegmentWriter | undefined;
	/** The `seq` after the last one that was given out here. */
	#nextSeq = 0;

	/**
	 * `open` gives a new segment, `onFull` is told of each that takes no more. The new one begins at
	 * the `seq` it is given, or later, and has room for so many rows.
	 */
	constructor(
		builder: RowBuilder,
		open: (after: number, rows: number) => SegmentWriter,
		onFull: (writer: SegmentWriter) => void,
	) {
		this.#builder = builder;
		this.#open = open;
		this.#onFull = onFull;
	}

	get writer(): SegmentWriter | undefined {
		return this.#writer;
	}

	/** The next rows go into another segment. */
	seal(): void {
		const writer = this.#writer;
		if (writer !== undefined && writer.rows > 0) {
			this.#nextSeq = writer.seq + writer.rows;
			this.#onFull(writer);
		}
		this.#writer = undefined;
	}

	/** The entries in a segment that is sealed take no more lines. */
	forget(id: number): void {
		this.#writers = this.#writers.filter((writer) => writer.id !== id);
		for (const [generation, { writer }] of this.#last) {
			if (writer.id === id) {
				this.#last.delete(generation);
			}
		}
	}

	/** Adds the entries of a chunk; a hole in a file has none. */
	append(generation: number, chunk: LogChunk, context: BuildContext): Appended {
		const { bytes, offset } = chunk;
		const end = offset + (chunk.length ?? bytes.length);
		if (bytes.length === 0) {
			return {
				rows: 0,
				parts: [],
				extended: undefined,
				counts: NO_COUNTS,
				state: 'none',
				format: undefined,
			};
		}
		const state = this.#last.has(generation) ? context.state : 'fresh';
		this.#builder.input(bytes.length).set(bytes);
		const built = this.#builder.build(bytes.length, {
			...context,
			state,
			guess: this.#guessOf(generation),
			isCut: chunk.length !== undefined,
		});
		const extended = this.#extend(generation, built, bytes, offset);
		const parts: { writer: SegmentWriter; range: Range }[] = [];
		let start = offset;
		for (let row = 0; row < built.count;) {
			const writer = this.#writerWithRoom(built, row);
			const to = row + Math.max(writer.room(built, row), 1);
			writer.add(built, row, to, bytes, { generation, offset }, this.#builder.scanner);
			const stop = to === built.count ? end : offset + (built.columns.end[to - 1] ?? 0);
			parts.push({ writer, range: { start, end: stop } });
			start = stop;
			row = to;
			this.#remember(generation, { writer, row: writer.rows - 1 });
		}
		return {
			rows: built.count,
			parts,
			extended,
			counts: built.counts,
			state: chunk.length === undefined ? built.state : 'none',
			format: built.format,
		};
	}

	/** Adds a row that says what was lost. */
	addGap(generation: number, row: { ts: number; level: number; message: string }): SegmentWriter {
		this.#writer ??= this.#open(this.#nextSeq, 1);
		if (this.#writer.rows >= this.#writer.capacity) {
			this.seal();
			this.#writer = this.#open(this.#nextSeq, 1);
		}
		this.#writer.addGap(generation, row);
		this.#last.delete(generation);
		return this.#writer;
	}

	#extend(
		generation: number,
		{ before }: BuiltRows,
		bytes: Uint8Array,
		offset: number,
	): SegmentWriter | undefined {
		const last = this.#last.get(generation);
		if (before === 0 || last === undefined) {
			return undefined;
		}
		const { writer, row } = last;
		const more = bytes.subarray(0, before);
		const isLast = writer === this.#writer && row === writer.rows - 1;
		const flags = isBlankText(more) ? 0 : EntryFlag.continued;
		const { scanner } = this.#builder;
		if (!isLast || !writer.extendLast(more, { generation, offset }, scanner, flags)) {
			if (flags !== 0) {
				writer.addLate(row, textOfEntry(more));
			}
		}
		return writer;
	}

	#writerWithRoom(built: BuiltRows, row: number): SegmentWriter {
		const rows = rowsOfLine(built, row);
		this.#writer ??= this.#open(this.#nextSeq, rows);
		if (this.#writer.rows > 0 && this.#writer.room(built, row) === 0) {
			this.seal();
			this.#writer = this.#open(this.#nextSeq, rows);
		}
		return this.#writer;
	}

	/** What a log's entries were so far: its next ones are mostly the same. */
	#guessOf(generation: number): FormatGuess {
		const guess = this.#guesses.get(generation) ?? new FormatGuess();
		this.#guesses.set(generation, guess);
		return guess;
	}

	#remember(generation: number, last: LastRow): void {
		this.#last.delete(generation);
		this.#last.set(generation, last);
		if (this.#writers.at(-1) !== last.writer) {
			this.#writers = [...this.#writers, last.writer].slice(-REMEMBERED_WRITERS);
			for (const [id, { writer }] of this.#last) {
				if (!this.#writers.includes(writer)) {
					this.#last.delete(id);
				}
			}
		}
	}
}

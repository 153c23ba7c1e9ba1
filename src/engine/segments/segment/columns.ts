import { constants, zstdCompressSync } from 'node:zlib';
import { EntryFlag } from '#shared/model/entry.ts';
import { unpack } from './unpack.ts';

/**
 * The columns of a segment's rows, as arrays over one shared buffer: the thread that fills them,
 * the one that searches them and the one that saves them look at the same memory.
 */
export interface Columns {
	readonly buffer: SharedArrayBuffer;
	/** How many rows there is room for. */
	readonly capacity: number;
	/** Microseconds since 1970. */
	readonly ts: Float64Array;
	/** Where the row's text ends in the text of the segment; it begins where the row before ends. */
	readonly end: Uint32Array;
	/** Ids in the dictionaries; 0 is none. */
	readonly logger: Uint32Array;
	readonly task: Uint32Array;
	readonly level: Uint16Array;
	/** Index of the entry in a line that holds several. Those after the first have no text. */
	readonly part: Uint16Array;
	/** Bits of `EntryFlag` and of `RowFlag`. */
	readonly flags: Uint16Array;
	/** Where the message stands in the row's text as plain ASCII, or `MUST_DECODE` in both. */
	readonly messageStart: Uint16Array;
	readonly messageLength: Uint16Array;
}

/** Flags of a row that no client sees. */
export const RowFlag = {
	/** The row's source was removed: it is in no answer. */
	hidden: 0x8000,
	/** Its message does not stand in its text in one piece: a filter says nothing about it. */
	composed: 0x4000,
} as const;

/** Rows that say nothing about when their source told something: they were given another time. */
export const WITHOUT_TIME = EntryFlag.arrivalTime | EntryFlag.gap | RowFlag.hidden;

/** In `messageStart` and `messageLength`: the row has to be decoded to know its message. */
export const MUST_DECODE = 0xffff;

/** Bytes of a row in memory, without its share of the filter. */
export const ROW_BYTES = 30;

/**
 * How data is compressed that is written once and read seldom: as fast as can be, with a checksum,
 * because SQLite has none that would tell of a damaged page.
 */
export const FAST = {
	params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
};

/** Columns with room for `capacity` rows. */
export function createColumns(capacity: number): Columns {
	return viewColumns(new SharedArrayBuffer(Math.max(capacity, 1) * ROW_BYTES), capacity);
}

/** The columns in a buffer that another thread made. */
export function viewColumns(buffer: SharedArrayBuffer, capacity: number): Columns {
	let at = 0;
	const next = (bytes: number) => {
		const start = at;
		at += bytes * capacity;
		return start;
	};
	return {
		buffer,
		capacity,
		ts: new Float64Array(buffer, next(8), capacity),
		end: new Uint32Array(buffer, next(4), capacity),
		logger: new Uint32Array(buffer, next(4), capacity),
		task: new Uint32Array(buffer, next(4), capacity),
		level: new Uint16Array(buffer, next(2), capacity),
		part: new Uint16Array(buffer, next(2), capacity),
		flags: new Uint16Array(buffer, next(2), capacity),
		messageStart: new Uint16Array(buffer, next(2), capacity),
		messageLength: new Uint16Array(buffer, next(2), capacity),
	};
}

/** Copies rows [from, to) of one set of columns to row `at` of another. Ends are moved by `shift`. */
export function copyRows(
	source: Columns,
	from: number,
	to: number,
	target: Columns,
	at: number,
	shift = 0,
): void {
	target.ts.set(source.ts.subarray(from, to), at);
	target.logger.set(source.logger.subarray(from, to), at);
	target.task.set(source.task.subarray(from, to), at);
	target.level.set(source.level.subarray(from, to), at);
	target.part.set(source.part.subarray(from, to), at);
	target.flags.set(source.flags.subarray(from, to), at);
	target.messageStart.set(source.messageStart.subarray(from, to), at);
	target.messageLength.set(source.messageLength.subarray(from, to), at);
	for (let row = from; row < to; row++) {
		target.end[at + row - from] = (source.end[row] ?? 0) + shift;
	}
}

/** A copy of the first `rows` rows, in a buffer of just their size. */
export function trimColumns(columns: Columns, rows: number): Columns {
	const trimmed = createColumns(rows);
	copyRows(columns, 0, rows, trimmed, 0);
	return trimmed;
}

/**
 * The first `rows` rows as they are saved, no row's text reaching beyond `textBytes`: times as
 * differences in two halves of 32 bits, ends as lengths, the rest as it is, all of it compressed.
 * About 9 bytes a row for a busy scheduler's log.
 */
export function packColumns(columns: Columns, rows: number, textBytes = Infinity): Buffer {
	const packed = Buffer.allocUnsafe(8 + rows * ROW_BYTES);
	const base = columns.ts.subarray(0, rows).reduce((min, ts) => Math.min(min, ts), Infinity);
	const isExact = areExact(columns.ts.subarray(0, rows), base);
	packed.writeDoubleLE(isExact ? base : NaN, 0);
	const times = new Uint32Array(columns.ts.buffer, columns.ts.byteOffset, rows * 2);
	const low = new Uint32Array(rows);
	const high = new Uint32Array(rows);
	const lengths = new Uint32Array(rows);
	let before = 0;
	let start = 0;
	for (let row = 0; row < rows; row++) {
		const rest = (columns.ts[row] ?? 0) - base;
		const bits = isExact ? rest % 2 ** 32 : (times[row * 2] ?? 0);
		low[row] = bits - before;
		before = bits;
		high[row] = isExact ? Math.floor(rest / 2 ** 32) : (times[row * 2 + 1] ?? 0);
		const end = Math.min(columns.end[row] ?? 0, textBytes);
		lengths[row] = end - start;
		start = end;
	}
	let at = 8;
	for (const column of [low, high, lengths, ...plainColumns(columns)]) {
		const used = column.subarray(0, rows);
		packed.set(new Uint8Array(used.buffer, used.byteOffset, used.byteLength), at);
		at += used.byteLength;
	}
	return zstdCompressSync(packed, FAST);
}

/** What `packColumns` made, as columns again. Throws if it is damaged. */
export function unpackColumns(data: Uint8Array, rows: number): Columns {
	const bytes = 8 + rows * ROW_BYTES;
	const packed = unpack(data, bytes);
	if (packed.length !== bytes) {
		throw new RangeError(`columns of ${rows} rows have ${packed.length} bytes`);
	}
	const columns = createColumns(rows);
	const base = packed.readDoubleLE(0);
	const low = new Uint32Array(rows);
	const high = new Uint32Array(rows);
	let at = 8;
	for (const column of [low, high, columns.end, ...plainColumns(columns)]) {
		const length = rows * column.BYTES_PER_ELEMENT;
		new Uint8Array(column.buffer, column.byteOffset, length).set(packed.subarray(at, at + length));
		at += length;
	}
	const times = new Uint32Array(columns.ts.buffer, columns.ts.byteOffset, rows * 2);
	let bits = 0;
	let end = 0;
	for (let row = 0; row < rows; row++) {
		bits = (bits + (low[row] ?? 0)) >>> 0;
		if (Number.isNaN(base)) {
			times[row * 2] = bits;
			times[row * 2 + 1] = high[row] ?? 0;
		} else {
			columns.ts[row] = base + (high[row] ?? 0) * 2 ** 32 + bits;
		}
		end += columns.end[row] ?? 0;
		columns.end[row] = end;
	}
	return columns;
}

/** Whether times are their differences to `base` exactly: those of a parser gone wild are not. */
function areExact(times: Float64Array, base: number): boolean {
	return times.every((ts) => {
		const rest = ts - base;
		return rest < 2 ** 53 && Number.isInteger(rest) && base + rest === ts;
	});
}

function plainColumns(columns: Columns): readonly (Uint32Array | Uint16Array)[] {
	return [
		columns.logger,
		columns.task,
		columns.level,
		columns.part,
		columns.flags,
		columns.messageStart,
		columns.messageLength,
	];
}

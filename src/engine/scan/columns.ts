import type { ScannedLines } from './scanner.ts';

type Arrays = Omit<ScannedLines, 'count'>;

/** Rows that are kept from one scan to the next: more were an exception that need not stay. */
const KEPT_ROWS = 262_144;

/** The columns of scanned lines, in arrays that grow and are used again. */
export class Columns {
	/** Row `i` may be written after `reserve(i + 1)`. */
	arrays = arraysFor(1_024);
	#capacity = 1_024;

	/** Makes room for `rows` rows. Arrays taken before are no longer the columns if they had to grow. */
	reserve(rows: number): void {
		if (rows <= this.#capacity) {
			return;
		}
		const old = this.arrays;
		this.#capacity = Math.max(rows, this.#capacity * 2);
		this.arrays = arraysFor(this.#capacity);
		copy(old, this.arrays, 0);
	}

	/** Writes rows from `row` on, for which there must be room. */
	write(rows: Arrays, row: number): void {
		copy(rows, this.arrays, row);
	}

	/** Begins anew, without what an extraordinary scan needed. */
	clear(): void {
		if (this.#capacity > KEPT_ROWS) {
			this.#capacity = 1_024;
			this.arrays = arraysFor(this.#capacity);
		}
	}

	/** The first `count` rows, of an input that ends at `end`. */
	view(count: number, end: number): ScannedLines {
		const { arrays } = this;
		arrays.starts[count] = end;
		return {
			count,
			starts: arrays.starts.subarray(0, count + 1),
			status: arrays.status.subarray(0, count),
			ts: arrays.ts.subarray(0, count),
			level: arrays.level.subarray(0, count),
			logger: arrays.logger.subarray(0, count),
			task: arrays.task.subarray(0, count),
			messageStart: arrays.messageStart.subarray(0, count),
			messageLength: arrays.messageLength.subarray(0, count),
		};
	}
}

function arraysFor(rows: number): Arrays {
	return {
		starts: new Uint32Array(rows + 1),
		status: new Uint8Array(rows),
		ts: new Float64Array(rows),
		level: new Uint16Array(rows),
		logger: new Uint32Array(rows),
		task: new Uint32Array(rows),
		messageStart: new Uint32Array(rows),
		messageLength: new Uint32Array(rows),
	};
}

function copy(from: Arrays, to: Arrays, row: number): void {
	to.starts.set(from.starts, row);
	to.status.set(from.status, row);
	to.ts.set(from.ts, row);
	to.level.set(from.level, row);
	to.logger.set(from.logger, row);
	to.task.set(from.task, row);
	to.messageStart.set(from.messageStart, row);
	to.messageLength.set(from.messageLength, row);
}

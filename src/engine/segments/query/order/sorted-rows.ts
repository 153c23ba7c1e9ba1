/** Sorting by moving rows one by one is given up after so many moves for each of them. */
const MOVES_PER_ROW = 16;

/**
 * The rows of one segment by time, then by arrival. A log tells its times nearly in order, so that
 * this costs little more than a look at them, and what is added costs no more than itself and a copy.
 */
export class SortedRows {
	/** How many of the segment's rows are in here. */
	rows = 0;
	/** By place: the row. Not there while rows stand in order by themselves. */
	order: Uint32Array | undefined;

	/** Takes in the rows up to `rows`, of whose times those before are as they were. */
	extend(ts: Float64Array, rows: number): void {
		const from = this.rows;
		this.rows = rows;
		if (this.order === undefined && isInOrder(ts, Math.max(from - 1, 0), rows)) {
			return;
		}
		const before = this.order ?? Uint32Array.from({ length: from }, (_, row) => row);
		this.order = merge(ts, before, sortRows(ts, from, rows));
	}

	rowAt(place: number): number {
		return this.order?.[place] ?? place;
	}

	/** How many rows are at or before a time and, of those at it, at or before a row. */
	placesUpTo(
		ts: Float64Array,
		time: number,
		row: number,
		[from, to]: readonly [number, number] = [0, this.rows],
	): number {
		let low = from;
		let high = to;
		while (low < high) {
			const middle = (low + high) >>> 1;
			const other = this.rowAt(middle);
			const at = ts[other] ?? 0;
			if (at < time || (at === time && other <= row)) {
				low = middle + 1;
			} else {
				high = middle;
			}
		}
		return low;
	}
}

function isInOrder(ts: Float64Array, from: number, to: number): boolean {
	for (let row = from + 1; row < to; row++) {
		if ((ts[row] ?? 0) < (ts[row - 1] ?? 0)) {
			return false;
		}
	}
	return true;
}

/** Rows [from, to) by time; rows of one time stay as they are. */
function sortRows(ts: Float64Array, from: number, to: number): Uint32Array {
	const order = Uint32Array.from({ length: to - from }, (_, index) => from + index);
	let moves = (to - from) * MOVES_PER_ROW;
	for (let index = 1; index < order.length && moves >= 0; index++) {
		const row = order[index] ?? 0;
		const time = ts[row] ?? 0;
		let at = index;
		while (at > 0 && (ts[order[at - 1] ?? 0] ?? 0) > time && moves-- >= 0) {
			order[at] = order[at - 1] ?? 0;
			at--;
		}
		order[at] = row;
	}
	return moves >= 0 ? order : order.sort((a, b) => (ts[a] ?? 0) - (ts[b] ?? 0) || a - b);
}

/** Two lists of rows by time, all rows of the second after those of the first, as one. */
function merge(ts: Float64Array, first: Uint32Array, second: Uint32Array): Uint32Array {
	const merged = new Uint32Array(first.length + second.length);
	let a = 0;
	let b = 0;
	for (let at = 0; at < merged.length; at++) {
		const isFirst =
			b === second.length ||
			(a < first.length && (ts[first[a] ?? 0] ?? 0) <= (ts[second[b] ?? 0] ?? 0));
		merged[at] = (isFirst ? first[a++] : second[b++]) ?? 0;
	}
	return merged;
}

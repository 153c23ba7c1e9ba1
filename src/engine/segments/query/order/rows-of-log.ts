import type { HeldSegment } from '../segment-set.ts';

/** A row by its place. */
export interface RowPlace {
	readonly held: HeldSegment;
	readonly row: number;
}

/** The row that its log has told before a row, as far as it is stored. `all`: segments in order. */
export function rowBefore(
	all: readonly HeldSegment[],
	held: HeldSegment,
	row: number,
): RowPlace | undefined {
	const { spans } = held.segment;
	const at = spanAt(held, row);
	const span = spans[at];
	if (span === undefined) {
		return undefined;
	}
	if (row > span.row) {
		return { held, row: row - 1 };
	}
	for (let index = placeOf(all, held), before = at - 1; index >= 0; index--) {
		const other = all[index];
		if (other === undefined) {
			continue;
		}
		for (
			let place = other === held ? before : other.segment.spans.length - 1;
			place >= 0;
			place--
		) {
			if (other.segment.spans[place]?.generation === span.generation) {
				return { held: other, row: endOf(other, place) - 1 };
			}
		}
	}
	return undefined;
}

/** The row that its log has told after a row. */
export function rowAfter(
	all: readonly HeldSegment[],
	held: HeldSegment,
	row: number,
): RowPlace | undefined {
	const at = spanAt(held, row);
	const generation = held.segment.spans[at]?.generation;
	if (row + 1 < endOf(held, at)) {
		return { held, row: row + 1 };
	}
	for (let index = placeOf(all, held); index < all.length; index++) {
		const other = all[index];
		const spans = other?.segment.spans ?? [];
		for (let place = other === held ? at + 1 : 0; place < spans.length; place++) {
			const span = spans[place];
			if (other !== undefined && span?.generation === generation && span !== undefined) {
				return { held: other, row: span.row };
			}
		}
	}
	return undefined;
}

/** The last span that begins at or before a row. */
function spanAt({ segment: { spans } }: HeldSegment, row: number): number {
	let low = 0;
	let high = spans.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((spans[middle]?.row ?? 0) <= row) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low - 1;
}

function endOf({ segment: { spans, rows } }: HeldSegment, span: number): number {
	return spans[span + 1]?.row ?? rows;
}

function placeOf(all: readonly HeldSegment[], { segment }: HeldSegment): number {
	let low = 0;
	let high = all.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((all[middle]?.segment.seq ?? 0) < segment.seq) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

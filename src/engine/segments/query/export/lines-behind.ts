import type { Segment } from '../../segment/segment.ts';
import type { HeldSegment } from '../segment-set.ts';

/** Bytes of a log. */
export interface LogStretch {
	readonly generation: number;
	readonly start: number;
	readonly end: number;
}

/**
 * Finds what stands in a log between the text of an entry and that of the next one: lines that came
 * too late to be put behind it, blank ones, the rest of a line that was too long to be read.
 */
export class LinesBehind {
	/** By log: where the text of spans begins, rising. */
	readonly #starts = new Map<number, number[]>();

	constructor(segments: readonly HeldSegment[]) {
		for (const { segment } of segments) {
			const gaps = new Set(segment.gaps.map(({ row }) => row));
			for (const { generation, offset, row } of segment.spans) {
				if (!gaps.has(row)) {
					const starts = this.#starts.get(generation);
					if (starts === undefined) {
						this.#starts.set(generation, [offset]);
					} else {
						starts.push(offset);
					}
				}
			}
		}
		for (const starts of this.#starts.values()) {
			starts.sort((a, b) => a - b);
		}
	}

	/** What stands behind a row that is the last one of its span; `undefined`: nothing. */
	of({ spans, rows, textBytes }: Segment, row: number): LogStretch | undefined {
		const index = spans.findLastIndex((each) => each.row <= row);
		const span = spans[index];
		const next = spans[index + 1];
		if (span === undefined || (next?.row ?? rows) !== row + 1) {
			return undefined;
		}
		const start = span.offset + (next?.text ?? textBytes) - span.text;
		const end = firstAfter(this.#starts.get(span.generation) ?? [], span.offset);
		return end === undefined || end <= start
			? undefined
			: { generation: span.generation, start, end };
	}
}

/** The first of some rising numbers that is more than this one. */
function firstAfter(numbers: readonly number[], value: number): number | undefined {
	let low = 0;
	let high = numbers.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((numbers[middle] ?? 0) <= value) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return numbers[low];
}

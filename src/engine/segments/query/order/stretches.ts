import type { HeldSegment } from '../segment-set.ts';

/** Rows of one segment: `from` belongs to it, `to` does not. */
export interface Stretch {
	readonly held: HeldSegment;
	readonly from: number;
	readonly to: number;
}

/** The rows that came after `after` and up to `upTo`, segment by segment, newest first. */
export function stretchesOf(
	inOrder: readonly HeldSegment[],
	after = -1,
	upTo = Number.MAX_SAFE_INTEGER,
): Stretch[] {
	const stretches: Stretch[] = [];
	for (let index = inOrder.length - 1; index >= 0; index--) {
		const held = inOrder[index];
		if (held === undefined) {
			continue;
		}
		const { seq, rows } = held.segment;
		if (seq + rows - 1 <= after) {
			break; // so are all before it
		}
		const from = Math.max(after + 1 - seq, 0);
		const to = Math.min(rows, upTo - seq + 1);
		if (from < to) {
			stretches.push({ held, from, to });
		}
	}
	return stretches;
}

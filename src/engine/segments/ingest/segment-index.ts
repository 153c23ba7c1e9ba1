import type { Segment } from '../segment/segment.ts';

/** About what the columns of a row weigh beside its text. */
const ROW_BYTES = 40;

/** All segments by id, without their columns, and how many rows they have together. */
export class SegmentIndex {
	readonly #segments = new Map<number, Segment>();
	#rows = 0;

	constructor(segments: readonly Segment[]) {
		for (const segment of segments) {
			this.set(segment);
		}
	}

	/** Rows that can be asked for. */
	get rows(): number {
		return this.#rows;
	}

	get size(): number {
		return this.#segments.size;
	}

	set(segment: Segment): void {
		this.remove(segment.id);
		this.#segments.set(segment.id, segment);
		this.#rows += segment.rows - segment.hidden;
	}

	segment(id: number): Segment | undefined {
		return this.#segments.get(id);
	}

	remove(id: number): void {
		const segment = this.#segments.get(id);
		this.#rows -= segment === undefined ? 0 : segment.rows - segment.hidden;
		this.#segments.delete(id);
	}

	/** The oldest by arrival first. */
	inOrder(): Segment[] {
		return [...this.#segments.values()].sort((a, b) => a.seq - b.seq);
	}

	/** Those with rows of one of these logs. */
	of(generations: ReadonlySet<number>): Segment[] {
		return [...this.#segments.values()].filter((segment) =>
			segment.spans.some(({ generation }) => generations.has(generation)),
		);
	}

	/** The newest segment whose text is not kept, of those that `isWanted`. */
	newestUnkept(isWanted: (id: number) => boolean): Segment | undefined {
		let newest: Segment | undefined;
		for (const segment of this.#segments.values()) {
			if (!segment.isTextKept && segment.seq > (newest?.seq ?? -1) && isWanted(segment.id)) {
				newest = segment;
			}
		}
		return newest;
	}

	/** Entries behind a `seq`, and about how much of the database they are: a share of 1. */
	behind(seq: number, upTo = Infinity): { readonly rows: number; readonly share: number } {
		let rows = 0;
		let weight = 0;
		let total = 0;
		for (const segment of this.#segments.values()) {
			const all = segment.textBytes + segment.rows * ROW_BYTES;
			const from = Math.max(seq + 1 - segment.seq, 0);
			const to = Math.min(upTo + 1 - segment.seq, segment.rows);
			total += all;
			if (from < to) {
				const part = (to - from) / segment.rows;
				rows += Math.round((segment.rows - segment.hidden) * part);
				weight += all * part;
			}
		}
		return { rows, share: total === 0 ? 0 : weight / total };
	}

	/** A `seq` behind which there are so many entries, or a few more; 0 if there are not so many. */
	before(entries: number): number {
		let left = entries;
		for (const { seq, rows, hidden } of this.inOrder().toReversed()) {
			if (rows - hidden >= left) {
				return seq + rows - 1 - (hidden === 0 ? left : rows);
			}
			left -= rows - hidden;
		}
		return 0;
	}

	/** The highest `seq` of all rows; 0 if there are none. */
	get lastSeq(): number {
		let last = 0;
		for (const { seq, rows } of this.#segments.values()) {
			last = Math.max(last, rows === 0 ? 0 : seq + rows - 1);
		}
		return last;
	}
}

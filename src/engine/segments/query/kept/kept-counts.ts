import type { Segment } from '../../segment/segment.ts';
import { RecentKeys } from '../plan/recent-keys.ts';
import type { HeldSegment } from '../segment-set.ts';

/** Rows of a segment that are searched at once: what an answer learns at least. */
export const UNIT_ROWS = 4_096;

/** How many rows match, and how many of those are ERROR or worse. */
export interface UnitCount {
	readonly matched: number;
	readonly errors: number;
}

interface KeptUnit extends UnitCount {
	/** What it speaks of: a segment that still grows has more by now. */
	readonly stamp: string;
}

interface KeptSegment {
	readonly version: number;
	/** Rows whose text was nowhere to be had may match once it is kept. */
	readonly isTextKept: boolean;
	readonly units: (KeptUnit | undefined)[];
	/** The sum of all units. */
	whole?: KeptUnit;
}

/** How many rows match filters, by filter, segment and unit. Speaks of the filter in use. */
export class KeptCounts {
	readonly #filters = new RecentKeys(() => new Map<number, KeptSegment>());
	#current = new Map<number, KeptSegment>();
	/** Rises whenever something is found out that will be remembered. */
	learned = 0;

	/** Puts a filter to use. */
	use(key: string): void {
		this.#current = this.#filters.use(key);
	}

	/** A segment has left. */
	forget(segment: number): void {
		for (const kept of this.#filters.all()) {
			kept.delete(segment);
		}
	}

	/** The count of all rows of a segment, once that of each unit is known. */
	whole(held: HeldSegment): UnitCount | undefined {
		const kept = this.#of(held);
		const { rows } = held.segment;
		const stamp = stampOf(held, Math.floor((rows - 1) / UNIT_ROWS));
		if (kept === undefined || kept.whole?.stamp === stamp) {
			return kept?.whole;
		}
		let matched = 0;
		let errors = 0;
		for (let unit = 0; unit * UNIT_ROWS < rows; unit++) {
			const count = this.unit(held, unit);
			if (count === undefined) {
				return undefined;
			}
			matched += count.matched;
			errors += count.errors;
		}
		kept.whole = { matched, errors, stamp };
		return kept.whole;
	}

	unit(held: HeldSegment, unit: number): UnitCount | undefined {
		const kept = this.#of(held)?.units[unit];
		return kept?.stamp === stampOf(held, unit) ? kept : undefined;
	}

	/** Remembers the count of a whole unit. */
	learn(held: HeldSegment, unit: number, count: UnitCount): void {
		let kept = this.#of(held);
		if (kept === undefined) {
			const { version, isTextKept } = held.segment;
			kept = { version, isTextKept, units: [] };
			this.#current.set(held.segment.id, kept);
		}
		kept.units[unit] = { ...count, stamp: stampOf(held, unit) };
		this.learned++;
	}

	#of({ segment }: HeldSegment): KeptSegment | undefined {
		const kept = this.#current.get(segment.id);
		const isSame = kept?.version === segment.version && kept.isTextKept === segment.isTextKept;
		return isSame ? kept : undefined;
	}
}

/** Differs once a unit has more rows, or its entries more lines: the last one may still get some. */
function stampOf({ segment }: HeldSegment, unit: number): string {
	const { rows, late } = segment;
	const isLast = (unit + 1) * UNIT_ROWS >= rows;
	return isLast ? `${rows} ${textStampOf(segment)}` : `${late.length}`;
}

/** Differs once entries of a segment have more lines. */
export function textStampOf({ textBytes, late }: Segment): string {
	return `${late.length} ${textBytes}`;
}

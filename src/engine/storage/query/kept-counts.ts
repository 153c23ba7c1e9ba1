import type { HeldSegment } from './segment-set.ts';

/** Rows of a segment that are searched at once: what an answer learns at least. */
export const UNIT_ROWS = 4_096;

/** How many rows match, and how many of those are ERROR or worse. */
export interface UnitCount {
	readonly matched: number;
	readonly errors: number;
}

interface KeptUnit extends UnitCount {
	/** Rows it speaks of: a segment that still grows has more by now. */
	readonly rows: number;
	/** Which rows match, one bit each, where finding that out again would be slow. */
	readonly bits: Uint8Array | undefined;
}

interface KeptSegment {
	readonly version: number;
	/** Rows whose text was nowhere to be had may match once it is kept. */
	readonly isTextKept: boolean;
	readonly units: (KeptUnit | undefined)[];
	/** The sum of all units, for so many rows. */
	whole?: UnitCount & { readonly rows: number };
}

/**
 * Filters whose counts are kept. A view asks with one, but there may be many views: a search whose
 * counts were forgotten before it is asked again would never end.
 */
const KEPT_FILTERS = 64;

/** What was found out about filters, by filter, segment and unit. Speaks of the filter in use. */
export class KeptCounts {
	/** The filter used last stands last. */
	readonly #filters = new Map<string, Map<number, KeptSegment>>();
	#current = new Map<number, KeptSegment>();
	/** Rises whenever something is found out that will be remembered. */
	learned = 0;

	/** Puts a filter to use. */
	use(key: string): void {
		this.#current = this.#filters.get(key) ?? new Map<number, KeptSegment>();
		this.#filters.delete(key);
		this.#filters.set(key, this.#current);
		for (const oldest of this.#filters.keys()) {
			if (this.#filters.size <= KEPT_FILTERS) {
				break;
			}
			this.#filters.delete(oldest);
		}
	}

	/** A segment has left. */
	forget(segment: number): void {
		for (const kept of this.#filters.values()) {
			kept.delete(segment);
		}
	}

	/** The count of all rows of a segment, once that of each unit is known. */
	whole(held: HeldSegment): UnitCount | undefined {
		const kept = this.#of(held);
		const { rows } = held.segment;
		if (kept === undefined || kept.whole?.rows === rows) {
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
		kept.whole = { matched, errors, rows };
		return kept.whole;
	}

	unit(held: HeldSegment, unit: number): UnitCount | undefined {
		const kept = this.#of(held)?.units[unit];
		return kept?.rows === rowsOf(held, unit) ? kept : undefined;
	}

	/** Which of the first `rows` rows of a unit match, one byte each. */
	mask(held: HeldSegment, unit: number, rows: number): Uint8Array | undefined {
		const kept = this.#of(held)?.units[unit];
		if (kept?.bits === undefined || kept.rows < rows) {
			return undefined;
		}
		const { bits } = kept;
		return Uint8Array.from(
			{ length: rows },
			(_, row) => ((bits[row >>> 3] ?? 0) >>> (row & 7)) & 1,
		);
	}

	/** Remembers the count of a whole unit; with `mask` also which rows those are. */
	learn(held: HeldSegment, unit: number, count: UnitCount, mask: Uint8Array | undefined): void {
		let kept = this.#of(held);
		if (kept === undefined) {
			const { version, isTextKept } = held.segment;
			kept = { version, isTextKept, units: [] };
			this.#current.set(held.segment.id, kept);
		}
		kept.units[unit] = {
			...count,
			rows: rowsOf(held, unit),
			bits: mask === undefined ? undefined : bitsOf(mask),
		};
		this.learned++;
	}

	#of({ segment }: HeldSegment): KeptSegment | undefined {
		const kept = this.#current.get(segment.id);
		const isSame = kept?.version === segment.version && kept.isTextKept === segment.isTextKept;
		return isSame ? kept : undefined;
	}
}

function rowsOf({ segment }: HeldSegment, unit: number): number {
	return Math.min(segment.rows - unit * UNIT_ROWS, UNIT_ROWS);
}

function bitsOf(mask: Uint8Array): Uint8Array {
	const bits = new Uint8Array(Math.ceil(mask.length / 8));
	for (let row = 0; row < mask.length; row++) {
		bits[row >>> 3] = (bits[row >>> 3] ?? 0) | ((mask[row] ?? 0) << (row & 7));
	}
	return bits;
}

import type { HeldSegment } from '../segment-set.ts';
import { ValueIds } from '../../../shapes/value-ids.ts';
import { IdTotals } from './id-totals.ts';
import type { Tally, TallyKind } from './tally.ts';

/** Rows [from, to) of a segment, counted. */
export interface CountedRows {
	readonly from: number;
	to: number;
	/** Up to where they are to be counted. */
	end: number;
	/** Where their text ended then, if that can change. */
	readonly textEnd: number;
	readonly tally: Tally;
}

/** What is known of one segment by one kind of tally. */
export interface KeptTally {
	/** The kind's own. */
	readonly details: string | undefined;
	/** What the segment was when it was begun. */
	readonly version: number;
	readonly isTextKept: boolean;
	readonly late: number;
	/** Whole pieces from the first one on: they never change. */
	whole: CountedRows;
	/** What follows; or all of it, where it begins later or an older snapshot ended. */
	rest: CountedRows | undefined;
}

/** The tallies of one filter. */
export class KeptFilter {
	/** By segment and kind. */
	readonly segments = new Map<number, Map<string, KeptTally>>();
	readonly #values = new Map<string, ValueIds>();
	readonly #totals = new Map<string, IdTotals>();

	/** The sums of tallies of one kind. */
	totalsOf(kind: string): IdTotals {
		let totals = this.#totals.get(kind);
		if (totals === undefined) {
			totals = new IdTotals();
			this.#totals.set(kind, totals);
		}
		return totals;
	}

	/** The values of a field that entries of this filter have. */
	valuesOf(field: string): ValueIds {
		let values = this.#values.get(field);
		if (values === undefined) {
			values = new ValueIds();
			this.#values.set(field, values);
		}
		return values;
	}
}

/** So many filters are kept in any case: an answer that needs more than one slice must find them. */
const LEAST_FILTERS = 16;
const MOST_FILTERS = 128;
const MOST_BYTES = 128 * 1024 * 1024;

/** What was counted, by filter, segment and kind. */
export class KeptTallies {
	/** The filter used last stands last. */
	readonly #filters = new Map<string, KeptFilter>();

	/** The tallies of a filter, which are kept from now on. */
	use(key: string): KeptFilter {
		const known = this.#filters.get(key);
		const filter = known ?? new KeptFilter();
		this.#filters.delete(key);
		this.#filters.set(key, filter);
		if (known === undefined) {
			this.#forgetOldest();
		}
		return filter;
	}

	/** A segment has left. */
	forget(segment: number): void {
		for (const filter of this.#filters.values()) {
			filter.segments.delete(segment);
		}
	}

	#forgetOldest(): void {
		if (this.#filters.size <= LEAST_FILTERS) {
			return;
		}
		const sizes = new Map([...this.#filters].map(([key, filter]) => [key, bytesOf(filter)]));
		let bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
		for (const [key, size] of sizes) {
			const count = this.#filters.size;
			if (count <= LEAST_FILTERS || (count <= MOST_FILTERS && bytes <= MOST_BYTES)) {
				break;
			}
			this.#filters.delete(key);
			bytes -= size;
		}
	}
}

function bytesOf({ segments }: KeptFilter): number {
	let bytes = 0;
	for (const tallies of segments.values()) {
		for (const { whole, rest } of tallies.values()) {
			bytes += whole.tally.bytes + (rest?.tally.bytes ?? 0);
		}
	}
	return bytes;
}

/**
 * What a filter knows of a segment by some kind, as long as its rows are what they were. `readsText`:
 * whether that depends on more than columns.
 */
export function keptTally(
	filter: KeptFilter,
	held: HeldSegment,
	kind: TallyKind,
	readsText: boolean,
): KeptTally {
	const { id, version, isTextKept, late } = held.segment;
	let tallies = filter.segments.get(id);
	if (tallies === undefined) {
		tallies = new Map();
		filter.segments.set(id, tallies);
	}
	let kept = tallies.get(kind.name);
	const isSame =
		kept?.version === version &&
		kept.details === kind.details &&
		(!readsText || (kept.isTextKept === isTextKept && kept.late === late.length));
	if (kept === undefined || !isSame) {
		const whole = { from: 0, to: 0, end: 0, textEnd: 0, tally: kind.create(held, filter) };
		const { details } = kind;
		kept = { details, version, isTextKept, late: late.length, whole, rest: undefined };
		tallies.set(kind.name, kept);
	}
	return kept;
}

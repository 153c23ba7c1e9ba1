import type { UnitCount } from '../kept/kept-counts.ts';
import type { SortedMatches } from './sorted-matches.ts';
import type { SortedRows } from './sorted-rows.ts';
import type { Stretch } from './stretches.ts';

interface Built {
	readonly sorted: SortedRows;
	readonly matches: SortedMatches;
	readonly ts: Float64Array;
}

/**
 * The matches of a stretch by time. Places are those of all rows of the segment: a **cut** at a
 * place has the matches from there on above it. A list that is not built has no places yet, only
 * two cuts: 0 has all matches above it, `Infinity` has none.
 */
export class TimeList {
	readonly stretch: Stretch;
	readonly matched: number;
	#built: Built | undefined;

	constructor(stretch: Stretch, matched: number) {
		this.stretch = stretch;
		this.matched = matched;
	}

	/** No match is before this time … */
	get minTs(): number {
		return this.stretch.held.segment.minTs;
	}

	/** … or after this one. */
	get maxTs(): number {
		return this.stretch.held.segment.maxTs;
	}

	get isBuilt(): boolean {
		return this.#built !== undefined;
	}

	build(sorted: SortedRows, matches: SortedMatches, ts: Float64Array): void {
		this.#built = { sorted, matches, ts };
	}

	/** How many matches are below a cut. */
	below(cut: number): number {
		if (cut === 0) {
			return 0;
		}
		return cut === Infinity ? this.matched : this.#list.matches.before(cut);
	}

	/** The cut right above what is at this time and `seq` or before. */
	cutAbove(time: number, seq: number, from = 0, to = Infinity): number {
		const { sorted, ts } = this.#list;
		const row = seq - this.stretch.held.segment.seq;
		return sorted.placesUpTo(ts, time, row, [from, Math.min(to, sorted.rows)]);
	}

	/** How many matches come after a time and `seq`, and how many of them are errors. */
	after(time: number, seq: number): UnitCount {
		const cut = this.cutAbove(time, seq);
		const { matches } = this.#list;
		return { matched: this.matched - matches.before(cut), errors: matches.errorsFrom(cut) };
	}

	/** The time and `seq` of the match that has so many before it. */
	at(index: number): { readonly ts: number; readonly seq: number } {
		const { sorted, matches, ts } = this.#list;
		const row = sorted.rowAt(matches.placeOf(index));
		return { ts: ts[row] ?? 0, seq: this.stretch.held.segment.seq + row };
	}

	/** The rows that match between two cuts. */
	rowsBetween(low: number, high: number): { readonly ts: number; readonly row: number }[] {
		const { sorted, matches, ts } = this.#list;
		const found: { ts: number; row: number }[] = [];
		for (let place = low; place < Math.min(high, sorted.rows); place++) {
			if (matches.has(place)) {
				const row = sorted.rowAt(place);
				found.push({ ts: ts[row] ?? 0, row });
			}
		}
		return found;
	}

	get #list(): Built {
		if (this.#built === undefined) {
			throw new Error('the list is not built');
		}
		return this.#built;
	}
}

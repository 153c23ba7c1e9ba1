import type { FilterCounting } from '../kept/filter-counting.ts';
import { UNIT_ROWS } from '../kept/kept-counts.ts';
import type { FoundRows, Tally, TallyKind } from './tally.ts';

const NONE = new Uint32Array(0);

/** Where among the rows that match a filter those stand that match something else as well. */
export class PlaceTally implements Tally {
	/** How many rows match the filter. */
	matched = 0;
	readonly #both: FilterCounting;
	/** Room for the rows of a unit. */
	readonly #found: Uint32Array;
	/** How many rows of the filter are before each, the first `#size` of these. */
	#places = NONE;
	#size = 0;

	constructor(both: FilterCounting, room: Uint32Array) {
		this.#both = both;
		this.#found = room;
	}

	static kind(both: FilterCounting): TallyKind<PlaceTally> {
		const room = new Uint32Array(UNIT_ROWS);
		return {
			name: 'places',
			details: both.key,
			readsText: both.readsText,
			prepare: (held, from, to, isOver) => both.prepare(held, from, to, isOver),
			create: () => new PlaceTally(both, room),
		};
	}

	get bytes(): number {
		return this.#places.byteLength;
	}

	/** Rising. */
	get places(): Uint32Array {
		return this.#places.subarray(0, this.#size);
	}

	begin(): void {}

	end(): void {
		this.#places = this.#places.slice(0, this.#size);
	}

	add({ held, rows, count, from, to }: FoundRows): void {
		const found = this.#both.rows(held, from, to, this.#found);
		this.#reserve(found);
		let next = 0;
		for (let index = 0; next < found && index < count; index++) {
			const row = rows[index] ?? 0;
			while (next < found && (this.#found[next] ?? 0) < row) {
				next++;
			}
			if (next < found && this.#found[next] === row) {
				this.#places[this.#size++] = this.matched + index;
			}
		}
		this.matched += count;
	}

	#reserve(more: number): void {
		if (this.#size + more > this.#places.length) {
			const larger = new Uint32Array((this.#size + more) * 2);
			larger.set(this.#places.subarray(0, this.#size));
			this.#places = larger;
		}
	}
}

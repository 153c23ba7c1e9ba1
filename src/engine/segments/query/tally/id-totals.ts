import type { IdTally } from './id-tally.ts';

/** The sum of many tallies that no longer change: only those that came or left cost anything. */
export class IdTotals {
	#counts = new Uint32Array(1_024);
	#summed: ReadonlySet<IdTally> = new Set();

	/** The sum of these, by id, with room for so many ids. Good until the next call. */
	sum(tallies: readonly IdTally[], ids: number): Uint32Array {
		if (this.#counts.length < ids) {
			const larger = new Uint32Array(ids * 2);
			larger.set(this.#counts);
			this.#counts = larger;
		}
		const wanted = new Set(tallies);
		for (const tally of this.#summed) {
			if (!wanted.has(tally)) {
				tally.addTo(this.#counts, -1);
			}
		}
		for (const tally of tallies) {
			if (!this.#summed.has(tally)) {
				tally.addTo(this.#counts);
			}
		}
		this.#summed = wanted;
		return this.#counts.subarray(0, ids);
	}
}

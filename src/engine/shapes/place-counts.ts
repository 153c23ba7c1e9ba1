import type { Places } from '#shared/model/query.ts';

/** Counts by rank, the newest entry having rank 0, in stretches of ranks. */
export class PlaceCounts {
	/** Ranks that are told. */
	readonly total: number;
	readonly #counts: number[];

	constructor(buckets: number, total: number) {
		this.total = total;
		this.#counts = Array.from({ length: buckets }, () => 0);
	}

	/** The stretch that a rank is in; one after the last if it is not told. */
	bucketOf(rank: number): number {
		const buckets = this.#counts.length;
		return rank < this.total ? Math.floor((rank * buckets) / this.total) : buckets;
	}

	/** So many entries are in the same stretch as this rank. */
	add(rank: number, count: number): void {
		const bucket = this.bucketOf(rank);
		if (bucket < this.#counts.length) {
			this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count;
		}
	}

	told(): Omit<Places, 'complete'> {
		const matched = this.#counts.reduce((sum, count) => sum + count, 0);
		return { counts: this.#counts, matched, total: this.total };
	}
}

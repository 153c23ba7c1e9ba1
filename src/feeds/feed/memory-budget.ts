/** All feeds together may hold so many bytes that are not in a journal yet. */
export const TOTAL_BYTES = 256 * 1024 * 1024;

/** Counts the bytes that are held in memory, for all feeds and connections together. */
export class MemoryBudget {
	readonly #total: number;
	readonly #waiting = new Set<() => void>();
	#held = 0;

	constructor(total = TOTAL_BYTES) {
		this.#total = total;
	}

	get held(): number {
		return this.#held;
	}

	get isSpent(): boolean {
		return this.#held >= this.#total;
	}

	/** So many bytes more, or fewer, are held. */
	add(bytes: number): void {
		const wasSpent = this.isSpent;
		this.#held += bytes;
		if (wasSpent && !this.isSpent) {
			const waiting = [...this.#waiting];
			this.#waiting.clear();
			for (const tell of waiting) {
				tell();
			}
		}
	}

	/** Calls `tell` once when it is spent no more; the same function is kept once. */
	whenFree(tell: () => void): void {
		this.#waiting.add(tell);
	}
}

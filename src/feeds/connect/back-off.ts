const FIRST_MS = 500;
const MOST_MS = 30_000;
/** Each time is up to so much shorter: clients that lost a server together do not return together. */
const JITTER = 0.2;

/** How long to wait before each try in a row: 0.5 s, twice as long each time, 30 s at most. */
export class BackOff {
	readonly #random: () => number;
	#nextMs = FIRST_MS;

	/** `random`: at least 0 and below 1. */
	constructor(random: () => number = Math.random) {
		this.#random = random;
	}

	/** The time before the next try, in milliseconds. */
	next(): number {
		const ms = this.#nextMs * (1 - JITTER * this.#random());
		this.#nextMs = Math.min(this.#nextMs * 2, MOST_MS);
		return ms;
	}

	/** It has worked: the next time is the first one again. */
	reset(): void {
		this.#nextMs = FIRST_MS;
	}
}

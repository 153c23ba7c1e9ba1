/** Events per second over the last `windowMs`, by a clock in milliseconds. */
export class RateMeter {
	readonly #windowMs: number;
	readonly #now: () => number;
	#counts: { readonly at: number; readonly count: number }[] = [];

	constructor(now: () => number, windowMs = 3_000) {
		this.#now = now;
		this.#windowMs = windowMs;
	}

	add(count: number): void {
		this.#forget();
		this.#counts.push({ at: this.#now(), count });
	}

	get perSecond(): number {
		this.#forget();
		const total = this.#counts.reduce((sum, { count }) => sum + count, 0);
		return Math.round((total * 1_000) / this.#windowMs);
	}

	#forget(): void {
		const oldest = this.#now() - this.#windowMs;
		this.#counts = this.#counts.filter(({ at }) => at > oldest);
	}
}

/** Runs something at once, and then no more often than every `ms`; the last call is never lost. */
export class Throttle {
	readonly #ms: number;
	readonly #run: () => void;
	#timer: NodeJS.Timeout | undefined;
	#isDue = false;
	#isStopped = false;

	constructor(ms: number, run: () => void) {
		this.#ms = ms;
		this.#run = run;
	}

	call(): void {
		if (this.#isStopped) {
			return;
		}
		if (this.#timer !== undefined) {
			this.#isDue = true;
			return;
		}
		this.#timer = setTimeout(() => {
			this.#timer = undefined;
			if (this.#isDue) {
				this.#isDue = false;
				this.call();
			}
		}, this.#ms);
		this.#run();
	}

	/** Runs no more. */
	stop(): void {
		this.#isStopped = true;
		clearTimeout(this.#timer);
	}
}

import type { Clock } from '../../lib/clock.ts';

/**
 * Does something again whenever it is asked to: never twice at once, and with a pause after each
 * time. What is asked meanwhile is done once, afterwards.
 */
export class Asking {
	readonly #clock: Clock;
	readonly #pauseMs: number;
	readonly #task: () => Promise<void>;
	#isBusy = false;
	#again = false;

	/** `task` sees to its own errors. */
	constructor(clock: Clock, pauseMs: number, task: () => Promise<void>) {
		this.#clock = clock;
		this.#pauseMs = pauseMs;
		this.#task = task;
	}

	/** Asks for it to be done, now or as soon as may be. */
	ask(): void {
		this.#again = true;
		if (!this.#isBusy) {
			void this.#run();
		}
	}

	async #run(): Promise<void> {
		this.#isBusy = true;
		this.#again = false;
		await this.#task();
		this.#clock.after(this.#pauseMs, () => {
			this.#isBusy = false;
			if (this.#again) {
				void this.#run();
			}
		});
	}
}

import type { Clock } from '../../lib/clock.ts';

/** How long what is new takes from being written to being shown. */
export class Lag {
	/** Of the newest entries that came since the window was opened, in milliseconds. */
	ms: number | undefined = $state();
	readonly #clock: Clock;
	/** What had been written before was not waited for here. */
	#after: number;

	constructor(clock: Clock) {
		this.#clock = clock;
		this.#after = clock.now();
	}

	/** The table has taken in what was written at this time, in milliseconds since 1970, if it is known. */
	shown(writtenAt: number | undefined): void {
		if (writtenAt !== undefined && writtenAt > this.#after) {
			this.#after = writtenAt;
			this.ms = Math.max(this.#clock.now() - writtenAt, 0);
		}
	}
}

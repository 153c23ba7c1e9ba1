import type { Clock } from '../../../../src/renderer/lib/clock.ts';

interface Timer {
	readonly at: number;
	readonly callback: () => void;
}

/** A clock that stands still until it is moved. */
export class ManualClock implements Clock {
	#now = 1_700_000_000_000;
	#timers: Timer[] = [];

	now(): number {
		return this.#now;
	}

	after(delayMs: number, callback: () => void): () => void {
		const timer = { at: this.#now + delayMs, callback };
		this.#timers.push(timer);
		return () => {
			this.#timers = this.#timers.filter((other) => other !== timer);
		};
	}

	/** Lets so much time pass: what becomes due is called in its order, and everything settles. */
	async pass(ms: number): Promise<void> {
		const end = this.#now + ms;
		await settle();
		for (;;) {
			const due = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
			if (due === undefined) {
				break;
			}
			this.#timers = this.#timers.filter((timer) => timer !== due);
			this.#now = Math.max(this.#now, due.at);
			due.callback();
			await settle();
		}
		this.#now = end;
	}
}

/** Lets everything happen that waits for no timer: a few rounds of questions and answers. */
export async function settle(): Promise<void> {
	for (let round = 0; round < 20; round++) {
		await new Promise((resolve) => setImmediate(resolve));
	}
}

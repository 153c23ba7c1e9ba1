import { setTimeout as delay } from 'node:timers/promises';
import type { BenchEngine } from './bench-engine.ts';
import { numberOf } from './stamped-lines.ts';

/** An answer that came: when, and the number of the newest line in it. */
export interface Beat {
	/** `performance.now()` and milliseconds since 1970. */
	readonly at: number;
	readonly time: number;
	readonly newest: number;
}

/** Asks for the newest row over and over, as a client does that wants to see what is new. */
export class QueryPulse {
	readonly beats: Beat[] = [];
	readonly #done: Promise<void>;
	#isStopped = false;

	/** With a pause of `everyMs` between an answer and the next question. */
	constructor(engine: Pick<BenchEngine, 'rows'>, everyMs: number) {
		this.#done = this.#run(engine, everyMs);
		this.#done.catch(() => {});
	}

	get newest(): number {
		return this.beats.at(-1)?.newest ?? -1;
	}

	/** The longest time between two answers that came after `since` (`performance.now()`). */
	longestGap(since: number): number {
		let longest = 0;
		this.beats.forEach(({ at }, place) => {
			const before = this.beats[place - 1]?.at ?? at;
			longest = before >= since ? Math.max(longest, at - before) : longest;
		});
		return longest;
	}

	/** Rejects if a question failed. */
	async stop(): Promise<void> {
		this.#isStopped = true;
		await this.#done;
	}

	async #run(engine: Pick<BenchEngine, 'rows'>, everyMs: number): Promise<void> {
		while (!this.#isStopped) {
			const rows = await engine.rows({ limit: 1 });
			const at = performance.now();
			const newest = numberOf(rows[0]?.message ?? '') ?? -1;
			this.beats.push({ at, time: Date.now(), newest });
			await delay(everyMs);
		}
	}
}

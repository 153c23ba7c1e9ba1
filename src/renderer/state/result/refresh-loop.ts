import type { StorageStatus } from '#shared/api/engine.ts';
import type { Refresh } from '#shared/model/view.ts';
import type { Clock } from '../../lib/clock.ts';
import type { ResultSet } from './result-set.svelte.ts';

/** How long the view waits between two steps forward; a paused one makes none. */
const STEP_MS: Readonly<Record<Refresh, number>> = {
	live: 50,
	'1s': 1_000,
	'5s': 5_000,
	'10s': 10_000,
	'30s': 30_000,
	paused: Infinity,
};

/** A recount waits at least this long after the one before … */
const RECOUNT_MS = 500;

/** … and this long for a count that has not come to its end. */
const PATIENCE_MS = 5_000;

/** While the reader drags the scroll bar or swipes, nothing else may move it. */
const TOUCH_MS = 150;

/** A step that failed is tried again after this long. */
const RETRY_MS = 2_000;

/** What the loop has to know, as it is now, and what it may have done. */
export interface LoopTasks {
	readonly refresh: Refresh;
	readonly storage: StorageStatus;
	readonly set: ResultSet;
	/** Another result is being waited for: nothing is to be done meanwhile. */
	readonly replacing: boolean;
	/** Moves the result forward to what is stored now; `false` when that failed. */
	step(): Promise<boolean>;
	/** Counts again, because entries came or went among the older ones. */
	recount(): void;
}

/** Decides when a view moves forward, and when it counts again. */
export class RefreshLoop {
	readonly #clock: Clock;
	readonly #tasks: LoopTasks;
	#running = false;
	#stepping = false;
	#steppedAt = -Infinity;
	#touchedUntil = -Infinity;
	#notBefore = -Infinity;
	#revision = -1;
	#recountBegunAt = -Infinity;
	#recountTookMs = 0;
	#cancel: () => void = () => {};

	constructor(clock: Clock, tasks: LoopTasks) {
		this.#clock = clock;
		this.#tasks = tasks;
	}

	stop(): void {
		this.#running = false;
		this.#cancel();
	}

	/** The next step is due now, whatever the interval. */
	hurry(): void {
		this.#steppedAt = -Infinity;
		this.arrange();
	}

	/** The reader has a hand on the scroll bar. */
	touched(): void {
		this.#touchedUntil = this.#clock.now() + TOUCH_MS;
	}

	/** A result is asked for that is true for this revision of the storage. */
	replaceBegun(revision: number): void {
		this.#running = true;
		this.#revision = revision;
		this.#recountBegunAt = this.#clock.now();
	}

	/** That result is shown. */
	replaceDone(): void {
		this.#recountTookMs = this.#clock.now() - this.#recountBegunAt;
		this.arrange();
	}

	/** Sees to it that what is due next happens at its time. */
	arrange(): void {
		this.#cancel();
		if (!this.#running || this.#stepping || this.#tasks.replacing) {
			return;
		}
		const recountAt = this.#recountDueAt();
		const stepAt = Math.max(this.#stepDueAt(), this.#touchedUntil, this.#notBefore);
		const due = Math.min(recountAt, stepAt);
		if (due < Infinity) {
			const delayMs = Math.max(due - this.#clock.now(), 0);
			this.#cancel = this.#clock.after(delayMs, () => {
				if (recountAt <= stepAt) {
					this.#tasks.recount();
				} else {
					void this.#step();
				}
			});
		}
	}

	async #step(): Promise<void> {
		this.#steppedAt = this.#clock.now();
		this.#stepping = true;
		const done = await this.#tasks.step();
		this.#stepping = false;
		if (!done) {
			this.#notBefore = this.#clock.now() + RETRY_MS;
		}
		this.arrange();
	}

	#stepDueAt(): number {
		const { refresh, storage, set } = this.#tasks;
		const isIdle = refresh === 'live' && storage.watermark <= set.upTo;
		return isIdle || refresh === 'paused' ? Infinity : this.#steppedAt + STEP_MS[refresh];
	}

	/** While a big file is read this is always due: it never takes more than a part of the time. */
	#recountDueAt(): number {
		const { storage, set } = this.#tasks;
		if (storage.revision === this.#revision) {
			return Infinity;
		}
		const pause = Math.max(RECOUNT_MS, 4 * this.#recountTookMs);
		return this.#recountBegunAt + (set.complete ? pause : Math.max(PATIENCE_MS, pause));
	}
}

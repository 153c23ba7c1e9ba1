import type { Clock } from '../../lib/clock.ts';
import type { ResultSet } from './result-set.svelte.ts';

/** Entries that came, and how many of them are errors. */
export interface News {
	readonly matched: number;
	readonly errors: number;
}

/** A place in what arrives: the newest `seq` there was, and when, in milliseconds since 1970. */
export interface Moment {
	readonly seq: number;
	readonly at: number;
}

const NOTHING: News = { matched: 0, errors: 0 };

/** What came while paused is counted at most this often. */
const PENDING_MS = 500;

/** What a result has taken in since its first snapshot, and up to where. */
export interface TakenIn extends News {
	readonly upTo: number;
}

export function takenIn(set: ResultSet): TakenIn {
	return { matched: set.added, errors: set.addedErrors, upTo: set.upTo };
}

/** Whether the reader is at the live edge, and what came since they left it. */
export class LiveEdge {
	/** New rows appear in the table. */
	following = $state(true);
	readonly #clock: Clock;
	/** What the result had taken in when the reader left. */
	#left: TakenIn = $state.raw({ ...NOTHING, upTo: 0 });
	#leftAt = 0;
	/** What there was when the window first heard of the engine. */
	#openedAt: Moment | undefined;
	/** What came after a paused result, up to `#pendingUpTo`. */
	#pending: News = $state.raw(NOTHING);
	#pendingUpTo = 0;
	#pendingOf: ResultSet | undefined;
	#counting = false;
	#isAsked = false;
	#countAfter = 0;

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	/** The reader goes away from the edge, or did when the result had taken in `left`. */
	leave(left: TakenIn): void {
		if (this.following) {
			this.following = false;
			this.#left = left;
			this.#leftAt = this.#clock.now();
		}
	}

	/** Where what is news begins: when the reader left, or at the snapshot of a view at the edge. */
	newsBeginAt(set: ResultSet, refreshedAt: number): Moment {
		return this.following
			? { seq: set.upTo, at: refreshedAt }
			: { seq: this.#left.upTo, at: this.#leftAt };
	}

	/** The engine was heard of, with entries up to this `seq`; only the first time counts. */
	opened(seq: number): void {
		this.#openedAt ??= { seq, at: this.#clock.now() };
	}

	/**
	 * Up to where the reader has seen what came: to where they left the edge or paused, and at the edge
	 * to what there was when the window was opened.
	 */
	seenTo(set: ResultSet, paused: boolean, refreshedAt: number): Moment | undefined {
		return this.following && !paused ? this.#openedAt : this.newsBeginAt(set, refreshedAt);
	}

	/** What was seen is of another storage: it is as if the window was opened now. */
	reopen(): void {
		this.#openedAt = undefined;
	}

	arrive(): void {
		this.following = true;
	}

	/** How much of `set` had been added when the reader left the edge; all of it at the edge. */
	addedWhenLeft(set: ResultSet): number {
		return this.following ? set.added : this.#left.matched;
	}

	news(set: ResultSet): News {
		const left = this.following ? takenIn(set) : this.#left;
		return {
			matched: Math.max(set.added - left.matched, 0) + this.#pending.matched,
			errors: Math.max(set.addedErrors - left.errors, 0) + this.#pending.errors,
		};
	}

	/** The same result, asked for anew, takes the place of the one before: the news stay news. */
	carryOver(from: ResultSet, to: ResultSet): void {
		if (this.#pendingOf === from && from.upTo === to.upTo) {
			this.#pendingOf = to;
		} else {
			this.forgetPending();
		}
		this.#left = {
			matched: to.added - (from.added - this.#left.matched),
			errors: to.addedErrors - (from.addedErrors - this.#left.errors),
			upTo: this.#left.upTo,
		};
	}

	/** The result has taken in what was pending, or is another one. */
	forgetPending(): void {
		this.#pending = NOTHING;
		this.#pendingOf = undefined;
	}

	/**
	 * Counts what is stored after a paused result, up to what `watermark` says by then. Asked while it
	 * is at it, it does so once more: there may be another result by then, or more of it, or none that
	 * is paused.
	 */
	async countPending(result: () => ResultSet | undefined, watermark: () => number): Promise<void> {
		this.#isAsked = true;
		if (this.#counting) {
			return;
		}
		this.#counting = true;
		while (this.#isAsked) {
			this.#isAsked = false;
			await this.#wait();
			const set = result();
			if (set !== undefined) {
				await this.#countOnce(set, watermark());
			}
		}
		this.#counting = false;
	}

	async #countOnce(set: ResultSet, upTo: number): Promise<void> {
		try {
			if (set !== this.#pendingOf) {
				this.#pendingOf = set;
				this.#pending = NOTHING;
				this.#pendingUpTo = set.upTo;
			}
			const count =
				upTo > this.#pendingUpTo
					? await set.countFully({ ...set.filter, after: this.#pendingUpTo, up_to: upTo })
					: undefined;
			if (count !== undefined && this.#pendingOf === set) {
				this.#pendingUpTo = upTo;
				this.#pending = {
					matched: this.#pending.matched + count.matched,
					errors: this.#pending.errors + count.errors,
				};
			}
		} catch (error) {
			set.failed(error);
		} finally {
			this.#countAfter = this.#clock.now() + PENDING_MS;
		}
	}

	#wait(): Promise<void> {
		const delayMs = this.#countAfter - this.#clock.now();
		return delayMs <= 0
			? Promise.resolve()
			: new Promise((resolve) => this.#clock.after(delayMs, resolve));
	}
}

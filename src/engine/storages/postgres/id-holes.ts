/** Ids that are missing between those that were seen, both ends inclusive. */
export interface IdHole {
	readonly from: bigint;
	readonly to: bigint;
	/** Transactions from this number on had not begun when it was seen. */
	readonly until: bigint;
	/** When it was seen, in milliseconds of a steady clock. */
	readonly at: number;
}

/** So many holes are remembered; the oldest are forgotten first. */
const MAX_HOLES = 10_000;

/**
 * Ids are given out before rows are there: one that is missing may belong to a transaction that is
 * still at work, or to one that failed. Each is asked for until every transaction that was at work
 * when it was seen has ended, and a while longer, since an id is given out a moment before its
 * transaction has a number.
 */
export class IdHoles {
	#holes: IdHole[] = [];
	/** Ids up to this one are seen or in a hole. */
	#last: bigint;
	readonly #keepMs: number;

	constructor(last: bigint, keepMs: number) {
		this.#last = last;
		this.#keepMs = keepMs;
	}

	get last(): bigint {
		return this.#last;
	}

	get holes(): readonly IdHole[] {
		return this.#holes;
	}

	/** What was found, in rising order: new ids and such that fill a hole. */
	see(ids: readonly bigint[], until: bigint, now: number): void {
		const filled = ids.filter((id) => id <= this.#last);
		if (filled.length > 0) {
			this.#fill(filled);
		}
		for (const id of ids) {
			if (id > this.#last) {
				this.add(this.#last + 1n, id - 1n, until, now);
				this.#last = id;
			}
		}
		this.#holes = this.#holes.slice(-MAX_HOLES);
	}

	/** Ids that are missing. */
	add(from: bigint, to: bigint, until: bigint, now: number): void {
		if (from <= to) {
			this.#holes.push({ from, to, until, at: now });
		}
	}

	/** Which holes nobody can fill any more, once they were asked for another time. */
	settled(oldest: bigint, now: number): readonly IdHole[] {
		return this.#holes.filter(({ until, at }) => until <= oldest && now - at > this.#keepMs);
	}

	/**
	 * The lowest id that was missed no longer than `ms` ago, if there is one: what is above may soon be
	 * behind it.
	 */
	firstWithin(ms: number, now: number): bigint | undefined {
		let first: bigint | undefined;
		for (const { from, at } of this.#holes) {
			if (now - at < ms && (first === undefined || from < first)) {
				first = from;
			}
		}
		return first;
	}

	forget(holes: readonly IdHole[]): void {
		if (holes.length > 0) {
			const gone = new Set(holes.map(({ from, to }) => `${from}-${to}`));
			this.#holes = this.#holes.filter(({ from, to }) => !gone.has(`${from}-${to}`));
		}
	}

	#fill(ids: readonly bigint[]): void {
		this.#holes = this.#holes.flatMap((hole) => {
			const inside = ids.filter((id) => id >= hole.from && id <= hole.to);
			const parts: IdHole[] = [];
			let from = hole.from;
			for (const id of inside) {
				if (id > from) {
					parts.push({ ...hole, from, to: id - 1n });
				}
				from = id + 1n;
			}
			return from <= hole.to ? [...parts, { ...hole, from }] : parts;
		});
	}
}

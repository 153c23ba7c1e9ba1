import { setImmediate } from 'node:timers/promises';
import type { StorageAbilities } from '#shared/model/storage.ts';
import { closedError } from '../closed-error.ts';
import type {
	LogStorage,
	NewEntry,
	StorageFollower,
	StoragePage,
	StorageQuery,
	StorageStats,
	StoredEntry,
} from '../log-storage.ts';
import { TimeOrder } from '../time-order.ts';

/** A search lets others have their turn after this time. */
const TURN_MS = 20;

/** So many entries are looked at between two looks at the clock. */
const ENTRIES_PER_LOOK = 256;

type MemoryEntry = StoredEntry & { readonly seq: number };

/**
 * The newest `maxlen` entries in memory, in a ring: for each one that comes beyond that the oldest
 * leaves. They are numbered from 1, and end with the process.
 *
 * Promises: an append is there as a whole at once, and an entry with an `origin` only once, however
 * often it is offered. `stats` is exact: `size` is `appended − dropped`.
 */
export class MemoryLogStorage implements LogStorage {
	readonly abilities: StorageAbilities = {
		durability: 'memory',
		delivery: 'once',
		follows: 'push',
		isShared: false,
	};
	readonly #maxlen: number;
	/** The entry with a `seq` is at `(seq − 1) % maxlen`. */
	readonly #ring: MemoryEntry[] = [];
	readonly #followers = new Set<StorageFollower>();
	/** The number of the newest entry of each writer. */
	readonly #writers = new Map<string, number>();
	#appended = 0;
	#isClosed = false;
	#times: TimeOrder | undefined;

	constructor(maxlen: number) {
		this.#maxlen = maxlen;
	}

	async append(entries: readonly NewEntry[]): Promise<void> {
		this.#checkOpen();
		const stored: MemoryEntry[] = [];
		const first = this.#first;
		for (const entry of entries) {
			if (this.#isNew(entry)) {
				const seq = ++this.#appended;
				const next = storedEntry(entry, seq);
				this.#ring[(seq - 1) % this.#maxlen] = next;
				stored.push(next);
			}
		}
		if (stored.length === 0) {
			return;
		}
		this.#times?.add(stored.map(({ ts, seq }) => ({ ts, place: seq })));
		this.#times?.drop(this.#first, this.#first - first);
		for (const follower of this.#followers) {
			follower.onEntries(stored);
		}
	}

	async query({ matches, order, limit, before }: StorageQuery): Promise<StoragePage> {
		this.#checkOpen();
		const entries: StoredEntry[] = [];
		const candidates =
			order === 'time' ? this.#byTime(before?.ts, before?.seq) : this.#byArrival(before?.seq);
		let looked = 0;
		let turnEnds = performance.now() + TURN_MS;
		for (const entry of candidates) {
			if (matches(entry)) {
				if (entries.length === limit) {
					return { entries, isEnd: false };
				}
				entries.push(entry);
			}
			if (++looked % ENTRIES_PER_LOOK === 0 && performance.now() > turnEnds) {
				await setImmediate();
				turnEnds = performance.now() + TURN_MS;
			}
		}
		return { entries, isEnd: true };
	}

	async stats(): Promise<StorageStats> {
		this.#checkOpen();
		const dropped = this.#first - 1;
		return { size: this.#appended - dropped, appended: this.#appended, dropped };
	}

	async follow(follower: StorageFollower): Promise<() => Promise<void>> {
		this.#checkOpen();
		this.#followers.add(follower);
		return async () => void this.#followers.delete(follower);
	}

	async close(): Promise<void> {
		this.#isClosed = true;
		this.#followers.clear();
	}

	#checkOpen(): void {
		if (this.#isClosed) {
			throw closedError('Memory');
		}
	}

	/** The `seq` of the oldest entry there is, or would be. */
	get #first(): number {
		return Math.max(this.#appended - this.#maxlen, 0) + 1;
	}

	#isNew({ origin }: NewEntry): boolean {
		if (origin === undefined) {
			return true;
		}
		const { writer, number } = origin;
		if (number <= (this.#writers.get(writer) ?? -1)) {
			return false;
		}
		this.#writers.set(writer, number);
		return true;
	}

	*#byArrival(before = Infinity): Generator<MemoryEntry> {
		for (let seq = Math.min(this.#appended, before - 1); seq >= this.#first; seq--) {
			const entry = this.#at(seq);
			if (entry !== undefined) {
				yield entry;
			}
		}
	}

	/** Entries may come and leave meanwhile. */
	*#byTime(ts = Infinity, seq = Infinity): Generator<MemoryEntry> {
		const times = (this.#times ??= this.#sorted());
		const newest = this.#appended;
		let last = { ts, place: seq - 1 };
		for (;;) {
			const known = this.#appended;
			let rank = times.behind(last) - 1;
			for (; rank >= 0 && known === this.#appended; rank--) {
				const place = times.at(rank);
				const entry = place === undefined || place > newest ? undefined : this.#at(place);
				if (entry !== undefined) {
					last = { ts: entry.ts, place: entry.seq - 1 };
					yield entry;
				}
			}
			if (rank < 0) {
				return;
			}
		}
	}

	#at(seq: number): MemoryEntry | undefined {
		return this.#ring[(seq - 1) % this.#maxlen];
	}

	#sorted(): TimeOrder {
		const times = new TimeOrder();
		const all = [...this.#byArrival()].toReversed();
		times.add(all.map(({ ts, seq }) => ({ ts, place: seq })));
		return times;
	}
}

function storedEntry(
	{ ts, level, message, logger, task_id, extra }: NewEntry,
	seq: number,
): MemoryEntry {
	const entry: { -readonly [K in keyof MemoryEntry]: MemoryEntry[K] } = {
		id: String(seq),
		seq,
		ts,
		level,
		message,
		logger,
	};
	if (task_id !== undefined) {
		entry.task_id = task_id;
	}
	if (extra !== undefined) {
		entry.extra = extra;
	}
	return entry;
}

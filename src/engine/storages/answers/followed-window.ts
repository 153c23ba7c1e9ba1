import { setTimeout as delay } from 'node:timers/promises';
import type { AppError } from '#shared/errors.ts';
import { withoutPassword } from '#shared/model/storage-address.ts';
import type { LogStorage, StoredEntry } from '../log-storage.ts';
import { storageQuery } from '../queryable-entry.ts';
import { storageError } from '../storage-error.ts';
import { EntryWindow } from './entry-window.ts';
import type { NumberedEntry } from './entry-window.ts';

/** The most that one page has. */
const PAGE_ENTRIES = 10_000;

/** Entries without numbers of their own get some around this one: older below, newer above. */
const FIRST_NUMBER = 2 ** 40;

/** After a failure it is tried again, each time after twice as long. */
const RETRY_MS = 500;
const MAX_RETRY_MS = 15_000;

/** Following tells of an entry within this time, or it was so many before that it has left again. */
const CATCH_UP_MS = 2_000;
const LOOK_EVERY_MS = 10;

const NO_SOURCES: ReadonlyMap<number, string> = new Map();

/** Who is told about a window. */
export interface WindowListener {
	/** It has other entries; a new window: they were read anew. */
	onChange(): void;
	/** Older entries came or left. */
	onRevision(): void;
	/** It can't be kept current at the moment: a sentence. `undefined`: it can again. */
	onProblem(message: string | undefined): void;
}

/** The newest entries of a storage, read once and kept current by following it. */
export class FollowedWindow {
	readonly #storage: LogStorage;
	readonly #most: number;
	readonly #isAll: boolean;
	readonly #listener: WindowListener;
	#window: EntryWindow;
	#reading: Promise<void> | undefined;
	#stop: (() => Promise<void>) | undefined;
	/** What came while entries were read. */
	#waiting: StoredEntry[] = [];
	#isStale = true;
	/** The greatest number that was given out; 0: none yet. */
	#given = 0;
	#hasMore = false;
	#failures = 0;
	#error: AppError | undefined;
	#timer: NodeJS.Timeout | undefined;
	#isClosed = false;

	/** `most`: entries it keeps; `isAll`: the storage keeps no more than these either. */
	constructor(storage: LogStorage, most: number, isAll: boolean, listener: WindowListener) {
		this.#storage = storage;
		this.#most = most;
		this.#isAll = isAll;
		this.#listener = listener;
		this.#window = new EntryWindow(most);
	}

	/** The entries, once they were read. Rejects with a sentence if they can't be. */
	async entries(): Promise<EntryWindow> {
		if (this.#reading !== undefined || (this.#isStale && this.#error === undefined)) {
			await this.#read();
		}
		if (this.#error !== undefined && this.#isStale) {
			throw this.#error;
		}
		return this.#window;
	}

	/** The entries, once what was appended by now is among them, or has left them again. */
	async current(): Promise<EntryWindow> {
		await this.entries();
		const wish = { order: 'arrival', limit: 1 } as const;
		const { entries } = await this.#storage.query(storageQuery({}, NO_SOURCES, wish));
		const deadline = performance.now() + CATCH_UP_MS;
		for (const newest of entries) {
			while (!this.#window.has(newest.id) && performance.now() < deadline && !this.#isClosed) {
				await delay(LOOK_EVERY_MS);
			}
		}
		return this.entries();
	}

	/** The entries as far as they were read. */
	get known(): EntryWindow {
		return this.#window;
	}

	/** Whether the storage has more than these, as far as is known. */
	get hasMore(): boolean {
		return this.#hasMore && !this.#isAll;
	}

	async close(): Promise<void> {
		this.#isClosed = true;
		clearTimeout(this.#timer);
		await this.#stop?.();
	}

	/** Reads all of it anew, one time after the other. */
	#read(): Promise<void> {
		this.#reading ??= this.#readOnce().finally(() => {
			this.#reading = undefined;
			if (this.#isStale && this.#error === undefined && !this.#isClosed) {
				void this.#read(); // others came between while it was read
			}
		});
		return this.#reading;
	}

	async #readOnce(): Promise<void> {
		try {
			this.#stop ??= await this.#storage.follow({
				onEntries: (entries) => this.#onEntries(entries),
				onReset: () => this.#reset(),
				onProblem: (message) =>
					this.#listener.onProblem(message === undefined ? undefined : withoutPassword(message)),
			});
			this.#isStale = false;
			const { entries, isEnd } = await this.#newest();
			this.#replace(entries);
			this.#hasMore = !isEnd;
			if (this.#error !== undefined) {
				this.#listener.onProblem(undefined);
			}
			this.#error = undefined;
			this.#failures = 0;
			const waiting = this.#waiting;
			this.#waiting = [];
			if (waiting.length > 0) {
				const known = new Set(entries.map(({ id }) => id));
				this.#add(waiting.filter(({ id }) => !known.has(id)));
			}
			this.#listener.onRevision();
			this.#listener.onChange();
		} catch (error) {
			this.#fail(error);
		}
	}

	async #newest(): Promise<{ readonly entries: readonly StoredEntry[]; readonly isEnd: boolean }> {
		const found: StoredEntry[] = [];
		for (;;) {
			const limit = Math.min(this.#most - found.length, PAGE_ENTRIES);
			const before = found.at(-1);
			const wish = {
				order: 'arrival',
				limit,
				...(before === undefined ? {} : { before }),
			} as const;
			const { entries, isEnd } = await this.#storage.query(storageQuery({}, NO_SOURCES, wish));
			found.push(...entries);
			if (isEnd || found.length >= this.#most || entries.length === 0) {
				return { entries: found, isEnd };
			}
		}
	}

	/** What was read takes the place of what was known; entries that stay keep their numbers. */
	#replace(newestFirst: readonly StoredEntry[]): void {
		const entries = newestFirst.toReversed();
		const before = this.#window;
		const known = new Map<string, number>();
		if (entries.some(({ seq }) => seq === undefined)) {
			for (let place = before.first; place < before.end; place++) {
				known.set(before.stored(place).id, before.seq(place));
			}
		}
		this.#window = new EntryWindow(this.#most);
		const from = this.#given === 0 ? FIRST_NUMBER - entries.length : this.#given;
		const numbered = numberedBy(entries, known) ?? numberedAfter(entries, from);
		this.#window.add(numbered);
		this.#given = Math.max(this.#given, this.#window.newestSeq);
	}

	#onEntries(entries: readonly StoredEntry[]): void {
		if (this.#reading === undefined && !this.#isStale) {
			this.#add(entries);
			this.#listener.onChange();
		} else {
			this.#waiting.push(...entries);
			// What it can't hold would leave at once.
			this.#waiting.splice(0, this.#waiting.length - this.#most);
		}
	}

	#add(entries: readonly StoredEntry[]): void {
		const window = this.#window;
		const next: NumberedEntry[] = [];
		let last = window.size === 0 ? 0 : window.newestSeq;
		for (const stored of entries) {
			const seq = stored.seq ?? Math.max(last, this.#given || FIRST_NUMBER) + 1;
			if (seq > last) {
				next.push({ stored, seq });
				last = seq;
				this.#given = Math.max(this.#given, seq);
			} else if (window.placeOf(seq) === undefined && !next.some((each) => each.seq === seq)) {
				// It stands between those there are.
				this.#isStale = true;
			}
		}
		if (window.add(next) > 0) {
			this.#hasMore = true;
			this.#listener.onRevision();
		}
		if (this.#isStale) {
			this.#reset();
		}
	}

	#reset(): void {
		this.#isStale = true;
		if (!this.#isClosed && this.#error === undefined) {
			void this.#read();
		}
	}

	#fail(error: unknown): void {
		this.#isStale = true;
		this.#error = storageError(error);
		this.#listener.onProblem(this.#error.message);
		if (!this.#isClosed) {
			const delay = Math.min(RETRY_MS * 2 ** this.#failures++, MAX_RETRY_MS);
			this.#timer = setTimeout(() => void this.#read(), delay);
		}
	}
}

/**
 * By the numbers of the storage, or else those that entries had before, with what is older counted
 * down from these and what is newer up; `undefined` where others came between.
 */
function numberedBy(
	entries: readonly StoredEntry[],
	known: ReadonlyMap<string, number>,
): readonly NumberedEntry[] | undefined {
	const own = entries.map(({ seq, id }) => seq ?? known.get(id));
	const first = own.findIndex((seq) => seq !== undefined);
	const last = own.findLastIndex((seq) => seq !== undefined);
	const numbered = entries.flatMap((stored, index): NumberedEntry[] => {
		const end = index < first ? first : last;
		const isOutside = index < first || index > last;
		const seq = own[index] ?? (isOutside ? (own[end] ?? NaN) + index - end : NaN);
		return Number.isNaN(seq) ? [] : [{ stored, seq }];
	});
	const isRising = numbered.every(({ seq }, at) => at === 0 || seq > (numbered[at - 1]?.seq ?? 0));
	return first !== -1 && isRising && numbered.length === entries.length ? numbered : undefined;
}

/** New numbers for all, above this one. */
function numberedAfter(entries: readonly StoredEntry[], from: number): readonly NumberedEntry[] {
	return entries.map((stored, index) => ({ stored, seq: from + index + 1 }));
}

import { AppError } from '#shared/errors.ts';
import type { StoredEntry } from '../log-storage.ts';
import { readFields } from './read-fields.ts';
import type { StreamEntry } from './read-fields.ts';
import type { RedisConnection, Reply } from './redis-connection.ts';
import { idBefore, seqOf } from './stream-id.ts';
import { ToldEntries } from './told-entries.ts';

/** A page of the stream is to be no larger than this, as far as the one before it tells. */
const PAGE_CHARACTERS = 2 ** 21;

const FIRST_PAGE = 200;
const MAX_PAGE = 5_000;

/** Ids, both inclusive; `undefined`: no end. */
export interface StreamRange {
	readonly oldest?: string | undefined;
	readonly newest?: string | undefined;
}

/** Where entries of the stream become those of a storage. */
export class RedisStream {
	readonly #connection: RedisConnection;
	readonly #told = new ToldEntries();
	#hasNumbers = true;

	constructor(connection: RedisConnection) {
		this.#connection = connection;
	}

	/**
	 * Whether entries have a `seq`: until one is met whose id has no room in it. From then on none
	 * has, for they would not be in order any more.
	 */
	get hasNumbers(): boolean {
		return this.#hasNumbers;
	}

	/**
	 * All entries of a range as the server has them, the newest first, page by page. A page is 200
	 * entries or `wanted` at first, and then as many as make about 2 MiB: memory is bounded by that.
	 */
	async *pagesBack(
		{ oldest = '-', newest = '+' }: StreamRange,
		wanted = FIRST_PAGE,
	): AsyncGenerator<readonly StreamEntry[]> {
		const { key } = this.#connection.place;
		let last: string | undefined = newest;
		let count = Math.min(wanted, MAX_PAGE);
		while (last !== undefined) {
			const page: readonly StreamEntry[] = streamEntries(
				await this.#connection.send(['XREVRANGE', key, last, oldest, 'COUNT', String(count)]),
			);
			yield page;
			const oldestRead = page.at(-1);
			last = oldestRead === undefined || page.length < count ? undefined : idBefore(oldestRead[0]);
			count = nextCount(page, count);
		}
	}

	/** Entries of the stream as they are stored, without those that were told under another id. */
	read(entries: readonly StreamEntry[]): StoredEntry[] {
		const read: StoredEntry[] = [];
		for (const entry of entries) {
			const stored = this.readOne(entry);
			if (stored !== undefined) {
				read.push(stored);
			}
		}
		return read;
	}

	/** One of them; `undefined`: it was told under another id. It has no number yet. */
	readOne(source: StreamEntry): StoredEntry | undefined {
		const { entry, origin } = readFields(source);
		if (seqOf(entry.id) === undefined) {
			this.#hasNumbers = false;
		}
		return origin === undefined || this.#told.tells(origin, entry.id) ? entry : undefined;
	}

	/** The entry with its `seq`, as long as all have one. */
	numbered(entry: StoredEntry): StoredEntry {
		const seq = this.#hasNumbers ? seqOf(entry.id) : undefined;
		return seq === undefined ? entry : { ...entry, seq };
	}

	/** Entries left. */
	forget(): void {
		this.#told.forget();
	}
}

/** Entries in the form of XRANGE's answer. An entry that was deleted meanwhile is left out. */
export function streamEntries(reply: Reply): StreamEntry[] {
	if (!Array.isArray(reply)) {
		throw new AppError('storage-failed', 'Redis gave an answer that is no list of entries.');
	}
	const entries: StreamEntry[] = [];
	for (const item of reply as readonly Reply[]) {
		if (Array.isArray(item) && Array.isArray(item[1])) {
			entries.push(item as unknown as StreamEntry);
		}
	}
	return entries;
}

/** How many entries to ask for next, so that an answer is as large as it is to be. */
export function nextCount(page: readonly StreamEntry[], count: number): number {
	let characters = 0;
	for (const [, fields] of page) {
		for (const field of fields) {
			characters += field.length;
		}
	}
	const fitting = Math.floor((PAGE_CHARACTERS * page.length) / Math.max(characters, 1));
	// Entries differ: no page is many times as long as the one before.
	return Math.min(Math.max(fitting, 1), count * 4, MAX_PAGE);
}

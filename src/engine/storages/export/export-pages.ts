import type { Order } from '#shared/model/query.ts';
import type { LogStorage, StoredEntry } from '../log-storage.ts';
import type { QueryableEntry } from '../queryable-entry.ts';
import type { ExportFilter } from './export-filter.ts';

/** So many entries are held at once. */
const PAGE_ENTRIES = 2_000;

/** What reading pages tells of. */
export interface PageListener {
	/** So many more entries were looked at. */
	onLooked(entries: number): void;
	/** So many have left the storage since the export began. */
	onGone(entries: number): void;
}

/** Which entries of a storage are read, the newest `limit` of them; 0: all. */
export interface PageWish {
	readonly storage: LogStorage;
	readonly filter: ExportFilter;
	readonly order: Order;
	readonly limit: number;
}

/** Entries page by page, the newest first. */
export async function* newestFirst(
	{ storage, filter, order, limit }: PageWish,
	{ onLooked }: PageListener,
): AsyncGenerator<readonly QueryableEntry[]> {
	let left = limit === 0 ? Infinity : limit;
	let before: StoredEntry | undefined;
	for (;;) {
		const page = await storage.query(filter.query(order, PAGE_ENTRIES, before));
		before = page.entries.at(-1);
		const entries = filter.select(page.entries).slice(0, left);
		left -= entries.length;
		onLooked(page.entries.length);
		yield entries;
		if (page.isEnd || before === undefined || left === 0) {
			return;
		}
	}
}

/** A page that was looked at, to be read again. */
interface SeenPage {
	readonly before: StoredEntry | undefined;
	/** Its entries that are wanted: how many, and the last one. */
	readonly wanted: number;
	readonly last: string | undefined;
}

/**
 * Entries page by page, the oldest first. Storages tell the newest first: all pages are looked at
 * once, to know where each of them begins, and read again from the last one on.
 */
export async function* oldestFirst(
	wish: PageWish,
	listener: PageListener,
): AsyncGenerator<readonly QueryableEntry[]> {
	const { storage, filter, order, limit } = wish;
	const pages: SeenPage[] = [];
	let newest: readonly QueryableEntry[] = [];
	let left = limit === 0 ? Infinity : limit;
	for (let before: StoredEntry | undefined; ;) {
		const page = await storage.query(filter.query(order, PAGE_ENTRIES, before));
		const entries = filter.select(page.entries).slice(0, left);
		if (pages.length === 0) {
			// Nothing stands before it by which it could be found again.
			newest = entries;
		}
		left -= entries.length;
		pages.push({ before, wanted: entries.length, last: entries.at(-1)?.stored.id });
		before = page.entries.at(-1);
		yield []; // others have their turn
		if (page.isEnd || before === undefined || left === 0) {
			break;
		}
	}
	let written = new Set<string>();
	for (const { before, wanted, last } of pages.slice(1).toReversed()) {
		const page = await storage.query(filter.query(order, PAGE_ENTRIES, before));
		const found = filter.select(page.entries);
		const end = found.findIndex(({ stored }) => stored.id === last);
		const entries = found
			.slice(0, end === -1 ? wanted : end + 1)
			.filter(({ stored }) => !written.has(stored.id));
		written = new Set(entries.map(({ stored }) => stored.id));
		listener.onGone(Math.max(wanted - entries.length, 0));
		listener.onLooked(page.entries.length);
		yield entries.toReversed();
	}
	listener.onLooked(newest.length);
	yield newest.toReversed();
}

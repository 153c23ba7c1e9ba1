import assert from 'node:assert/strict';
import type { Filter, Order } from '#shared/model/query.ts';
import { compileFilter } from '#shared/query/match-filter.ts';
import type { LogStorage, StoragePage, StoredEntry } from '../log-storage.ts';
import { QueryableEntry } from '../queryable-entry.ts';

/** `matchFilter` for entries of a storage. */
export function matcherOf(filter: Filter): (entry: StoredEntry) => boolean {
	const matches = compileFilter(filter);
	return (entry) => matches(new QueryableEntry(entry));
}

/** What a page is asked for with. */
export interface PageOptions {
	readonly filter?: Filter;
	readonly order?: Order;
	readonly limit?: number;
	readonly before?: StoredEntry | undefined;
}

/** One page, which has to be one: not too long, and short only where it is the last one. */
export async function readPage(
	storage: LogStorage,
	{ filter = {}, order = 'arrival', limit = 1_000, before }: PageOptions = {},
): Promise<StoragePage> {
	const page = await storage.query({
		filter,
		matches: matcherOf(filter),
		order,
		limit,
		...(before === undefined ? {} : { before }),
	});
	const { length } = page.entries;
	assert.ok(length <= limit, `At most ${limit} entries were asked for, and ${length} came`);
	assert.ok(
		length === limit || page.isEnd,
		`${length} entries came instead of ${limit}, and yet it is said not to be the end`,
	);
	return page;
}

/** All entries that match, newest first, page by page. */
export async function readAll(
	storage: LogStorage,
	options: Omit<PageOptions, 'before'> = {},
): Promise<readonly StoredEntry[]> {
	const found: StoredEntry[] = [];
	for (;;) {
		const page = await readPage(storage, { ...options, before: found.at(-1) });
		found.push(...page.entries);
		if (page.isEnd) {
			return found;
		}
	}
}

/** Entries by their order of time, newest first; those of one time as they came, newest first. */
export function byTime(newestFirst: readonly StoredEntry[]): readonly StoredEntry[] {
	return newestFirst.toSorted((one, other) => other.ts - one.ts);
}

/** Whether these are the same entries in the same order, by their ids. */
export function assertIds(
	found: readonly StoredEntry[],
	expected: readonly StoredEntry[],
	what: string,
): void {
	const at = found.findIndex(({ id }, index) => id !== expected[index]?.id);
	const place = at === -1 ? found.length : at;
	if (at !== -1 || found.length !== expected.length) {
		assert.fail(
			`${what}: ${found.length} entries came, ${expected.length} match. The first difference is at ${place}: ` +
				`${describe(found[place])} came, ${describe(expected[place])} was expected`,
		);
	}
}

function describe(entry: StoredEntry | undefined): string {
	return entry === undefined
		? 'none'
		: `${entry.id} (${JSON.stringify(entry.message.slice(0, 80))})`;
}

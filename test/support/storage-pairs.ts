import assert from 'node:assert/strict';
import type { Filter } from '#shared/model/query.ts';
import { ORDERS } from '#shared/model/query.ts';
import type { LogStorage, NewEntry, StoredEntry } from '#engine/storages/log-storage.ts';
import { QueryableEntry, storageQuery } from '#engine/storages/queryable-entry.ts';
import { firstDifference, NOW } from './entries.ts';
import type { Random } from './entries.ts';
import { randomExtra } from './random-details.ts';
import { randomMessage, randomText } from './random-entries.ts';
import { randomQuery } from './storage-queries.ts';

/** The names of a storage's only source. */
export const SOURCES: ReadonlyMap<number, string> = new Map([[0, 'one']]);

const TRACEBACK =
	'Traceback (most recent call last):\n  File "/app/jobs.py", line 12, in run\nValueError: no such job';

const MESSAGES = ['job done', 'job failed', 'timeout after 5 s', 'timeout after 7 s', 'ok', ''];
const LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL', 'NOTICE', 'ODD LEVEL', 'INFO+2'];
const LOGGERS = ['asyncz.task', 'app', 'ключ', '', 'a"b'];
const TASKS = ['nightly', 'Nightly', 'task-1', 'täsk', ' spaced ', '007'];

/** Entries as they are handed to a storage, with all that is hard to keep and to search for. */
export function randomNewEntries(
	random: Random,
	count: number,
	{ hasNul = true }: { readonly hasNul?: boolean } = {},
): NewEntry[] {
	let ts = NOW * 1_000;
	return Array.from({ length: count }, () => {
		ts += random.below(2_000_000) - (random.chance(0.1) ? random.below(20_000_000) : 0);
		const text = random.chance(0.5) ? random.pick(MESSAGES) : randomMessage(random).toWellFormed();
		return {
			ts,
			level: random.pick(LEVELS),
			message: hasNul ? text : text.replaceAll('\0', ''),
			logger: random.pick(LOGGERS),
			...(random.chance(0.4) ? { task_id: random.pick(TASKS) } : {}),
			...(random.chance(0.6) ? { extra: someExtra(random) } : {}),
		};
	});
}

function someExtra(random: Random): string {
	return random.chance(0.15)
		? `{"error": ${JSON.stringify(TRACEBACK)}, "user": "bob"}`
		: randomExtra(random);
}

/** A filter with all there is in one, about entries that are there, the same for the same `random`. */
export function randomStorageFilter(random: Random, entries: readonly QueryableEntry[]): Filter {
	const one = () => random.pick(entries);
	const hasSeqs = entries.every(({ stored }) => stored.seq !== undefined);
	const maybe = <T>(probability: number, make: () => T): T | undefined =>
		random.chance(probability) ? make() : undefined;
	return {
		query: maybe(0.7, () => randomQuery(random, entries)),
		also: maybe(0.1, () => randomQuery(random, entries)),
		task_id: maybe(0.1, () => one().task_id ?? 'none'),
		level: maybe(0.1, () => random.pick([one().level, one().level.toLowerCase(), 'warn'])),
		min_level: maybe(0.1, () => random.pick([one().level, 'warning'])),
		q: maybe(0.2, () => randomText(random, entries)),
		since: maybe(0.1, () => one().ts + random.pick([0, 0, 1, -1])),
		until: maybe(0.1, () => one().ts + random.pick([0, 0, 1, -1])),
		source: maybe(0.05, () => random.pick([0, 1])),
		quarantined: maybe(0.05, () => random.chance(0.5)),
		at: NOW * 1_000,
		zone: random.pick(['UTC', 'Etc/GMT-2', 'America/New_York', 'Asia/Kolkata']),
		// What is told by numbers is asked only of storages that have them.
		...(hasSeqs
			? {
					up_to: maybe(0.1, () => one().seq),
					arrived_after: maybe(0.1, () => one().seq),
					marked: [one().seq, one().seq],
					notes: ['Ask', 'ask the DBA', 'x'].map((text) => ({ seq: one().seq, text })),
					seen_to: maybe(0.9, () => one().seq),
				}
			: {}),
	};
}

/** All that a storage has, newest first, page by page. */
export async function allEntries(storage: LogStorage): Promise<readonly StoredEntry[]> {
	return readPages(storage, {}, 'arrival', 1_000);
}

/**
 * Asks a storage for what random filters mean, in both orders and in pages of several sizes, and
 * compares with `matchFilter` of each of its entries. Returns how many (entry, query) pairs that were.
 */
export async function comparePairs(
	storage: LogStorage,
	random: Random,
	queries: number,
): Promise<number> {
	const entries = (await allEntries(storage)).map((entry) => new QueryableEntry(entry));
	for (let asked = 0; asked < queries; asked++) {
		const filter = randomStorageFilter(random, entries);
		const order = random.pick(ORDERS);
		const { matches } = storageQuery(filter, SOURCES, { order, limit: 1 });
		const expected = entries.filter(({ stored }) => matches(stored));
		if (order === 'time') {
			// Stable: what is as late stays as it came.
			expected.sort((a, b) => b.ts - a.ts);
		}
		const found = await readPages(storage, filter, order, random.pick([7, 50, 10_000]));
		const difference = firstDifference(
			found.map(({ id }) => id),
			expected.map(({ stored }) => stored.id),
		);
		const question = JSON.stringify({ filter, order });
		assert.equal(difference && JSON.stringify(difference), undefined, question);
	}
	return queries * entries.length;
}

async function readPages(
	storage: LogStorage,
	filter: Filter,
	order: 'arrival' | 'time',
	limit: number,
): Promise<readonly StoredEntry[]> {
	const found: StoredEntry[] = [];
	for (;;) {
		const before = found.at(-1);
		const wish = { order, limit, ...(before === undefined ? {} : { before }) };
		const { entries, isEnd } = await storage.query(storageQuery(filter, SOURCES, wish));
		found.push(...entries);
		if (isEnd) {
			return found;
		}
		assert.equal(entries.length, limit, 'a page that is not the last one is full');
	}
}

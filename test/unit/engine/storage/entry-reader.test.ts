import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { StorageQuery } from '#engine/storage/log-storage.ts';
import { EntryReader } from '#engine/storage/sqlite/entry-reader.ts';
import type { SqliteLogStorage } from '#engine/storage/sqlite/sqlite-storage.ts';
import { entryBatch, newEntry, numberedEntries, Random } from '../../../support/entries.ts';
import { temporaryFolder } from '../../../support/temp-folder-of-test.ts';
import { openSqliteStorage } from './open-storage.ts';

const BLOCKS = 15;

interface Opened {
	readonly path: string;
	readonly storage: SqliteLogStorage;
}

/** A database of many blocks: 100 entries each, the 50th of them the one that is rare. */
async function manyBlocks(): Promise<Opened> {
	const path = join(temporaryFolder(), 'logs.db');
	const storage = openSqliteStorage(path);
	for (let block = 0; block < BLOCKS; block++) {
		const entries = Array.from({ length: 100 }, (_, index) =>
			index === 50
				? newEntry({ message: `rare ${block}`, level: 'ERROR', severity: 40 })
				: newEntry({ message: `usual ${index}` }),
		);
		await storage.append(entryBatch(entries));
		storage.reserve(10); // the next entries begin another block
	}
	return { path, storage };
}

function openReader(path: string, options?: ConstructorParameters<typeof EntryReader>[1]) {
	const reader = new EntryReader(path, options);
	onTestFinished(() => reader.close());
	return reader;
}

/** Asks until the answer is complete; how often that took. */
function askUntilComplete<T extends { readonly complete: boolean }>(ask: () => T) {
	const answers: T[] = [];
	while (answers.length <= 3 * BLOCKS) {
		const answer = ask();
		answers.push(answer);
		if (answer.complete) {
			return { answers, last: answer };
		}
	}
	throw new Error(`No complete answer in ${answers.length}`);
}

describe('an answer that would take longer than its slice', () => {
	test('of a count comes in parts, the next one going on where the last one ended', async () => {
		const { path } = await manyBlocks();
		const reader = openReader(path, { sliceMs: 0 });
		const { answers, last } = askUntilComplete(() => reader.count({ q: 'RARE' }));
		expect(last).toEqual({ matched: BLOCKS, errors: BLOCKS, searched: 1, complete: true });
		const shares = answers.map(({ searched }) => searched);
		expect(shares).toEqual(shares.toSorted((a, b) => a - b));
		expect(answers.length).toBeGreaterThan(5);
		expect(reader.count({ q: 'RARE' })).toEqual(last);
	});

	test.each<[string, StorageQuery, readonly string[]]>([
		['all of few', { q: 'rare', limit: 200 }, rare(0, BLOCKS)],
		['a page of few', { q: 'rare', limit: 5, offset: 8 }, rare(2, 7)],
		[
			'few of many',
			{ q: 'usual 5', limit: 3, offset: 10 * 11 + 4 },
			['usual 55', 'usual 54', 'usual 53'],
		],
		['a snapshot inside a block', { q: 'rare', limit: 200, up_to: 110 * 10 + 60 }, rare(0, 11)],
		['none', { q: 'nowhere' }, []],
	])('of rows comes in parts: %s', async (_, query, expected) => {
		const { path } = await manyBlocks();
		const reader = openReader(path, { sliceMs: 0 });
		const { answers, last } = askUntilComplete(() => reader.query(query));
		expect(last.rows.map(({ message }) => message)).toEqual(expected);
		expect(answers.length).toBeGreaterThan(1);
		const beginnings = answers.map(({ rows }) => last.rows.slice(0, rows.length));
		expect(answers.map(({ rows }) => rows)).toEqual(beginnings);
	});

	test('goes on while entries come and history is filled in', async () => {
		const { path, storage } = await manyBlocks();
		const reader = openReader(path, { sliceMs: 0 });
		const base = storage.reserve(1_000);
		const random = new Random(5);
		let extra = 0;
		for (let round = 0; round < 2 * BLOCKS; round++) {
			reader.count({ q: 'rare' });
			reader.query({ q: 'rare' });
			extra++;
			const entry = newEntry({ message: `rare more ${round}`, offset: round });
			await storage.append(entryBatch([entry], random.chance(0.5) ? { place: { base } } : {}));
		}
		const { last } = askUntilComplete(() => reader.count({ q: 'rare' }));
		expect(last).toMatchObject({ matched: BLOCKS + extra, errors: BLOCKS });
	});
});

/** The messages of the rare entries of some blocks, newest first. */
function rare(from: number, to: number): string[] {
	return Array.from({ length: to - from }, (_, index) => `rare ${to - 1 - index}`);
}

describe('the catalogue of blocks', () => {
	test('stays right through growth, history, removal and reopening', async () => {
		const path = join(temporaryFolder(), 'logs.db');
		const random = new Random(6);
		let storage = openSqliteStorage(path);
		const stretches: { readonly source: number; readonly base: number; at: number }[] = [];
		for (let round = 0; round < 40; round++) {
			const source = random.below(4);
			const stretch = stretches.find((other) => other.source === source && other.at > 0);
			const entries = numberedEntries(0, random.pick([1, 3, 300, 5_000])).map((entry, index) =>
				index % 7 === 0 ? { ...entry, severity: 40 } : entry,
			);
			const kind = random.below(10);
			if (kind < 4) {
				await storage.append(entryBatch(entries, { source }));
			} else if (kind < 7 && stretch !== undefined) {
				const placed = entries
					.slice(0, stretch.at)
					.map((entry, index, all) => ({ ...entry, offset: stretch.at - all.length + index }));
				stretch.at -= placed.length;
				await storage.append(entryBatch(placed, { source, place: { base: stretch.base } }));
			} else if (kind < 8) {
				// The place in the order of arrival is kept by the first entries after it.
				stretches.push({ source, base: storage.reserve(10_000), at: 10_000 });
				await storage.append(entryBatch(entries.slice(0, 1), { source }));
			} else if (kind < 9) {
				await storage.remove(source);
				stretches.splice(0, stretches.length, ...stretches.filter((s) => s.source !== source));
			} else {
				await storage.close();
				storage = openSqliteStorage(path);
			}
			const reader = new EntryReader(path, { now: () => 0 });
			const { told, found } = compare(reader);
			reader.close();
			expect({ round, kind, told }).toEqual({ round, kind, told: found });
			expect(storage.stats().size).toBe(found.matched);
		}
	}, 30_000);

	test('says what a time range and a level can leave out', async () => {
		const { path, storage } = await manyBlocks();
		await storage.append(entryBatch([newEntry({ ts: 5, severity: 50, level: 'CRITICAL' })]));
		const reader = openReader(path);
		const filters = [{ until: 5 }, { since: 5, until: 5 }, { until: 4 }, { min_level: 'CRITICAL' }];
		expect(filters.map((filter) => reader.count(filter).matched)).toEqual([1, 1, 0, 1]);
	});
});

test('a view keeps its snapshot while more entries come', async () => {
	const { path, storage } = await manyBlocks();
	const reader = openReader(path);
	const up_to = storage.stats().watermark;
	const before = reader.query({ up_to, limit: 50, offset: 10 });
	await storage.append(entryBatch(numberedEntries(0, 500)));
	expect(reader.query({ up_to, limit: 50, offset: 10 })).toEqual(before);
	expect(reader.count({ up_to }).matched).toBe(BLOCKS * 100);
	expect(reader.count({ after: up_to }).matched).toBe(500);
});

/** What the blocks say, and what there is. */
function compare(reader: EntryReader) {
	const rows = reader.query({ limit: 1_000_000 }).rows;
	const errors = rows.filter(({ severity }) => severity >= 40).length;
	return {
		told: reader.count({}),
		found: { matched: rows.length, errors, searched: 1, complete: true },
	};
}

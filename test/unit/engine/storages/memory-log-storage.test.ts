import { describe, expect, test } from 'vitest';
import type { NewEntry, StoredEntry } from '#engine/storages/log-storage.ts';
import { MemoryLogStorage } from '#engine/storages/memory/memory-log-storage.ts';
import { storageQuery } from '#engine/storages/queryable-entry.ts';
import { Random, TEST_SCALE } from '../../../support/entries.ts';
import {
	allEntries,
	comparePairs,
	randomNewEntries,
	SOURCES,
} from '../../../support/storage-pairs.ts';

function entry(message: string, fields: Partial<NewEntry> = {}): NewEntry {
	return { ts: 1_000, level: 'INFO', message, logger: 'app', ...fields };
}

async function messagesOf(storage: MemoryLogStorage): Promise<readonly string[]> {
	return (await allEntries(storage)).map(({ message }) => message);
}

describe('what random filters mean', () => {
	test.each([1, 2, 3])('is what is found, with or without a full ring (%i)', async (seed) => {
		const random = new Random(seed);
		const storage = new MemoryLogStorage(120);
		let pairs = 0;
		for (const count of [60, 60, 5, 200]) {
			await storage.append(randomNewEntries(random, count));
			pairs += await comparePairs(storage, random, 150 * TEST_SCALE);
		}
		expect(pairs).toBe((60 + 120 + 120 + 120) * 150 * TEST_SCALE);
	});

	test('is found in a ring of thousands', async () => {
		const random = new Random(4);
		const storage = new MemoryLogStorage(5_000);
		await storage.append(randomNewEntries(random, 9_000));
		expect(await comparePairs(storage, random, 30)).toBe(150_000);
	}, 60_000);
});

describe('the ring', () => {
	test('keeps the newest entries, and counts exactly', async () => {
		const storage = new MemoryLogStorage(3);
		await storage.append([entry('a')]);
		expect(await storage.stats()).toEqual({ size: 1, appended: 1, dropped: 0 });
		await storage.append([entry('b'), entry('c'), entry('d'), entry('e')]);
		expect(await messagesOf(storage)).toEqual(['e', 'd', 'c']);
		expect(await storage.stats()).toEqual({ size: 3, appended: 5, dropped: 2 });
		await storage.append(['f', 'g', 'h', 'i', 'j'].map((message) => entry(message)));
		expect(await messagesOf(storage)).toEqual(['j', 'i', 'h']);
		expect(await storage.stats()).toEqual({ size: 3, appended: 10, dropped: 7 });
	});

	test('gives entries back as they were handed over, with a number', async () => {
		const storage = new MemoryLogStorage(10);
		const given = entry('m', { task_id: 't', extra: '{"n": 9007199254740993}' });
		await storage.append([{ ...given, origin: { writer: 'w', number: 1 } }]);
		expect(await allEntries(storage)).toEqual([{ ...given, id: '1', seq: 1 }]);
	});

	test('has an entry that is offered again once', async () => {
		const storage = new MemoryLogStorage(10);
		const [a, b, c] = ['a', 'b', 'c'].map((message, number) =>
			entry(message, { origin: { writer: 'w', number } }),
		);
		await storage.append([a, b].filter((each) => each !== undefined));
		await storage.append([b, c].filter((each) => each !== undefined));
		await storage.append([entry('other', { origin: { writer: 'v', number: 0 } })]);
		expect(await messagesOf(storage)).toEqual(['other', 'c', 'b', 'a']);
		expect((await storage.stats()).appended).toBe(4);
	});
});

test('a page goes on behind its last entry while entries come and leave', async () => {
	const storage = new MemoryLogStorage(4);
	await storage.append([
		entry('a', { ts: 5 }),
		entry('b', { ts: 1 }),
		entry('c', { ts: 5 }),
		entry('d', { ts: 3 }),
	]);
	const page = (order: 'arrival' | 'time', before?: StoredEntry) =>
		storage.query(
			storageQuery({}, SOURCES, { order, limit: 2, ...(before === undefined ? {} : { before }) }),
		);
	const arrival = await page('arrival');
	const time = await page('time');
	expect(arrival.entries.map(({ message }) => message)).toEqual(['d', 'c']);
	expect(time.entries.map(({ message }) => message)).toEqual(['c', 'a']);
	await storage.append([entry('e', { ts: 4 })]);
	const restByArrival = await page('arrival', arrival.entries[1]);
	const restByTime = await page('time', time.entries[1]);
	expect(restByArrival).toMatchObject({ entries: [{ message: 'b' }], isEnd: true });
	expect(restByTime.entries.map(({ message }) => message)).toEqual(['e', 'd']);
});

test('followers are told of what comes, each entry once, until they stop', async () => {
	const storage = new MemoryLogStorage(2);
	const told: string[] = [];
	await storage.append([entry('before')]);
	const stop = await storage.follow({
		onEntries: (entries) => told.push(...entries.map(({ message }) => message)),
		onReset: () => told.push('reset'),
		onProblem: () => told.push('problem'),
	});
	await storage.append([entry('a'), entry('b'), entry('c')]);
	await stop();
	await storage.append([entry('after')]);
	expect(told).toEqual(['a', 'b', 'c']);
});

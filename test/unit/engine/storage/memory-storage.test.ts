import { describe, expect, test } from 'vitest';
import { DEFAULT_MAXLEN, MemoryLogStorage } from '#engine/storage/memory-storage.ts';
import { entryBatch, messagesOf, numberedEntries } from '../../../support/entries.ts';
import { describeStorage } from './storage-contract.ts';

describeStorage('MemoryLogStorage', () => new MemoryLogStorage());

describe('a full ring', () => {
	test('drops the oldest by arrival and counts them', async () => {
		const storage = new MemoryLogStorage({ maxlen: 3 });
		await storage.append(entryBatch(numberedEntries(0, 2)));
		const { revision } = storage.stats();
		await storage.append(entryBatch(numberedEntries(2, 5)));
		expect(await messagesOf(storage)).toEqual(['m4', 'm3', 'm2']);
		expect(storage.stats()).toMatchObject({ size: 3, appended: 5, dropped: 2 });
		// Counts of what is stored are no longer right.
		expect(storage.stats().revision).toBeGreaterThan(revision);
	});

	test('drops history first, which is the oldest', async () => {
		const storage = new MemoryLogStorage({ maxlen: 3 });
		const base = storage.reserve(10);
		await storage.append(entryBatch(numberedEntries(7, 9)));
		await storage.append(entryBatch(numberedEntries(0, 4), { place: { base } }));
		expect(await messagesOf(storage)).toEqual(['m8', 'm7', 'm3']);
		expect(storage.stats()).toMatchObject({ size: 3, appended: 6, dropped: 3 });
	});

	test("holds AsyncZ's 10,000 unless told otherwise", async () => {
		const storage = new MemoryLogStorage();
		await storage.append(entryBatch(numberedEntries(0, DEFAULT_MAXLEN + 1)));
		expect(storage.stats()).toMatchObject({ size: 10_000, appended: 10_001, dropped: 1 });
	});

	test('more of a traceback whose entry was dropped is dropped too', async () => {
		const storage = new MemoryLogStorage({ maxlen: 1 });
		await storage.append(entryBatch(numberedEntries(0, 1)));
		const seq = storage.stats().watermark;
		await storage.append(entryBatch(numberedEntries(1, 2)));
		await storage.append(entryBatch([], { continuation: { seq, raw: '  more' } }));
		expect([await messagesOf(storage), await storage.get(seq)]).toEqual([['m1'], undefined]);
	});
});

import { describe, expect, test } from 'vitest';
import { EntryFlag, MESSAGE_PREVIEW_LENGTH } from '#shared/model/entry.ts';
import type { LogStorage, NewEntry } from '#engine/storage/log-storage.ts';
import { entryBatch, messagesOf, newEntry, numberedEntries } from '../../../support/entries.ts';

/** What every storage promises. `create` makes an empty one that is closed after its test. */
export function describeStorage(name: string, create: () => LogStorage): void {
	describe(`${name}: what every storage promises`, () => {
		test('an empty one has nothing', async () => {
			const storage = create();
			expect([
				await storage.query({}),
				await storage.count({}),
				await storage.get(1),
				await storage.checkpoint(1),
				storage.stats(),
			]).toEqual([
				{ rows: [], complete: true },
				{ matched: 0, errors: 0, searched: 1, complete: true },
				undefined,
				undefined,
				expect.objectContaining({ size: 0, appended: 0, dropped: 0, watermark: 0, revision: 0 }),
			]);
		});

		test('a row has the columns of its entry, and get all the rest', async () => {
			const storage = create();
			const raw = '{"msg": "m", "a": 1.0}\nTraceback (most recent call last):\nE: x';
			const entry = newEntry({
				ts: -1,
				level: 'ERROR',
				severity: 40,
				message: 'm',
				logger: 'l',
				task_id: 't',
				flags: EntryFlag.continued,
				raw,
				offset: 7,
			});
			await storage.append(entryBatch([entry], { source: 3 }));
			const { raw: _raw, offset: _offset, ...columns } = entry;
			const row = { ...columns, seq: storage.stats().watermark, source: 3 };
			expect(await storage.query({})).toEqual({ rows: [row], complete: true });
			expect(await storage.get(row.seq)).toEqual({
				...row,
				raw,
				offset: 7,
				extra: '{"a": 1.0}',
				exception: 'Traceback (most recent call last):\nE: x',
			});
		});

		test('an entry without a task has no task_id at all', async () => {
			const storage = create();
			await storage.append(entryBatch([newEntry()]));
			const { rows } = await storage.query({});
			expect(rows.map((row) => 'task_id' in row)).toEqual([false]);
		});

		test('the newest 200 are given, newest first by arrival and not by time', async () => {
			const storage = create();
			const entries = numberedEntries(0, 250).map((entry, index) => ({ ...entry, ts: -index }));
			await storage.append(entryBatch(entries));
			const expected = entries.map(({ message }) => message).toReversed();
			expect(await messagesOf(storage)).toEqual(expected.slice(0, 200));
			expect(await messagesOf(storage, { limit: 1_000 })).toEqual(expected);
			expect(await messagesOf(storage, { limit: 10, offset: 245 })).toEqual(expected.slice(245));
			expect(await messagesOf(storage, { limit: 3, offset: 250 })).toEqual([]);
			expect(await messagesOf(storage, { limit: 0 })).toEqual([]);
		});

		test('what is counted is what is found, its errors by themselves', async () => {
			const storage = create();
			const levels = ['INFO', 'ERROR', 'CRITICAL', 'WARNING'];
			const severities = [20, 40, 50, 30];
			await storage.append(
				entryBatch(levels.map((level, i) => newEntry({ level, severity: severities[i] ?? 0 }))),
			);
			const { watermark } = storage.stats();
			const queries = [{}, { min_level: 'WARNING' }, { level: 'error' }, { after: watermark - 2 }];
			const counts = await Promise.all(queries.map((query) => storage.count(query)));
			expect(counts.map(({ matched, errors }) => [matched, errors])).toEqual([
				[4, 2],
				[3, 2],
				[1, 1],
				[2, 1],
			]);
		});

		test('a checkpoint is stored with its entries, one for each source', async () => {
			const storage = create();
			await storage.append(
				entryBatch([newEntry()], { checkpoint: (lastSeq) => ({ lastSeq, a: 1 }) }),
			);
			await storage.append(
				entryBatch([], { source: 2, checkpoint: (lastSeq) => ({ none: lastSeq === undefined }) }),
			);
			expect([await storage.checkpoint(1), await storage.checkpoint(2)]).toEqual([
				{ lastSeq: storage.stats().watermark, a: 1 },
				{ none: true },
			]);
		});

		test('history goes in front of what came first, and behind what was there before', async () => {
			const storage = create();
			await storage.append(entryBatch(numberedEntries(0, 2), { source: 9 }));
			const base = storage.reserve(1_000);
			await storage.append(entryBatch(numberedEntries(40, 42)));
			const { watermark, revision } = storage.stats();
			await storage.append(entryBatch(historyEntries(30, 900), { place: { base } }));
			await storage.append(entryBatch(historyEntries(20, 0), { place: { base } }));
			await storage.append(entryBatch(numberedEntries(50, 51)));
			expect(await messagesOf(storage)).toEqual([
				'm50',
				'm41',
				'm40',
				'm31',
				'm30',
				'm21',
				'm20',
				'm1',
				'm0',
			]);
			expect(await storage.count({})).toMatchObject({ matched: 9 });
			expect(await messagesOf(storage, { up_to: watermark, offset: 1, limit: 3 })).toEqual([
				'm40',
				'm31',
				'm30',
			]);
			expect(storage.stats()).toMatchObject({ size: 9, appended: 9 });
			expect(storage.stats().revision).toBeGreaterThan(revision);
			expect(storage.stats().watermark).toBeGreaterThan(watermark);
		});

		test('two sources have their history each in its own stretch', async () => {
			const storage = create();
			const bases = [storage.reserve(10), storage.reserve(10)];
			await storage.append(entryBatch(numberedEntries(5, 6)));
			for (const offset of [9, 0]) {
				for (const [index, base] of bases.entries()) {
					const entry = newEntry({ message: `s${index} at ${offset}`, offset });
					await storage.append(entryBatch([entry], { source: index, place: { base } }));
				}
			}
			expect(await messagesOf(storage)).toEqual(['m5', 's1 at 9', 's1 at 0', 's0 at 9', 's0 at 0']);
		});

		test('more lines of a traceback are added to their entry', async () => {
			const storage = create();
			await storage.append(
				entryBatch([
					newEntry({ message: 'boom', raw: 'boom\nTraceback (most recent call last):' }),
					newEntry(),
				]),
			);
			const seq = storage.stats().watermark - 1;
			await storage.append(
				entryBatch([newEntry({ message: 'next' })], { continuation: { seq, raw: '  File "ß"' } }),
			);
			await storage.append(
				entryBatch([], { continuation: { seq, raw: Buffer.from('E: \xff', 'latin1') } }),
			);
			expect(await storage.get(seq)).toMatchObject({
				message: 'boom',
				flags: EntryFlag.continued,
				raw: 'boom\nTraceback (most recent call last):\n  File "ß"\nE: \ufffd',
				exception: 'Traceback (most recent call last):\n  File "ß"\nE: \ufffd',
			});
			expect(storage.stats()).toMatchObject({ size: 3, appended: 3 });
		});

		test('bytes that are no UTF-8 are shown as U+FFFD', async () => {
			const storage = create();
			const raw = Buffer.from('a\xffb\0c', 'latin1');
			await storage.append(entryBatch([newEntry({ message: 'a\ufffdb\0c', raw })]));
			expect(await storage.get(storage.stats().watermark)).toMatchObject({
				message: 'a\ufffdb\0c',
				raw: 'a\ufffdb\0c',
			});
		});

		test('removing a source leaves the others as they are', async () => {
			const storage = create();
			const base = storage.reserve(10);
			await storage.append(entryBatch(numberedEntries(0, 3)));
			await storage.append(entryBatch(numberedEntries(3, 5), { source: 2 }));
			await storage.append(
				entryBatch([newEntry({ message: 'old', offset: 4 })], { place: { base } }),
			);
			const { revision } = storage.stats();
			await storage.remove(1);
			expect(await messagesOf(storage)).toEqual(['m4', 'm3']);
			expect([await storage.checkpoint(1), await storage.count({})]).toEqual([
				undefined,
				{ matched: 2, errors: 0, searched: 1, complete: true },
			]);
			expect(storage.stats()).toMatchObject({ size: 2, appended: 6 });
			expect(storage.stats().revision).toBeGreaterThan(revision);
			await storage.append(entryBatch(numberedEntries(7, 8), { source: 2 }));
			expect(await messagesOf(storage)).toEqual(['m7', 'm4', 'm3']);
		});

		test('removing the newest source lowers the watermark, and no seq is given twice', async () => {
			const storage = create();
			await storage.append(entryBatch(numberedEntries(0, 1)));
			const first = storage.stats().watermark;
			await storage.append(entryBatch(numberedEntries(1, 3), { source: 2 }));
			const last = storage.stats().watermark;
			await storage.remove(2);
			expect(storage.stats().watermark).toBe(first);
			await storage.append(entryBatch(numberedEntries(3, 4)));
			expect(storage.stats().watermark).toBeGreaterThan(last);
		});

		test('the sources it holds are those with a checkpoint', async () => {
			const storage = create();
			await storage.append(entryBatch(numberedEntries(0, 1), { source: 4 }));
			await storage.append(entryBatch([], { source: 2 }));
			expect(storage.sources()).toEqual([2, 4]);
			await storage.remove(4);
			expect(storage.sources()).toEqual([2]);
		});

		test('a row carries the beginning of a long message, get the whole of it', async () => {
			const storage = create();
			const long = ['x'.repeat(5_000_000), 'ß😀'.repeat(1_000), `a\0${'b'.repeat(2_000)}`, 'a\0b'];
			await storage.append(entryBatch(long.map((message) => newEntry({ message }))));
			const { rows } = await storage.query({});
			const previews = rows.map(({ message }) => message).toReversed();
			expect(previews.map((preview, i) => long[i]?.startsWith(preview))).toEqual(
				long.map(() => true),
			);
			expect(previews.map(({ length }) => length)).toEqual([
				MESSAGE_PREVIEW_LENGTH,
				MESSAGE_PREVIEW_LENGTH,
				MESSAGE_PREVIEW_LENGTH,
				3,
			]);
			expect((await storage.get(rows.at(-1)?.seq ?? 0))?.message.length).toBe(5_000_000);
			expect(await storage.count({ q: 'XX' })).toMatchObject({ matched: 1 });
		});

		test('takes a batch of many short lines', async () => {
			const storage = create();
			const entries = Array.from({ length: 262_144 }, () => newEntry({ message: 'x', raw: 'x' }));
			await storage.append(entryBatch(entries));
			expect(storage.stats()).toMatchObject({ appended: 262_144 });
			expect(await messagesOf(storage, { limit: 1 })).toEqual(['x']);
		});
	});
}

/** Two entries with a place in the history. */
function historyEntries(from: number, offset: number): NewEntry[] {
	return numberedEntries(from, from + 2).map((entry, index) => ({
		...entry,
		offset: offset + index,
	}));
}

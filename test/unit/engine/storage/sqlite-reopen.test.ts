import { closeSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { AppError } from '#shared/errors.ts';
import { SqliteLogStorage } from '#engine/storage/sqlite/sqlite-storage.ts';
import { entryBatch, messagesOf, newEntry, numberedEntries } from '../../../support/entries.ts';
import { temporaryFolder } from '../../../support/temp-folder-of-test.ts';
import { openSqliteStorage, READER_URL } from './open-storage.ts';

describe('opened again', () => {
	test('it has all it had, and goes on where it was', async () => {
		const path = join(temporaryFolder(), 'logs.db');
		const first = openSqliteStorage(path);
		const base = first.reserve(100);
		await first.append(entryBatch(numberedEntries(5, 8)));
		await first.append(entryBatch([newEntry({ message: 'old', offset: 50 })], { place: { base } }));
		await first.append(entryBatch(numberedEntries(8, 9), { source: 2 }));
		const { revision: _, bytes: _bytes, ...stats } = first.stats();
		await first.close();
		const second = openSqliteStorage(path);
		expect(second.stats()).toMatchObject(stats);
		expect(await second.checkpoint(1)).toEqual({ stored: 1, lastSeq: base + 50 });
		expect(second.sources()).toEqual([1, 2]);
		await second.append(
			entryBatch([newEntry({ message: 'older', offset: 7 })], { place: { base } }),
		);
		await second.append(entryBatch(numberedEntries(9, 10)));
		expect(await messagesOf(second)).toEqual(['m9', 'm8', 'm7', 'm6', 'm5', 'old', 'older']);
		expect(await second.count({})).toMatchObject({ matched: 7 });
	});

	test('it never gives a place twice, though the newest entries were removed', async () => {
		const path = join(temporaryFolder(), 'logs.db');
		const first = openSqliteStorage(path);
		await first.append(entryBatch(numberedEntries(0, 10)));
		const { watermark } = first.stats();
		await first.remove(1);
		await first.close();
		const second = openSqliteStorage(path);
		expect(second.reserve(5)).toBeGreaterThan(watermark);
		expect(second.stats()).toMatchObject({ size: 0, appended: 10, watermark: 0 });
	});

	test('it has nothing of a batch whose transaction did not end', async () => {
		const path = join(temporaryFolder(), 'logs.db');
		const storage = openSqliteStorage(path);
		await storage.append(entryBatch(numberedEntries(0, 3)));
		const failing = entryBatch(numberedEntries(3, 6), {
			checkpoint: () => {
				throw new Error('no checkpoint');
			},
		});
		await expect(storage.append(failing)).rejects.toThrow(AppError);
		await storage.append(entryBatch(numberedEntries(6, 7)));
		expect(await messagesOf(storage)).toEqual(['m6', 'm2', 'm1', 'm0']);
		expect(await storage.count({})).toMatchObject({ matched: 4 });
		expect(storage.stats()).toMatchObject({ size: 4, appended: 4 });
	});
});

describe('a file that is no sound database is refused as damaged', () => {
	const SENTENCE = { code: 'storage-failed', message: expect.stringContaining('logs.db') };

	test.each<[string, (path: string) => void]>([
		['a header of zeros', (path) => overwrite(path, 0, Buffer.alloc(4_096))],
		['garbage', (path) => writeFileSync(path, Buffer.alloc(100_000, 'garbage '))],
		[
			'a text',
			(path) => writeFileSync(path, 'this is no database, but long enough to be one\n'.repeat(9)),
		],
		[
			'its first half',
			(path) => writeFileSync(path, readFileSync(path).subarray(0, statSync(path).size / 2)),
		],
		['a root page of garbage', (path) => overwrite(path, 4_096, Buffer.alloc(4_096, 0x55))],
	])('%s', async (_, damage) => {
		const path = await written();
		damage(path);
		expect(failure(path)).toEqual({ ...SENTENCE, cause: 'DatabaseDamaged' });
	});

	test('also where the damage is found out later: at the next opening', async () => {
		const path = await written();
		const { size } = statSync(path);
		// A page in the middle: opening does not come by it.
		overwrite(path, Math.floor(size / 8_192) * 4_096, Buffer.alloc(40_960, 0x55));
		const storage = openSqliteStorage(path);
		await expect(storage.query({ q: 'nowhere' })).rejects.toMatchObject({
			...SENTENCE,
			message: expect.stringContaining('is damaged. Start AsyncZ Companion again'),
		});
		await storage.close();
		expect(failure(path)).toEqual({ ...SENTENCE, cause: 'DatabaseDamaged' });
	});

	test('but not one of a newer version, which is left as it is', async () => {
		const path = await written();
		const db = new Database(path);
		db.pragma('user_version = 999');
		db.close();
		const before = readFileSync(path);
		expect(failure(path)).toEqual({
			code: 'storage-failed',
			message: expect.stringMatching(/written by another version.*999.*another folder with --data/),
			cause: undefined,
		});
		expect(readFileSync(path).equals(before)).toBe(true);
	});
});

async function written(): Promise<string> {
	const path = join(temporaryFolder(), 'logs.db');
	const storage = openSqliteStorage(path);
	await storage.append(entryBatch(numberedEntries(0, 20_000)));
	await storage.close();
	return path;
}

function overwrite(path: string, position: number, bytes: Buffer): void {
	const file = openSync(path, 'r+');
	writeSync(file, bytes, 0, bytes.length, position);
	closeSync(file);
}

/** The error of opening it. */
function failure(path: string): unknown {
	try {
		return new SqliteLogStorage(path, READER_URL).stats();
	} catch (error) {
		const { code, message, cause } = error as AppError;
		return { code, message, cause: (cause as Error | undefined)?.constructor.name };
	}
}

import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { SqliteLogStorage } from '#engine/storage/sqlite/sqlite-storage.ts';
import { entryBatch, numberedEntries } from '../../../support/entries.ts';
import { temporaryFolder } from '../../../support/temp-folder-of-test.ts';
import { openSqliteStorage } from './open-storage.ts';
import { describeStorage } from './storage-contract.ts';

describeStorage('SqliteLogStorage', () => openSqliteStorage());

test('a reader that dies rejects what is asked of it, and is started again', async () => {
	const path = join(temporaryFolder(), 'logs.db');
	const dying = new URL(
		'data:text/javascript,import { parentPort } from "node:worker_threads";parentPort.on("message", () => process.exit(1));',
	);
	const storage = new SqliteLogStorage(path, dying);
	onTestFinished(() => storage.close());
	for (let round = 0; round < 3; round++) {
		await storage.append(entryBatch(numberedEntries(0, 1)));
		await expect(storage.query({})).rejects.toMatchObject({ code: 'closed' });
	}
	expect(storage.stats().size).toBe(3);
});

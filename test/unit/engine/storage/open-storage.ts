import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { SqliteLogStorage } from '#engine/storage/sqlite/sqlite-storage.ts';
import { temporaryFolder } from '../../../support/temp-folder-of-test.ts';

/** The reader thread's entry, as the engine's own entry names it. */
export const READER_URL = new URL(
	'../../../../src/engine/storage/sqlite/reader-thread.ts',
	import.meta.url,
);

/** Opens a storage in a folder of its own, or again in a given file; closed after the test. */
export function openSqliteStorage(path = join(temporaryFolder(), 'logs.db')): SqliteLogStorage {
	const storage = new SqliteLogStorage(path, READER_URL);
	onTestFinished(() => storage.close());
	return storage;
}

import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { logText } from '../../../support/write-log.ts';
import { databasePath, LogInTest, messagesOf, openStorage, sinkOf } from './storage-in-test.ts';

test('a database of the version before storages were fed from it keeps what it has', async () => {
	const path = databasePath();
	const storage = openStorage(path);
	await new LogInTest(sinkOf(storage)).append(logText(['a', 'b']));
	await storage.close();
	const db = new Database(path);
	db.exec('DROP TABLE forward; PRAGMA user_version = 2');
	db.close();

	const again = openStorage(path);
	expect(await messagesOf(again)).toEqual(['a', 'b']);
	const begun = { begun: 1, had_after: 0, had_to: 0, before: 'v', before_to: 1 };
	const forward = { address: 'memory', writer: 'w', after: 2, ...begun, since: 1, missed: 0 };
	await again.spool.save(forward);
	await again.close();
	expect(openStorage(path).spool.forward('memory')).toEqual(forward);
});

test('one of the version before writers had names for each run knows what they were called', async () => {
	const path = databasePath();
	const storage = openStorage(path);
	const begun = { begun: 0, had_after: 0, had_to: 0, before: '', before_to: 0 };
	const forward = { address: 'memory', writer: 'w', after: 2, ...begun, since: 1, missed: 0 };
	await storage.spool.save(forward);
	await storage.close();
	const db = new Database(path);
	db.exec('ALTER TABLE forward DROP COLUMN before; ALTER TABLE forward DROP COLUMN before_to');
	db.exec('PRAGMA user_version = 3');
	db.close();
	expect(openStorage(path).spool.forward('memory')).toEqual(forward);
});

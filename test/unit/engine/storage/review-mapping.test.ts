import { expect, test } from 'vitest';
import { logText, numberedMessages } from '../../../support/write-log.ts';
import { checkDatabase } from './database-in-test.ts';
import { databasePath, LogInTest, messagesOf, openStorage, sinkOf } from './storage-in-test.ts';

test('lines that come while stored ones are read anew by a mapping are saved', async () => {
	const path = databasePath();
	const storage = openStorage(path);
	const log = new LogInTest(sinkOf(storage));
	await log.append(logText(numberedMessages('m', 0, 500)));
	storage.setMapping(1, { message: ['message'] });
	const reread = storage.rereadSource(1);
	await log.append(logText(numberedMessages('m', 500, 600)));
	await reread;
	await log.append(logText(numberedMessages('m', 600, 700)));
	await storage.close();
	checkDatabase(path);
	const again = openStorage(path);
	again.setMapping(1, { message: ['message'] });
	expect(await messagesOf(again)).toEqual(numberedMessages('m', 0, 700));
	expect(again.generations.covered(log.id).bytes).toBe(log.end);
});

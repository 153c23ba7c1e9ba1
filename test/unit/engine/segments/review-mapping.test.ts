import { expect, test } from 'vitest';
import { logText, numberedMessages } from '../../../support/write-log.ts';
import { checkDatabase } from './database-in-test.ts';
import {
	databasePath,
	LogInTest,
	messagesOf,
	openStorage,
	rowsOf,
	sinkOf,
	untilHistory,
} from './storage-in-test.ts';

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

test('a slice that was read for nothing takes no names with it: levels, loggers, tasks of later ones', async () => {
	const storage = openStorage(databasePath());
	const text = logText(numberedMessages('m', 0, 2_000));
	const log = new LogInTest(sinkOf(storage), { historyEntries: text.length });
	log.leave(text);
	// By now a thread has it to read.
	await new Promise((resolve) => setImmediate(resolve));
	storage.setMapping(1, { message: ['message'] });
	await untilHistory(storage);
	const rows = await rowsOf(storage);
	const names = new Set(rows.map(({ level, logger }) => `${level} ${logger}`));
	expect([rows.length, ...names]).toEqual([2_000, 'INFO asyncz.task']);
});

test('a source that is closed while its history is read takes no names of others with it', async () => {
	const storage = openStorage(databasePath());
	for (const source of [1, 2, 3]) {
		const text = logText(numberedMessages('m', 0, 2_000));
		const log = new LogInTest(sinkOf(storage, source), { historyEntries: text.length });
		log.leave(text);
		await new Promise((resolve) => setImmediate(resolve));
		if (source < 3) {
			await storage.remove(source);
		}
	}
	await untilHistory(storage, 3);
	const rows = await rowsOf(storage);
	const names = new Set(rows.map(({ level, logger }) => `${level} ${logger}`));
	expect([rows.length, ...names]).toEqual([2_000, 'INFO asyncz.task']);
});

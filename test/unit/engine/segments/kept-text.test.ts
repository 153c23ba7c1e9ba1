import { renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { EntryFlag } from '#shared/model/entry.ts';
import { until } from '../../../support/until.ts';
import { asynczLine, logText, numberedMessages } from '../../../support/write-log.ts';
import { checkDatabase, keptText } from './database-in-test.ts';
import {
	countOf,
	databasePath,
	KEEP_ALL,
	LogInTest,
	messagesOf,
	newStorage,
	openStorage,
	placeOf,
	rowsOf,
	sinkOf,
	untilHistory,
} from './storage-in-test.ts';

const KEEP_NONE = { ...KEEP_ALL, keepsText: false };

describe('text that is kept', () => {
	test('outlives its file: live, saved, and read as history', async () => {
		const path = databasePath();
		const storage = openStorage(path);
		storage.setPolicy(KEEP_ALL);
		const text = logText(numberedMessages('history', 0, 30_000));
		const log = new LogInTest(sinkOf(storage), { historyEntries: text.length });
		log.leave(text);
		await untilHistory(storage);
		await log.append(logText(numberedMessages('live', 0, 100)));
		await storage.flush();
		await until('the text to be kept', () => keptText(path).length === log.end);
		await storage.close();
		checkDatabase(path);
		rmSync(log.path);
		const again = openStorage(path);
		expect(await messagesOf(again)).toEqual([
			...numberedMessages('history', 0, 30_000),
			...numberedMessages('live', 0, 100),
		]);
		expect(await countOf(again, { q: 'history 77' })).toMatchObject({ matched: 111 });
		const [row] = await rowsOf(again, { q: 'history 29999' });
		expect(await again.get(row?.seq ?? 0)).toMatchObject({
			raw: asynczLine('history 29999'),
			flags: 0,
			offset: text.length - asynczLine('history 29999').length - 1,
		});
	}, 30_000);

	test('is kept from then on when the user says so, and stays when that is taken back', async () => {
		const path = databasePath();
		const storage = openStorage(path);
		storage.setPolicy(KEEP_NONE);
		const log = new LogInTest(sinkOf(storage));
		await log.append(logText(['a']));
		const begins = new LogInTest(sinkOf(storage, 2), { historyEntries: 1 });
		expect(begins.end).toBe(0);
		await storage.flush();
		expect(keptText(path)).toBe('');
		storage.setPolicy(KEEP_ALL);
		await until('the text to be kept', () => keptText(path).length === log.end);
		// It is in the database a moment before the storage is told of it.
		await storage.flush();
		storage.setPolicy(KEEP_NONE);
		rmSync(log.path);
		expect(await messagesOf(storage)).toEqual(['a']);
		await storage.close();
		checkDatabase(path);
		expect(await messagesOf(openStorage(path))).toEqual(['a']);
	});
});

describe('text that is not kept', () => {
	test('is read from its file, wherever that is moved to', async () => {
		const storage = newStorage();
		storage.setPolicy(KEEP_NONE);
		const sink = sinkOf(storage);
		const log = new LogInTest(sink);
		await log.append(logText(['a', 'b']));
		await storage.rereadSource(9);
		await storage.flush();
		renameSync(log.path, `${log.path}.1`);
		sink.move(log.id, placeOf(`${log.path}.1`));
		await log.append('');
		expect(await messagesOf(storage, { q: 'A' })).toEqual(['a']);
		const [row] = await rowsOf(storage);
		expect(await storage.get(row?.seq ?? 0)).toMatchObject({ file: `${log.path}.1` });
	});

	test.each([
		['deleted', (path: string) => rmSync(path)],
		['truncated', (path: string) => truncateSync(path, 10)],
		['another file', (path: string) => writeFileSync(path, 'x'.repeat(100_000))],
	])('is said to be gone with a file that is %s; what the columns have stays', async (_, spoil) => {
		const path = databasePath();
		const storage = openStorage(path);
		storage.setPolicy(KEEP_NONE);
		const log = new LogInTest(sinkOf(storage));
		await log.append(`${asynczLine('a', { task_id: 't', level: 'ERROR' })}\n`);
		await storage.close();
		spoil(log.path);
		const again = openStorage(path);
		again.setPolicy(KEEP_NONE);
		const [row] = await rowsOf(again, { task_id: 't' });
		expect(row).toMatchObject({ message: '', level: 'ERROR', flags: EntryFlag.textGone });
		expect(await again.get(row?.seq ?? 0)).toMatchObject({ raw: '', flags: EntryFlag.textGone });
		expect(await messagesOf(again, { q: 'a' })).toEqual([]);
		expect(await countOf(again)).toMatchObject({ matched: 1, errors: 1 });
	});

	test('of a compressed log is kept all the same: it can not be read from its file', async () => {
		const path = databasePath();
		const storage = openStorage(path);
		storage.setPolicy(KEEP_NONE);
		const log = new LogInTest(sinkOf(storage), { kind: 'gzip', historyEntries: 1_000 });
		await log.append(logText(['a', 'b']), 'history');
		await storage.close();
		rmSync(log.path);
		const again = openStorage(path);
		again.setPolicy(KEEP_NONE);
		expect(await messagesOf(again)).toEqual(['a', 'b']);
		expect(await messagesOf(again, { q: 'B' })).toEqual(['b']);
	});
});

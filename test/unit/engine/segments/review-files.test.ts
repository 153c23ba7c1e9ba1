import { readdirSync, readlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { until } from '../../../support/until.ts';
import { logText, numberedMessages } from '../../../support/write-log.ts';
import {
	countOf,
	databasePath,
	KEEP_ALL,
	LogInTest,
	openStorage,
	sinkOf,
	untilHistory,
} from './storage-in-test.ts';
import { keptText } from './database-in-test.ts';

function opened(path: string): number {
	return readdirSync('/proc/self/fd').filter((fd) => {
		try {
			return readlinkSync(`/proc/self/fd/${fd}`) === path;
		} catch {
			return false;
		}
	}).length;
}

test.skipIf(process.platform !== 'linux')(
	'the files of a source that was closed are closed, in all threads',
	async () => {
		const path = databasePath();
		const storage = openStorage(path);
		storage.setPolicy(KEEP_ALL);
		const text = logText(numberedMessages('m', 0, 2_000));
		const log = new LogInTest(sinkOf(storage), { historyEntries: text.length });
		log.leave(text);
		await untilHistory(storage);
		await until('the text to be kept', () => keptText(path).length === log.end);
		await countOf(storage, { q: 'm 19' });
		await storage.remove(1);
		await countOf(storage);
		await until('the file to be closed', () => opened(log.path) === 0);
		expect((await countOf(storage)).matched).toBe(0);
	},
);

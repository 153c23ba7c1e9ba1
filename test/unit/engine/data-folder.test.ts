import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { AppError } from '#shared/errors.ts';
import { openDataFolder } from '#engine/data-folder.ts';
import type { DataFolder } from '#engine/data-folder.ts';
import { temporaryFolder } from '../../support/temp-folder-of-test.ts';
import { logText } from '../../support/write-log.ts';
import { LogInTest, messagesOf, sinkOf, THREADS } from './segments/storage-in-test.ts';

/** Opens a data folder; closed after the test unless `close` was called. */
function open(folder: string): DataFolder & { close(): Promise<void> } {
	const opened = openDataFolder(folder, THREADS);
	let isClosed = false;
	const close = async () => {
		if (!isClosed) {
			isClosed = true;
			await opened.storage.close();
			opened.release();
		}
	};
	onTestFinished(close);
	return { ...opened, close };
}

/** Stores entries with these messages. */
async function store({ storage }: DataFolder, messages: readonly string[]): Promise<void> {
	await new LogInTest(sinkOf(storage)).append(logText(messages));
}

function failure(folder: string): unknown {
	try {
		return openDataFolder(folder, THREADS).problems;
	} catch (error) {
		const { code, message } = error as AppError;
		return { code, message };
	}
}

test('a new folder is made, for this user alone', () => {
	const folder = join(temporaryFolder(), 'new', 'data');
	const { storage, problems, settingsPath } = open(folder);
	expect([storage.stats().kind, problems, settingsPath]).toEqual([
		'sqlite',
		[],
		join(folder, 'settings.json'),
	]);
	expect(existsSync(join(folder, 'logs.db'))).toBe(true);
});

test('one that another engine has is refused with a sentence, until that one gives it free', async () => {
	const folder = temporaryFolder();
	const first = open(folder);
	expect(failure(folder)).toEqual({
		code: 'data-folder-in-use',
		message: `The data folder ${folder} is in use by another AsyncZ Companion. Close that one, or choose another folder with --data.`,
	});
	await store(first, ['m0']);
	await first.close();
	const second = open(folder);
	expect(await messagesOf(second.storage)).toEqual(['m0']);
});

describe('a damaged database', () => {
	test('is set aside as it was, and a new one begun', async () => {
		const folder = temporaryFolder();
		const first = open(folder);
		await store(first, ['m0', 'm1', 'm2']);
		await first.close();
		const garbage = Buffer.alloc(50_000, 'garbage');
		writeFileSync(join(folder, 'logs.db'), garbage);
		const second = open(folder);
		const [aside = ''] = readdirSync(folder).filter((name) => name.startsWith('logs.db.damaged-'));
		expect(readFileSync(join(folder, aside)).equals(garbage)).toBe(true);
		expect(second.problems).toEqual([
			`The log database was damaged and is kept as ${join(folder, aside)}. A new one is being built from your log files.`,
		]);
		await store(second, ['m7']);
		expect(await messagesOf(second.storage)).toEqual(['m7']);
		await second.close();
		const third = open(folder);
		expect([third.problems, await messagesOf(third.storage)]).toEqual([[], ['m7']]);
	});

	test('that was marked in use is set aside though it opens', async () => {
		const folder = temporaryFolder();
		await open(folder).close();
		writeFileSync(join(folder, 'logs.db.is-damaged'), '');
		const second = open(folder);
		expect(second.problems).toHaveLength(1);
		await second.close();
		expect(open(folder).problems).toEqual([]);
	});
});

test('a database of a newer version is left alone, and the folder given free', () => {
	const folder = temporaryFolder();
	const db = new Database(join(folder, 'logs.db'));
	db.exec('CREATE TABLE entry(a); PRAGMA user_version = 7');
	db.close();
	const refusal = { code: 'storage-failed', message: expect.stringContaining('another version') };
	expect([failure(folder), failure(folder)]).toEqual([refusal, refusal]);
	expect(readdirSync(folder).filter((name) => name.includes('damaged'))).toEqual([]);
});

test('where no folder can be, entries are kept in a temporary one, and it is said so', async () => {
	const file = join(temporaryFolder(), 'file');
	writeFileSync(file, '');
	const before = readdirSync(tmpdir());
	const opened = open(join(file, 'data'));
	await store(opened, ['m0']);
	expect([await messagesOf(opened.storage), opened.problems]).toEqual([
		['m0'],
		[expect.stringMatching(/^The data folder .*data can't be written .*until you quit.*--data\.$/)],
	]);
	const isNew = (name: string) =>
		!before.includes(name) && existsSync(join(tmpdir(), name, 'logs.db'));
	expect(readdirSync(tmpdir()).some(isNew)).toBe(true);
	await opened.close();
	expect(readdirSync(tmpdir()).some(isNew)).toBe(false);
});

test('a lock that is no database is no reason to keep entries elsewhere', () => {
	const folder = temporaryFolder();
	writeFileSync(join(folder, 'lock.db'), 'garbage '.repeat(1_000));
	const { storage, problems } = open(folder);
	expect([storage.stats().kind, problems]).toEqual(['sqlite', []]);
});

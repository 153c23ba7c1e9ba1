import {
	appendFileSync,
	existsSync,
	mkdirSync,
	readFileSync,
	renameSync,
	rmSync,
	truncateSync,
	writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { JsonlLogStorage } from '#engine/storages/jsonl/jsonl-log-storage.ts';
import { newEntry, numbered } from '#engine/storages/kit/sample-entries.ts';
import { readAll } from '#engine/storages/kit/read-pages.ts';
import { ONLY_READ } from '#engine/storages/storage-use.ts';
import { Random } from '../../../support/entries.ts';
import { Heard } from '../../../support/heard.ts';
import { comparePairs, randomNewEntries } from '../../../support/storage-pairs.ts';
import { temporaryFolder } from '../../../support/temp-folder-of-test.ts';
import { until } from '../../../support/until.ts';

async function opened(path: string): Promise<JsonlLogStorage> {
	const storage = await JsonlLogStorage.open(path);
	onTestFinished(() => storage.close());
	return storage;
}

const pathInTest = () => join(temporaryFolder(), 'log.jsonl');
const messagesOf = async (storage: JsonlLogStorage) =>
	(await readAll(storage)).map(({ message }) => message).toReversed();

test('an entry is a line in the form of AsyncZ, known by its byte', async () => {
	const path = pathInTest();
	const storage = await opened(path);
	await storage.append([
		newEntry({ message: 'ä "b"', task_id: 't', extra: '{"n": 9007199254740993,\n "x": 1.0}' }),
		newEntry(),
	]);
	const line =
		'{"ts": "2026-11-22 10:19:46.278583+00:00", "level": "INFO", "message": "ä \\"b\\"", "logger": "asyncz.task", "task_id": "t", "extra": {"n": 9007199254740993,  "x": 1.0}}\n';
	expect(readFileSync(path, 'utf8').split('\n')[0]).toBe(line.slice(0, -1));
	const [last, first] = await readAll(storage);
	expect([first?.id, first?.seq]).toEqual(['0', 1]);
	expect(last?.id).toBe(String(Buffer.byteLength(line)));
});

test('a file is made by who keeps entries in it alone', async () => {
	const path = pathInTest();
	await expect(JsonlLogStorage.open(path, 'read')).rejects.toThrow(`There is no file ${path}.`);
	const tried = await JsonlLogStorage.open(path, 'try');
	expect(tried.abilities.hints).toEqual([
		`There is no file ${path} yet: it is made when it is used.`,
	]);
	expect(await tried.stats()).toMatchObject({ size: 0 });
	await tried.close();
	await expect(JsonlLogStorage.open(join(path, 'x'), 'try')).rejects.toThrow('there is no folder');
	expect(existsSync(path)).toBe(false);
	await opened(path);
	const reading = await JsonlLogStorage.open(path, 'read');
	expect(reading.abilities.readOnly).toBe(ONLY_READ);
	await reading.close();
});

test('20,000 pairs of an entry and a query: it selects what the query language means', async () => {
	const random = new Random(11);
	const storage = await opened(pathInTest());
	await storage.append(randomNewEntries(random, 400));
	expect(await comparePairs(storage, random, 60)).toBeGreaterThanOrEqual(20_000);
}, 60_000);

test('a line that a kill has torn is shown with its problem, and swallows nothing', async () => {
	const path = pathInTest();
	writeFileSync(path, '{"ts": "2026-11-22 10:19:46+00:00", "level": "INFO", "mess');
	const storage = await opened(path);
	expect(await messagesOf(storage)).toEqual([]);
	await storage.append(numbered(0, 2));
	const all = (await readAll(storage)).toReversed();
	expect(all.map(({ message }) => message)).toEqual([
		expect.stringContaining('"mess'),
		'entry 0',
		'entry 1',
	]);
	expect(all[0]?.problem).toMatch(/the rest of a text|a key|expected/i);
	expect(all[1]?.problem).toBeUndefined();
});

test('a last line without its end is an entry once it is a whole object', async () => {
	const path = pathInTest();
	const line = '{"ts": "2026-11-22 10:19:46+00:00", "level": "INFO", "message": "by hand"';
	writeFileSync(path, line);
	const storage = await opened(path);
	const heard = new Heard();
	await storage.follow(heard);
	appendFileSync(path, ', "logger": "a", "task_id": null, "extra": null}');
	await until('what a follower is told', () => heard.messages.length === 1);
	expect(await messagesOf(storage)).toEqual(['by hand']);
	appendFileSync(path, '\n');
	await storage.append(numbered(0, 1));
	await until('what a follower is told', () => heard.messages.length === 2);
	expect(heard.messages).toEqual(['by hand', 'entry 0']);
	expect(await messagesOf(storage)).toEqual(['by hand', 'entry 0']);
});

test('lines of others are entries: records of other loggers, text, but not blank ones', async () => {
	const path = pathInTest();
	const lines = [
		'{"level":30,"time":1795342786278,"pid":1,"hostname":"h","name":"app","msg":"from pino"}',
		'no JSON at all',
		'',
		'\0\0\0\0',
		'{"broken": ',
		'[1, 2]',
		'\ufeff{"ts":"2026-11-22T10:19:46Z","level":"warn","message":"compact","logger":"x","extra":{"a":1}}\r',
	];
	writeFileSync(path, `${lines.join('\n')}\n`);
	const storage = await opened(path);
	const all = (await readAll(storage)).toReversed();
	expect(all.map(({ message }) => message)).toEqual([
		'from pino',
		'no JSON at all',
		'{"broken": ',
		'[1, 2]',
		'compact',
	]);
	expect(all.map(({ problem }) => problem !== undefined)).toEqual([false, true, true, true, false]);
	expect(all[1]).toMatchObject({ raw: 'no JSON at all', level: 'INFO' });
	expect((await storage.stats()).size).toBe(5);
});

test('a line of hundreds of megabytes would be cut: what stands around one of 20 MB is read', async () => {
	const path = pathInTest();
	const storage = await opened(path);
	await storage.append(numbered(0, 1));
	appendFileSync(path, `${'x'.repeat(20 * 1024 ** 2)}\n`);
	await storage.append(numbered(1, 2));
	for (const order of ['arrival', 'time'] as const) {
		const all = await readAll(storage, { order });
		expect(all).toHaveLength(3);
		const messages = all.map(({ message }) => message.slice(0, 10));
		expect(messages.toSorted()).toEqual(['entry 0', 'entry 1', 'xxxxxxxxxx']);
	}
	expect((await storage.stats()).size).toBe(3);
});

test('a file that is truncated, replaced or deleted begins anew, and its followers are told', async () => {
	const path = pathInTest();
	const storage = await opened(path);
	await storage.append(numbered(0, 5));
	const heard = new Heard();
	await storage.follow(heard);
	expect((await storage.stats()).size).toBe(5);

	truncateSync(path);
	await until('what a follower is told', () => heard.resets === 1);
	await storage.append(numbered(5, 6));
	await until('what a follower is told', () => heard.messages.length === 1);
	expect(await messagesOf(storage)).toEqual(['entry 5']);

	writeFileSync(`${path}.other`, readFileSync(path));
	renameSync(`${path}.other`, path);
	await until('what a follower is told', () => heard.resets === 2);
	await storage.append(numbered(6, 7));
	await until('what a follower is told', () => heard.messages.length === 2);
	expect(await messagesOf(storage)).toEqual(['entry 5', 'entry 6']);

	rmSync(path);
	await until('what a follower is told', () => heard.resets === 3);
	expect(await messagesOf(storage)).toEqual([]);
	await storage.append(numbered(7, 8));
	await until('what a follower is told', () => heard.messages.length === 3);
	expect(await messagesOf(storage)).toEqual(['entry 7']);
	expect(heard.messages).toEqual(['entry 5', 'entry 6', 'entry 7']);
	expect((await storage.stats()).size).toBe(1);
});

test('what it can not use is a sentence with what to do', async () => {
	const folder = temporaryFolder();
	mkdirSync(join(folder, 'logs'));
	writeFileSync(join(folder, 'file'), '');
	for (const [path, sentence] of [
		[
			join(folder, 'none', 'a.jsonl'),
			/a\.jsonl can't be written: there is no folder .*none\. Create it/,
		],
		[join(folder, 'file', 'a.jsonl'), /can't be written: there is no folder .*file\. Create it/],
		[join(folder, 'logs'), /logs can't be written: it is a folder\. Name a file in it\./],
		['/dev/null', /^\/dev\/null can't be written: it is no file\. Choose another path\.$/],
	] as const) {
		await expect(JsonlLogStorage.open(path)).rejects.toThrow(sentence);
	}
});

test('a page by time reads no more of a large file than it has to', async () => {
	const path = pathInTest();
	const storage = await opened(path);
	for (let from = 0; from < 30_000; from += 10_000) {
		await storage.append(numbered(from, from + 10_000));
	}
	let looked = 0;
	const { entries } = await storage.query({
		filter: {},
		matches: () => ++looked > 0,
		order: 'time',
		limit: 10,
	});
	expect(entries.map(({ message }) => message)).toEqual(
		numbered(29_990, 30_000)
			.map(({ message }) => message)
			.toReversed(),
	);
	expect(looked).toBeLessThan(10_000);
});

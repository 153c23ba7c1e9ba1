import { existsSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readAll, readPage } from '#engine/storages/kit/read-pages.ts';
import { numbered } from '#engine/storages/kit/sample-entries.ts';
import { RotatingFileLogStorage } from '#engine/storages/rotating/rotating-file-log-storage.ts';
import { Random } from '../../../support/entries.ts';
import { Heard } from '../../../support/heard.ts';
import { comparePairs, randomNewEntries } from '../../../support/storage-pairs.ts';
import { temporaryFolder } from '../../../support/temp-folder-of-test.ts';
import { until } from '../../../support/until.ts';

/** Room for about 20 of the kit's numbered entries. */
const MAX_BYTES = 2_500;

async function opened(
	path = join(temporaryFolder(), 'app.log'),
	{ maxBytes = MAX_BYTES, backupCount = 3 } = {},
): Promise<{ readonly path: string; readonly storage: RotatingFileLogStorage }> {
	const storage = await RotatingFileLogStorage.open({ path, maxBytes, backupCount });
	onTestFinished(() => storage.close());
	return { path, storage };
}

const messagesOf = async (storage: RotatingFileLogStorage) =>
	(await readAll(storage, { limit: 7 })).map(({ message }) => message).toReversed();
const messages = (from: number, to: number) => numbered(from, to).map(({ message }) => message);
const linesOf = (path: string) => readFileSync(path, 'utf8').trimEnd().split('\n');

async function writeAll(storage: RotatingFileLogStorage, from: number): Promise<void> {
	for (let at = from; at < from + 200; at += 5) {
		await storage.append(numbered(at, at + 5));
	}
}

test('files are as long as they may be, and named as Python names them', async () => {
	const { path, storage } = await opened();
	await storage.append(numbered(0, 200));
	for (const name of ['', '.1', '.2', '.3']) {
		const { size } = statSync(`${path}${name}`);
		expect(size).toBeLessThanOrEqual(MAX_BYTES);
	}
	expect(statSync(`${path}.3`).size).toBeGreaterThan(MAX_BYTES - 200);
	expect(existsSync(`${path}.4`)).toBe(false);
	const all = ['.3', '.2', '.1', ''].flatMap((name) => linesOf(`${path}${name}`));
	const first = 200 - all.length;
	expect(all.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual(
		messages(first, 200),
	);
	expect(await messagesOf(storage)).toEqual(messages(first, 200));
});

test('20,000 pairs of an entry and a query, over all files', async () => {
	const random = new Random(12);
	const { storage } = await opened(undefined, { maxBytes: 30_000, backupCount: 20 });
	await storage.append(randomNewEntries(random, 400));
	expect(await comparePairs(storage, random, 60)).toBeGreaterThanOrEqual(20_000);
}, 60_000);

test('what has left is counted exactly, also when it is opened again', async () => {
	const { path, storage } = await opened();
	for (let from = 0; from < 300; from += 7) {
		await storage.append(numbered(from, from + 7));
		const { size, appended, dropped } = await storage.stats();
		expect([appended, size + (dropped ?? 0)]).toEqual([from + 7, from + 7]);
	}
	await storage.close();
	const { storage: again } = await opened(path);
	const { size, appended, dropped = 0 } = await again.stats();
	expect([appended, (await readAll(again)).length]).toEqual([301, size]);
	expect(await messagesOf(again)).toEqual(messages(dropped, 301));
});

test('what was given up before anybody counted stays unknown', async () => {
	const path = join(temporaryFolder(), 'app.log');
	for (const name of ['', '.1', '.2', '.3']) {
		writeFileSync(`${path}${name}`, 'by others\n');
	}
	const { storage } = await opened(path);
	expect(await storage.stats()).toEqual({ size: 4, bytes: 40 });
	await storage.append(numbered(0, 30));
	expect((await storage.stats()).dropped).toBeUndefined();
});

test('pages go on where they were while files are rotated, as long as there is something', async () => {
	const { storage } = await opened();
	await storage.append(numbered(0, 70));
	const all = await readAll(storage);
	const first = await readPage(storage, { limit: 10 });
	await storage.append(numbered(70, 95));
	const next = await readPage(storage, { limit: 20, before: first.entries.at(-1) });
	expect(next.entries.map(({ id }) => id)).toEqual(all.slice(10, 30).map(({ id }) => id));
	await storage.append(numbered(95, 400));
	expect(await readPage(storage, { limit: 20, before: next.entries.at(-1) })).toEqual({
		entries: [],
		isEnd: true,
	});
});

test('a follower is told everything while files are rotated under it', async () => {
	const { storage } = await opened();
	const heard = new Heard();
	await storage.follow(heard);
	for (let from = 0; from < 200; from += 10) {
		await storage.append(numbered(from, from + 10));
		await until('what a follower is told', () => heard.messages.length === from + 10);
	}
	expect(heard.messages).toEqual(messages(0, 200));
	expect(heard.resets).toBeGreaterThan(0);
});

test('a kill between two renames leaves a gap, which the next rotation fills', async () => {
	const { path, storage } = await opened();
	await storage.append(numbered(0, 90));
	const before = await messagesOf(storage);
	await storage.close();
	// As far as a rotation had come when nothing was given up yet, and one step further.
	renameSync(`${path}.2`, `${path}.3`);
	const { storage: again } = await opened(path);
	const kept = (await messagesOf(again)).length;
	expect(await messagesOf(again)).toEqual(before.slice(before.length - kept));
	await again.append(numbered(90, 115));
	expect((await messagesOf(again)).slice(0, kept)).toEqual(before.slice(before.length - kept));
	expect(existsSync(`${path}.2`)).toBe(true);
	const { size, appended, dropped } = await again.stats();
	expect(appended).toBe(size + (dropped ?? 0));
});

test('a kill while the newest file is moved away loses nothing', async () => {
	const { path, storage } = await opened();
	await storage.append(numbered(0, 15));
	await storage.close();
	renameSync(path, `${path}.1`);
	const { storage: again } = await opened(path);
	expect(await messagesOf(again)).toEqual(messages(0, 15));
	await again.append(numbered(15, 30));
	expect(await messagesOf(again)).toEqual(messages(0, 30));
});

test('two that write and rotate at once lose nothing but what both have to give up', async () => {
	const { path, storage } = await opened(undefined, { maxBytes: 3_000, backupCount: 30 });
	const { storage: other } = await opened(path, { maxBytes: 3_000, backupCount: 30 });
	await Promise.all([writeAll(storage, 1_000), writeAll(other, 2_000)]);
	const found = await messagesOf(storage);
	expect(found.toSorted()).toEqual([...messages(1_000, 1_200), ...messages(2_000, 2_200)]);
	expect(existsSync(`${path}.lock`)).toBe(false);
});

test('a lock that somebody left is taken away', async () => {
	const { path, storage } = await opened();
	writeFileSync(`${path}.lock`, '');
	utimesSync(`${path}.lock`, 1_000_000_000, 1_000_000_000);
	await storage.append(numbered(0, 60));
	expect(await messagesOf(storage)).toEqual(messages(0, 60));
});

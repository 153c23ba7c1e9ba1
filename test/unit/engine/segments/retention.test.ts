import { expect, test } from 'vitest';
import { firstDifference, NOW } from '../../../support/entries.ts';
import { until } from '../../../support/until.ts';
import { asynczLine, logText, numberedMessages } from '../../../support/write-log.ts';
import { checkDatabase } from './database-in-test.ts';
import {
	countOf,
	databasePath,
	KEEP_ALL,
	LogInTest,
	messagesOf,
	openStorage,
	rowsOf,
	sinkOf,
	untilHistory,
} from './storage-in-test.ts';

/** The time so many days ago. */
function at(days: number): string {
	return new Date(NOW - days * 86_400_000).toISOString();
}

/** Lines of a day so many days ago. */
function lines(name: string, days: number, count: number): string {
	return numberedMessages(name, 0, count)
		.map((message) => `${asynczLine(message, { ts: at(days) })}\n`)
		.join('');
}

const NOTHING_BOUND = KEEP_ALL.retention;

test('keeps the newest rows, and reads none of the others again', async () => {
	const path = databasePath();
	const storage = openStorage(path);
	const messages = numberedMessages('m', 0, 60_000);
	const log = new LogInTest(sinkOf(storage));
	for (let at = 0; at < messages.length; at += 2_000) {
		await log.append(logText(messages.slice(at, at + 2_000)));
	}
	await storage.flush();
	storage.setPolicy({ ...KEEP_ALL, retention: { ...NOTHING_BOUND, rows: 20_000 } });
	await until('rows to leave', () => storage.stats().size < 20_000 + 8_192);
	const { size, dropped, appended } = storage.stats();
	expect(size).toBeGreaterThanOrEqual(20_000);
	expect([appended, dropped]).toEqual([60_000, 60_000 - size]);
	expect(await messagesOf(storage)).toEqual(messages.slice(-size));
	expect(await countOf(storage, { q: 'm 17' })).toMatchObject({ matched: 0, complete: true });
	const id = (await rowsOf(storage, { limit: 1 }))[0]?.seq ?? 0;
	expect(await storage.get(id - size)).toBeUndefined();
	await storage.close();
	checkDatabase(path);
	const again = openStorage(path);
	expect(again.isReading(1)).toBe(false);
	expect(await messagesOf(again)).toEqual(messages.slice(-size));
	expect(again.stats()).toMatchObject({ size, dropped, appended });
	const generation = again.generations.get(log.id);
	expect(again.generations.covered(log.id).bytes).toBe(log.end);
	expect(generation.counts.entries).toBe(60_000);
}, 30_000);

test('keeps the disk bounded while ten times the bound goes through', async () => {
	const bound = 3_000_000;
	const path = databasePath();
	const storage = openStorage(path);
	storage.setPolicy({ ...KEEP_ALL, retention: { ...NOTHING_BOUND, bytes: bound } });
	const log = new LogInTest(sinkOf(storage));
	// What does not compress: else there would be little on disk.
	let word = 1;
	const noise = () => {
		word = (Math.imul(word, 1_664_525) + 1_013_904_223) >>> 0;
		return word.toString(36);
	};
	let written = 0;
	let last = '';
	for (let round = 0; round < 120; round++) {
		const messages = Array.from({ length: 1_000 }, (_, line) => {
			return `${round}.${line} ${Array.from({ length: 30 }, noise).join(' ')}`;
		});
		last = messages.at(-1) ?? '';
		written += messages.length;
		await log.append(logText(messages));
		await storage.flush();
	}
	await until('rows to leave', () => storage.stats().bytes <= bound * 1.5);
	const { size, dropped, bytes } = storage.stats();
	expect(dropped).toBe(written - size);
	expect(size).toBeGreaterThan(2_000);
	expect(bytes).toBeLessThan(bound * 1.5);
	expect((await rowsOf(storage, { limit: 1 }))[0]?.message).toBe(last);
	await storage.close();
	checkDatabase(path);
}, 60_000);

test('lets go of what is too old, however much that is, and of nothing else', async () => {
	const storage = openStorage(databasePath());
	const log = new LogInTest(sinkOf(storage));
	for (let n = 0; n < 25; n++) {
		await log.append(lines(`old ${n}`, 10, 1_000));
		// Each in a segment of its own.
		await storage.rereadSource(77);
	}
	await log.append(lines('new', 1, 1_000));
	await storage.rereadSource(77);
	await log.append(lines('newest', 0, 10));
	await storage.flush();
	storage.setPolicy({ ...KEEP_ALL, retention: { ...NOTHING_BOUND, days: 5 } });
	await until('what is old to leave', () => storage.stats().size <= 1_010, {
		instead: () => storage.stats(),
	});
	expect(await messagesOf(storage)).toEqual([
		...numberedMessages('new', 0, 1_000),
		...numberedMessages('newest', 0, 10),
	]);
}, 30_000);

test('lets go of a segment whose last entry goes on, and goes on itself', async () => {
	const path = databasePath();
	const storage = openStorage(path);
	const log = new LogInTest(sinkOf(storage));
	const other = new LogInTest(sinkOf(storage, 2));
	await log.append(`${asynczLine('first')}\nTraceback (most recent call last):\n`);
	// What is read of it now comes too late for its segment.
	const keeps = new LogInTest(sinkOf(storage, 2), { historyEntries: 10 });
	expect(keeps.end).toBe(0);
	await other.append(logText(numberedMessages('m', 0, 10)));
	await storage.flush();
	storage.setPolicy({ ...KEEP_ALL, retention: { ...NOTHING_BOUND, rows: 10 } });
	await until('rows to leave', () => storage.stats().size === 10);
	await log.append(`  File "x"\nValueError: x\n${asynczLine('last')}\n`);
	storage.setPolicy(KEEP_ALL);
	await storage.flush();
	expect((await messagesOf(storage)).slice(0, 10)).toEqual(numberedMessages('m', 0, 10));
	expect((await messagesOf(storage)).at(-1)).toBe('last');
	await storage.close();
	checkDatabase(path);
});

test('does not take places from a compressed log that is being read', async () => {
	const path = databasePath();
	const storage = openStorage(path);
	const packed = new LogInTest(sinkOf(storage), { kind: 'gzip', historyEntries: 100_000 });
	const live = new LogInTest(sinkOf(storage, 2));
	storage.setPolicy({ ...KEEP_ALL, retention: { ...NOTHING_BOUND, rows: 100 } });
	for (let round = 0; round < 10; round++) {
		await packed.append(logText(numberedMessages(`packed ${round}`, 0, 100)), 'history');
		await live.append(logText(numberedMessages(`live ${round}`, 0, 100)));
		await storage.flush();
	}
	expect((await messagesOf(storage, { q: 'packed' })).length).toBe(1_000);
	await storage.close();
	checkDatabase(path);
});

test('of history that is still being read keeps its newest part', async () => {
	const path = databasePath();
	const storage = openStorage(path);
	storage.setPolicy({ ...KEEP_ALL, retention: { ...NOTHING_BOUND, rows: 100_000 } });
	const messages = numberedMessages('m', 0, 250_000);
	const text = logText(messages);
	const log = new LogInTest(sinkOf(storage), { historyEntries: text.length });
	log.leave(text);
	await log.append(logText(['last']));
	await untilHistory(storage);
	await storage.flush();
	// A segment of history has some 60,000 rows.
	await until('rows to leave', () => storage.stats().size < 170_000);
	const found = await messagesOf(storage);
	expect(found.length).toBeGreaterThanOrEqual(100_000);
	expect(firstDifference(found, [...messages, 'last'].slice(-found.length))).toBeUndefined();
	await storage.close();
	checkDatabase(path);
}, 30_000);

test('of rows keeps no older ones than those that left', async () => {
	const storage = openStorage(databasePath());
	const old = numberedMessages('old', 0, 50_000);
	const log = new LogInTest(sinkOf(storage), { historyEntries: 10_000_000 });
	log.leave(logText(old));
	await untilHistory(storage);
	await log.append(logText(numberedMessages('m', 0, 20_000)));
	await storage.flush();
	storage.setPolicy({ ...KEEP_ALL, retention: { ...NOTHING_BOUND, rows: 60_000 } });
	await storage.flush();
	const kept = [...old, ...numberedMessages('m', 0, 20_000)];
	const found = await messagesOf(storage);
	expect(firstDifference(found, kept.slice(-found.length))).toBeUndefined();
}, 30_000);

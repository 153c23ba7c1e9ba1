import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { asynczLine, logText, numberedMessages } from '../../../support/write-log.ts';
import { checkDatabase, keptText } from './database-in-test.ts';
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

const TRACEBACK = 'Traceback (most recent call last):\n';

async function mixed(path = databasePath()) {
	const storage = openStorage(path);
	const secret = new LogInTest(sinkOf(storage, 1));
	const other = new LogInTest(sinkOf(storage, 2));
	for (let round = 0; round < 5; round++) {
		await secret.append(logText(numberedMessages(`secret ${round}`, 0, 20)));
		await other.append(`${asynczLine(`other ${round}`, { level: 'ERROR' })}\n`);
	}
	const others = ['other 0', 'other 1', 'other 2', 'other 3', 'other 4'];
	return { path, storage, secret, other, others };
}

describe('a removed source', () => {
	test.each([
		['saved', true],
		['not saved yet', false],
	])('leaves the rows of others in the same segment as they are, %s', async (_, isSaved) => {
		const { path, storage, others } = await mixed();
		if (isSaved) {
			await storage.flush();
		}
		const before = await rowsOf(storage, { source: 2 });
		await storage.remove(1);
		expect(await rowsOf(storage)).toEqual(before);
		expect(storage.stats()).toMatchObject({ size: 5 });
		expect(await countOf(storage)).toMatchObject({ matched: 5, errors: 5 });
		expect(await countOf(storage, { q: 'secret' })).toMatchObject({ matched: 0 });
		const seqs = before.map(({ seq }) => seq);
		const removed = Array.from({ length: 105 }, (__, index) => index + 1);
		for (const seq of removed.filter((one) => !seqs.includes(one))) {
			expect(await storage.get(seq)).toBeUndefined();
		}
		expect((await storage.get(seqs[0] ?? 0))?.raw).toBe(asynczLine('other 4', { level: 'ERROR' }));
		expect(keptText(path)).not.toContain('secret');
		await storage.close();
		checkDatabase(path);
		expect(readFileSync(path).includes('secret')).toBe(false);
		const again = openStorage(path);
		expect(again.sources()).toEqual([2]);
		expect(await rowsOf(again)).toEqual(before);
		expect(await messagesOf(again, { q: 'OTHER' })).toEqual(others);
		expect(await countOf(again)).toMatchObject({ matched: 5, errors: 5 });
	});

	test('does not come back with more lines of an entry of others', async () => {
		const { path, storage, other, others } = await mixed();
		await other.append(TRACEBACK);
		await storage.remove(1);
		await other.append(`  File "x"\nValueError: x\n${asynczLine('last')}\n`);
		await storage.flush();
		expect(await messagesOf(storage, { q: 'secret' })).toEqual([]);
		expect((await messagesOf(storage)).filter((message) => message.includes('other'))).toEqual(
			others,
		);
		expect(keptText(path)).not.toContain('secret');
		await storage.close();
		checkDatabase(path);
		expect(await messagesOf(openStorage(path), { q: 'secret' })).toEqual([]);
	});

	test('leaves no text behind that was being kept when it was removed', async () => {
		for (let round = 0; round < 6; round++) {
			const path = databasePath();
			const storage = openStorage(path);
			const text = logText(numberedMessages('secret', 0, 30_000));
			const log = new LogInTest(sinkOf(storage), { historyEntries: text.length });
			log.leave(text);
			await untilHistory(storage);
			await storage.flush();
			// In each round it is removed at another moment.
			for (let turn = 0; turn < round * 4; turn++) {
				await new Promise((resolve) => setImmediate(resolve));
			}
			await storage.remove(1);
			await storage.flush();
			await storage.close();
			checkDatabase(path);
			expect(keptText(path)).toBe('');
		}
	}, 30_000);

	test('is not read on, nor what was left of it', async () => {
		const path = databasePath();
		const storage = openStorage(path);
		const text = logText(numberedMessages('m', 0, 200_000));
		const log = new LogInTest(sinkOf(storage), { historyEntries: text.length });
		log.leave(text);
		await log.append(logText(['last']));
		await storage.remove(1);
		await storage.flush();
		expect(storage.isReading(1)).toBe(false);
		expect(storage.stats().size).toBe(0);
		expect(await messagesOf(storage)).toEqual([]);
		await storage.close();
		checkDatabase(path);
		expect(openStorage(path).sources()).toEqual([]);
	}, 30_000);

	test('twice, or one that never was, is no matter', async () => {
		const { storage } = await mixed();
		await storage.remove(1);
		await storage.remove(1);
		await storage.remove(77);
		expect(storage.stats().size).toBe(5);
		await storage.remove(2);
		expect(storage.stats().size).toBe(0);
	});

	test('of which no text is kept leaves what others keep', async () => {
		const path = databasePath();
		const storage = openStorage(path);
		storage.setPolicy({ ...KEEP_ALL, keepsText: false });
		const secret = new LogInTest(sinkOf(storage, 1));
		const other = new LogInTest(sinkOf(storage, 2));
		await secret.append(logText(['secret']));
		await other.append(logText(['other']));
		await storage.remove(1);
		await storage.close();
		const again = openStorage(path);
		expect(await messagesOf(again)).toEqual(['other']);
		expect(await messagesOf(again, { q: 'oth' })).toEqual(['other']);
	});
});

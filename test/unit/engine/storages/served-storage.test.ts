import { expect, onTestFinished, test } from 'vitest';
import { AppError } from '#shared/errors.ts';
import type { NewEntry } from '#engine/storages/log-storage.ts';
import { ServedStorage } from '#engine/storages/served-storage.ts';
import { storageError } from '#engine/storages/storage-error.ts';
import { ListedStorage } from './listed-storage.ts';

function entry(message: string): readonly NewEntry[] {
	return [{ ts: 1, level: 'INFO', message, logger: '' }];
}

test('what a storage throws is told without its password', () => {
	const error = storageError(new Error('No user me/s3cret at postgres://me:s3cret@db/x'), 's3cret');
	expect(error).toMatchObject({
		code: 'storage-failed',
		message: 'No user me/*** at postgres://me:***@db/x',
	});
	const own = new AppError('invalid-options', 'There is no table x');
	expect(storageError(own, 's3cret')).toBe(own);
	// So short a one would be found in words.
	expect(storageError(new Error('a table'), 'a').message).toBe('a table');
});

test('news come when numbers or problems are others, and once at a time', async () => {
	const storage = new ListedStorage();
	const served = new ServedStorage(
		storage,
		{ kind: 'custom', path: '/x/mine.mjs' },
		{ numbers: { size: 0 }, follows: false },
	);
	onTestFinished(() => served.close());
	const first = await served.news(0);
	expect(first).toMatchObject({ status: { kind: 'custom', size: 0, watermark: 0 } });
	await served.append(entry('a'));
	const second = await served.news(first.number);
	expect(second.status).toMatchObject({ size: 1, appended: 1, dropped: 0 });
	storage.stats = () => Promise.reject(new Error('The server is away: start it.'));
	await served.append(entry('b'));
	const third = await served.news(second.number);
	expect(third).toMatchObject({ problem: 'The server is away: start it.', status: { size: 1 } });
	storage.stats = async () => ({ size: 2, bytes: 10 });
	await served.append(entry('c'));
	const fourth = await served.news(third.number);
	expect(fourth).not.toHaveProperty('problem');
	expect(fourth.status).toMatchObject({ size: 2, bytes: 10 });
});

test('appends are handed over one after the other, whatever becomes of them', async () => {
	const storage = new ListedStorage();
	const served = new ServedStorage(
		storage,
		{ kind: 'custom', path: '/x/mine.mjs' },
		{ numbers: { size: 0 }, follows: true },
	);
	onTestFinished(() => served.close());
	const append = storage.append.bind(storage);
	let atWork = 0;
	storage.append = async (entries) => {
		expect(++atWork).toBe(1);
		await new Promise((resolve) => setImmediate(resolve));
		atWork--;
		if (entries[0]?.message === 'bad') {
			throw new Error('It does not take this.');
		}
		await append(entries);
	};
	const results = await Promise.allSettled(
		['a', 'bad', 'b'].map((message) => served.append(entry(message))),
	);
	expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
	expect(storage.entries.map(({ message }) => message)).toEqual(['a', 'b']);
});

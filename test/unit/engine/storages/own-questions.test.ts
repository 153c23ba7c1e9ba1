import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { FollowedWindow } from '#engine/storages/answers/followed-window.ts';
import { StorageAnswers } from '#engine/storages/answers/storage-answers.ts';
import type { Count, CountQuery } from '#shared/model/query.ts';
import { ListedStorage } from './listed-storage.ts';

/** A question that the storage was asked, and how it is answered. */
interface Asked {
	readonly query: CountQuery;
	readonly signal: AbortSignal | undefined;
	readonly answer: (count: Count | undefined) => void;
	readonly refuse: (error: Error) => void;
}

const ALL: Count = { matched: 900, errors: 9, searched: 1, complete: true };

const nobody = (): void => {};

beforeEach(() => {
	vi.useFakeTimers();
	return () => vi.useRealTimers();
});

/** A storage of 1,000 entries that counts by itself; the newest ten are in the window. */
function open() {
	const storage = new ListedStorage();
	storage.entries = Array.from({ length: 1_000 }, (_, index) => ({
		id: `e${index}`,
		seq: index + 1,
		ts: index,
		level: index % 2 === 0 ? 'INFO' : 'ERROR',
		message: `m${index}`,
		logger: 'app',
	}));
	const asked: Asked[] = [];
	storage.own = {
		count: (query, signal) =>
			new Promise((answer, refuse) => {
				asked.push({ query, signal, answer, refuse });
			}),
		shape: () => new Promise(() => {}),
		stretch: () => new Promise(() => {}),
	};
	const followed = new FollowedWindow(storage, 10, false, {
		onChange: nobody,
		onRevision: nobody,
		onProblem: nobody,
	});
	const answers = new StorageAnswers(storage, followed, 'list', () => storage.entries.length);
	onTestFinished(() => {
		answers.close();
		return followed.close();
	});
	return { answers, asked };
}

/** What a promise resolves with, by and by. */
async function passing<T>(answer: Promise<T>, ms = 250): Promise<T> {
	await vi.advanceTimersByTimeAsync(ms);
	return answer;
}

test('while a storage is at it, its newest entries are what was found so far', async () => {
	const { answers, asked } = open();
	const filter = { query: 'level:error' };
	const soFar = { searched: 0.01, complete: false };
	expect(await passing(answers.count(filter))).toEqual({ matched: 5, errors: 5, ...soFar });
	const page = await passing(answers.query({ ...filter, limit: 2 }));
	expect(page.rows.map(({ message }) => message)).toEqual(['m999', 'm997']);
	expect(page).not.toHaveProperty('over');
	expect(page.complete).toBe(false);
	const facets = [{ field: 'level', limit: 5 }];
	expect(await passing(answers.shape({ ...filter, facets }))).toMatchObject({
		matched: 5,
		...soFar,
		facets: [{ field: 'level', values: [{ value: 'ERROR', count: 5 }], ...soFar }],
	});
	// Asked again it goes on with the same question.
	const again = answers.count(filter);
	asked[0]?.answer(ALL);
	expect(await passing(again)).toEqual(ALL);
	expect(asked).toHaveLength(1);
	// What was told is not remembered: the next one may be another one.
	void answers.count(filter);
	await vi.advanceTimersByTimeAsync(0);
	expect(asked).toHaveLength(2);
});

test('what nobody asks again is stopped, sooner where others wait', async () => {
	const { answers, asked } = open();
	await passing(answers.count({ query: 'level:info' }));
	await vi.advanceTimersByTimeAsync(1_500);
	expect(asked[0]?.signal?.aborted).toBe(false);
	await passing(answers.count({ query: 'level:info' }));
	const other = answers.count({ query: 'level:error' });
	await passing(other, 900);
	expect(asked.map(({ signal }) => signal?.aborted)).toEqual([true, false]);
	await vi.advanceTimersByTimeAsync(3_000);
	expect(asked.map(({ signal }) => signal?.aborted)).toEqual([true, true]);
	expect(asked).toHaveLength(2);
});

test('two windows that ask the same share an answer, also one that is a refusal', async () => {
	const { answers, asked } = open();
	const both = [answers.count({}), answers.count({})];
	await vi.advanceTimersByTimeAsync(10);
	asked[0]?.answer(ALL);
	expect(await Promise.all(both)).toEqual([ALL, ALL]);
	expect(asked).toHaveLength(1);
	const refused = answers.count({});
	await vi.advanceTimersByTimeAsync(10);
	asked[1]?.refuse(new Error('It is away.'));
	await expect(refused).rejects.toThrow('It is away.');
});

test('what it can not answer is told over its newest entries', async () => {
	const { answers, asked } = open();
	const count = answers.count({});
	await vi.advanceTimersByTimeAsync(10);
	asked[0]?.answer(undefined);
	expect(await count).toEqual({ matched: 10, errors: 5, searched: 1, complete: true, over: 10 });
});

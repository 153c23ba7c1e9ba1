import { describe, expect, onTestFinished, test } from 'vitest';
import { FollowedWindow } from '#engine/storages/answers/followed-window.ts';
import { StorageAnswers } from '#engine/storages/answers/storage-answers.ts';
import type { StoredEntry } from '#engine/storages/log-storage.ts';
import { until } from '../../../support/until.ts';
import { ListedStorage } from './listed-storage.ts';

function entry(message: string, fields: Partial<StoredEntry> = {}): StoredEntry {
	return { id: message, ts: 1_000, level: 'INFO', message, logger: 'app', ...fields };
}

function numbered(from: number, to: number): StoredEntry[] {
	return Array.from({ length: to - from + 1 }, (_, index) =>
		entry(`m${from + index}`, { seq: from + index }),
	);
}

function open(storage: ListedStorage, most = 5) {
	const told = { changes: 0, revisions: 0, problems: [] as (string | undefined)[] };
	const followed = new FollowedWindow(storage, most, false, {
		onChange: () => {
			told.changes++;
		},
		onRevision: () => {
			told.revisions++;
		},
		onProblem: (message) => told.problems.push(message),
	});
	onTestFinished(() => followed.close());
	const answers = new StorageAnswers(storage, followed, 'list');
	const rows = async () => (await answers.query({})).rows;
	const messages = async () => (await rows()).map(({ message }) => message);
	const seqs = async () => (await rows()).map(({ seq }) => seq);
	return { followed, answers, told, rows, messages, seqs };
}

describe('a window of the newest entries', () => {
	test('is read once, kept current, and says over how many it is', async () => {
		const storage = new ListedStorage();
		storage.entries = ['a', 'b', 'c'].map((message) => entry(message));
		const { answers, messages, seqs } = open(storage);
		expect(await messages()).toEqual(['c', 'b', 'a']);
		expect(await answers.count({})).not.toHaveProperty('over');
		const before = await seqs();
		storage.add([entry('d'), entry('e')]);
		expect(await messages()).toEqual(['e', 'd', 'c', 'b', 'a']);
		expect((await seqs()).slice(2)).toEqual(before);
		expect(await answers.count({})).not.toHaveProperty('over');
		storage.add([entry('f')]);
		expect(await messages()).toEqual(['f', 'e', 'd', 'c', 'b']);
		expect(await answers.count({})).toEqual({
			matched: 5,
			errors: 0,
			searched: 1,
			complete: true,
			over: 5,
		});
		expect(await answers.query({ limit: 1 })).toMatchObject({ over: 5 });
		expect(await answers.shape({ facets: [{ field: 'level', limit: 1 }] })).toMatchObject({
			matched: 5,
			over: 5,
		});
		expect(await answers.places({ buckets: 2, also: 'f' })).toMatchObject({ matched: 1, over: 5 });
		expect(await answers.getValues({ field: 'level', search: '', limit: 5 })).toEqual({
			values: [{ value: 'INFO', count: 5 }],
			rows: 5,
		});
		expect(storage.asked).toHaveLength(1);
	});

	test('has each entry once that comes while it is read', async () => {
		const storage = new ListedStorage();
		storage.entries = [entry('a')];
		storage.beforeAnswer = () => {
			storage.beforeAnswer = () => {};
			storage.add([entry('b')]);
		};
		const { messages } = open(storage);
		expect(await messages()).toEqual(['b', 'a']);
		storage.add([entry('c')]);
		expect(await messages()).toEqual(['c', 'b', 'a']);
	});

	test('is read anew after others have changed it, and entries that stay keep their numbers', async () => {
		const storage = new ListedStorage();
		storage.entries = ['a', 'b', 'c'].map((message) => entry(message));
		const { messages, seqs, told } = open(storage);
		const [c = 0, b = 0] = await seqs();
		const { revisions } = told;
		storage.change(['b', 'c', 'd'].map((message) => entry(message)));
		expect(await messages()).toEqual(['d', 'c', 'b']);
		expect(await seqs()).toEqual([c + 1, c, b]);
		expect(told.revisions).toBeGreaterThan(revisions);
		// Nothing is left between their numbers: all are numbered anew, above all that were told.
		storage.change(['b', 'x', 'c'].map((message) => entry(message)));
		expect(await messages()).toEqual(['c', 'x', 'b']);
		expect(Math.min(...(await seqs()))).toBeGreaterThan(c + 1);
		const last = Math.max(...(await seqs()));
		storage.change([]);
		expect(await messages()).toEqual([]);
		storage.add([entry('new')]);
		expect(await seqs()).toEqual([last + 1]);
	});

	test('is read anew where an entry comes between those there are', async () => {
		const storage = new ListedStorage();
		storage.entries = [...numbered(1, 2), ...numbered(5, 6)];
		const { seqs } = open(storage);
		expect(await seqs()).toEqual([6, 5, 2, 1]);
		// It was committed later than what has greater numbers.
		storage.add(numbered(3, 3), [...numbered(1, 3), ...numbered(5, 6)]);
		expect(await seqs()).toEqual([6, 5, 3, 2, 1]);
	});

	test('that can\u2019t be read says why without a password, and is tried again by itself', async () => {
		const storage = new ListedStorage();
		storage.entries = [entry('a')];
		storage.failure = 'No way to postgres://me:secret@db/x';
		const { answers, messages, told } = open(storage);
		await expect(answers.query({})).rejects.toMatchObject({
			code: 'storage-failed',
			message: 'No way to postgres://me:***@db/x',
		});
		expect(told.problems).toEqual(['No way to postgres://me:***@db/x']);
		storage.failure = undefined;
		await until('it to work again', () => told.problems.at(-1) === undefined);
		expect(await messages()).toEqual(['a']);
	});
});

describe('what a storage answers by itself', () => {
	test('comes first, and is over all of it', async () => {
		const storage = new ListedStorage();
		storage.entries = numbered(1, 9);
		storage.own = {
			stretch: async ({ offset, limit }) =>
				storage.entries.toReversed().slice(offset, offset + limit),
			count: async () => ({ matched: 9, errors: 0, searched: 1, complete: true }),
			get: async (seq) => storage.entries.find((each) => each.seq === seq),
		};
		const { answers } = open(storage);
		const { rows, ...page } = await answers.query({ offset: 6, limit: 2, fields: ['logger'] });
		expect(rows.map(({ message, fields }) => [message, fields])).toEqual([
			['m3', ['app']],
			['m2', ['app']],
		]);
		expect(page).toEqual({ complete: true });
		expect(await answers.count({})).toEqual({ matched: 9, errors: 0, searched: 1, complete: true });
		expect(await answers.get(2)).toMatchObject({ message: 'm2', file: 'list' });
		expect(await answers.get(8)).toMatchObject({ message: 'm8' });
		expect(await answers.get(77)).toBeUndefined();
	});

	test('is not asked of what it can\u2019t know; what it does not know is looked for here', async () => {
		const storage = new ListedStorage();
		storage.entries = numbered(1, 9);
		const asked: (string | undefined)[] = [];
		storage.own = {
			count: async ({ query }) => {
				asked.push(query);
				return undefined;
			},
		};
		const { answers } = open(storage);
		const queries = ['m', '/m\\d/', 'is:late', 'is:repeat', 'source:list'];
		const counts = await Promise.all(
			queries.map(async (query) => {
				const { matched, over } = await answers.count({ query });
				return [matched, over];
			}),
		);
		expect(asked).toEqual(['m', '/m\\d/']);
		expect(counts).toEqual([
			[5, 5],
			[5, 5],
			[0, 5],
			[4, 5],
			[5, 5],
		]);
		expect((await answers.count({ source: 1 })).matched).toBe(0);
	});

	test('failing is told as a sentence', async () => {
		const storage = new ListedStorage();
		storage.entries = numbered(1, 2);
		storage.own = {
			count: async () => {
				throw new Error('The server at redis://u:pw@h is away: start it.');
			},
		};
		const { answers } = open(storage);
		await expect(answers.count({})).rejects.toMatchObject({
			code: 'storage-failed',
			message: 'The server at redis://u:***@h is away: start it.',
		});
	});
});

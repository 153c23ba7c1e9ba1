import * as v from 'valibot';
import { expect, onTestFinished, test } from 'vitest';
import { exportRequestSchema } from '#shared/model/export.ts';
import type { ExportWish } from '#shared/model/export.ts';
import { compileFilter } from '#shared/query/match-filter.ts';
import { FollowedWindow } from '#engine/storages/answers/followed-window.ts';
import { StorageAnswers } from '#engine/storages/answers/storage-answers.ts';
import { StorageExport } from '#engine/storages/export/storage-export.ts';
import { NOW, Random } from '../../../support/entries.ts';
import { randomNewEntries, SOURCES } from '../../../support/storage-pairs.ts';
import { ListedStorage } from './listed-storage.ts';

const WINDOW = 3_000;

async function openList(entries: number, seed = 1) {
	const storage = new ListedStorage();
	await storage.append(randomNewEntries(new Random(seed), entries));
	const followed = new FollowedWindow(storage, WINDOW, false, {
		onChange: () => {},
		onRevision: () => {},
		onProblem: () => {},
	});
	onTestFinished(() => followed.close());
	const answers = new StorageAnswers(storage, followed, 'one');
	const window = await followed.entries();
	const { hasMore } = followed;
	const begin = (wish: Partial<ExportWish>) => {
		const context = { storage, answers, window, hasMore, size: entries, sources: SOURCES };
		const request = v.parse(exportRequestSchema, { format: 'csv', columns: ['message'], ...wish });
		return new StorageExport(context, { ...request, head: false });
	};
	return { storage, window, answers, begin };
}

async function restOf(started: StorageExport): Promise<readonly string[]> {
	return (await textOf(started)).split('\r\n').slice(0, -1);
}

async function textOf(started: StorageExport): Promise<string> {
	const pieces: Uint8Array[] = [];
	for (;;) {
		const { bytes, isDone } = await started.read();
		pieces.push(bytes);
		if (isDone) {
			return Buffer.concat(pieces).toString();
		}
	}
}

test('a storage without numbers is written out beyond its window, up to what there was', async () => {
	const { storage, window, begin } = await openList(9_000);
	storage.entries = storage.entries.map((entry, index) => ({ ...entry, message: `m${index}` }));
	const all = storage.entries.map(({ message }) => message);
	const up_to = window.newestSeq;
	const bounds = { arrived_after: up_to - 100, up_to: up_to - 10 };
	const oldest = begin({ filter: { up_to } });
	const newest = begin({ filter: { up_to }, first: 'newest' });
	const few = begin({ filter: { up_to }, limit: 5_000 });
	const part = begin({ filter: bounds });
	storage.add([{ id: 'later', ts: NOW, level: 'INFO', message: 'later', logger: '' }]);
	expect(await restOf(oldest)).toEqual(all);
	expect(await restOf(newest)).toEqual(all.toReversed());
	expect(await restOf(few)).toEqual(all.slice(4_000));
	expect(await restOf(part)).toEqual(all.slice(-100, -10));
});

test('marks and notes of a storage without numbers are those of its window', async () => {
	const { storage, window, begin } = await openList(4_000);
	storage.entries = storage.entries.map((entry, index) => ({ ...entry, message: `m${index}` }));
	const marked = [window.seq(window.end - 1), window.seq(window.first)];
	const filter = { query: 'is:marked', marked, up_to: window.newestSeq };
	expect(await restOf(begin({ filter }))).toEqual(['m1000', 'm3999']);
});

test('what is asked of the entries before an entry is written as far as the window reaches', async () => {
	const { window, begin } = await openList(4_000);
	const entries = Array.from({ length: window.size }, (_, index) =>
		window.entry(window.first + index, true),
	);
	for (const query of ['is:late', 'level:error -is:repeat']) {
		const matching = entries.filter(compileFilter({ query }, SOURCES));
		const written = await restOf(begin({ filter: { query }, columns: ['ts', 'level'] }));
		expect(matching.length).toBeGreaterThan(10);
		expect(written.map((line) => line.split(',')[1])).toEqual(matching.map(({ level }) => level));
		const newest = await restOf(begin({ filter: { query }, columns: ['level'], limit: 3 }));
		expect(newest).toEqual(matching.slice(-3).map(({ level }) => level));
	}
});

test('entries that leave while it is written are missing, and none is there twice', async () => {
	const { storage, begin } = await openList(9_000);
	storage.entries = storage.entries.map((entry, index) => ({ ...entry, message: `m${index}` }));
	const all = storage.entries.map(({ message }) => message);
	const started = begin({ filter: { level: undefined } });
	const seen = storage.asked.length;
	while (storage.asked.length < seen + 5) {
		await started.read(); // all pages are looked at once
	}
	const gone = new Set(['m1', 'm500', 'm4000', 'm4001', 'm6999', 'm8999']);
	storage.change(storage.entries.filter(({ message }) => !gone.has(message)));
	const written = await restOf(started);
	expect(new Set(written).size).toBe(written.length);
	const left = all.filter((message) => !gone.has(message));
	expect(left.filter((message) => !written.includes(message))).toEqual([]);
});

test('original lines are those that entries were read from, else their records', async () => {
	const { storage, begin } = await openList(0);
	storage.add([
		{ id: 'a', ts: NOW, level: 'INFO', message: 'a', logger: 'l', raw: '{"message":"a","more":1}' },
		{ id: 'b', ts: NOW * 1_000, level: 'warn', message: 'b', logger: 'l', task_id: 't' },
		{ id: 'c', ts: NOW, level: '', message: 'no record', logger: '', problem: 'It is none.' },
	]);
	const started = begin({ format: 'original' });
	expect((await textOf(started)).split('\n')).toEqual([
		'{"message":"a","more":1}',
		'{"ts": "2026-11-22 10:19:47.283000+00:00", "level": "WARN", "message": "b", "logger": "l", "task_id": "t", "extra": null}',
		'no record',
		'',
	]);
});

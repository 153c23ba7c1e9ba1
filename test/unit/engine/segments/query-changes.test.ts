import { expect, test } from 'vitest';
import {
	countOf,
	databasePath,
	LogInTest,
	messagesOf,
	newStorage,
	openStorage,
	sinkOf,
	untilHistory,
} from './storage-in-test.ts';

/** One of AsyncZ's records. */
function record(message: string, second = 10): string {
	return `{"ts":"2026-11-20T10:19:${second}Z","level":"INFO","message":"${message}","logger":"app","task_id":"t","extra":{"user":"bob"}}\n`;
}

test('lines that come to the last entry are found though it was asked about before', async () => {
	const storage = newStorage();
	const log = new LogInTest(sinkOf(storage));
	await log.append(`${record('first')}worker failed\nTraceback (most recent call last):\n`);
	expect(await messagesOf(storage, { query: 'exception:ValueError' })).toEqual([]);
	expect(await countOf(storage, { query: 'exception:ValueError' })).toMatchObject({ matched: 0 });
	await log.append('ValueError: no such job\n');
	expect(await messagesOf(storage, { query: 'exception:ValueError' })).toEqual(['worker failed']);
	expect(await countOf(storage, { query: 'exception:ValueError' })).toMatchObject({ matched: 1 });
});

test('lines that come late to an entry are found', async () => {
	const storage = newStorage();
	const [one, two] = [1, 2].map((source) => new LogInTest(sinkOf(storage, source)));
	await one?.append('worker failed\nTraceback (most recent call last):\n');
	await two?.append(record('between'));
	const query = { query: 'exception:ValueError' };
	expect(await countOf(storage, query)).toMatchObject({ matched: 0 });
	await one?.append('ValueError: no such job\n');
	expect(await messagesOf(storage, query)).toEqual(['worker failed']);
	expect(await countOf(storage, query)).toMatchObject({ matched: 1 });
});

test('sources are known by the names they were told to have last', async () => {
	const storage = newStorage();
	for (const source of [1, 2]) {
		await new LogInTest(sinkOf(storage, source)).append(record(`of ${source}`));
	}
	expect(await messagesOf(storage, { query: 'source:*' })).toEqual([]);
	storage.setSourceNames(
		new Map([
			[1, 'app.jsonl'],
			[2, 'worker.jsonl'],
		]),
	);
	expect(await messagesOf(storage, { query: 'source:app.jsonl' })).toEqual(['of 1']);
	expect(await messagesOf(storage, { query: '-source:app*' })).toEqual(['of 2']);
	storage.setSourceNames(new Map([[2, 'app.jsonl']]));
	expect(await messagesOf(storage, { query: 'source:app.jsonl' })).toEqual(['of 2']);
});

test('marks and times that count from now are those of each question', async () => {
	const storage = newStorage();
	await new LogInTest(sinkOf(storage)).append(record('a', 10) + record('b', 40));
	const at = Date.parse('2026-11-20T10:20:00Z') * 1_000;
	expect(await messagesOf(storage, { query: 'ts:>-30s', at })).toEqual(['b']);
	expect(await messagesOf(storage, { query: 'ts:>-30s', at: at + 60_000_000 })).toEqual([]);
	const rows = (await storage.query({})).rows.map(({ seq }) => seq);
	expect(await messagesOf(storage, { query: 'is:marked', marked: rows.slice(0, 1) })).toEqual([
		'b',
	]);
	expect(await messagesOf(storage, { query: 'is:marked', marked: rows.slice(1) })).toEqual(['a']);
	expect(await countOf(storage, { query: '-is:marked', marked: [] })).toMatchObject({ matched: 2 });
});

test('an entry is late only once it is known what came before it', async () => {
	const storage = openStorage(databasePath());
	const old = record('new for its time', 50);
	// The numbers of its entries are kept free before those of the other log.
	const history = new LogInTest(sinkOf(storage), { historyEntries: old.length });
	await new LogInTest(sinkOf(storage)).append(record('behind', 10));
	const query = { query: 'is:late' };
	expect(await messagesOf(storage, query)).toEqual([]);
	expect(await countOf(storage, query)).toMatchObject({ matched: 0 });
	history.leave(old);
	await untilHistory(storage);
	expect(await messagesOf(storage, query)).toEqual(['behind']);
	expect(await countOf(storage, query)).toMatchObject({ matched: 1 });
});

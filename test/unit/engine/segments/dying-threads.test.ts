import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SegmentStorage } from '#engine/segments/segment-storage.ts';
import { firstDifference } from '../../../support/entries.ts';
import { temporaryFolder } from '../../../support/temp-folder-of-test.ts';
import { until } from '../../../support/until.ts';
import { asynczLine, logText, numberedMessages } from '../../../support/write-log.ts';
import { crashingThread } from '../../../support/crashing-thread.ts';
import { checkDatabase } from './database-in-test.ts';
import { shapeOf } from './plain-shape.ts';
import {
	countOf,
	KEEP_ALL,
	LogInTest,
	messagesOf,
	openStorage,
	rowsOf,
	sinkOf,
	THREADS,
	untilHistory,
} from './storage-in-test.ts';

type Thread = keyof typeof THREADS;

/** A storage whose threads die when they are told to. */
function open() {
	const folder = temporaryFolder();
	const threads = Object.fromEntries(
		Object.entries(THREADS).map(([thread, entry]) => {
			return [thread, crashingThread(folder, thread, entry)];
		}),
	) as typeof THREADS;
	const path = join(folder, 'logs.db');
	const storage = openStorage(path, { threads });
	const blocked: (string | undefined)[] = [];
	storage.listen({ onChange: () => {}, onBlocked: (message) => blocked.push(message) });
	/** Has a thread die at its next request, or before its next answer. */
	const kill = (thread: Thread, moment: 'before' | 'after') => {
		const order = join(folder, `${thread}-${moment}`);
		writeFileSync(order, '');
		return () => until(`${thread} to die`, () => !existsSync(order));
	};
	return { path, storage, kill, blocked };
}

/** The loggers, asked for until so many entries are counted: one answer may not reach that far. */
async function valuesOf(storage: SegmentStorage, entries: number): Promise<unknown> {
	return until('all values to be counted', async () => {
		const { values } = await storage.getValues({ field: 'logger', search: '', limit: 5 });
		return values.reduce((sum, { count }) => sum + count, 0) === entries && values;
	});
}

async function answers(storage: SegmentStorage): Promise<unknown> {
	const rows = await rowsOf(storage);
	const ofLoggers = rows.filter(({ logger }) => logger !== '').length;
	return {
		rows,
		found: await messagesOf(storage, { q: 'M 1' }),
		count: await countOf(storage, { min_level: 'ERROR' }),
		entry: await storage.get(rows[3]?.seq ?? 0),
		shape: await shapeOf(storage, { buckets: 10, facets: [{ field: 'level', limit: 5 }] }),
		values: await valuesOf(storage, ofLoggers),
	};
}

describe('the query thread', () => {
	test.each(['before', 'after'] as const)(
		'that dies (%s) starts again, and answers as before',
		async (moment) => {
			const { storage, kill } = open();
			storage.setMapping(2, { message: ['m'] });
			const text = logText(numberedMessages('history', 0, 2_000));
			const log = new LogInTest(sinkOf(storage), { historyEntries: text.length });
			const mapped = new LogInTest(sinkOf(storage, 2));
			log.leave(text);
			await untilHistory(storage);
			await log.append(logText(numberedMessages('saved m', 0, 20)));
			await storage.flush();
			await mapped.append('{"m":"mapped"}\n');
			await log.append(logText(numberedMessages('unsaved m', 0, 20)));
			await log.append(`${asynczLine('bad', { level: 'ERROR' })}\n`);
			const before = await answers(storage);
			const died = kill('query', moment);
			await expect(storage.count({ q: 'x' })).rejects.toMatchObject({ code: 'closed' });
			await died();
			expect(await answers(storage)).toEqual(before);
			await log.append(logText(['next']));
			expect((await messagesOf(storage)).at(-1)).toBe('next');
			await storage.flush();
			expect(await messagesOf(storage, { q: 'next' })).toEqual(['next']);
		},
	);
});

test('a query thread that was started again knows sources by their names', async () => {
	const { storage, kill } = open();
	storage.setSourceNames(new Map([[1, 'one.jsonl']]));
	await new LogInTest(sinkOf(storage)).append(logText(['a', 'b']));
	const filter = { query: 'source:one.jsonl' };
	expect((await countOf(storage, filter)).matched).toBe(2);
	const died = kill('query', 'before');
	await expect(storage.count({ q: 'x' })).rejects.toMatchObject({ code: 'closed' });
	await died();
	expect((await countOf(storage, filter)).matched).toBe(2);
});

describe('the writer thread', () => {
	test.each(['before', 'after'] as const)(
		'that dies in a commit (%s) loses nothing, and blocks nothing for good',
		async (moment) => {
			const { path, storage, kill, blocked } = open();
			const log = new LogInTest(sinkOf(storage));
			// Blank lines make no rows.
			await log.append('\n\n');
			await log.append(logText(['a']));
			const died = kill('writer', moment);
			const flushed = storage.flush();
			await died();
			await flushed;
			await until('it to work again', () => blocked.at(-1) === undefined && blocked.length > 0);
			await log.append(logText(['b']));
			await storage.flush();
			expect(await messagesOf(storage)).toEqual(['a', 'b']);
			await storage.close();
			checkDatabase(path);
			const again = openStorage(path);
			expect(await messagesOf(again)).toEqual(['a', 'b']);
			expect(again.generations.get(log.id).identity).toEqual(log.identity());
			expect(again.generations.covered(log.id).ranges).toEqual([{ start: 0, end: log.end }]);
		},
	);
});

describe('a scan thread', () => {
	test.each(['before', 'after'] as const)(
		'that dies while it reads history (%s) leaves nothing out',
		async (moment) => {
			const { path, storage, kill } = open();
			const messages = numberedMessages('m', 0, 150_000);
			const text = logText(messages);
			const log = new LogInTest(sinkOf(storage), { historyEntries: text.length });
			const died = kill('scan', moment);
			log.leave(text);
			await died();
			await untilHistory(storage);
			expect(firstDifference(await messagesOf(storage), messages)).toBeUndefined();
			await storage.flush();
			await storage.close();
			checkDatabase(path);
		},
		30_000,
	);
});

test('a storage that is closed while history is read goes on with the rest', async () => {
	const messages = numberedMessages('m', 0, 200_000);
	const text = logText(messages);
	const path = join(temporaryFolder(), 'logs.db');
	const first = openStorage(path);
	const log = new LogInTest(sinkOf(first), { historyEntries: text.length });
	log.leave(text);
	await log.append(logText(['last']));
	await until('some history', () => first.stats().size > 1);
	await first.close();
	checkDatabase(path);
	const second = openStorage(path);
	second.setPolicy(KEEP_ALL);
	await untilHistory(second);
	expect(firstDifference(await messagesOf(second), [...messages, 'last'])).toBeUndefined();
	await expect(first.query({})).rejects.toMatchObject({ code: 'closed' });
}, 30_000);

import { describe, expect, test } from 'vitest';
import type { Shape, ShapeQuery } from '#shared/model/query.ts';
import type { QueryEntry } from '#shared/query/entry-fields.ts';
import { Answers } from '#engine/segments/query/answers.ts';
import { QueryState } from '#engine/segments/query/query-state.ts';
import type { SegmentStorage } from '#engine/segments/segment-storage.ts';
import { openReadonly } from '#engine/segments/sqlite/schema.ts';
import { Random } from '../../../support/entries.ts';
import { asynczLine, logText, numberedMessages } from '../../../support/write-log.ts';
import { plainCounts, plainMatches, plainShape, shapeOf } from './plain-shape.ts';
import { bytesOf, randomEntries } from '../../../support/random-entries.ts';
import {
	databasePath,
	LogInTest,
	newStorage,
	openStorage,
	rowsOf,
	sinkOf,
} from './storage-in-test.ts';

function facet(field: string, query?: string): NonNullable<ShapeQuery['facets']>[number] {
	return { field, limit: 50, ...(query === undefined ? {} : { query }) };
}

function lineAt(ts: string): string {
	return `${asynczLine('m', { ts })}\n`;
}

async function entriesOf(storage: SegmentStorage): Promise<readonly QueryEntry[]> {
	const rows = await rowsOf(storage);
	const entries = await Promise.all(rows.map(({ seq }) => storage.get(seq)));
	return entries.filter((entry) => entry !== undefined);
}

/** Compares what is told of a storage with what has to be; how many entries match. */
async function compare(storage: SegmentStorage, question: ShapeQuery): Promise<number> {
	const entries = await entriesOf(storage);
	const { histogram, ...shape } = await shapeOf(storage, question);
	expect({ question, ...shape }).toEqual({ question, ...plainShape(entries, question) });
	const matching = plainMatches(entries, question);
	expect(histogram?.counts ?? []).toEqual(
		histogram === undefined ? [] : plainCounts(matching, histogram),
	);
	return shape.matched;
}

describe('histogram and facets', () => {
	test('asked for again as entries come, tell of all of them', async () => {
		const random = new Random(11);
		const storage = newStorage();
		const logs = [1, 2].map((source) => new LogInTest(sinkOf(storage, source)));
		const questions: ShapeQuery[] = [
			{
				buckets: 50,
				facets: ['level', 'task_id', 'logger', 'source', 'note'].map((f) => facet(f)),
			},
			{ query: 'level:>=warning', buckets: 20, facets: [facet('level', ''), facet('task_id')] },
			{ query: 'has:exception', facets: [facet('exception'), facet('level', 'job')] },
			{ query: 'job -note:*', buckets: 10, facets: [facet('User')] },
		];
		let matched = 0;
		for (let round = 0; round < 12; round++) {
			const log = logs[random.below(2)];
			await log?.append(bytesOf(randomEntries(random, 1 + random.below(12))));
			if (random.chance(0.5)) {
				// More lines of the entry before, whatever that was.
				await log?.append('Traceback (most recent call last):\nValueError: late\n');
			}
			for (const question of questions) {
				matched += await compare(storage, question);
			}
		}
		expect(matched).toBeGreaterThan(100);
		await storage.flush();
		await storage.remove(1);
		for (const question of questions) {
			expect(await compare(storage, question)).toBeLessThan(matched);
		}
	}, 60_000);

	test('of an older snapshot stay what they were while entries come', async () => {
		const storage = newStorage();
		const log = new LogInTest(sinkOf(storage));
		await log.append(logText(numberedMessages('m', 0, 5_000)));
		const up_to = (await rowsOf(storage, { limit: 1 }))[0]?.seq;
		const question: ShapeQuery = { query: 'm', buckets: 50, facets: [facet('level')] };
		const before = await shapeOf(storage, { ...question, up_to });
		expect(before.matched).toBe(5_000);
		await log.append(logText(numberedMessages('m', 5_000, 10_000)));
		expect((await shapeOf(storage, question)).matched).toBe(10_000);
		expect(await shapeOf(storage, { ...question, up_to })).toEqual(before);
	});

	test('come step by step, each answer knows more than the one before', async () => {
		const path = databasePath();
		const storage = openStorage(path);
		const log = new LogInTest(sinkOf(storage));
		const lines = Array.from({ length: 10_000 }, (_, index) =>
			asynczLine(`m ${index}`, { extra: { shard: index % 7 } }),
		);
		await log.append(`${lines.join('\n')}\n`);
		await storage.flush();
		await storage.close();
		// Each look at the clock is a moment later than the slice is long.
		let time = 0;
		const db = openReadonly(path);
		const answers = new Answers(new QueryState(db), { now: () => time++, sliceMs: 0 });
		const question: ShapeQuery = {
			query: 'm',
			buckets: 10,
			facets: [facet('level'), facet('shard')],
		};
		const shapes: Shape[] = [answers.shape(question)];
		while (shapes.at(-1)?.complete === false) {
			shapes.push(answers.shape(question));
		}
		db.close();
		expect(shapes.length).toBeGreaterThan(50);
		const searched = shapes.map((shape) => shape.searched);
		expect(searched).toEqual(searched.toSorted((a, b) => a - b));
		const known = shapes.map((shape) => shape.facets[1]?.values[0]?.count ?? 0);
		expect(known).toEqual(known.toSorted((a, b) => a - b));
		const last = shapes.at(-1);
		expect(last).toMatchObject({ matched: 10_000, searched: 1, complete: true });
		expect(last?.facets[1]?.values.map(({ count }) => count)).toEqual([
			1_429, 1_429, 1_429, 1_429, 1_428, 1_428, 1_428,
		]);
		// All columns were told before the first value was read.
		const first = shapes.findIndex((shape) => shape.facets[1]?.values.length !== 0);
		expect(shapes[first]).toMatchObject({ matched: 10_000, searched: 1, complete: false });
	});

	test('leave a few entries far from all others out of the histogram, and say so', async () => {
		const storage = newStorage();
		const log = new LogInTest(sinkOf(storage));
		const minute = Array.from({ length: 1_000 }, (_, index) =>
			lineAt(new Date(Date.UTC(2026, 10, 20, 10, 0, 0, index * 60)).toISOString()),
		);
		await log.append(minute.slice(0, 500).join('') + lineAt('1970-01-01T00:00:00Z'));
		await log.append(minute.slice(500).join('') + lineAt('2199-01-01T00:00:00Z'));
		const { matched, histogram } = await shapeOf(storage, { buckets: 100 });
		expect(matched).toBe(1_002);
		expect(histogram).toMatchObject({ outside: 2, width: 1_000_000 });
		expect(histogram?.counts.length).toBeLessThanOrEqual(100);
		expect(histogram?.counts.flat().reduce((sum, count) => sum + count, 0)).toBe(1_000);
		const old = await shapeOf(storage, { buckets: 100, until: 0 });
		expect(old).toMatchObject({ matched: 1, histogram: { counts: [[0, 1, 0, 0, 0]] } });
		const since = Date.UTC(2026, 10, 20, 9, 59) * 1_000;
		const rest = await shapeOf(storage, { buckets: 100, since });
		expect(rest.histogram).toMatchObject({ from: since, outside: 1 });
	});

	test('are few stretches of time, however far apart the times are', async () => {
		const storage = newStorage();
		const log = new LogInTest(sinkOf(storage));
		const times = ['1970-01-01T00:00:00Z', '2026-11-20T10:00:00Z', '2026-11-20T10:00:01Z'];
		await log.append(times.map(lineAt).join(''));
		const all = await shapeOf(storage, { buckets: 100 });
		expect(all.histogram?.counts.length).toBeLessThanOrEqual(100);
		const since = Date.UTC(2026, 10, 20) * 1_000;
		const late = await shapeOf(storage, { buckets: 100, query: `ts:>=2026-11-20` });
		expect(late.histogram).toMatchObject({ width: 20_000 });
		expect(late.histogram?.counts.flat().reduce((sum, count) => sum + count, 0)).toBe(2);
		expect((await shapeOf(storage, { buckets: 1, since })).histogram?.counts).toEqual([
			[0, 2, 0, 0, 0],
		]);
	});
});

import { expect, onTestFinished, test } from 'vitest';
import type { EntryRow } from '#shared/model/entry.ts';
import type { Filter } from '#shared/model/query.ts';
import { Answers } from '#engine/segments/query/answers.ts';
import { QueryState } from '#engine/segments/query/query-state.ts';
import { openReadonly } from '#engine/segments/sqlite/schema.ts';
import { Random } from '../../../support/entries.ts';
import { byTime, linesOf, LogTimes } from './order-in-test.ts';
import { databasePath, LogInTest, openStorage, rowsOf, sinkOf } from './storage-in-test.ts';

/** A database of many segments whose times overlap, and its rows by time. */
async function manySegments(): Promise<{ path: string; sorted: readonly EntryRow[] }> {
	const random = new Random(9);
	const path = databasePath();
	const storage = openStorage(path);
	const logs = [1, 2].map((source) => ({
		log: new LogInTest(sinkOf(storage, source)),
		times: new LogTimes(random),
	}));
	for (let segment = 0; segment < 12; segment++) {
		for (const { log, times } of logs) {
			await log.append(linesOf(random, times, 60));
		}
		await storage.flush();
		// Keeping places free begins another segment.
		const empty = new LogInTest(sinkOf(storage, 3), { historyEntries: 5 });
		expect(empty.end).toBe(0);
	}
	const sorted = byTime(await rowsOf(storage));
	await storage.close();
	return { path, sorted };
}

test('answers that have no time at all come to an end, and what they tell on the way is right', async () => {
	const { path, sorted } = await manySegments();
	const db = openReadonly(path);
	onTestFinished(() => {
		db.close();
	});
	let now = 0;
	const filters: readonly [Filter, (row: EntryRow) => boolean][] = [
		[{}, () => true],
		[{ min_level: 'WARNING' }, ({ severity }) => severity >= 30],
		[{ q: 'beta' }, ({ message }) => message.includes('beta')],
	];
	for (const [filter, matches] of filters) {
		const matching = sorted.filter(matches).map(({ seq }) => seq);
		for (const offset of [0, 5, Math.floor(matching.length / 2), matching.length - 3]) {
			const answers = new Answers(new QueryState(db), { now: () => now++, sliceMs: 0 });
			const wanted = matching.slice(offset, offset + 40);
			let asked = 0;
			let isComplete = false;
			while (!isComplete && asked++ < 200) {
				const page = answers.query({ ...filter, order: 'time', offset, limit: 40 });
				isComplete = page.complete;
				const told = page.rows.map(({ seq }) => seq);
				expect(told).toEqual(isComplete ? wanted : wanted.slice(0, told.length));
			}
			expect(isComplete).toBe(true);
			expect(asked).toBeGreaterThan(1);
		}
		const middle = sorted[Math.floor(sorted.length / 2)];
		const answers = new Answers(new QueryState(db), { now: () => now++, sliceMs: 0 });
		const above = { ts: middle?.ts ?? 0, seq: middle?.seq ?? 0 };
		const expected = sorted.slice(0, Math.floor(sorted.length / 2)).filter(matches).length;
		let count = answers.count({ ...filter, above });
		for (let asked = 0; !count.complete && asked < 200; asked++) {
			expect(count.matched).toBeLessThanOrEqual(expected);
			count = answers.count({ ...filter, above });
		}
		expect([count.matched, count.complete]).toEqual([expected, true]);
	}
}, 30_000);

import { expect, test } from 'vitest';
import type { EntryRow } from '#shared/model/entry.ts';
import type { Filter } from '#shared/model/query.ts';
import { matchFilter } from '#shared/query/match-filter.ts';
import type { SegmentStorage } from '#engine/segments/segment-storage.ts';
import { firstDifference, Random, TEST_SCALE } from '../../../support/entries.ts';
import { byTime, lateOf, linesOf, LogTimes, WILD_TIMES } from './order-in-test.ts';
import {
	countOf,
	databasePath,
	LogInTest,
	openStorage,
	rowsOf,
	sinkOf,
	untilHistory,
} from './storage-in-test.ts';

const QUESTIONS = 128 * TEST_SCALE;
const FEW = 64 * TEST_SCALE;
const IN_FLIGHT = 64;

function randomFilter(random: Random, rows: readonly EntryRow[]): Filter {
	const row = () => random.pick(rows);
	return {
		...(random.chance(0.2) ? { task_id: random.pick(['nightly', 'hourly', 'none']) } : {}),
		...(random.chance(0.2) ? { min_level: random.pick(['info', 'warning', 'error']) } : {}),
		...(random.chance(0.3) ? { q: random.pick(['alpha', 'of', 'entry 1', 'plain', 'zzz']) } : {}),
		...(random.chance(0.2) ? { since: row().ts } : {}),
		...(random.chance(0.2) ? { until: row().ts } : {}),
		...(random.chance(0.2) ? { source: random.pick([1, 2, 3]) } : {}),
		...(random.chance(0.3) ? { up_to: row().seq } : {}),
	};
}

/** Compares pages and counts in order of time with a plain sort of all rows; so many were asked for. */
async function compare(
	storage: SegmentStorage,
	random: Random,
	questions = QUESTIONS,
): Promise<number> {
	const arrived = await rowsOf(storage);
	const sorted = byTime(arrived);
	const late = lateOf(arrived.toReversed());
	expect(
		new Map(arrived.flatMap((row) => (row.late === undefined ? [] : [[row.seq, row.late]]))),
	).toEqual(new Map([...late].toReversed()));
	const all = await rowsOf(storage, { order: 'time' });
	expect(firstDifference(all.map(seqOf), sorted.map(seqOf))).toBeUndefined();
	const ask = async () => {
		const filter = randomFilter(random, arrived);
		const after = random.chance(0.3) ? random.pick(arrived).seq : undefined;
		const matching = sorted.filter((row) => matchFilter(filter, row) && row.seq > (after ?? -1));
		const limit = random.pick([1, 3, 50, 1_000]);
		const offset = random.pick([0, 0, 1, 7, random.below(matching.length + 2)]);
		const { ts, seq } = random.pick(arrived);
		const above = {
			ts: ts + random.pick([0, 0, 1, -1]),
			seq: seq + random.pick([0, 0, 1, -1, 9e9]),
		};
		const standsAbove = (row: EntryRow) =>
			row.ts > above.ts || (row.ts === above.ts && row.seq > above.seq);
		const since = after === undefined ? {} : { arrived_after: after };
		const [found, count] = await Promise.all([
			rowsOf(storage, { ...filter, ...since, limit, offset, order: 'time' }),
			countOf(storage, { ...filter, ...(after === undefined ? {} : { after }), above }),
		]);
		const lateOnes = found.filter((row) => row.late !== late.get(row.seq));
		const asked = { filter, after, limit, offset, above };
		const counted = matching.filter(standsAbove);
		expect({ asked, found: found.map(seqOf), count, lateOnes }).toEqual({
			asked,
			found: matching.slice(offset, offset + limit).map(seqOf),
			count: {
				matched: counted.length,
				errors: counted.filter(({ severity }) => severity >= 40).length,
				searched: 1,
				complete: true,
			},
			lateOnes: [],
		});
	};
	for (let done = 0; done < questions; done += IN_FLIGHT) {
		await Promise.all(Array.from({ length: IN_FLIGHT }, ask));
	}
	return questions;
}

function seqOf({ seq }: EntryRow): number {
	return seq;
}

test.each([1, 2, 3])(
	'live, sealed, saved and reopened, several sources are merged by time (%i)',
	async (seed) => {
		const random = new Random(seed);
		const path = databasePath();
		const storage = openStorage(path);
		const logs = [1, 2, 3].map((source) => ({
			log: new LogInTest(sinkOf(storage, source)),
			times: new LogTimes(random, source === 3 ? WILD_TIMES : undefined),
		}));
		const add = async (appends: number) => {
			for (let append = 0; append < appends; append++) {
				const { log, times } = random.pick(logs);
				await log.append(linesOf(random, times, 1 + random.below(30)));
			}
		};
		await add(30);
		expect(await compare(storage, random)).toBe(QUESTIONS);
		// Rows come into the middle of what was put in order.
		await add(15);
		expect(await compare(storage, random)).toBe(QUESTIONS);
		await storage.flush();
		// Keeping places free begins another segment.
		const empty = new LogInTest(sinkOf(storage, 3), { historyEntries: 5 });
		expect(empty.end).toBe(0);
		await add(20);
		expect(await compare(storage, random)).toBe(QUESTIONS);
		await storage.flush();
		await storage.close();
		expect(await compare(openStorage(path), random)).toBe(QUESTIONS);
	},
	60_000 * TEST_SCALE,
);

test.each([4, 5])(
	'history of one source is merged with that of another (%i)',
	async (seed) => {
		const random = new Random(seed);
		const path = databasePath();
		const storage = openStorage(path);
		for (const source of [1, 2]) {
			const times = new LogTimes(random);
			const first = linesOf(random, times, 300);
			const log = new LogInTest(sinkOf(storage, source), { historyEntries: first.length });
			log.leave(first);
			await log.append(linesOf(random, times, 100));
			log.leave(linesOf(random, times, 100));
			await log.append(linesOf(random, times, 50));
		}
		await untilHistory(storage, 1);
		await untilHistory(storage, 2);
		expect(await compare(storage, random)).toBe(QUESTIONS);
		await storage.close();
		expect(await compare(openStorage(path), random)).toBe(QUESTIONS);
	},
	60_000 * TEST_SCALE,
);

test(
	'over many segments and units, rows stand where their times say',
	async () => {
		const random = new Random(6);
		const path = databasePath();
		const storage = openStorage(path);
		const logs = [1, 2].map((source) => ({
			log: new LogInTest(sinkOf(storage, source)),
			times: new LogTimes(random),
		}));
		for (let append = 0; append < 30; append++) {
			for (const { log, times } of logs) {
				await log.append(linesOf(random, times, 400));
			}
		}
		expect(await compare(storage, random, FEW)).toBe(FEW);
		await storage.close();
		expect(await compare(openStorage(path), random, FEW)).toBe(FEW);
	},
	60_000 * TEST_SCALE,
);

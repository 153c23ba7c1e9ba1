import { expect, test } from 'vitest';
import type { EntryRow } from '#shared/model/entry.ts';
import type { Filter } from '#shared/model/query.ts';
import { matchFilter } from '#shared/query/match-filter.ts';
import type { SegmentStorage } from '#engine/segments/segment-storage.ts';
import { firstDifference, Random, TEST_SCALE } from '../../../support/entries.ts';
import { bytesOf, randomEntries, randomText } from '../../../support/random-entries.ts';
import type { GivenEntry } from '../../../support/random-entries.ts';
import {
	countOf,
	databasePath,
	LogInTest,
	openStorage,
	rowsOf,
	sinkOf,
	untilHistory,
} from './storage-in-test.ts';

/** Filters that are tried on a set of entries: with all sets together more than 20,000. */
const FILTERS = 600 * TEST_SCALE;
const IN_FLIGHT = 64;

type ExpectedRow = Omit<EntryRow, 'seq'>;

/** The rows of entries as those of a source. */
function ofSource(entries: readonly GivenEntry[], source: number): ExpectedRow[] {
	return entries.flatMap(({ rows }) => rows.map((row) => ({ ...row, source })));
}

function randomFilter(random: Random, rows: readonly EntryRow[]): Filter {
	const row = () => random.pick(rows);
	const level = () =>
		random.pick([row().level, row().level.toLowerCase(), 'warn', 'nobody', ' Error ', '']);
	const time = () => row().ts + random.pick([0, 0, 1, -1]);
	return {
		...(random.chance(0.2) ? { task_id: random.pick([row().task_id ?? '', 'none', ' x ']) } : {}),
		...(random.chance(0.15) ? { level: level() } : {}),
		...(random.chance(0.2) ? { min_level: level() } : {}),
		...(random.chance(0.5) ? { q: randomText(random, rows) } : {}),
		...(random.chance(0.15) ? { since: time() } : {}),
		...(random.chance(0.15) ? { until: time() } : {}),
		...(random.chance(0.2) ? { source: random.pick([1, 2, 3]) } : {}),
		...(random.chance(0.15) ? { quarantined: random.chance(0.5) } : {}),
		...(random.chance(0.2) ? { up_to: row().seq + random.pick([0, 0, 1, -1, 5]) } : {}),
	};
}

/** Compares the storage with what is expected; so many filters were tried. */
async function compare(
	storage: SegmentStorage,
	random: Random,
	expected: readonly ExpectedRow[],
	filters = FILTERS,
): Promise<number> {
	const all = (await rowsOf(storage)).toReversed();
	// The order of arrival, and every column of every row.
	const texts = all.map(inText);
	expect(firstDifference(texts, expected.map(previewed).map(inText))).toBeUndefined();
	const rows = all.map((row, index) => ({ ...row, message: expected[index]?.message ?? '' }));
	const newestFirst = rows.toReversed();
	expect(new Set(rows.map(({ seq }) => seq)).size).toBe(rows.length);
	for (let done = 0; done < filters; done += IN_FLIGHT) {
		const batch = Array.from({ length: Math.min(IN_FLIGHT, filters - done) }, async () => {
			const filter = randomFilter(random, rows);
			const matching = newestFirst.filter((row) => matchFilter(filter, row));
			const limit = random.pick([1, 3, 50, 1e6]);
			const offset = random.pick([0, 0, 1, 7, matching.length]);
			const after = random.chance(0.3) ? random.pick(rows).seq : undefined;
			const counted = matching.filter(({ seq }) => seq > (after ?? -1));
			const [found, count] = await Promise.all([
				rowsOf(storage, { ...filter, limit, offset }),
				countOf(storage, { ...filter, ...(after === undefined ? {} : { after }) }),
			]);
			const wanted = matching.slice(offset, offset + limit);
			const difference = { filter, limit, offset, after };
			expect({ ...difference, found: found.map(({ seq }) => seq) }).toEqual({
				...difference,
				found: wanted.map(({ seq }) => seq),
			});
			expect({ ...difference, ...count }).toEqual({
				...difference,
				matched: counted.length,
				errors: counted.filter(({ severity }) => severity >= 40).length,
				searched: 1,
				complete: true,
			});
		});
		await Promise.all(batch);
	}
	return filters;
}

/** A row as text, its columns in one order, but not what other rows say of it. */
function inText(row: ExpectedRow & { readonly seq?: number }): string {
	return JSON.stringify(Object.entries({ ...row, seq: 0, late: 0 }).sort());
}

function previewed(row: ExpectedRow): ExpectedRow {
	return { ...row, message: row.message.slice(0, 1_000) };
}

test.each([1, 2, 3, 4])(
	'live, sealed, saved and reopened, filters find what they mean (%i)',
	async (seed) => {
		const random = new Random(seed);
		const path = databasePath();
		const storage = openStorage(path);
		const logs = [1, 2].map((source) => new LogInTest(sinkOf(storage, source)));
		const expected: ExpectedRow[] = [];
		const add = async (count: number) => {
			for (let left = count; left > 0;) {
				const source = random.below(2);
				const entries = randomEntries(random, Math.min(left, 1 + random.below(20)));
				left -= entries.length;
				await logs[source]?.append(bytesOf(entries));
				expected.push(...ofSource(entries, source + 1));
			}
		};
		await add(25);
		expect(await compare(storage, random, expected)).toBe(FILTERS);
		await storage.flush();
		await add(12);
		// Keeping places free begins another segment.
		const empty = new LogInTest(sinkOf(storage, 3), { historyEntries: 5 });
		expect(empty.end).toBe(0);
		await add(12);
		expect(await compare(storage, random, expected)).toBe(FILTERS);
		await storage.flush();
		expect(await compare(storage, random, expected)).toBe(FILTERS);
		await storage.close();
		expect(await compare(openStorage(path), random, expected)).toBe(FILTERS);
	},
	60_000 * TEST_SCALE,
);

test.each([5, 6])(
	'history read by threads stands before what came later, and is found as it (%i)',
	async (seed) => {
		const random = new Random(seed);
		const path = databasePath();
		const storage = openStorage(path);
		const first = randomEntries(random, 20);
		const live = randomEntries(random, 30);
		const gap = randomEntries(random, 20);
		const last = randomEntries(random, 20);
		const other = randomEntries(random, 20);
		const old = new LogInTest(sinkOf(storage, 2));
		await old.append(bytesOf(other));
		const log = new LogInTest(sinkOf(storage), { historyEntries: bytesOf(first).length });
		log.leave(bytesOf(first));
		await log.append(bytesOf(live));
		log.leave(bytesOf(gap));
		await log.append(bytesOf(last));
		await untilHistory(storage);
		const expected = [...ofSource(other, 2), ...ofSource([...first, ...live, ...gap, ...last], 1)];
		expect(await compare(storage, random, expected)).toBe(FILTERS);
		await storage.close();
		expect(await compare(openStorage(path), random, expected)).toBe(FILTERS);
	},
	60_000 * TEST_SCALE,
);

test(
	'over many segments, units and blocks, filters find what they mean',
	async () => {
		const random = new Random(7);
		const few = 40 * TEST_SCALE;
		const path = databasePath();
		const storage = openStorage(path);
		const log = new LogInTest(sinkOf(storage), { historyEntries: 2_000_000 });
		const history = randomEntries(random, 7_000);
		const live = randomEntries(random, 14_000);
		log.leave(bytesOf(history));
		for (let at = 0; at < live.length; at += 500) {
			await log.append(bytesOf(live.slice(at, at + 500)));
		}
		await untilHistory(storage);
		const expected = ofSource([...history, ...live], 1);
		expect(await compare(storage, random, expected, few)).toBe(few);
		await storage.close();
		expect(await compare(openStorage(path), random, expected, few)).toBe(few);
	},
	60_000 * TEST_SCALE,
);

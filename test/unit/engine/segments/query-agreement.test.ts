import { expect, test } from 'vitest';
import type { LogEntry } from '#shared/model/entry.ts';
import type { Filter } from '#shared/model/query.ts';
import { compileFilter } from '#shared/query/match-filter.ts';
import type { SegmentStorage } from '#engine/segments/segment-storage.ts';
import { NOW, Random, TEST_SCALE } from '../../../support/entries.ts';
import { DETAILED } from '../../../support/random-details.ts';
import { bytesOf, givenEntry, randomEntry } from '../../../support/random-entries.ts';
import type { GivenEntry } from '../../../support/random-entries.ts';
import { randomQuery } from '../../../support/storage-queries.ts';
import {
	countOf,
	databasePath,
	LogInTest,
	openStorage,
	rowsOf,
	sinkOf,
	untilHistory,
} from './storage-in-test.ts';

/** Queries that are tried on a set of entries: with each of its 20 to 55 entries, 300,000 pairs in all. */
const QUERIES = 700 * TEST_SCALE;
const IN_FLIGHT = 64;
const NAMES = new Map([
	[1, 'one.jsonl'],
	[2, 'two.log'],
]);

/** What makes the filter of a block say nothing: letters in disguise, messages made of parts. */
const ODD = /\\u|\\x|[\u212a\u0130]|@mt/;

/** Entries with all that a query can look at; without odd ones filters are used wherever they can. */
function detailedEntries(random: Random, count: number, hasOdd: boolean): GivenEntry[] {
	const entries: GivenEntry[] = [];
	while (entries.length < count) {
		const entry = random.chance(0.35)
			? randomEntry(random)
			: givenEntry(Buffer.from(`${random.pick(DETAILED)(random)}\n`));
		if (hasOdd || !ODD.test(entry.bytes.toString())) {
			entries.push(entry);
		}
	}
	return entries;
}

async function entriesOf(storage: SegmentStorage): Promise<readonly LogEntry[]> {
	const rows = await rowsOf(storage);
	const entries = await Promise.all(rows.map(({ seq }) => storage.get(seq)));
	return entries.filter((entry) => entry !== undefined);
}

function isError({ severity }: LogEntry): boolean {
	return severity >= 40;
}

/** Compares what the storage finds with what the queries mean; so many were tried. */
async function compare(
	storage: SegmentStorage,
	random: Random,
	queries = QUERIES,
): Promise<number> {
	storage.setSourceNames(NAMES);
	const entries = await entriesOf(storage);
	for (let done = 0; done < queries; done += IN_FLIGHT) {
		const batch = Array.from({ length: Math.min(IN_FLIGHT, queries - done) }, async () => {
			const filter: Filter = {
				query: randomQuery(random, entries),
				...(random.chance(0.15) ? { also: randomQuery(random, entries) } : {}),
				...(random.chance(0.1) ? { min_level: 'WARNING' } : {}),
				...(random.chance(0.1) ? { arrived_after: random.pick(entries).seq } : {}),
				at: NOW * 1_000,
				zone: random.pick(['UTC', 'Etc/GMT-2', 'America/New_York', 'Asia/Kolkata']),
				marked: [random.pick(entries).seq, random.pick(entries).seq, 1e9],
				notes: ['Ask', 'ask the DBA', 'x'].map((text) => ({
					seq: random.pick(entries).seq,
					text,
				})),
				...(random.chance(0.9) ? { seen_to: random.pick(entries).seq } : {}),
			};
			const matches = compileFilter(filter, NAMES);
			const expected = entries.filter(matches);
			const offset = random.pick([0, 0, 1, expected.length]);
			const limit = random.pick([2, 1e6]);
			const [found, count] = await Promise.all([
				rowsOf(storage, { ...filter, limit, offset }),
				countOf(storage, filter),
			]);
			const { matched, errors, complete } = count;
			const said = [found.map(({ seq }) => seq), matched, errors, complete];
			const wanted = expected.slice(offset, offset + limit).map(({ seq }) => seq);
			const meant = [wanted, expected.length, expected.filter(isError).length, true];
			// Texts are compared quickly.
			const question = JSON.stringify({ ...filter, offset, limit });
			expect(`${question}\n${JSON.stringify(said)}`).toBe(`${question}\n${JSON.stringify(meant)}`);
		});
		await Promise.all(batch);
	}
	return queries;
}

test.each([1, 2, 3])(
	'live, sealed, saved and reopened, queries find what they mean (%i)',
	async (seed) => {
		const random = new Random(seed);
		const path = databasePath();
		const storage = openStorage(path);
		const logs = [1, 2].map((source) => new LogInTest(sinkOf(storage, source)));
		const add = async (count: number) => {
			for (let left = count; left > 0; left -= 5) {
				await logs[random.below(2)]?.append(bytesOf(detailedEntries(random, 5, seed === 1)));
			}
		};
		await add(20);
		expect(await compare(storage, random)).toBe(QUERIES);
		await storage.flush();
		await add(15);
		expect(await compare(storage, random)).toBe(QUERIES);
		await storage.flush();
		expect(await compare(storage, random)).toBe(QUERIES);
		await storage.close();
		expect(await compare(openStorage(path), random)).toBe(QUERIES);
	},
	120_000 * TEST_SCALE,
);

test.each([4, 5])(
	'history read by threads is found as what came later (%i)',
	async (seed) => {
		const random = new Random(seed);
		const storage = openStorage(databasePath());
		const first = bytesOf(detailedEntries(random, 20, seed === 4));
		const log = new LogInTest(sinkOf(storage), { historyEntries: first.length });
		log.leave(first);
		await log.append(bytesOf(detailedEntries(random, 15, seed === 4)));
		await untilHistory(storage);
		expect(await compare(storage, random)).toBe(QUERIES);
	},
	120_000 * TEST_SCALE,
);

test(
	'over many segments, units and blocks, queries find what they mean',
	async () => {
		const random = new Random(6);
		const queries = 60 * TEST_SCALE;
		const storage = openStorage(databasePath());
		const log = new LogInTest(sinkOf(storage), { historyEntries: 1_000_000 });
		log.leave(bytesOf(detailedEntries(random, 2_000, true)));
		for (let at = 0; at < 6; at++) {
			await log.append(bytesOf(detailedEntries(random, 500, at % 2 === 0)));
		}
		await untilHistory(storage);
		expect(await compare(storage, random, queries)).toBe(queries);
	},
	120_000 * TEST_SCALE,
);

test('what stands in other words in its line is found', async () => {
	const storage = openStorage(databasePath());
	const log = new LogInTest(sinkOf(storage));
	const dict = "{'event': 'job done', 'x': -inf, 'done': {None: 3, -inf: 4}}";
	const plain = { ts: '2026-11-20T10:00:00Z', level: 'INFO', logger: 'app', task_id: null };
	await log.append(
		[
			{ ...plain, message: dict },
			{ ...plain, message: 'code ABC', extra: { code: 'ABC' } },
		]
			.map((record) => `${JSON.stringify(record)}\n`)
			.join(''),
	);
	const found = async (query: string) => (await rowsOf(storage, { query })).length;
	for (const query of ['x:-Infinity', '*:-Infinity', 'done.null:3', 'has:done.-Infinity']) {
		expect([query, await found(query)]).toEqual([query, 1]);
	}
	// What an expression names by its octal number.
	for (const query of ['/\\101BC/', 'code:/\\101BC/', '*:/\\101BC/']) {
		expect([query, await found(query)]).toEqual([query, 1]);
	}
});

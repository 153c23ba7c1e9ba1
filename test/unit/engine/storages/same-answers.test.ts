import { expect, test } from 'vitest';
import type { EntryRow, LogEntry } from '#shared/model/entry.ts';
import type { Filter, PlacesQuery, ShapeQuery, ValuesQuery } from '#shared/model/query.ts';
import { ORDERS } from '#shared/model/query.ts';
import type { ActiveStorage } from '#engine/active-storage.ts';
import { QueryableEntry } from '#engine/storages/queryable-entry.ts';
import { Random, TEST_SCALE } from '../../../support/entries.ts';
import { randomNewEntries, randomStorageFilter } from '../../../support/storage-pairs.ts';
import { openBoth } from './both-storages.ts';
import type { BothStorages } from './both-storages.ts';
import { countOf, pageOf } from './client-in-test.ts';

const FIELDS = [
	'level',
	'task',
	'logger',
	'source',
	'user',
	'status',
	'extra.tags',
	'message',
	'exception',
	'pattern',
	'absent',
];

/** Asked for again until it is complete. */
async function wholeOf<T extends { readonly complete: boolean }>(
	ask: () => Promise<T>,
): Promise<T> {
	for (;;) {
		const answer = await ask();
		if (answer.complete) {
			return answer;
		}
	}
}

/** Asked for again until it tells no more. */
async function settled<T>(ask: () => Promise<T>): Promise<T> {
	for (let before = JSON.stringify(await ask()); ;) {
		const answer = await ask();
		if (JSON.stringify(answer) === before) {
			return answer;
		}
		before = JSON.stringify(answer);
	}
}

/** Without what each storage numbers its own way. */
function plain(row: EntryRow): unknown {
	return { ...row, seq: 0, source: 0 };
}

function plainEntry(entry: LogEntry | undefined): unknown {
	return entry && { ...entry, seq: 0, source: 0, file: '', offset: 0 };
}

/** Filters that say the same to both: nothing of numbers, and any of the other things. */
function randomFilter(random: Random, rows: readonly QueryableEntry[]): Filter {
	return { ...randomStorageFilter(random, rows), source: undefined };
}

function randomShape(random: Random, filter: Filter): ShapeQuery {
	return {
		...filter,
		...(random.chance(0.8) ? { buckets: 1 + random.below(200) } : {}),
		facets: FIELDS.filter(() => random.chance(0.3)).map((field) => ({
			field,
			limit: random.pick([1, 3, 200]),
			...(random.chance(0.2) ? { search: random.pick(['a', 'IN', 'zz', '1']) } : {}),
			...(random.chance(0.2)
				? { query: random.pick(['', 'level:error', 'is:repeat', 'job']) }
				: {}),
		})),
	};
}

async function answersOf(
	storage: ActiveStorage,
	asked: {
		readonly filter: Filter;
		readonly shape: ShapeQuery;
		readonly places: PlacesQuery;
		readonly values: ValuesQuery;
		readonly offset: number;
	},
): Promise<unknown> {
	const { filter, shape, places, values, offset } = asked;
	const { order } = places;
	const page = { ...filter, order, offset, limit: 20, fields: ['user', 'exception', 'tags[0]'] };
	const rows = await pageOf(storage, page);
	return {
		rows: rows.map(plain),
		count: await countOf(storage, filter),
		shape: await wholeOf(() => storage.shape(shape)),
		places: await wholeOf(() => storage.places(places)),
		values: await settled(() => storage.getValues(values)),
		first: plainEntry(rows[0] && (await storage.get(rows[0].seq))),
	};
}

/** Asks both the same; so many questions were asked. */
async function compare(
	{ segments, memory }: BothStorages,
	random: Random,
	rows: readonly QueryableEntry[],
	questions: number,
	valuesOf: readonly string[] = FIELDS,
): Promise<number> {
	for (let left = questions; left > 0; left--) {
		const filter = randomFilter(random, rows);
		const asked = {
			filter,
			shape: randomShape(random, filter),
			places: {
				...filter,
				also: random.pick(['level:error', 'job', 'has:user', 'is:late']),
				order: random.pick(ORDERS),
				buckets: 1 + random.below(50),
				...(random.chance(0.3) ? { limit: 1 + random.below(100) } : {}),
			},
			values: {
				field: random.pick(valuesOf),
				search: random.pick(['', '', 'a', 'N', '5']),
				limit: random.pick([1, 20]),
			},
			offset: random.pick([0, 0, 1, 30]),
		};
		const [expected, found] = [await answersOf(segments, asked), await answersOf(memory, asked)];
		expect({ asked, ...(found as object) }).toEqual({ asked, ...(expected as object) });
	}
	return questions;
}

test.each([1, 2])(
	'a storage of the family answers what the default one answers (%i)',
	async (seed) => {
		const random = new Random(seed);
		const both = openBoth();
		const questions = 40 * TEST_SCALE;
		const rows: QueryableEntry[] = [];
		let asked = 0;
		for (const count of [1, 70, 150]) {
			const entries = randomNewEntries(random, count);
			await both.add(entries);
			rows.push(...entries.map((entry) => new QueryableEntry({ ...entry, id: '' })));
			asked += await compare(both, random, rows, questions);
			await both.segments.flush();
		}
		expect(asked).toBe(3 * questions);
		const fields = await settled(() => both.segments.getFields());
		expect(await settled(() => both.memory.getFields())).toEqual(fields);
	},
	120_000 * TEST_SCALE,
);

test('it answers the same over thousands of entries', async () => {
	const random = new Random(3);
	const both = openBoth();
	const entries = randomNewEntries(random, 6_000);
	await both.add(entries);
	const rows = entries.map((entry) => new QueryableEntry({ ...entry, id: '' }));
	// Of many entries each samples its own for the values of other fields.
	expect(await compare(both, random, rows, 8, ['level', 'task', 'logger', 'source'])).toBe(8);
}, 120_000);

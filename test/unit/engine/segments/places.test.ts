import { describe, expect, test } from 'vitest';
import type { Filter, Places, PlacesQuery } from '#shared/model/query.ts';
import type { QueryEntry } from '#shared/query/entry-fields.ts';
import { compileFilter } from '#shared/query/match-filter.ts';
import type { SegmentStorage } from '#engine/segments/segment-storage.ts';
import { Random, TEST_SCALE } from '../../../support/entries.ts';
import { inAllStates, randomFilter, withManyEntries } from './in-all-states.ts';

/** Places asked for again until they are complete. */
async function placesOf(storage: SegmentStorage, query: PlacesQuery): Promise<Places> {
	for (;;) {
		const places = await storage.places(query);
		if (places.complete) {
			return places;
		}
	}
}

/** What places have to be, found entry by entry. */
function plainPlaces(rows: readonly QueryEntry[], query: PlacesQuery): Places {
	const { buckets, limit = Infinity, order, also, ...filter } = query;
	const matching = rows
		.filter(compileFilter(filter))
		.sort((a, b) => (order === 'time' ? b.ts - a.ts || b.seq - a.seq : b.seq - a.seq))
		.slice(0, limit);
	const counts = Array.from({ length: buckets }, () => 0);
	const isAlso = compileFilter(also === undefined ? {} : { also });
	let matched = 0;
	for (const [rank, row] of matching.entries()) {
		if (isAlso(row)) {
			const bucket = Math.floor((rank * buckets) / matching.length);
			counts[bucket] = (counts[bucket] ?? 0) + 1;
			matched++;
		}
	}
	return { counts, matched, total: matching.length, complete: true };
}

async function compare(
	storage: SegmentStorage,
	random: Random,
	rows: readonly QueryEntry[],
	questions: number,
): Promise<number> {
	for (let asked = 0; asked < questions; asked++) {
		const filter: Filter = random.chance(0.3) ? {} : randomFilter(random, rows);
		const word = /\w{2,}/.exec(random.pick(rows).message)?.[0] ?? 'job';
		const question: PlacesQuery = {
			...filter,
			...(random.chance(0.9) ? { also: random.pick([word, 'level:error', 'a']) } : {}),
			...(random.chance(0.5) ? { order: random.pick(['time', 'arrival']) } : {}),
			...(random.chance(0.3) ? { limit: 1 + random.below(rows.length) } : {}),
			buckets: 1 + random.below(100),
		};
		const places = await placesOf(storage, question);
		expect({ question, ...places }).toEqual({ question, ...plainPlaces(rows, question) });
	}
	return questions;
}

describe('places of entries that match something more', () => {
	test.each([1, 2])(
		'are right in both orders, live, saved and reopened (%i)',
		async (seed) => {
			const random = new Random(seed);
			const questions = 100 * TEST_SCALE;
			let asked = 0;
			await inAllStates(random, async (storage, rows) => {
				asked += await compare(storage, random, rows, questions);
			});
			expect(asked).toBe(3 * questions);
		},
		60_000,
	);

	test('are right in history and in many segments and units', async () => {
		const random = new Random(3);
		const questions = 10 * TEST_SCALE;
		let asked = 0;
		await withManyEntries(random, async (storage, rows) => {
			asked += await compare(storage, random, rows, questions);
		});
		expect(asked).toBe(2 * questions);
	}, 60_000);
});

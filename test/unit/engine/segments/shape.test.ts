import { describe, expect, test } from 'vitest';
import type { Histogram, ShapeQuery } from '#shared/model/query.ts';
import type { QueryEntry } from '#shared/query/entry-fields.ts';
import type { SegmentStorage } from '#engine/segments/segment-storage.ts';
import { firstDifference, Random, TEST_SCALE } from '../../../support/entries.ts';
import { inAllStates, randomFilter, withManyEntries } from './in-all-states.ts';
import { plainCounts, plainMatches, plainShape, shapeOf } from './plain-shape.ts';

const COLUMNS = ['level', 'task', 'logger', 'source'];
const OTHERS = ['note', 'extra.pid', 'User', 'nested.message', 'exception', 'absent'];

/** What has to be true of a histogram. */
const FINE = { isFew: true, isRound: true, isAllTime: true, wrong: undefined as unknown };

function factsOf(
	rows: readonly QueryEntry[],
	question: ShapeQuery,
	histogram: Histogram,
): typeof FINE {
	const { from, width, counts } = histogram;
	const { buckets = 0, since, until } = question;
	const matching = plainMatches(rows, question);
	const times = matching.map(({ ts }) => ts);
	const end = from + width * counts.length;
	const texts = (columns: typeof counts) => columns.map((column) => column.join(' '));
	return {
		isFew: counts.length <= buckets,
		isRound: width % 1_000 === 0 && from % width === 0,
		isAllTime: from <= (since ?? Math.min(...times)) && end > (until ?? Math.max(...times)),
		wrong: firstDifference(texts(counts), texts(plainCounts(matching, histogram))),
	};
}

function randomQuestion(
	random: Random,
	rows: readonly QueryEntry[],
	others: readonly string[],
): ShapeQuery {
	const fields = [...COLUMNS, random.pick(others)].filter(() => random.chance(0.5));
	return {
		...randomFilter(random, rows),
		...(random.chance(0.8) ? { buckets: 1 + random.below(200) } : {}),
		facets: fields.map((field) => ({
			field,
			limit: random.pick([1, 3, 200]),
			...(random.chance(0.3) ? { search: random.pick(['a', 'IN', 'zz', '1']) } : {}),
		})),
	};
}

/** Asks random questions and counts the same entry by entry; so many were asked. */
async function compare(
	storage: SegmentStorage,
	random: Random,
	rows: readonly QueryEntry[],
	questions: number,
	others = OTHERS,
): Promise<number> {
	for (let asked = 0; asked < questions; asked++) {
		const question = randomQuestion(random, rows, others);
		const { histogram, ...shape } = await shapeOf(storage, question);
		expect({ question, ...shape }).toEqual({ question, ...plainShape(rows, question) });
		const shown = histogram === undefined ? undefined : factsOf(rows, question, histogram);
		const isAsked = question.buckets !== undefined && shape.matched > 0;
		expect({ question, shown }).toEqual({ question, shown: isAsked ? FINE : undefined });
	}
	return questions;
}

describe('histogram and facets', () => {
	test.each([1, 2])(
		'count what matches, live, saved and reopened (%i)',
		async (seed) => {
			const random = new Random(seed);
			const questions = 60 * TEST_SCALE;
			let asked = 0;
			await inAllStates(random, async (storage, rows) => {
				asked += await compare(storage, random, rows, questions);
			});
			expect(asked).toBe(3 * questions);
		},
		60_000 * TEST_SCALE,
	);

	test(
		'count what matches in history and in many segments and units',
		async () => {
			const random = new Random(3);
			const questions = 10 * TEST_SCALE;
			let asked = 0;
			await withManyEntries(random, async (storage, rows) => {
				asked += await compare(storage, random, rows, questions, COLUMNS);
			});
			expect(asked).toBe(2 * questions);
		},
		60_000 * TEST_SCALE,
	);
});

import { describe, expect, test } from 'vitest';
import type { EntryRow } from '#shared/model/entry.ts';
import type { Filter, Histogram, ShapeQuery } from '#shared/model/query.ts';
import type { SegmentStorage } from '#engine/storage/segment-storage.ts';
import { firstDifference, Random, TEST_SCALE } from '../../../support/entries.ts';
import { plainCounts, plainMatches, plainShape, shapeOf } from './plain-shape.ts';
import { bytesOf, randomEntries, randomText } from './random-entries.ts';
import type { GivenEntry } from './random-entries.ts';
import {
	databasePath,
	LogInTest,
	openStorage,
	rowsOf,
	sinkOf,
	untilHistory,
} from './storage-in-test.ts';

const QUESTIONS = 100 * TEST_SCALE;
const FIELDS = ['level', 'task_id', 'logger', 'source'];

function messagesOf(entries: readonly GivenEntry[]): readonly string[] {
	return entries.flatMap(({ rows }) => rows.map(({ message }) => message));
}

function randomFilter(random: Random, rows: readonly EntryRow[]): Filter {
	const row = () => random.pick(rows);
	const up_to = random.chance(0.3) ? { up_to: row().seq } : {};
	const times = [row().ts, row().ts].sort((a, b) => a - b);
	return {
		...up_to,
		...(random.chance(0.2) ? { task_id: row().task_id ?? '' } : {}),
		...(random.chance(0.2) ? { level: row().level } : {}),
		...(random.chance(0.2) ? { min_level: row().level } : {}),
		...(random.chance(0.3) ? { q: randomText(random, rows) } : {}),
		...(random.chance(0.3) ? { since: times[0] } : {}),
		...(random.chance(0.3) ? { until: times[1] } : {}),
		...(random.chance(0.2) ? { source: random.pick([1, 2]) } : {}),
	};
}

function randomQuestion(random: Random, rows: readonly EntryRow[]): ShapeQuery {
	const fields = FIELDS.filter(() => random.chance(0.5));
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

/** What has to be true of a histogram. */
const FINE = { isFew: true, isRound: true, isAllTime: true, wrong: undefined as unknown };

function factsOf(
	rows: readonly EntryRow[],
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

/** Asks random questions and counts the same entry by entry. */
async function compare(
	storage: SegmentStorage,
	random: Random,
	messages: readonly string[],
	questions = QUESTIONS,
): Promise<number> {
	const found = (await rowsOf(storage)).toReversed();
	const rows = found.map((row, index) => ({ ...row, message: messages[index] ?? '' }));
	expect(rows).toHaveLength(messages.length);
	for (let asked = 0; asked < questions; asked++) {
		const question = randomQuestion(random, rows);
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
			const path = databasePath();
			const storage = openStorage(path);
			const logs = [1, 2].map((source) => new LogInTest(sinkOf(storage, source)));
			const messages: string[] = [];
			const add = async (count: number) => {
				for (let left = count; left > 0;) {
					const entries = randomEntries(random, Math.min(left, 1 + random.below(20)));
					left -= entries.length;
					await logs[random.below(2)]?.append(bytesOf(entries));
					messages.push(...messagesOf(entries));
				}
			};
			await add(40);
			expect(await compare(storage, random, messages)).toBe(QUESTIONS);
			await storage.flush();
			await add(20);
			const empty = new LogInTest(sinkOf(storage, 3), { historyEntries: 5 });
			expect(empty.end).toBe(0);
			await add(20);
			expect(await compare(storage, random, messages)).toBe(QUESTIONS);
			await storage.close();
			expect(await compare(openStorage(path), random, messages)).toBe(QUESTIONS);
		},
		60_000,
	);

	test('count what matches in history and in many segments and units', async () => {
		const random = new Random(3);
		const few = 12 * TEST_SCALE;
		const path = databasePath();
		const storage = openStorage(path);
		const log = new LogInTest(sinkOf(storage), { historyEntries: 2_000_000 });
		const history = randomEntries(random, 4_000);
		const live = randomEntries(random, 10_000);
		log.leave(bytesOf(history));
		for (let at = 0; at < live.length; at += 500) {
			await log.append(bytesOf(live.slice(at, at + 500)));
		}
		await untilHistory(storage);
		const messages = messagesOf([...history, ...live]);
		expect(await compare(storage, random, messages, few)).toBe(few);
		await storage.close();
		expect(await compare(openStorage(path), random, messages, few)).toBe(few);
	}, 60_000);
});

import { describe, expect, test } from 'vitest';
import type { PageQuery } from '#engine/active-storage.ts';
import { EntryWindow } from '#engine/storages/answers/entry-window.ts';
import { WindowAnswers } from '#engine/storages/answers/window-answers.ts';
import { QueryableEntry } from '#engine/storages/queryable-entry.ts';
import { LATE_MICROS } from '#shared/model/entry.ts';
import { ORDERS } from '#shared/model/query.ts';
import { compileFilter } from '#shared/query/match-filter.ts';
import { patternOf } from '#shared/query/pattern.ts';
import { NOW, Random, TEST_SCALE } from '../../../support/entries.ts';
import { randomNewEntries, randomStorageFilter, SOURCES } from '../../../support/storage-pairs.ts';

/** What `late` and `repeat` are of entries that stand in order. */
function withNeighbours(entries: readonly QueryableEntry[], last = entries.length) {
	let newest = -Infinity;
	const whole = entries.map((entry, index) => {
		const { ts, stored, seq } = entry;
		const late = newest - ts >= LATE_MICROS ? newest - ts : undefined;
		newest = Math.max(newest, ts);
		const before = index > entries.length - last ? entries[index - 1] : undefined;
		const isRepeat =
			before?.level === entry.level &&
			before.logger === entry.logger &&
			before.task_id === entry.task_id &&
			patternOf(before.message) === patternOf(entry.message);
		return new QueryableEntry(stored, seq, late, isRepeat ? true : undefined);
	});
	return whole.slice(-last);
}

interface Comparison {
	readonly window: EntryWindow;
	readonly answers: WindowAnswers;
	/** Oldest first. */
	readonly entries: readonly QueryableEntry[];
}

/** Compares answers with what the filter means of each entry; so many pairs were looked at. */
function compare({ window, answers, entries }: Comparison, random: Random, asked: number): number {
	expect(window.size).toBe(entries.length);
	for (let left = asked; left > 0; left--) {
		const filter = randomStorageFilter(random, entries);
		const order = random.pick(ORDERS);
		const matching = entries.filter(compileFilter(filter, SOURCES)).toReversed();
		const sorted = order === 'time' ? matching.toSorted((a, b) => b.ts - a.ts) : matching;
		const offset = random.pick([0, 0, 1, 7, matching.length]);
		const limit = random.pick([1, 5, 1_000]);
		const after = random.chance(0.3) ? random.pick(entries).seq : undefined;
		const place = random.chance(0.3) ? random.pick(entries) : undefined;
		const above = place && { ts: place.ts, seq: place.seq };
		const counted = matching.filter(
			({ seq, ts }) =>
				seq > (after ?? -1) &&
				(above === undefined || ts > above.ts || (ts === above.ts && seq > above.seq)),
		);
		const page = whole(() => answers.query({ ...filter, order, offset, limit } as PageQuery));
		const count = whole(() => answers.count({ ...filter, after, above }));
		const said = [page.rows.map(({ seq }) => seq), count.matched, count.errors, count.searched];
		const meant = [
			sorted.slice(offset, offset + limit).map(({ seq }) => seq),
			counted.length,
			counted.filter(({ severity }) => severity >= 40).length,
			1,
		];
		const question = JSON.stringify({ filter, order, offset, limit, after, above });
		expect(`${question}\n${JSON.stringify(said)}`).toBe(`${question}\n${JSON.stringify(meant)}`);
	}
	return asked * entries.length;
}

function whole<T extends { readonly complete: boolean }>(ask: () => T): T {
	for (;;) {
		const answer = ask();
		if (answer.complete) {
			return answer;
		}
	}
}

function numbered(random: Random, count: number, from = 1): QueryableEntry[] {
	return randomNewEntries(random, count).map((entry, index) => {
		const seq = from + index * 3;
		return new QueryableEntry({ ...entry, id: `${NOW}-${seq}`, seq }, seq);
	});
}

describe('answers over a window', () => {
	test.each([1, 2, 3])(
		'select what matchFilter selects, as entries come and leave (%i)',
		(seed) => {
			const random = new Random(seed);
			const window = new EntryWindow(150);
			// Each look at the clock finds the slice over: all is found out in many answers.
			let clock = 0;
			const answers = new WindowAnswers(window, SOURCES, () => (clock += 1_000));
			const all: QueryableEntry[] = [];
			let pairs = 0;
			for (const count of [40, 60, 49, 1, 1, 30, 400]) {
				const next = numbered(random, count, 1 + (all.at(-1)?.seq ?? 0));
				all.push(...next);
				window.add(next);
				const entries = withNeighbours(all, Math.min(all.length, 150));
				pairs += compare({ window, answers, entries }, random, 60 * TEST_SCALE);
			}
			expect(pairs).toBeGreaterThan(40_000);
		},
		60_000 * TEST_SCALE,
	);

	test('select what matchFilter selects over many blocks', () => {
		const random = new Random(4);
		const window = new EntryWindow(5_000);
		const answers = new WindowAnswers(window, SOURCES);
		const all = numbered(random, 4_000);
		window.add(all);
		const sizes = [4_000];
		let pairs = compare({ window, answers, entries: withNeighbours(all) }, random, 15);
		for (const count of [900, 1_500]) {
			const next = numbered(random, count, 1 + (all.at(-1)?.seq ?? 0));
			all.push(...next);
			window.add(next);
			const entries = withNeighbours(all, Math.min(all.length, 5_000));
			sizes.push(entries.length);
			pairs += compare({ window, answers, entries }, random, 15);
		}
		expect(sizes).toEqual([4_000, 4_900, 5_000]);
		expect(pairs).toBe(13_900 * 15);
	}, 120_000);

	test('asked for again as entries leave, tell of those that are left', () => {
		const random = new Random(5);
		const window = new EntryWindow(60);
		const answers = new WindowAnswers(window, SOURCES);
		const queries = ['is:repeat', '-is:repeat', 'is:late', 'level:error', 'has:user', ''];
		const all: QueryableEntry[] = [];
		for (let step = 0; step < 150; step++) {
			const count = random.pick([1, 1, 2, 20]);
			const next = numbered(random, count, 1 + (all.at(-1)?.seq ?? 0)).map(
				({ stored, seq }) =>
					// Many say what the one before says.
					new QueryableEntry(
						{
							...stored,
							level: 'ERROR',
							logger: '',
							message: random.pick(['a', 'b']),
							task_id: 't',
						},
						seq,
					),
			);
			all.push(...next);
			window.add(next);
			const left = withNeighbours(all, Math.min(all.length, 60));
			for (const query of queries) {
				const matching = left.filter(compileFilter({ query }, SOURCES));
				const facets = ['message', 'level'].map((field) => ({ field, limit: 10 }));
				const shape = whole(() => answers.shape({ query, facets }));
				const counts = facets.map(({ field }) =>
					Object.fromEntries(
						['a', 'b', 'ERROR'].flatMap((value) => {
							const having = matching.filter(
								({ message, level }) => (field === 'level' ? level : message) === value,
							);
							return having.length === 0 ? [] : [[value, having.length]];
						}),
					),
				);
				const told = shape.facets.map(({ values }) =>
					Object.fromEntries(values.map(({ value, count: found }) => [value, found])),
				);
				expect({ step, query, matched: shape.matched, told }).toEqual({
					step,
					query,
					matched: matching.length,
					told: counts,
				});
			}
		}
	});
});

import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CaseOf } from './contract.ts';
import { assertIds, byTime, matcherOf, readAll, readPage } from './read-pages.ts';
import { newEntry, numbered, START, VARIED_ENTRIES } from './sample-entries.ts';

/** Pages are stretches of one list: nothing is missing between them, nothing is there twice. */
export const pagingCases: readonly CaseOf[] = [
	{
		name: 'A page has as many entries as were asked for, from 1 to 10,000',
		async run(place, { capacity }) {
			const storage = await place.open();
			const size = Math.min(capacity, 12_000);
			await storage.append(numbered(0, Math.min(size, 10_000)));
			if (size > 10_000) {
				await storage.append(numbered(10_000, size));
			}
			for (const limit of [1, 2, 199, 1_000, Math.min(size, 10_000)]) {
				const { entries } = await readPage(storage, { limit });
				assert.equal(entries.length, limit);
				assert.equal(entries[0]?.message, `entry ${size - 1}`);
				assert.equal(entries.at(-1)?.message, `entry ${size - limit}`);
			}
		},
	},
	{
		name: 'Pages of any size make up the whole, in both orders, filtered or not',
		async run(place) {
			const storage = await place.open();
			await storage.append(VARIED_ENTRIES);
			const all = await readAll(storage);
			for (const filter of [{}, { level: 'ERROR' }, { query: 'timeout OR has:run_id' }]) {
				const expected = all.filter(matcherOf(filter));
				for (const limit of [3, 50, 419, 420, 421]) {
					const what = `${JSON.stringify(filter)} in pages of ${limit}`;
					const arrived = await readAll(storage, { filter, limit });
					assertIds(arrived, expected, what);
					const timed = await readAll(storage, { filter, limit, order: 'time' });
					assertIds(timed, byTime(expected), `${what} by time`);
				}
			}
		},
	},
	{
		name: 'Pages by time go on between entries of one time',
		async run(place) {
			const storage = await place.open();
			await storage.append(
				Array.from({ length: 60 }, (_, n) => newEntry({ ts: START + (n % 2), message: `${n}` })),
			);
			const expected = byTime(await readAll(storage));
			for (const limit of [1, 7, 30]) {
				const found = await readAll(storage, { limit, order: 'time' });
				assertIds(found, expected, `In pages of ${limit}`);
			}
		},
	},
	{
		name: 'What is appended between two pages changes neither what follows nor its order',
		async run(place) {
			const storage = await place.open();
			await storage.append(numbered(0, 100));
			for (const [order, next] of [
				['arrival', 100],
				['time', 150],
			] as const) {
				const all = await readAll(storage, { order });
				const first = await readPage(storage, { order, limit: 40 });
				await storage.append(numbered(next, next + 50));
				const before = first.entries.at(-1);
				const { entries } = await readPage(storage, { order, limit: 60, before });
				assertIds(entries, all.slice(40, 100), `Behind a page (${order})`);
			}
		},
	},
	{
		name: 'The last page says that it is the last one',
		async run(place) {
			const storage = await place.open();
			await storage.append(numbered(0, 10));
			for (const order of ['arrival', 'time'] as const) {
				const { entries, isEnd } = await readPage(storage, { order, limit: 11 });
				assert.equal(entries.length, 10);
				assert.equal(isEnd, true, 'All entries came, and yet it is said not to be the end');
				const half = await readPage(storage, { order, limit: 5 });
				assert.equal(half.isEnd, false, 'It is said to be the end, but there are more');
				const before = entries.at(-1);
				const rest = await readPage(storage, { order, limit: 5, before });
				assert.deepEqual(rest, { entries: [], isEnd: true }, 'Nothing is behind the last entry');
			}
		},
	},
	{
		name: 'Queries while entries are appended see whole stretches, without gaps',
		async run(place) {
			const storage = await place.open();
			await storage.append(numbered(0, 50));
			const writing = (async () => {
				for (let from = 50; from < 1_050; from += 50) {
					await storage.append(numbered(from, from + 50));
				}
				return 'done';
			})();
			while ((await Promise.race([writing, nextTurn('busy')])) === 'busy') {
				const { entries } = await readPage(storage, { limit: 40 });
				const numbers = entries.map(({ message }) => Number(message.slice('entry '.length)));
				const newest = numbers[0] ?? 0;
				assert.deepEqual(
					numbers,
					Array.from({ length: 40 }, (_, index) => newest - index),
					'A page lacks entries between others',
				);
			}
			assert.equal((await readAll(storage)).length, 1_050);
		},
	},
];

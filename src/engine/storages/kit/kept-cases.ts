import assert from 'node:assert/strict';
import type { NewEntry } from '../log-storage.ts';
import type { CaseOf } from './contract.ts';
import { byTime, assertIds, readAll, readPage } from './read-pages.ts';
import { newEntry, numbered, ODD_ENTRIES, START } from './sample-entries.ts';
import { assertSame, assertSameEntries } from './same-entry.ts';

/** What is appended comes back, as it was and in its order. */
export const keptCases: readonly CaseOf[] = [
	{
		name: 'An empty storage says that there is nothing',
		async run(place) {
			const storage = await place.open();
			for (const order of ['arrival', 'time'] as const) {
				assert.deepEqual(await readPage(storage, { order }), { entries: [], isEnd: true });
			}
			assert.equal((await storage.stats()).size, 0, 'It has no entries, but another size');
		},
	},
	{
		name: 'What was appended can be queried at once, the newest first',
		async run(place, { loses }) {
			const storage = await place.open();
			const entries = numbered(0, 258);
			for (const [from, to] of [
				[0, 1],
				[1, 251],
				[251, 258],
			] as const) {
				await storage.append(entries.slice(from, to));
				const found = await readAll(storage);
				assertSameEntries(found, entries.slice(0, to).toReversed(), loses);
			}
		},
	},
	{
		name: 'Every text, number, time, level and key comes back as it was',
		async run(place, { loses }) {
			const storage = await place.open();
			await storage.append(ODD_ENTRIES);
			assertSameEntries(await readAll(storage), ODD_ENTRIES.toReversed(), loses);
		},
	},
	{
		name: 'A message of a megabyte comes back whole, and so do its neighbours',
		async run(place, { loses }) {
			const storage = await place.open();
			const entries = [
				newEntry({ message: 'before' }),
				newEntry({ ts: START + 1, message: `${'0123456789'.repeat(100_000)} end` }),
				newEntry({ ts: START + 2, message: 'after' }),
			];
			await storage.append(entries);
			assertSameEntries(await readAll(storage, { limit: 2 }), entries.toReversed(), loses);
		},
	},
	{
		name: 'A batch may have 10,000 entries',
		async run(place, { loses, capacity }) {
			const storage = await place.open();
			const entries = numbered(0, 10_000);
			await storage.append(entries);
			const found = await readAll(storage, { limit: 10_000 });
			assertSameEntries(found, entries.toReversed().slice(0, capacity), loses);
		},
	},
	{
		name: 'Entries without a task or extra have none afterwards',
		async run(place) {
			const storage = await place.open();
			await storage.append([newEntry()]);
			const [found] = (await readPage(storage)).entries;
			assert.ok(found, 'It is not there');
			assert.equal(found.task_id ?? '', '', 'It had no task id');
			assert.equal(found.extra ?? '{}', '{}', 'It had no extra');
			assert.equal(found.problem, undefined, 'Nothing is wrong with it');
		},
	},
	{
		name: 'Each entry has an id of its own, and the same one at each reading',
		async run(place) {
			const storage = await place.open();
			const same: readonly NewEntry[] = Array.from({ length: 500 }, () => newEntry());
			await storage.append(same.slice(0, 200));
			await storage.append(same.slice(200));
			const found = await readAll(storage);
			assert.equal(found.length, 500, 'Entries that are alike are entries nevertheless');
			assert.equal(new Set(found.map(({ id }) => id)).size, 500, 'An id is there twice');
			assertIds(await readAll(storage, { limit: 7 }), found, 'Read again in small pages');
			assertIds(await readAll(storage, { order: 'time' }), found, 'Read again by time');
		},
	},
	{
		name: 'Numbers, where entries have them, rise in the order of arrival',
		async run(place) {
			const storage = await place.open();
			await storage.append(numbered(0, 300));
			await storage.append(numbered(300, 400));
			const numbers = (await readAll(storage)).toReversed().map(({ seq }) => seq);
			if (numbers.every((seq) => seq === undefined)) {
				return;
			}
			let last = 0;
			for (const seq of numbers) {
				assert.ok(seq !== undefined, 'Some entries have a number and others do not');
				assert.ok(Number.isSafeInteger(seq) && seq > last, `${seq} follows ${last}`);
				last = seq;
			}
		},
	},
	{
		name: 'By time, entries of one time stand as they came, and times far away have their place',
		async run(place, { loses }) {
			const storage = await place.open();
			const times = [START, START, 0, START + 5, START, -62_135_596_800_000_000, START + 5];
			const entries = times.map((ts, index) => newEntry({ ts, message: `${index}` }));
			await storage.append(entries);
			await storage.append([newEntry({ ts: START, message: '7' })]);
			const arrived = await readAll(storage);
			const found = await readAll(storage, { order: 'time', limit: 3 });
			assertIds(found, byTime(arrived), 'By time');
			assert.deepEqual(
				found.map(({ message }) => message),
				['6', '3', '7', '4', '1', '0', '2', '5'],
			);
			for (const entry of found.filter(({ message }) => message !== '7')) {
				assertSame(entry, entries[Number(entry.message)] ?? newEntry(), loses);
			}
		},
	},
];

import assert from 'node:assert/strict';
import type { LogStorage } from '../log-storage.ts';
import type { CaseOf } from './contract.ts';
import { assertIds, readAll, readPage } from './read-pages.ts';
import { newEntry, numbered } from './sample-entries.ts';

/** What a storage says of itself, what is left of it, and how it ends. */
export const lifeCases: readonly CaseOf[] = [
	{
		name: 'Abilities say what can be shown',
		async run(place) {
			const { abilities } = await place.open();
			assert.ok(['memory', 'disk', 'server'].includes(abilities.durability), 'durability');
			assert.ok(['once', 'at-least-once'].includes(abilities.delivery), 'delivery');
			assert.ok(['push', 'poll', 'own-only'].includes(abilities.follows), 'follows');
			assert.equal(typeof abilities.isShared, 'boolean', 'isShared');
			assert.equal(abilities.readOnly, undefined, 'A storage that is to be checked can be written');
			for (const hint of abilities.hints ?? []) {
				assert.ok(isSentence(hint), `A hint is a sentence, not ${hint}`);
			}
		},
	},
	{
		name: 'The size is exact, or said to be an estimate',
		async run(place, { capacity }) {
			const storage = await place.open();
			let appended = 0;
			for (const batch of [1, 10, 1_000, Math.min(capacity, 5_000)]) {
				await storage.append(numbered(appended, appended + batch));
				appended += batch;
				const stats = await storage.stats();
				if (stats.isEstimate !== true) {
					const found = (await readAll(storage)).length;
					assert.equal(stats.size, found, 'It is another size than can be queried');
				}
				if (stats.appended !== undefined) {
					assert.equal(stats.appended, appended, 'Entries ever appended');
				}
				if (stats.appended !== undefined && stats.dropped !== undefined && !stats.isEstimate) {
					assert.equal(stats.size + stats.dropped, stats.appended, 'size + dropped = appended');
				}
				assert.ok(stats.bytes === undefined || stats.bytes >= 0, 'bytes');
			}
		},
	},
	{
		name: 'What was acknowledged is there when it is opened again, unless it is kept in memory',
		async run(place) {
			const first = await place.open();
			await first.append(numbered(0, 500));
			await first.append(numbered(500, 510));
			const { entries } = await readPage(first, { limit: 100 });
			const all = await readAll(first);
			await first.close();
			if (first.abilities.durability === 'memory') {
				return;
			}
			const second = await place.open();
			assertIds(await readAll(second), all, 'Opened again');
			const before = entries.at(-1);
			const rest = await readPage(second, { limit: 10_000, before });
			assertIds(rest.entries, all.slice(100), 'Behind a page of the time before');
			await second.append(numbered(510, 511));
			const [newest, next] = (await readPage(second, { limit: 2 })).entries;
			assert.equal(newest?.message, 'entry 510');
			assert.equal(next?.id, all[0]?.id);
		},
	},
	{
		name: 'Entries that are offered again are recognised, where delivery is once',
		async run(place) {
			let storage = await place.open();
			if (storage.abilities.delivery !== 'once') {
				return;
			}
			const entries = Array.from({ length: 300 }, (_, number) =>
				newEntry({ message: `${number}`, origin: { writer: 'kit-1', number: number * 3 } }),
			);
			await storage.append(entries.slice(0, 200));
			await storage.append(entries.slice(0, 200));
			assert.equal((await readAll(storage)).length, 200, 'A batch was offered twice');
			await storage.append(entries.slice(100, 250));
			assert.equal((await readAll(storage)).length, 250, 'A batch was offered with new ones');
			if (storage.abilities.durability !== 'memory') {
				await storage.close();
				storage = await place.open();
			}
			await storage.append(entries.slice(200));
			const of = { writer: 'kit-2', number: 0 };
			await storage.append([newEntry({ message: 'other', origin: of }), newEntry()]);
			assert.deepEqual(
				(await readAll(storage)).toReversed().map(({ message }) => message),
				[...entries.map(({ message }) => message), 'other', newEntry().message],
				'Each once, those of another writer and of none as well',
			);
		},
	},
	{
		name: 'A storage that was closed refuses with a sentence that says so, and may be closed again',
		async run(place) {
			const storage = await place.open();
			await storage.append(numbered(0, 3));
			await storage.close();
			await storage.close();
			const calls: Readonly<Record<string, () => Promise<unknown>>> = {
				append: () => storage.append(numbered(3, 4)),
				query: () => readPage(storage),
				stats: () => storage.stats(),
				follow: () => follow(storage),
			};
			for (const [name, call] of Object.entries(calls)) {
				const error = await call().then(
					() => undefined,
					(reason: unknown) => reason,
				);
				assert.ok(error instanceof Error, `${name} has to reject with an Error`);
				assert.ok(
					isSentence(error.message) && /clos/i.test(error.message),
					`${name} has to say that the storage is closed, not: ${error.message}`,
				);
			}
		},
	},
];

function follow(storage: LogStorage): Promise<unknown> {
	return storage.follow({ onEntries: () => {}, onReset: () => {}, onProblem: () => {} });
}

/** Something for people: words, and no stack. */
function isSentence(text: string): boolean {
	return text.length >= 10 && text.includes(' ') && !/\n\s+at /.test(text);
}

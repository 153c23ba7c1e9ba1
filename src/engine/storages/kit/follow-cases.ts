import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogStorage, StorageFollower, StoredEntry } from '../log-storage.ts';
import type { CaseOf } from './contract.ts';
import { assertIds, readAll } from './read-pages.ts';
import { newEntry, numbered } from './sample-entries.ts';

/** Who follows is told each entry once, in the order in which it came. */
export const followCases: readonly CaseOf[] = [
	{
		name: 'A follower is told each entry that is appended, once and in order',
		async run(place, { patience }) {
			const storage = await place.open();
			await storage.append(numbered(0, 20));
			const heard = new Heard();
			await storage.follow(heard);
			await storage.append(numbered(20, 21));
			await storage.append(numbered(21, 221));
			await storage.append(numbered(221, 222));
			await heard.has(202, patience);
			const all = await readAll(storage);
			assertIds(heard.entries.toReversed(), all.slice(0, 202), 'Followed');
			assert.equal(heard.entries[0]?.message, 'entry 20');
		},
	},
	{
		name: 'What is followed is what is queried afterwards, with its id and all it has',
		async run(place, { patience }) {
			const storage = await place.open();
			const heard = new Heard();
			await storage.follow(heard);
			await storage.append([
				newEntry({ task_id: 'a', extra: '{"n": 9007199254740993, "x": 1.0}' }),
				newEntry({ message: 'line\nline \u{1f600}', level: 'AUDIT' }),
			]);
			await heard.has(2, patience);
			assert.deepEqual(heard.entries.toReversed(), await readAll(storage));
		},
	},
	{
		name: 'Several can follow at once, and one that leaves is told nothing more',
		async run(place, { patience }) {
			const storage = await place.open();
			const [first, second] = [new Heard(), new Heard()];
			const leave = await storage.follow(first);
			await storage.follow(second);
			await storage.append(numbered(0, 5));
			await first.has(5, patience);
			await second.has(5, patience);
			await leave();
			await storage.append(numbered(5, 10));
			await second.has(10, patience);
			assert.equal(first.entries.length, 5, 'It was told something after it had left');
			await leave();
		},
	},
	{
		name: 'What others append can be queried and is followed, where a storage is shared',
		async run(place, { patience }) {
			const storage = await place.open();
			if (!storage.abilities.isShared || storage.abilities.follows === 'own-only') {
				return;
			}
			const other = await place.open();
			const heard = new Heard();
			await storage.follow(heard);
			for (let from = 0; from < 60; from += 20) {
				await other.append(numbered(from, from + 10));
				await storage.append(numbered(from + 10, from + 20));
			}
			await heard.has(60, patience);
			const all = await readAll(storage);
			assert.deepEqual(
				all.map(({ message }) => message),
				numbered(0, 60)
					.map(({ message }) => message)
					.toReversed(),
			);
			assertIds(heard.entries.toReversed(), all, 'Followed');
			assertIds(await readAll(other), all, 'Read by the other one');
		},
	},
	{
		name: 'Two that append at once lose nothing of each other, where a storage is shared',
		async run(place, { patience }) {
			const storage = await place.open();
			if (!storage.abilities.isShared) {
				return;
			}
			const other = await place.open();
			const heard = new Heard();
			await storage.follow(heard);
			await Promise.all([writeAll(storage, 'one'), writeAll(other, 'other')]);
			const messages = (await readAll(storage)).map(({ message }) => message);
			assert.equal(new Set(messages).size, 400, 'An entry is missing');
			assert.equal(messages.length, 400, 'An entry is there twice');
			if (storage.abilities.follows !== 'own-only') {
				await heard.has(400, patience);
				assert.equal(new Set(heard.entries.map(({ id }) => id)).size, 400);
			}
		},
	},
	{
		name: 'Closing while somebody follows ends it, and nothing is called afterwards',
		async run(place, { patience }) {
			const storage = await place.open();
			const heard = new Heard();
			const leave = await storage.follow(heard);
			await storage.append(numbered(0, 3));
			await heard.has(3, patience);
			await storage.close();
			const { calls } = heard;
			await sleep(50);
			assert.equal(heard.calls, calls, 'The follower was called after the storage was closed');
			await leave();
		},
	},
];

async function writeAll(storage: LogStorage, name: string): Promise<void> {
	for (let batch = 0; batch < 20; batch++) {
		await storage.append(
			Array.from({ length: 10 }, (_, n) => newEntry({ message: `${name} ${batch * 10 + n}` })),
		);
	}
}

/** What a follower was told. */
class Heard implements StorageFollower {
	readonly entries: StoredEntry[] = [];
	calls = 0;
	#problem: string | undefined;

	onEntries(entries: readonly StoredEntry[]): void {
		this.calls++;
		this.entries.push(...entries);
	}

	onReset(): void {
		this.calls++;
	}

	onProblem(message: string | undefined): void {
		this.calls++;
		this.#problem = message;
	}

	/** Resolves once it was told so many entries; rejects if it was told more, or not in time. */
	async has(count: number, patience: number): Promise<void> {
		const end = performance.now() + patience;
		while (this.entries.length < count && performance.now() < end) {
			await sleep(5);
		}
		const problem = this.#problem === undefined ? '' : ` (${this.#problem})`;
		assert.equal(
			this.entries.length,
			count,
			`A follower was told ${this.entries.length} entries instead of ${count}${problem}`,
		);
	}
}

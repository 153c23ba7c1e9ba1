import { expect } from 'vitest';
import type { Filter } from '#shared/model/query.ts';
import type { QueryEntry } from '#shared/query/entry-fields.ts';
import type { SegmentStorage } from '#engine/segments/segment-storage.ts';
import type { Random } from '../../../support/entries.ts';
import { bytesOf, randomEntries, randomText } from '../../../support/random-entries.ts';
import type { GivenEntry } from '../../../support/random-entries.ts';
import {
	databasePath,
	LogInTest,
	openStorage,
	rowsOf,
	sinkOf,
	untilHistory,
} from './storage-in-test.ts';

/** Looks at a storage, of which all entries or rows are given, oldest first. */
export type Look = (storage: SegmentStorage, rows: readonly QueryEntry[]) => Promise<void>;

/** Has a storage looked at that holds random entries of two sources: live, saved and opened again. */
export async function inAllStates(random: Random, look: Look): Promise<void> {
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
	await look(storage, await entriesWith(storage, messages));
	await storage.flush();
	await add(20);
	const empty = new LogInTest(sinkOf(storage, 3), { historyEntries: 5 });
	expect(empty.end).toBe(0);
	await add(20);
	await look(storage, await entriesWith(storage, messages));
	await storage.close();
	const again = openStorage(path);
	await look(again, await entriesWith(again, messages));
}

/** The same with so many rows that they are in several segments and units, some of them history. */
export async function withManyEntries(random: Random, look: Look): Promise<void> {
	const path = databasePath();
	const storage = openStorage(path);
	const log = new LogInTest(sinkOf(storage), { historyEntries: 2_000_000 });
	const history = randomEntries(random, 1_500);
	const live = randomEntries(random, 9_000);
	log.leave(bytesOf(history));
	for (let at = 0; at < live.length; at += 500) {
		await log.append(bytesOf(live.slice(at, at + 500)));
	}
	await untilHistory(storage);
	const messages = messagesOf([...history, ...live]);
	await look(storage, await rowsWith(storage, messages));
	await storage.close();
	const again = openStorage(path);
	await look(again, await rowsWith(again, messages));
}

/** A filter by any of the columns, with values that there are. */
export function randomFilter(random: Random, rows: readonly QueryEntry[]): Filter {
	const row = () => random.pick(rows);
	const times = [row().ts, row().ts].sort((a, b) => a - b);
	return {
		...(random.chance(0.3) ? { up_to: row().seq } : {}),
		...(random.chance(0.2) ? { task_id: row().task_id ?? '' } : {}),
		...(random.chance(0.2) ? { level: row().level } : {}),
		...(random.chance(0.2) ? { min_level: row().level } : {}),
		...(random.chance(0.3) ? { q: randomText(random, rows) } : {}),
		...(random.chance(0.3) ? { since: times[0] } : {}),
		...(random.chance(0.3) ? { until: times[1] } : {}),
		...(random.chance(0.2) ? { source: random.pick([1, 2]) } : {}),
	};
}

function messagesOf(entries: readonly GivenEntry[]): readonly string[] {
	return entries.flatMap(({ rows }) => rows.map(({ message }) => message));
}

/** All rows, oldest first, with their whole messages. */
async function rowsWith(
	storage: SegmentStorage,
	messages: readonly string[],
): Promise<readonly QueryEntry[]> {
	const rows = (await rowsOf(storage)).toReversed();
	expect(rows).toHaveLength(messages.length);
	return rows.map((row, index) => ({ ...row, message: messages[index] ?? '' }));
}

/** The same with all that the details have. */
async function entriesWith(
	storage: SegmentStorage,
	messages: readonly string[],
): Promise<readonly QueryEntry[]> {
	const rows = await rowsWith(storage, messages);
	const entries = await Promise.all(rows.map(({ seq }) => storage.get(seq)));
	expect(entries.map((entry) => entry?.message)).toEqual(messages);
	return entries.filter((entry) => entry !== undefined);
}

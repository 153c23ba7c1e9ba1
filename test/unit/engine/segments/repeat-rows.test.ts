import { expect, test } from 'vitest';
import type { LogEntry } from '#shared/model/entry.ts';
import { patternOf } from '#shared/query/pattern.ts';
import type { SegmentStorage } from '#engine/segments/segment-storage.ts';
import { Random, TEST_SCALE } from '../../../support/entries.ts';
import {
	countOf,
	databasePath,
	LogInTest,
	newStorage,
	openStorage,
	rowsOf,
	sinkOf,
	untilHistory,
} from './storage-in-test.ts';

function line(message: string, fields: Readonly<Record<string, unknown>> = {}): string {
	const record = { ts: '2026-11-20T10:00:00Z', level: 'INFO', message, logger: 'app', ...fields };
	return `${JSON.stringify(record)}\n`;
}

async function entriesOf(storage: SegmentStorage): Promise<readonly LogEntry[]> {
	const rows = await rowsOf(storage);
	const entries = await Promise.all(rows.map(({ seq }) => storage.get(seq)));
	return entries.filter((entry) => entry !== undefined).toReversed();
}

/** What repeats the one before it in its file, by its definition; oldest first. */
function repeatsIn(entries: readonly LogEntry[]): readonly number[] {
	return entries.flatMap((entry, index) => {
		const before = entries.slice(0, index).findLast(({ file }) => file === entry.file);
		const isSame =
			before !== undefined &&
			before.level === entry.level &&
			before.logger === entry.logger &&
			before.task_id === entry.task_id &&
			patternOf(before.message) === patternOf(entry.message);
		return isSame ? [entry.seq] : [];
	});
}

async function foundIn(storage: SegmentStorage): Promise<readonly number[]> {
	const rows = await rowsOf(storage, { query: 'is:repeat' });
	expect((await countOf(storage, { query: 'is:repeat' })).matched).toBe(rows.length);
	return rows.map(({ seq }) => seq).toReversed();
}

test('an entry repeats the one before it in its log, and that one says how often', async () => {
	const storage = newStorage();
	const log = new LogInTest(sinkOf(storage));
	await log.append(
		[
			line('retry 1 of 5'),
			line('retry 2 of 5'),
			line('retry 3 of 5'),
			line('retry 3 of 5', { level: 'ERROR' }),
			line('retry 3 of 5', { task_id: 'nightly' }),
			line('gave up'),
			line('gave up'),
		].join(''),
	);
	const shown = async () =>
		(await rowsOf(storage, { query: '-is:repeat' }))
			.map(({ message, repeats }) => [message, repeats?.count, repeats?.isOpen])
			.toReversed();
	const settled = [
		['retry 1 of 5', 2, false],
		['retry 3 of 5', 0, false],
		['retry 3 of 5', 0, false],
	];
	expect(await shown()).toEqual([...settled, ['gave up', 1, true]]);
	await log.append(line('gave up') + line('bye'));
	expect(await shown()).toEqual([...settled, ['gave up', 2, false], ['bye', 0, true]]);
	expect((await rowsOf(storage))[0]).not.toHaveProperty('repeats');
});

test('logs that take turns do not come between each other', async () => {
	const storage = newStorage();
	const logs = [1, 2].map((source) => new LogInTest(sinkOf(storage, source)));
	for (let turn = 0; turn < 6; turn++) {
		await logs[turn % 2]?.append(line(`beat ${turn} of ${turn % 2 === 0 ? 'one' : 'two'}`));
	}
	const entries = await entriesOf(storage);
	expect(await foundIn(storage)).toEqual(entries.slice(2).map(({ seq }) => seq));
	const [first] = await rowsOf(storage, { query: '-is:repeat', offset: 1 });
	expect(first?.repeats).toEqual({ count: 2, isOpen: true });
});

test(
	'repeats are found over segments, however they came',
	async () => {
		const random = new Random(8);
		const path = databasePath();
		const storage = openStorage(path);
		const logs = [1, 2].map(
			(source) => new LogInTest(sinkOf(storage, source), { historyEntries: 100_000 }),
		);
		const lines = (count: number) =>
			Array.from({ length: count }, () =>
				line(random.pick(['beat 5', 'beat 6', 'beat', 'stop "x"', "stop 'y'"]), {
					level: random.chance(0.2) ? 'ERROR' : 'INFO',
				}),
			).join('');
		logs[0]?.leave(lines(300));
		for (let turn = 0; turn < 20 * TEST_SCALE; turn++) {
			await logs[random.below(2)]?.append(lines(1 + random.below(8)));
		}
		await untilHistory(storage);
		expect(await foundIn(storage)).toEqual(repeatsIn(await entriesOf(storage)));
		await storage.close();
		const again = openStorage(path);
		expect(await foundIn(again)).toEqual(repeatsIn(await entriesOf(again)));
		await again.remove(1);
		expect(await foundIn(again)).toEqual(repeatsIn(await entriesOf(again)));
	},
	60_000 * TEST_SCALE,
);

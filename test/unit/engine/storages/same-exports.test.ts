import * as v from 'valibot';
import { expect, test } from 'vitest';
import { EXPORT_FORMATS, exportRequestSchema } from '#shared/model/export.ts';
import type { ExportWish } from '#shared/model/export.ts';
import { ORDERS } from '#shared/model/query.ts';
import type { NewEntry } from '#engine/storages/log-storage.ts';
import { QueryableEntry } from '#engine/storages/queryable-entry.ts';
import type { SegmentStorage } from '#engine/segments/segment-storage.ts';
import type { StorageClient } from '#engine/storages/storage-client.ts';
import { firstDifference, Random, TEST_SCALE } from '../../../support/entries.ts';
import { randomNewEntries, randomStorageFilter } from '../../../support/storage-pairs.ts';
import { openBoth } from './both-storages.ts';
import type { BothStorages } from './both-storages.ts';
import { pageOf } from './client-in-test.ts';

let lastId = 0;

/** An empty `extra` is null where the default storage has taken a line apart, and as it was elsewhere. */
function newEntries(random: Random, count: number): NewEntry[] {
	return randomNewEntries(random, count).map(({ extra, ...entry }) =>
		extra === undefined || extra === '{}' ? entry : { ...entry, extra },
	);
}

/** All that an export writes, and what it says of itself at its end. */
async function exported(
	{ exports }: Pick<StorageClient, 'exports'> | Pick<SegmentStorage, 'exports'>,
	wish: ExportWish,
): Promise<{ readonly text: string; readonly rows: number; readonly missing: number }> {
	const id = ++lastId;
	await exports.openExport({ id, request: v.parse(exportRequestSchema, wish) });
	const pieces: Uint8Array[] = [];
	for (;;) {
		const chunk = await exports.readExport({ id });
		if (chunk === undefined) {
			throw new Error('the export is not known');
		}
		pieces.push(chunk.bytes);
		if (chunk.isDone) {
			await exports.closeExport({ id });
			return { text: Buffer.concat(pieces).toString(), rows: chunk.rows, missing: chunk.missing };
		}
	}
}

/** Writes the same from both; so many exports were compared. */
async function compare(
	{ segments, memory }: BothStorages,
	random: Random,
	entries: readonly QueryableEntry[],
	count: number,
): Promise<number> {
	for (let left = count; left > 0; left--) {
		const wish: ExportWish = {
			filter: random.chance(0.3)
				? {}
				: { ...randomStorageFilter(random, entries), source: undefined },
			order: random.pick(ORDERS),
			first: random.pick(['oldest', 'newest']),
			limit: random.pick([0, 0, 1, 10, 1_000]),
			format: random.pick(EXPORT_FORMATS),
			columns: random.pick([
				['time', 'level', 'logger', 'task', 'message'],
				['ts', 'source', 'user', 'exception'],
				['level', 'message', 'extra.tags', 'exception', 'pattern'],
			]),
			precision: random.pick([0, 3, 6]),
			color: random.chance(0.3),
			head: random.chance(0.7),
		};
		const [expected, found] = [await exported(segments, wish), await exported(memory, wish)];
		const difference = firstDifference(found.text.split('\n'), expected.text.split('\n'));
		expect({ wish, difference }).toEqual({ wish, difference: undefined });
		expect({ rows: found.rows, missing: found.missing }).toEqual({
			rows: expected.rows,
			missing: expected.missing,
		});
	}
	return count;
}

test(
	'a storage of the family writes what the default one writes',
	async () => {
		const random = new Random(1);
		const both = openBoth();
		const entries = newEntries(random, 150);
		await both.add(entries);
		const rows = entries.map((entry) => new QueryableEntry({ ...entry, id: '' }));
		const count = 80 * TEST_SCALE;
		expect(await compare(both, random, rows, count)).toBe(count);
	},
	120_000 * TEST_SCALE,
);

test('it writes the same of thousands of entries, page by page', async () => {
	const random = new Random(2);
	const both = openBoth();
	const entries = newEntries(random, 7_000);
	await both.add(entries);
	const rows = entries.map((entry) => new QueryableEntry({ ...entry, id: '' }));
	expect(await compare(both, random, rows, 10)).toBe(10);
	for (const first of ['oldest', 'newest'] as const) {
		for (const order of ORDERS) {
			const wish = { format: 'jsonl', first, order } as const;
			const [expected, found] = [
				await exported(both.segments, wish),
				await exported(both.memory, wish),
			];
			expect(firstDifference(found.text.split('\n'), expected.text.split('\n'))).toBeUndefined();
			expect(found.rows).toBe(7_000);
		}
	}
}, 120_000);

test('chosen rows are written as they are chosen from the default one', async () => {
	const random = new Random(3);
	const both = openBoth();
	await both.add(newEntries(random, 60));
	const seqs = await Promise.all(
		[both.segments, both.memory].map(async (storage) =>
			(await pageOf(storage, { limit: 60 })).map(({ seq }) => seq),
		),
	);
	for (const order of ORDERS) {
		const texts = await Promise.all(
			[both.segments, both.memory].map(async (storage, index) => {
				const rows = [40, 3, 17, 3, 59].map((place) => seqs[index]?.[place] ?? 0);
				const filter = { min_level: 'INFO' };
				return exported(storage, { format: 'csv', order, filter, rows: [...rows, 10 ** 9] });
			}),
		);
		expect(texts[0]?.rows).toBeGreaterThan(0);
		expect(texts[1]).toEqual(texts[0]);
	}
});

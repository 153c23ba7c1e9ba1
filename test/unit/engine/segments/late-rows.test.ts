import { expect, test } from 'vitest';
import type { Mapping } from '#shared/model/mapping.ts';
import type { SegmentStorage } from '#engine/segments/segment-storage.ts';
import { Random } from '../../../support/entries.ts';
import { lateOf } from './order-in-test.ts';
import { databasePath, LogInTest, openStorage, rowsOf, sinkOf } from './storage-in-test.ts';

const START = Date.parse('2026-11-20T10:00:00Z');
const SECOND = 1_000;

/** How the times of one segment's rows go on in their log, in ms. */
const STEPS: Readonly<Record<string, (random: Random) => number>> = {
	'in order': (random) => random.below(SECOND),
	'a little behind now and then': (random) => random.pick([500, 500, -999]),
	'late now and then': (random) => random.pick([500, 500, 500, -7 * SECOND]),
};

/** AsyncZ's records, a few lines without a time among them; `next` gives each its time. */
function linesOf(random: Random, count: number, next: () => number): string {
	const lines = Array.from({ length: count }, () =>
		random.chance(0.1)
			? 'a plain line'
			: JSON.stringify({
					ts: new Date(next()).toISOString(),
					level: 'INFO',
					message: 'x',
					logger: 'app',
					other: '2026-11-20T10:00:00Z',
				}),
	);
	return lines.map((line) => `${line}\n`).join('');
}

/** Whether each row, asked for alone or with all others, is as late as it has to be. */
async function expectRightLateness(storage: SegmentStorage, random: Random): Promise<number> {
	const rows = await rowsOf(storage);
	const late = lateOf(rows.toReversed());
	expect(rows.filter((row) => row.late !== late.get(row.seq))).toEqual([]);
	for (let asked = 0; asked < 20; asked++) {
		const { seq } = random.pick(rows);
		expect((await storage.get(seq))?.late).toBe(late.get(seq));
	}
	const found = await rowsOf(storage, { query: 'is:late' });
	expect(found.map(({ seq }) => seq)).toEqual(
		rows.filter(({ seq }) => late.has(seq)).map(({ seq }) => seq),
	);
	return late.size;
}

test.each([1, 2, 3])(
	'rows are late if they are, whether their segment has late ones or begins behind another (%i)',
	async (seed) => {
		const random = new Random(seed);
		const path = databasePath();
		const storage = openStorage(path);
		const logs = [1, 2].map((source) => ({
			log: new LogInTest(sinkOf(storage, source)),
			now: START,
		}));
		let seen = 0;
		for (let segment = 0; segment < 12; segment++) {
			const step = STEPS[random.pick(Object.keys(STEPS))] ?? (() => 0);
			for (const each of logs.slice(random.below(2))) {
				// Somebody sets the clock back, or another file goes on.
				each.now += random.pick([SECOND, SECOND, -20 * SECOND]);
				await each.log.append(linesOf(random, 20, () => (each.now += step(random))));
			}
			seen = Math.max(seen, await expectRightLateness(storage, random));
			await storage.flush();
			// Keeping places free begins another segment.
			const empty = new LogInTest(sinkOf(storage, 3), { historyEntries: 5 });
			expect(empty.end).toBe(0);
		}
		expect(seen).toBeGreaterThan(20);
		await storage.close();
		const again = openStorage(path);
		expect(await expectRightLateness(again, random)).toBeGreaterThan(20);
	},
);

test('a mapping that gives rows other times makes others late', async () => {
	const random = new Random(4);
	const storage = openStorage(databasePath());
	const log = new LogInTest(sinkOf(storage));
	let now = START;
	await log.append(linesOf(random, 50, () => (now += SECOND)));
	await storage.flush();
	expect(await expectRightLateness(storage, random)).toBe(0);
	const byMinute = Array.from({ length: 50 }, (_, index) =>
		JSON.stringify({
			ts: new Date((now += SECOND)).toISOString(),
			level: 'INFO',
			message: 'x',
			other: new Date(START - index * 60 * SECOND).toISOString(),
		}),
	);
	await log.append(byMinute.map((line) => `${line}\n`).join(''));
	await storage.flush();
	expect(await expectRightLateness(storage, random)).toBe(0);
	const mapping: Mapping = { time: ['other'] };
	storage.setMapping(1, mapping);
	await storage.rereadSource(1);
	expect(await expectRightLateness(storage, random)).toBeGreaterThan(40);
});

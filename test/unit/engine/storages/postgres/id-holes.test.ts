import { expect, test } from 'vitest';
import { IdHoles } from '#engine/storages/postgres/id-holes.ts';

const KEEP_MS = 1_000;

const holesOf = (ids: IdHoles) => ids.holes.map(({ from, to }) => [Number(from), Number(to)]);

test('Ids that are missing are holes until they are filled', () => {
	const ids = new IdHoles(10n, KEEP_MS);
	ids.see([11n, 14n, 20n], 100n, 0);
	expect(holesOf(ids)).toEqual([
		[12, 13],
		[15, 19],
	]);
	ids.see([12n, 17n, 21n], 101n, 5);
	expect(holesOf(ids)).toEqual([
		[13, 13],
		[15, 16],
		[18, 19],
	]);
	ids.see([13n, 15n, 16n, 18n, 19n], 102n, 6);
	expect(holesOf(ids)).toEqual([]);
	expect(ids.last).toBe(21n);
});

test('A hole is settled when all transactions that could fill it have ended, and a while later', () => {
	const ids = new IdHoles(0n, KEEP_MS);
	ids.see([2n], 100n, 0);
	expect(ids.settled(99n, 5_000)).toEqual([]);
	expect(ids.settled(100n, KEEP_MS)).toEqual([]);
	const settled = ids.settled(100n, KEEP_MS + 1);
	expect(settled).toHaveLength(1);
	ids.forget(settled);
	expect(ids.holes).toEqual([]);
});

test('What is above a hole that was just seen may wait for it', () => {
	const ids = new IdHoles(0n, KEEP_MS);
	ids.see([2n, 5n], 100n, 50);
	expect(ids.firstWithin(100, 60)).toBe(1n);
	ids.see([1n], 100n, 70);
	expect(ids.firstWithin(100, 70)).toBe(3n);
	expect(ids.firstWithin(100, 150)).toBeUndefined();
});

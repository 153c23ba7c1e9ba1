import { expect, test } from 'vitest';
import { IdHoles } from '#engine/storages/postgres/id-holes.ts';

const KEEP_MS = 1_000;

const holesOf = (ids: IdHoles) => ids.holes.map(({ from, to }) => [from, to]);

test('Ids that are missing are holes until they are filled', () => {
	const ids = new IdHoles(10, KEEP_MS);
	ids.see([11, 14, 20], 100n, 0);
	expect(holesOf(ids)).toEqual([
		[12, 13],
		[15, 19],
	]);
	ids.see([12, 17, 21], 101n, 5);
	expect(holesOf(ids)).toEqual([
		[13, 13],
		[15, 16],
		[18, 19],
	]);
	ids.see([13, 15, 16, 18, 19], 102n, 6);
	expect(holesOf(ids)).toEqual([]);
	expect(ids.last).toBe(21);
});

test('A hole is settled when all transactions that could fill it have ended, and a while later', () => {
	const ids = new IdHoles(0, KEEP_MS);
	ids.see([2], 100n, 0);
	expect(ids.settled(99n, 5_000)).toEqual([]);
	expect(ids.settled(100n, KEEP_MS)).toEqual([]);
	const settled = ids.settled(100n, KEEP_MS + 1);
	expect(settled).toHaveLength(1);
	ids.forget(settled);
	expect(ids.holes).toEqual([]);
});

test('What is above a hole that was just seen may wait for it', () => {
	const ids = new IdHoles(0, KEEP_MS);
	ids.see([2, 5], 100n, 50);
	expect(ids.firstWithin(100, 60)).toBe(1);
	ids.see([1], 100n, 70);
	expect(ids.firstWithin(100, 70)).toBe(3);
	expect(ids.firstWithin(100, 150)).toBe(Infinity);
});

import { describe, expect, test } from 'vitest';
import { rankStep, rowsFromTop, turnPlace, turnTop } from '../../../src/renderer/lib/row-places.ts';
import { clampTop, lastTop } from '../../../src/renderer/lib/virtual-rows.ts';
import { Random } from '../../support/entries.ts';

/** 100 rows, of which 10.5 fit in. */
const EXTENT = { rows: 100, viewRows: 10.5, rowHeight: 22 };

describe('with the newest at the top', () => {
	test('rank, place and scrolling all go the same way', () => {
		expect(rankStep('top')).toBe(1);
		expect(turnPlace(7, 100, 'top')).toBe(7);
		expect(turnTop(12.25, EXTENT, 'top')).toBe(12.25);
		expect(rowsFromTop(15, 12.25, EXTENT, 'top')).toBe(2.75);
	});
});

describe('with the newest at the bottom', () => {
	test('one row down is one rank less', () => {
		expect(rankStep('bottom')).toBe(-1);
	});

	test('the newest row is the last of the table, the oldest its first', () => {
		expect([0, 99].map((place) => turnPlace(place, 100, 'bottom'))).toEqual([99, 0]);
	});

	test('at the live edge the last row ends with the viewport', () => {
		expect(turnTop(0, EXTENT, 'bottom')).toBe(lastTop(EXTENT));
		expect(rowsFromTop(0, 0, EXTENT, 'bottom') + 1).toBe(EXTENT.viewRows);
	});

	test('at the other end the oldest row begins at the top', () => {
		const top = lastTop(EXTENT);
		expect(turnTop(top, EXTENT, 'bottom')).toBe(0);
		expect(rowsFromTop(99, top, EXTENT, 'bottom')).toBe(0);
	});

	test('rows that do not fill it begin at the top, the oldest first', () => {
		const few = { ...EXTENT, rows: 3 };
		expect([2, 1, 0].map((rank) => rowsFromTop(rank, 0, few, 'bottom'))).toEqual([0, 1, 2]);
	});

	test('newer rows that come do not move those looked at', () => {
		const more = { ...EXTENT, rows: 130 };
		const before = rowsFromTop(20, 15.5, EXTENT, 'bottom');
		expect(rowsFromTop(20, 15.5, more, 'bottom')).toBe(before);
	});
});

test('a row is drawn where its place and the scroll bar say, whichever end is which', () => {
	const random = new Random(20_261_126);
	for (let round = 0; round < 2_000; round++) {
		const extent = {
			rows: 1 + random.below(60),
			viewRows: 1 + random.below(300) / 10,
			rowHeight: 22,
		};
		const added = random.below(20);
		const top = clampTop(random.below(600) / 10, extent);
		const rank = random.below(extent.rows) - added;
		for (const newest of ['top', 'bottom'] as const) {
			const place = turnPlace(rank + added, extent.rows, newest);
			const above = turnTop(top, extent, newest);
			expect(rowsFromTop(rank, top - added, extent, newest)).toBeCloseTo(place - above, 9);
			expect(turnPlace(place, extent.rows, newest)).toBe(rank + added);
			expect(turnTop(above, extent, newest)).toBeCloseTo(top, 9);
		}
	}
});

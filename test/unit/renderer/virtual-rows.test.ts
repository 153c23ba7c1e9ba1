import { describe, expect, test } from 'vitest';
import {
	clampTop,
	contentHeight,
	lastTop,
	MAX_CONTENT_PX,
	rowOfSlot,
	scrollTopOf,
	slotCount,
	topOfScroll,
	topThatShows,
} from '../../../src/renderer/lib/virtual-rows.ts';

const HEIGHT = 22;

describe('few rows', () => {
	const extent = { rows: 1_000, viewRows: 30.5, rowHeight: HEIGHT };

	test('the scroll bar moves as many pixels as the rows do', () => {
		expect(contentHeight(extent)).toBe(22_000);
		expect(scrollTopOf(100.25, extent)).toBeCloseTo(100.25 * HEIGHT, 6);
		expect(topOfScroll(2_205.5, extent)).toBeCloseTo(100.25, 6);
	});

	test('the last row ends with the viewport', () => {
		expect(lastTop(extent)).toBe(969.5);
		expect(clampTop(5_000, extent)).toBe(969.5);
		expect(clampTop(-3, extent)).toBe(0);
	});

	test('nothing scrolls when everything fits in', () => {
		const short = { rows: 20, viewRows: 30, rowHeight: HEIGHT };
		expect([lastTop(short), scrollTopOf(5, short), topOfScroll(100, short)]).toEqual([0, 0, 0]);
	});

	test('a row is brought into view by the least change', () => {
		expect(topThatShows(50, 100, extent)).toBe(50);
		expect(topThatShows(110, 100, extent)).toBe(100);
		expect(topThatShows(200, 100, extent)).toBe(170.5);
	});
});

describe.each([400_000, 1_000_000, 100_000_000])('%i rows', (rows) => {
	const extent = { rows, viewRows: 36.4, rowHeight: HEIGHT };

	test('the content stays far below what a browser can scroll', () => {
		expect(contentHeight(extent)).toBe(MAX_CONTENT_PX);
	});

	test('both ends can be reached with the scroll bar', () => {
		const end = MAX_CONTENT_PX - extent.viewRows * HEIGHT;
		expect(topOfScroll(0, extent)).toBe(0);
		expect(topOfScroll(end, extent)).toBeCloseTo(lastTop(extent), 3);
		expect(scrollTopOf(lastTop(extent), extent)).toBeCloseTo(end, 6);
	});

	test('a row comes back from the scroll bar as it went there', () => {
		for (const top of [0, 1, 17.5, rows / 3, rows / 2 + 0.25, rows - 1_000]) {
			expect(topOfScroll(scrollTopOf(top, extent), extent)).toBeCloseTo(top, 3);
		}
	});

	test('further down is further down', () => {
		let before = -1;
		for (let step = 0; step <= 1_000; step++) {
			const now = scrollTopOf((lastTop(extent) * step) / 1_000, extent);
			expect(now).toBeGreaterThan(before);
			before = now;
		}
	});
});

describe('slots', () => {
	test('every row of the viewport has one of its own, wherever it begins', () => {
		const slots = slotCount(30.5);
		for (const first of [-205, -31, -1, 0, 1, 31, 99_999]) {
			const rows = Array.from({ length: slots }, (_, slot) => rowOfSlot(slot, first, slots));
			const expected = Array.from({ length: slots }, (_, index) => first + index);
			expect(rows.toSorted((a, b) => a - b)).toEqual(expected);
		}
	});

	test('scrolling by one row changes one of them', () => {
		const slots = 32;
		const rowsFrom = (first: number) =>
			Array.from({ length: slots }, (_, slot) => rowOfSlot(slot, first, slots));
		const before = rowsFrom(-5);
		const changed = rowsFrom(-4).filter((row, slot) => row !== before[slot]);
		expect(changed).toEqual([27]);
	});

	test('there are enough for a viewport that begins within a row', () => {
		expect(slotCount(30)).toBe(31);
		expect(slotCount(30.1)).toBe(32);
	});
});

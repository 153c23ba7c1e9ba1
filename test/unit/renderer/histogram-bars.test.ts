import { describe, expect, test } from 'vitest';
import type { Histogram } from '#shared/model/query.ts';
import {
	barAt,
	barPaths,
	barsText,
	partHeights,
	spanOfBars,
} from '../../../src/renderer/lib/histogram-bars.ts';
import { formatSpan } from '../../../src/renderer/lib/time-span.ts';

const at = (text: string) => Date.parse(text) * 1_000;
const span = (from: string, to: string) => formatSpan(at(from), at(to), 'utc', '2026-11-22');
const sum = (numbers: readonly number[]) => numbers.reduce((total, value) => total + value, 0);

describe('the height of a bar', () => {
	test('goes by the square root, so that quiet stretches can be seen', () => {
		expect(partHeights([0, 10_000, 0, 0, 0], 10_000, 50)).toEqual([0, 50, 0, 0, 0]);
		expect(partHeights([0, 100, 0, 0, 0], 10_000, 50)).toEqual([0, 5, 0, 0, 0]);
	});

	test('shows a single error among a million, and the whole stays the same', () => {
		const parts = partHeights([0, 1_000_000, 0, 1, 0], 1_000_001, 50);
		expect(parts).toEqual([0, 48, 0, 2, 0]);
	});

	test('shows each class there is, whatever the rest', () => {
		for (const column of [
			[1, 1, 1, 1, 1],
			[1, 0, 90_000, 0, 1],
			[0, 0, 0, 1, 0],
			[3, 100_000, 20, 5, 1],
		]) {
			const parts = partHeights(column, 1_000_000, 50);
			expect(parts.map((part) => part > 0)).toEqual(column.map((count) => count > 0));
			expect(sum(parts)).toBeLessThanOrEqual(50);
		}
	});

	test('is nothing where there is nothing', () => {
		expect(partHeights([0, 0, 0, 0, 0], 10, 50)).toEqual([0, 0, 0, 0, 0]);
	});
});

const histogram: Histogram = {
	from: Date.UTC(2026, 10, 22, 10, 14) * 1_000,
	width: 15_000_000,
	counts: [
		[0, 9, 0, 2, 1],
		[0, 0, 0, 0, 0],
		[0, 1, 0, 0, 0],
	],
};

describe('bars', () => {
	test('are stacked from below, each on a whole pixel', () => {
		const paths = barPaths({ ...histogram, counts: [[0, 3, 0, 1, 0]] }, 10, 40);
		expect(paths).toEqual(['', 'M0 40V10H9V40Z', '', 'M0 10V0H9V10Z', '']);
	});

	test('are found by their place', () => {
		expect([-5, 0, 9, 10, 29, 400].map((x) => barAt(x, 3, 30))).toEqual([0, 0, 0, 1, 2, 2]);
	});

	test('stand for a stretch with both its ends, that of the next bar not among them', () => {
		expect(spanOfBars(histogram, 1, 1)).toEqual({
			since: histogram.from + 15_000_000,
			until: histogram.from + 29_999_999,
		});
	});

	test('are told in words', () => {
		expect(barsText(histogram, 0, 0)).toBe('12 entries, 3 errors');
		expect(barsText(histogram, 1, 1)).toBe('0 entries');
		expect(barsText(histogram, 2, 2)).toBe('1 entry');
		expect(barsText(histogram, 0, 2)).toBe('13 entries, 3 errors');
	});
});

describe('a stretch of time in words', () => {
	test('names the day where it is another one', () => {
		expect(span('2026-11-22T10:14:00Z', '2026-11-22T10:29:00Z')).toBe('10:14:00 – 10:29:00');
		expect(span('2026-11-21T10:14:00Z', '2026-11-21T10:29:00Z')).toBe(
			'2026-11-21 10:14:00 – 10:29:00',
		);
		expect(span('2026-11-21T23:00:00Z', '2026-11-22T01:00:00Z')).toBe(
			'2026-11-21 23:00:00 – 2026-11-22 01:00:00',
		);
		expect(span('2026-11-22T23:00:00Z', '2026-11-23T01:00:00Z')).toBe(
			'2026-11-22 23:00:00 – 2026-11-23 01:00:00',
		);
		expect(span('2026-11-20T23:00:00Z', '2026-11-21T01:00:00Z')).toBe(
			'2026-11-20 23:00:00 – 2026-11-21 01:00:00',
		);
	});

	test('is as fine as it has to be', () => {
		expect(span('2026-11-22T10:14:00.020Z', '2026-11-22T10:14:00.025Z')).toBe(
			'10:14:00.020 – 10:14:00.025',
		);
		expect(span('2026-11-22T10:14:00.500Z', '2026-11-22T10:29:00Z')).toBe('10:14:00 – 10:29:00');
	});
});

import { beforeEach, describe, expect, test } from 'vitest';
import type { Histogram } from '#shared/model/query.ts';
import type { TimeRange } from '#shared/model/view.ts';
import { HistogramPick } from '../../../src/renderer/state/shape/histogram-pick.svelte.ts';

const histogram: Histogram = {
	from: 1_000,
	width: 100,
	counts: Array.from({ length: 10 }, () => [0, 1, 0, 0, 0]),
};

let range: TimeRange;
let pick: HistogramPick;

beforeEach(() => {
	range = { kind: 'last', minutes: 15 };
	pick = new HistogramPick({
		get range() {
			return range;
		},
		setRange: (next) => (range = next),
	});
});

describe('the keyboard', () => {
	test('begins at the newest bar and goes along', () => {
		expect([pick.placeIn(histogram), pick.spanIn(histogram)]).toEqual([9, undefined]);
		pick.goTo(histogram, pick.placeIn(histogram) - 1, false);
		expect(pick.spanIn(histogram)).toEqual({ first: 8, last: 8 });
	});

	test('extends the pick in both directions', () => {
		pick.goTo(histogram, 5, false);
		pick.goTo(histogram, 7, true);
		expect(pick.spanIn(histogram)).toEqual({ first: 5, last: 7 });
		pick.goTo(histogram, 2, true);
		expect([pick.spanIn(histogram), pick.isStretch(histogram)]).toEqual([
			{ first: 2, last: 5 },
			true,
		]);
	});

	test('extends from the newest bar where nothing was picked before', () => {
		pick.goTo(histogram, 8, true);
		expect(pick.spanIn(histogram)).toEqual({ first: 8, last: 9 });
	});

	test('stops at the ends', () => {
		pick.goTo(histogram, 99, false);
		expect(pick.placeIn(histogram)).toBe(9);
		pick.goTo(histogram, -99, false);
		expect(pick.placeIn(histogram)).toBe(0);
	});

	test('stays at its time when bars move', () => {
		pick.goTo(histogram, 5, false);
		const later = { ...histogram, from: 1_200 };
		expect(pick.spanIn(later)).toEqual({ first: 3, last: 3 });
		expect(pick.spanIn({ ...histogram, from: 5_000 })).toEqual({ first: 0, last: 0 });
	});
});

describe('zooming', () => {
	test('goes into the stretch of the bars, and back out step by step', () => {
		pick.zoomTo(histogram, { first: 2, last: 4 });
		expect(range).toEqual({ kind: 'between', since: 1_200, until: 1_499 });
		pick.zoomTo({ ...histogram, from: 1_200, width: 30 }, { first: 0, last: 0 });
		expect(range).toEqual({ kind: 'between', since: 1_200, until: 1_229 });
		pick.zoomOut();
		expect(range).toEqual({ kind: 'between', since: 1_200, until: 1_499 });
		pick.zoomOut();
		expect(range).toEqual({ kind: 'last', minutes: 15 });
		expect(pick.canZoomOut).toBe(false);
		pick.zoomOut();
		expect(range).toEqual({ kind: 'last', minutes: 15 });
	});

	test('out of a stretch that was chosen elsewhere shows all of the time', () => {
		pick.zoomTo(histogram, { first: 2, last: 4 });
		range = { kind: 'between', since: 5 };
		pick.zoomOut();
		expect(range).toEqual({ kind: 'all' });
	});

	test('lets go of what was picked', () => {
		pick.goTo(histogram, 3, false);
		pick.zoomTo(histogram, { first: 3, last: 3 });
		expect(pick.spanIn(histogram)).toBeUndefined();
	});
});

import { SEVERITY_CLASSES } from '#shared/model/query.ts';
import type { Histogram } from '#shared/model/query.ts';
import { histogramOf } from '../../../shapes/histogram.ts';
import type { TimeWish } from '../../../shapes/histogram.ts';
import type { Buckets } from '../../../shapes/time-buckets.ts';
import type { CountingContext, FilterCounting } from '../kept/filter-counting.ts';
import { TimeTally } from './time-tally.ts';

const CLASSES = SEVERITY_CLASSES.length;

/** Counts by time what was found of a filter, see `histogramOf`. */
export function countByTime(
	context: CountingContext,
	counting: FilterCounting,
	wish: TimeWish,
	isOver: () => boolean,
): { readonly histogram: Histogram; readonly complete: boolean } {
	return histogramOf(
		{
			times: () => timesOf(context, counting),
			countIn: (buckets, step) => countIn(context, counting, buckets, step, isOver),
		},
		wish,
	);
}

/** From when to when the entries are; of what is not counted yet, when its segment is. */
function timesOf(
	{ times }: CountingContext,
	counting: FilterCounting,
): { first: number; last: number; isAll: boolean } {
	let first = Infinity;
	let last = -Infinity;
	let isAll = true;
	for (const stretch of counting.stretches) {
		const told = counting.told(stretch, times);
		isAll &&= told.isAll;
		const { segment } = stretch.held;
		for (const { minTs, maxTs } of told.isAll ? told.tallies : [segment]) {
			first = Math.min(first, minTs);
			last = Math.max(last, maxTs);
		}
	}
	return { first, last, isAll };
}

/** Counts in these stretches: from what is counted already, else by looking at the rows again. */
function countIn(
	{ times, classes }: CountingContext,
	counting: FilterCounting,
	buckets: Buckets,
	step: number,
	isOver: () => boolean,
): { readonly counts: Uint32Array; readonly complete: boolean } {
	const exact = TimeTally.kindOf(classes, buckets, step);
	const counts = new Uint32Array(buckets.count * CLASSES);
	let complete = true;
	for (const stretch of counting.stretches) {
		const own = counting.tallies(stretch, times);
		const isFine = own.every((tally) => tally.fits(buckets));
		complete = (isFine || counting.runOne(stretch, [exact], isOver)) && complete;
		for (const tally of isFine ? own : counting.tallies(stretch, exact)) {
			tally.addTo(counts, buckets);
		}
	}
	return { counts, complete };
}

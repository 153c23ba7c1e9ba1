import { SEVERITY_CLASSES } from '#shared/model/query.ts';
import type { Histogram } from '#shared/model/query.ts';
import { roundBuckets } from './time-buckets.ts';
import type { Buckets } from './time-buckets.ts';

const CLASSES = SEVERITY_CLASSES.length;

/** One entry of so many may be left out if it is so far from the others … */
const MANY = 200;

/** … that these would have less than one stretch of so many. */
const FEW = 10;

/** Each step comes closer to what is left: after so many it is told as it is. */
const MOST_STEPS = 8;

/** What a histogram is asked of. */
export interface TimeWish {
	readonly since?: number | undefined;
	readonly until?: number | undefined;
	readonly buckets: number;
	/** How many entries were counted. */
	readonly matched: number;
}

/** Entries that can be counted by time. */
export interface TimedEntries {
	/** The earliest and the latest of them; not `isAll`: of some only what they may be at most. */
	times(): { readonly first: number; readonly last: number; readonly isAll: boolean };
	/** How many are in each stretch, by `SEVERITY_CLASSES`. Asked of others `step` rises. */
	countIn(
		buckets: Buckets,
		step: number,
	): { readonly counts: Uint32Array; readonly complete: boolean };
}

/**
 * Counts entries by time, from the earliest to the latest where no time is asked for. A few that are
 * far from all others are left out, so that these can be told apart.
 */
export function histogramOf(
	entries: TimedEntries,
	{ since, until, buckets: most, matched }: TimeWish,
): { readonly histogram: Histogram; readonly complete: boolean } {
	const { isAll, ...all } = entries.times();
	let first = since ?? all.first;
	let last = until ?? all.last;
	for (let step = 0; ; step++) {
		const buckets = roundBuckets(first, last, most);
		const { counts, complete } = entries.countIn(buckets, step);
		const sums = sumsOf(counts, buckets.count);
		const outside = matched - sums.reduce((sum, count) => sum + count, 0);
		const spare = Math.floor(matched / MANY) - outside;
		const ends = { first: since === undefined, last: until === undefined };
		const inner =
			isAll && complete && step < MOST_STEPS
				? (innerBuckets(sums, spare, ends, FEW) ??
					(outside > 0 ? innerBuckets(sums, 0, ends, 2) : undefined))
				: undefined;
		if (inner === undefined) {
			return { histogram: toldHistogram(counts, buckets, complete ? outside : 0), complete };
		}
		const { from, width } = buckets;
		first = Math.max(first, from + inner.first * width);
		last = Math.min(last, from + (inner.last + 1) * width - 1);
	}
}

/** Which of `SEVERITY_CLASSES` a severity is counted as. */
export function severityClass(severity: number): number {
	return Math.max(
		SEVERITY_CLASSES.findLastIndex((least) => severity >= least),
		0,
	);
}

/**
 * The stretches that are left without those at the free ends in which no more than `spare` entries
 * are; `undefined` if they are more than a part of all. As few entries as that takes are left out:
 * none, else those of one end.
 */
function innerBuckets(
	sums: readonly number[],
	spare: number,
	isFree: { readonly first: boolean; readonly last: boolean },
	parts: number,
): { readonly first: number; readonly last: number } | undefined {
	for (const [atFirst, atLast] of [
		[0, 0],
		[spare, 0],
		[0, spare],
		[spare, spare],
	] as const) {
		const inner = trimmed(sums, atFirst, atLast, isFree);
		if ((inner.last - inner.first + 1) * parts <= sums.length) {
			return inner;
		}
	}
	return undefined;
}

/** The stretches without so many entries at the first end, and what is left of so many at the last. */
function trimmed(
	sums: readonly number[],
	atFirst: number,
	atLast: number,
	isFree: { readonly first: boolean; readonly last: boolean },
): { readonly first: number; readonly last: number } {
	let left = atFirst;
	let first = 0;
	let last = sums.length - 1;
	while (isFree.first && first < last && (sums[first] ?? 0) <= left) {
		left -= sums[first++] ?? 0;
	}
	left = Math.max(atLast - (atFirst - left), 0);
	while (isFree.last && last > first && (sums[last] ?? 0) <= left) {
		left -= sums[last--] ?? 0;
	}
	return { first, last };
}

function sumsOf(counts: Uint32Array, buckets: number): readonly number[] {
	return Array.from({ length: buckets }, (_, bucket) =>
		counts
			.subarray(bucket * CLASSES, (bucket + 1) * CLASSES)
			.reduce((sum, count) => sum + count, 0),
	);
}

function toldHistogram(counts: Uint32Array, buckets: Buckets, outside: number): Histogram {
	const { from, width, count } = buckets;
	return {
		from,
		width,
		counts: Array.from({ length: count }, (_, bucket) => [
			...counts.subarray(bucket * CLASSES, (bucket + 1) * CLASSES),
		]),
		...(outside === 0 ? {} : { outside }),
	};
}

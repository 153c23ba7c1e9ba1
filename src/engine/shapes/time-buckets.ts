/** Stretches of time of one length, one after the other. */
export interface Buckets {
	/** When the first one begins, in microseconds since 1970. */
	readonly from: number;
	readonly width: number;
	readonly count: number;
}

const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

/** Lengths that people count in; after the last one come its doubles. */
const ROUND = [
	...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((ms) => ms * 1_000),
	...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
	...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
	...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
	DAY,
	WEEK,
];

/** Some of the round lengths, each of which divides all that are longer. */
const NESTED = [
	...[1, 10, 100].map((ms) => ms * 1_000),
	...[1, 5, 30].map((seconds) => seconds * SECOND),
	...[5, 30].map((minutes) => minutes * MINUTE),
	6 * HOUR,
	DAY,
	WEEK,
];

/** Enough for all times that a double counts in microseconds. */
const DOUBLINGS = 64;

/**
 * The shortest round stretches of which at most `most` cover the times from `first` to `last`. They
 * begin at multiples of their length, so that the same ones come back as time goes on.
 */
export function roundBuckets(first: number, last: number, most: number): Buckets {
	for (const width of widths(ROUND)) {
		const buckets = alignedBuckets(first, last, width);
		if (buckets.count <= most) {
			return buckets;
		}
	}
	// Few stretches and one of their ends between the times: no round length is long enough.
	const width = Math.max(Math.ceil((last - first + 1) / most), 1);
	return { from: first, width, count: most };
}

/** Stretches that can be put together to any longer round ones. */
export function nestedBuckets(first: number, last: number, most: number): Buckets {
	let buckets = alignedBuckets(first, last, WEEK * 2 ** DOUBLINGS);
	for (const width of widths(NESTED)) {
		buckets = alignedBuckets(first, last, width);
		if (buckets.count <= most) {
			break;
		}
	}
	return buckets;
}

/** Stretches of this length, at multiples of it, that cover the times from `first` to `last`. */
export function alignedBuckets(first: number, last: number, width: number): Buckets {
	const low = Math.floor(first / width);
	return { from: low * width, width, count: Math.floor(last / width) - low + 1 };
}

/** Whether each stretch lies in one of others altogether. */
export function isPartOf(small: Buckets, large: Buckets): boolean {
	return large.width % small.width === 0 && large.from % small.width === 0;
}

function* widths(round: readonly number[]): Generator<number> {
	yield* round;
	for (let doubled = 1; doubled <= DOUBLINGS; doubled++) {
		yield WEEK * 2 ** doubled;
	}
}

import { SEVERITY_CLASSES } from '#shared/model/query.ts';
import type { FoundRows, Tally, TallyKind } from './tally.ts';
import { alignedBuckets, isPartOf, nestedBuckets } from '../../../shapes/time-buckets.ts';
import type { Buckets } from '../../../shapes/time-buckets.ts';

const CLASSES = SEVERITY_CLASSES.length;

/** A segment's time is cut into so many stretches at most, unless they are given. */
const MOST_BUCKETS = 512;

/** By level id: its place among `SEVERITY_CLASSES`. */
export type LevelClasses = () => Uint8Array;

/** How many rows there are, when they were, and how severe. */
export class TimeTally implements Tally {
	matched = 0;
	minTs = Infinity;
	maxTs = -Infinity;
	readonly #classes: LevelClasses;
	/** The stretches were given: what lies outside of them is not told apart. */
	readonly #isFixed: boolean;
	#buckets: Buckets;
	/** For each stretch, each class. */
	#counts: Uint32Array;

	constructor(classes: LevelClasses, buckets: Buckets, isFixed: boolean) {
		this.#classes = classes;
		this.#buckets = buckets;
		this.#isFixed = isFixed;
		this.#counts = new Uint32Array(buckets.count * CLASSES);
	}

	/** Counts in stretches that suit the segment. */
	static kind(classes: LevelClasses): TallyKind<TimeTally> {
		return {
			name: 'time',
			create: ({ segment: { minTs, maxTs } }) =>
				new TimeTally(classes, nestedBuckets(minTs, maxTs, MOST_BUCKETS), false),
		};
	}

	/**
	 * Counts in these stretches, and what lies outside of them in none. Of each `place` the stretches
	 * asked for last are kept.
	 */
	static kindOf(classes: LevelClasses, buckets: Buckets, place = 0): TallyKind<TimeTally> {
		const { from, width, count } = buckets;
		return {
			name: `time as given ${place}`,
			details: `${from} ${width} ${count}`,
			create: ({ segment: { minTs, maxTs } }) => {
				const first = Math.max(Math.floor((minTs - from) / width), 0);
				const last = Math.min(Math.floor((maxTs - from) / width), count - 1);
				const part = { from: from + first * width, width, count: Math.max(last - first + 1, 0) };
				return new TimeTally(classes, part, true);
			},
		};
	}

	get bytes(): number {
		return this.#counts.byteLength;
	}

	begin(): void {}

	end(): void {}

	add({ held, resident, rows, count }: FoundRows): void {
		if (!this.#isFixed) {
			this.#reach(held.segment.minTs, held.segment.maxTs);
		}
		const { ts, level } = resident.columns;
		const { from, width, count: buckets } = this.#buckets;
		const classes = this.#classes();
		const counts = this.#counts;
		let min = this.minTs;
		let max = this.maxTs;
		// Most rows are in the stretch that the row before them is in: to divide takes longer.
		let first = Infinity;
		let last = -Infinity;
		let place = 0;
		let isIn = false;
		for (let index = 0; index < count; index++) {
			const row = rows[index] ?? 0;
			const time = ts[row] ?? 0;
			min = time < min ? time : min;
			max = time > max ? time : max;
			if (!(time >= first && time < last)) {
				const bucket = Math.floor((time - from) / width);
				isIn = bucket >= 0 && bucket < buckets;
				place = bucket * CLASSES;
				first = from + bucket * width;
				last = first + width;
			}
			if (isIn) {
				const at = place + (classes[level[row] ?? 0] ?? 0);
				counts[at] = (counts[at] ?? 0) + 1;
			}
		}
		this.minTs = min;
		this.maxTs = max;
		this.matched += count;
	}

	/** Whether what it has counted can be told in these stretches. */
	fits(buckets: Buckets): boolean {
		return this.matched === 0 || isPartOf(this.#buckets, buckets);
	}

	/** Adds what it has counted to the counts of longer stretches; what lies outside is left out. */
	addTo(counts: Uint32Array, buckets: Buckets): void {
		addCounts(this.#counts, this.#buckets, counts, buckets);
	}

	/** A segment that grows comes to have times that it had not. */
	#reach(minTs: number, maxTs: number): void {
		const { from, width, count } = this.#buckets;
		if (minTs >= from && maxTs < from + count * width) {
			return;
		}
		const first = Math.min(minTs, from);
		const last = Math.max(maxTs, from + (count - 1) * width);
		const wanted = nestedBuckets(first, last, MOST_BUCKETS);
		const buckets = alignedBuckets(first, last, Math.max(wanted.width, width));
		const counts = new Uint32Array(buckets.count * CLASSES);
		addCounts(this.#counts, this.#buckets, counts, buckets);
		this.#buckets = buckets;
		this.#counts = counts;
	}
}

function addCounts(
	added: Uint32Array,
	of: Buckets,
	counts: Uint32Array,
	{ from, width, count }: Buckets,
): void {
	for (let own = 0; own < of.count; own++) {
		const bucket = Math.floor((of.from + own * of.width - from) / width);
		if (bucket >= 0 && bucket < count) {
			for (let severity = 0; severity < CLASSES; severity++) {
				const place = bucket * CLASSES + severity;
				counts[place] = (counts[place] ?? 0) + (added[own * CLASSES + severity] ?? 0);
			}
		}
	}
}

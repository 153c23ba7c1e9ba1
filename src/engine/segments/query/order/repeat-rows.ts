import { EntryFlag } from '#shared/model/entry.ts';
import type { Repeats } from '#shared/model/entry.ts';
import { patternOf, PATTERN_LENGTH } from '#shared/query/pattern.ts';
import type { HeldSegment, SegmentSet } from '../segment-set.ts';
import type { RowTexts } from '../text/row-text.ts';
import { rowAfter, rowBefore } from './rows-of-log.ts';
import type { RowPlace } from './rows-of-log.ts';

/** Segments of whose rows it is remembered which are repeats: a byte for each. */
const KEPT_SEGMENTS = 512;

/** More repeats of one entry are not counted. */
const MAX_REPEATS = 1_000;

/** What is known of a row. */
const Known = { nothing: 0, other: 1, repeat: 2 } as const;

interface KeptRows {
	readonly version: number;
	known: Uint8Array;
}

/**
 * Which rows are repeats: they say what the row that their log has told before them says, with the
 * same level, logger and task, in a message of the same pattern.
 */
export class RepeatRows {
	/** Rises whenever something is found out that will be remembered. */
	learned = 0;
	readonly #segments: SegmentSet;
	readonly #rows: RowTexts;
	/** The one used last stands last. */
	readonly #kept = new Map<number, KeptRows>();
	/** The pattern that was made last: it is that of the next row's predecessor. */
	#last: { readonly held: HeldSegment; readonly row: number; readonly pattern: string } | undefined;

	constructor(segments: SegmentSet, rows: RowTexts) {
		this.#segments = segments;
		this.#rows = rows;
	}

	/** Whether a row is one. */
	is(held: HeldSegment, row: number): boolean {
		return this.#isRepeat(this.#rowsOf(held).known, held, row);
	}

	/** Takes out of the mask of rows [from, to) those that are none. */
	keep(held: HeldSegment, from: number, to: number, mask: Uint8Array): void {
		const { known } = this.#rowsOf(held);
		for (let row = from; row < to; row++) {
			if (mask[row - from] === 1 && !this.#isRepeat(known, held, row)) {
				mask[row - from] = 0;
			}
		}
		this.#last = undefined;
	}

	/**
	 * How many repeats of a row its log has told after it. `undefined`: to count them would take long,
	 * and the time `isOver`.
	 */
	after(held: HeldSegment, row: number, isOver: () => boolean): Repeats | undefined {
		let place: RowPlace | undefined = { held, row };
		for (let count = 0; count < MAX_REPEATS; count++) {
			place = rowAfter(this.#segments.inOrder, place.held, place.row);
			if (place === undefined) {
				return { count, isOpen: true };
			}
			if (!this.is(place.held, place.row)) {
				return { count, isOpen: false };
			}
			if (isOver()) {
				return undefined;
			}
		}
		return { count: MAX_REPEATS, isOpen: true };
	}

	/** A segment has left. */
	forget(segment: number): void {
		this.#kept.delete(segment);
	}

	/** As `is`; `known`: what is known of the segment's rows. */
	#isRepeat(known: Uint8Array, held: HeldSegment, row: number): boolean {
		if (known[row] === Known.nothing) {
			const before = rowBefore(this.#segments.inOrder, held, row);
			const isRepeat = before !== undefined && this.#isSame(before, { held, row });
			// What is in another segment may leave or come, and the last row may still grow.
			if (before?.held === held && row < held.segment.rows - 1) {
				known[row] = isRepeat ? Known.repeat : Known.other;
				this.learned++;
			}
			return isRepeat;
		}
		return known[row] === Known.repeat;
	}

	#isSame(before: RowPlace, after: RowPlace): boolean {
		const one = this.#segments.resident(before.held).columns;
		const other = this.#segments.resident(after.held).columns;
		if (
			one.level[before.row] !== other.level[after.row] ||
			one.logger[before.row] !== other.logger[after.row] ||
			one.task[before.row] !== other.task[after.row] ||
			(((one.flags[before.row] ?? 0) | (other.flags[after.row] ?? 0)) & EntryFlag.gap) !== 0
		) {
			return false;
		}
		const pattern = this.#patternOf(before);
		return pattern !== undefined && pattern === this.#patternOf(after);
	}

	#patternOf({ held, row }: RowPlace): string | undefined {
		if (this.#last?.held === held && this.#last.row === row) {
			return this.#last.pattern;
		}
		const resident = this.#segments.resident(held);
		const message = this.#rows.message(held, resident, row, PATTERN_LENGTH);
		if (message === undefined) {
			return undefined;
		}
		const pattern = patternOf(message);
		// The last row may still grow.
		if (row < held.segment.rows - 1) {
			this.#last = { held, row, pattern };
		}
		return pattern;
	}

	#rowsOf({ segment: { id, version, rows } }: HeldSegment): KeptRows {
		let kept = this.#kept.get(id);
		if (kept?.version !== version) {
			kept = { version, known: new Uint8Array(rows) };
		} else if (kept.known.length < rows) {
			const known = new Uint8Array(rows * 2);
			known.set(kept.known);
			kept.known = known;
		}
		this.#kept.delete(id);
		this.#kept.set(id, kept);
		for (const oldest of this.#kept.keys()) {
			if (this.#kept.size <= KEPT_SEGMENTS) {
				break;
			}
			this.#kept.delete(oldest);
		}
		return kept;
	}
}

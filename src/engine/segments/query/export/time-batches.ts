import type { Stretch } from '../order/stretches.ts';
import type { TimeList } from '../order/time-list.ts';
import type { TimeLists } from '../order/time-lists.ts';
import { findByTime } from '../order/time-order.ts';
import type { BatchContext, RowBatches, RowPlace } from './row-batches.ts';

/** So many rows of a list are looked at ahead. */
const AHEAD = 1_024;

/** So many rows of one segment are written in one go. */
const BATCH_ROWS = 4_096;

const EARLIEST: RowPlace = { ts: -Infinity, seq: -1 };

/**
 * The rows of some stretches that match, merged by time, rising or falling; the latest `limit` of
 * them if that is not 0. A segment is opened when its times are reached and left when they are
 * passed, so that no more of them are open than overlap.
 */
export function* batchesByTime(
	context: BatchContext,
	lists: TimeLists,
	stretches: readonly Stretch[],
	{ limit, isRising }: { readonly limit: number; readonly isRising: boolean },
): RowBatches {
	const { search, isOver, state } = context;
	const from = limit === 0 ? EARLIEST : yield* cutAt(context, lists, stretches, limit);
	context.onCut(({ ts, seq }) => ts > from.ts || (ts === from.ts && seq >= from.seq));
	const waiting = stretches
		.filter(({ held }) => held.segment.maxTs >= from.ts)
		.sort((a, b) =>
			isRising
				? a.held.segment.minTs - b.held.segment.minTs
				: b.held.segment.maxTs - a.held.segment.maxTs,
		);
	context.onLooked(sizeOf(stretches) - sizeOf(waiting));
	const isBefore = (a: RowPlace, b: RowPlace) =>
		isRising ? a.ts - b.ts || a.seq - b.seq : b.ts - a.ts || b.seq - a.seq;
	const open: OpenList[] = [];
	for (;;) {
		const reached = open[0]?.head;
		const next = waiting[0];
		if (next !== undefined && (reached === undefined || mayReach(next, reached, isRising))) {
			waiting.shift();
			const { held } = next;
			if (state.segments.byId(held.segment.id) !== held) {
				context.onGone(next.to - next.from);
				context.onLooked(next.to - next.from);
				continue;
			}
			let list: TimeList | undefined;
			while ((list = lists.list(next, search, isOver)) === undefined) {
				yield undefined;
			}
			while (list.matched > 0 && !lists.build(list, search, isOver)) {
				yield undefined;
			}
			context.onLooked(next.to - next.from);
			const added = list.matched === 0 ? undefined : new OpenList(list, from, isRising);
			if (added?.head !== undefined) {
				insert(open, added, isBefore);
			}
			continue;
		}
		const first = open.shift();
		if (first === undefined) {
			return;
		}
		// All of its rows up to those of the next list, or of one that is not open yet.
		const bound = open[0]?.head;
		const isNext = ({ head }: OpenList, count: number): boolean =>
			head !== undefined &&
			(bound === undefined || isBefore(head, bound) < 0) &&
			(count === 0 || next === undefined || !mayReach(next, head, isRising));
		const rows: number[] = [];
		while (rows.length < BATCH_ROWS && isNext(first, rows.length)) {
			rows.push(first.take());
		}
		if (first.head !== undefined) {
			insert(open, first, isBefore);
		}
		yield { held: first.held, rows: Uint32Array.from(rows) };
	}
}

/** The last one of the latest `limit` rows that match. */
function* cutAt(
	{ search, isOver, state }: BatchContext,
	lists: TimeLists,
	stretches: readonly Stretch[],
	limit: number,
): Generator<undefined, RowPlace> {
	for (;;) {
		const window = { offset: limit - 1, limit: 1 };
		const found = findByTime(lists, search, stretches, window, isOver);
		const [last] = found.rows;
		if (last !== undefined) {
			const { held } = last.stretch;
			const { ts } = state.segments.resident(held).columns;
			return { ts: ts[last.row] ?? 0, seq: held.segment.seq + last.row };
		}
		if (found.complete) {
			return EARLIEST;
		}
		yield undefined;
	}
}

function mayReach({ held }: Stretch, moment: RowPlace, isRising: boolean): boolean {
	return isRising ? held.segment.minTs <= moment.ts : held.segment.maxTs >= moment.ts;
}

function insert(
	open: OpenList[],
	list: OpenList,
	isBefore: (a: RowPlace, b: RowPlace) => number,
): void {
	const { head } = list;
	const at = open.findIndex(
		(other) => head !== undefined && other.head !== undefined && isBefore(head, other.head) < 0,
	);
	open.splice(at === -1 ? open.length : at, 0, list);
}

function sizeOf(stretches: readonly Stretch[]): number {
	return stretches.reduce((sum, { from, to }) => sum + to - from, 0);
}

/** The matches of one segment, from one end to the other. */
class OpenList {
	readonly held: Stretch['held'];
	/** The next one; `undefined` at the end. */
	head: RowPlace | undefined;
	readonly #list: TimeList;
	readonly #isRising: boolean;
	/** Places [#low, #high) are still to be looked at. */
	#low: number;
	#high: number;
	#ahead: readonly { readonly ts: number; readonly row: number }[] = [];
	#index = 0;

	constructor(list: TimeList, from: RowPlace, isRising: boolean) {
		this.held = list.stretch.held;
		this.#list = list;
		this.#isRising = isRising;
		this.#low = list.cutAbove(from.ts, from.seq - 1);
		this.#high = list.cutAbove(Infinity, Infinity);
		this.#look();
	}

	/** Goes on to the next match; the row of this one. */
	take(): number {
		const { row } = this.#ahead[this.#index++] ?? { row: 0 };
		this.#look();
		return row;
	}

	#look(): void {
		while (this.#index >= this.#ahead.length && this.#low < this.#high) {
			const size = Math.min(AHEAD, this.#high - this.#low);
			const from = this.#isRising ? this.#low : this.#high - size;
			const found = this.#list.rowsBetween(from, from + size);
			this.#ahead = this.#isRising ? found : found.toReversed();
			this.#index = 0;
			if (this.#isRising) {
				this.#low += size;
			} else {
				this.#high = from;
			}
		}
		const next = this.#ahead[this.#index];
		this.head = next && { ts: next.ts, seq: this.held.segment.seq + next.row };
	}
}

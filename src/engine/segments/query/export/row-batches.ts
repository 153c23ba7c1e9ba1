import type { CountedUnits } from '../kept/counted-units.ts';
import { unitEnd, unitStart } from '../kept/counted-units.ts';
import type { Stretch } from '../order/stretches.ts';
import type { Search } from '../plan/searches.ts';
import type { QueryState } from '../query-state.ts';
import type { HeldSegment } from '../segment-set.ts';

/** Rows of one segment that are written next, in their order. */
export interface RowBatch {
	readonly held: HeldSegment;
	readonly rows: Uint32Array;
}

/** Where a row stands in either order. */
export interface RowPlace {
	readonly seq: number;
	readonly ts: number;
}

/** What finding rows depends on. */
export interface BatchContext {
	readonly state: QueryState;
	readonly units: CountedUnits;
	readonly search: Search;
	/** Whether it is time for a pause. */
	readonly isOver: () => boolean;
	/** So many more of the stored entries were looked at. */
	readonly onLooked: (entries: number) => void;
	/** So many entries have left the storage since the export began. */
	readonly onGone: (entries: number) => void;
	/** A limit, or a choice, leaves away those that are not in it. */
	readonly onCut: (isIn: (place: RowPlace) => boolean) => void;
}

/** Batches as they are found; `undefined` in between: it was time for a pause. */
export type RowBatches = Generator<RowBatch | undefined, void>;

/** The rows of some stretches that match, stretch by stretch, each rising or falling. */
export function* batchesByArrival(
	context: BatchContext,
	stretches: readonly Stretch[],
	isRising: boolean,
): RowBatches {
	const { state, units, search, isOver } = context;
	for (const { held, from, to: given } of stretches) {
		if (state.segments.byId(held.segment.id) !== held) {
			context.onGone(given - from);
			context.onLooked(given - from);
			continue;
		}
		const to = Math.min(given, held.segment.rows);
		if (units.whole(held, search, from, to)?.matched === 0) {
			context.onLooked(to - from);
			continue;
		}
		let at = isRising ? from : to;
		while (isRising ? at < to : at > from) {
			const start = isRising ? at : Math.max(unitStart(at - 1), from);
			const end = isRising ? Math.min(unitEnd(at), to) : at;
			// It is remembered piece by piece which rows match.
			while (search.isSlow && units.countDown(held, search, start, end, isOver).from > start) {
				yield undefined;
			}
			const rows = rowsIn(units, held, search, start, end);
			context.onLooked(end - start);
			at = isRising ? end : start;
			if (rows.length > 0) {
				yield { held, rows: isRising ? rows : rows.toReversed() };
			} else if (isOver()) {
				yield undefined;
			}
		}
	}
}

/** The stretches cut so that they have no more than the newest `limit` rows that match. */
export function* newestOf(
	{ units, search, isOver, onCut }: BatchContext,
	stretches: readonly Stretch[],
	limit: number,
): Generator<undefined, readonly Stretch[]> {
	const cut: Stretch[] = [];
	let left = limit;
	for (const { held, from, to } of stretches) {
		for (let end = to; end > from && left > 0;) {
			const start = Math.max(unitStart(end - 1), from);
			let count = units.countDown(held, search, start, end, isOver);
			while (count.from > start) {
				yield undefined;
				count = units.countDown(held, search, start, end, isOver);
			}
			let first = start;
			if (count.matched > left) {
				const rows = rowsIn(units, held, search, start, end);
				first = rows[rows.length - left] ?? start;
			}
			left -= Math.min(count.matched, left);
			const last = cut.at(-1);
			if (last?.held === held && last.from === end) {
				cut[cut.length - 1] = { held, from: first, to: last.to };
			} else {
				cut.push({ held, from: first, to: end });
			}
			end = start;
		}
	}
	const oldest = cut.at(-1);
	const first = oldest === undefined ? 0 : oldest.held.segment.seq + oldest.from;
	onCut(({ seq }) => seq >= first);
	return cut;
}

/** Those of the rows [from, to) of one unit that match, rising. */
function rowsIn(
	units: CountedUnits,
	held: HeldSegment,
	search: Search,
	from: number,
	to: number,
): Uint32Array {
	const rows = new Uint32Array(to - from);
	return rows.subarray(0, units.rows(held, search, from, to, rows));
}

/** Those of some `seq`s that match, in order of arrival or of time, rising or falling. */
export function chosenRows(
	{ state, units, search, onLooked, onCut }: BatchContext,
	seqs: readonly number[],
	{ upTo, order, isRising }: { upTo: number; order: 'arrival' | 'time'; isRising: boolean },
): readonly RowBatch[] {
	const chosen = new Set(seqs);
	onCut(({ seq }) => chosen.has(seq));
	const found = [...chosen]
		.filter((seq) => seq <= upTo)
		.flatMap((seq) => {
			const place = state.segments.find(seq);
			const isWanted =
				place !== undefined && units.mask(place.held, search, place.row, place.row + 1)[0] === 1;
			return isWanted ? [{ ...place, seq, ts: tsOf(state, place) }] : [];
		})
		.sort((a, b) => (order === 'time' ? a.ts - b.ts : 0) || a.seq - b.seq);
	const batches: { held: HeldSegment; rows: number[] }[] = [];
	for (const { held, row } of isRising ? found : found.toReversed()) {
		const last = batches.at(-1);
		if (last?.held === held) {
			last.rows.push(row);
		} else {
			batches.push({ held, rows: [row] });
		}
	}
	onLooked(seqs.length);
	return batches.map(({ held, rows }) => ({ held, rows: Uint32Array.from(rows) }));
}

function tsOf(
	{ segments }: QueryState,
	{ held, row }: { readonly held: HeldSegment; readonly row: number },
): number {
	return segments.resident(held).columns.ts[row] ?? 0;
}

import type { Search } from '../plan/searches.ts';
import type { CountedUnits } from '../kept/counted-units.ts';
import { unitEnd } from '../kept/counted-units.ts';
import { textStampOf } from '../kept/kept-counts.ts';
import type { UnitCount } from '../kept/kept-counts.ts';
import type { QueryState } from '../query-state.ts';
import { SortedMatches } from './sorted-matches.ts';
import { SortedRows } from './sorted-rows.ts';
import type { Stretch } from './stretches.ts';
import { TimeList } from './time-list.ts';

/** Filters whose matches are kept in order of time. Their counts are kept elsewhere, for longer. */
const KEPT_FILTERS = 16;

/** Stretches of a segment that are kept: all of it, and those that snapshots cut out of it. */
const KEPT_STRETCHES = 4;

interface KeptMatches {
	readonly version: number;
	readonly isTextKept: boolean;
	/** Rows that had been sorted by then: with more of them, places are others. */
	readonly rows: number;
	readonly textStamp: string;
	readonly matches: SortedMatches;
}

/** Lists of matches by time, segment by segment; what was found out about them is kept. */
export class TimeLists {
	/** Rises whenever something is found out that will be remembered. */
	learned = 0;
	readonly #state: QueryState;
	readonly #units: CountedUnits;
	readonly #sorted = new Map<number, { readonly version: number; readonly rows: SortedRows }>();
	/** By filter (the one used last stands last), segment and stretch. */
	readonly #kept = new Map<string, Map<number, Map<string, KeptMatches>>>();

	constructor(state: QueryState, units: CountedUnits) {
		this.#state = state;
		this.#units = units;
	}

	/** A segment has left. */
	forget(segment: number): void {
		this.#sorted.delete(segment);
		for (const kept of this.#kept.values()) {
			kept.delete(segment);
		}
	}

	/** The matches of a stretch, of which it is known how many they are; `undefined`: it was over. */
	list(stretch: Stretch, search: Search, isOver: () => boolean): TimeList | undefined {
		const known = this.#find(stretch, search);
		if (known !== undefined) {
			return new TimeList(stretch, known.matched);
		}
		const { held, from, to } = stretch;
		const count = this.#units.countDown(held, search, from, to, isOver);
		return count.from > from ? undefined : new TimeList(stretch, count.matched);
	}

	/** Puts a list in order; `false`: it was over. */
	build(list: TimeList, search: Search, isOver: () => boolean): boolean {
		if (list.isBuilt) {
			return true;
		}
		const { stretch } = list;
		const { columns } = this.#state.segments.resident(stretch.held);
		const sorted = this.#sortedRows(stretch, columns.ts);
		let matches = this.#find(stretch, search);
		if (matches === undefined) {
			const mask = this.#mask(stretch, search, isOver);
			if (mask === undefined) {
				return false;
			}
			const { level } = columns;
			const isError = this.#units.masks.levelsOfErrors();
			matches = new SortedMatches(sorted, mask, { level, isError });
			this.#keep(stretch, search, sorted.rows, matches);
		}
		list.build(sorted, matches, columns.ts);
		return true;
	}

	/** How many matches of a stretch stand above a place; `undefined`: it was over. */
	above(
		stretch: Stretch,
		search: Search,
		place: { readonly ts: number; readonly seq: number },
		isOver: () => boolean,
	): UnitCount | undefined {
		const list = this.list(stretch, search, isOver);
		if (list === undefined || list.matched === 0) {
			return list === undefined ? undefined : { matched: 0, errors: 0 };
		}
		return this.build(list, search, isOver) ? list.after(place.ts, place.seq) : undefined;
	}

	#sortedRows({ held }: Stretch, ts: Float64Array): SortedRows {
		const { id, version, rows } = held.segment;
		let found = this.#sorted.get(id);
		if (found?.version !== version) {
			found = { version, rows: new SortedRows() };
			this.#sorted.set(id, found);
		}
		if (found.rows.rows < rows) {
			found.rows.extend(ts, rows);
			this.learned++;
		}
		return found.rows;
	}

	/** 1 for each row of the segment that is in the stretch and matches. */
	#mask(
		{ held, from, to }: Stretch,
		search: Search,
		isOver: () => boolean,
	): Uint8Array | undefined {
		const mask = new Uint8Array(held.segment.rows);
		for (let start = from; start < to;) {
			if (isOver()) {
				return undefined;
			}
			const end = Math.min(unitEnd(start), to);
			mask.set(this.#units.mask(held, search, start, end), start);
			start = end;
		}
		return mask;
	}

	#find({ held, from, to }: Stretch, search: Search): SortedMatches | undefined {
		const { id, version, isTextKept, rows } = held.segment;
		const kept = this.#kept.get(search.key)?.get(id)?.get(`${from} ${to}`);
		const isSame =
			kept?.version === version &&
			kept.isTextKept === isTextKept &&
			kept.rows === rows &&
			kept.textStamp === textStampOf(held.segment);
		return isSame ? kept.matches : undefined;
	}

	#keep({ held, from, to }: Stretch, { key }: Search, rows: number, matches: SortedMatches): void {
		const { id, version, isTextKept } = held.segment;
		const ofFilter = this.#kept.get(key) ?? new Map<number, Map<string, KeptMatches>>();
		this.#kept.delete(key);
		this.#kept.set(key, ofFilter);
		dropOldest(this.#kept, KEPT_FILTERS);
		const ofSegment = ofFilter.get(id) ?? new Map<string, KeptMatches>();
		ofFilter.set(id, ofSegment);
		const textStamp = textStampOf(held.segment);
		ofSegment.set(`${from} ${to}`, { version, isTextKept, rows, textStamp, matches });
		dropOldest(ofSegment, KEPT_STRETCHES);
		this.learned++;
	}
}

function dropOldest<K, V>(map: Map<K, V>, most: number): void {
	for (const oldest of map.keys()) {
		if (map.size <= most) {
			return;
		}
		map.delete(oldest);
	}
}

import type { EntryRow, LogEntry } from '#shared/model/entry.ts';
import { severityOf } from '#shared/model/level.ts';
import { DEFAULT_LIMIT } from '#shared/model/query.ts';
import type {
	Count,
	CountQuery,
	FieldList,
	Filter,
	Page,
	Places,
	PlacesQuery,
	Shape,
	ShapeQuery,
	ValueList,
	ValuesQuery,
} from '#shared/model/query.ts';
import type { StorageQuery } from '../log-storage.ts';
import { compileSearch } from './compile-search.ts';
import type { Search } from './compile-search.ts';
import { KeptCounts, UNIT_ROWS } from './kept-counts.ts';
import type { UnitCount } from './kept-counts.ts';
import { cannotMatch } from './match-rows.ts';
import type { QueryState } from './query-state.ts';
import type { HeldSegment } from './segment-set.ts';
import { UnitMasks } from './unit-masks.ts';

/** An answer ends after this time, so that whoever no longer wants it need not wait for its end. */
const SLICE_MS = 40;

const NOTHING: UnitCount = { matched: 0, errors: 0 };

/**
 * Answers queries over the segments, newest first. Counts are kept per filter and stretch of rows,
 * so that asking again costs only what has changed. However short the slice, each answer learns
 * about one more stretch, so that asking again comes to an end.
 */
export class Answers {
	readonly #state: QueryState;
	readonly #masks: UnitMasks;
	readonly #kept = new KeptCounts();
	readonly #now: () => number;
	readonly #sliceMs: number;

	constructor(
		state: QueryState,
		options: { readonly now?: () => number; readonly sliceMs?: number } = {},
	) {
		this.#state = state;
		this.#masks = new UnitMasks(state);
		this.#now = options.now ?? (() => performance.now());
		this.#sliceMs = options.sliceMs ?? SLICE_MS;
	}

	query(query: StorageQuery): Page {
		const { limit = DEFAULT_LIMIT, offset = 0, ...filter } = query;
		const search = this.#search(filter);
		const isOver = this.#slice();
		const rows: EntryRow[] = [];
		let skip = offset;
		for (const { held, to } of this.#stretches(search.filter.up_to)) {
			if (rows.length >= limit) {
				break;
			}
			const whole = this.#wholeCount(held, search, 0, to);
			if (whole !== undefined && whole.matched <= skip) {
				skip -= whole.matched;
				continue;
			}
			for (let unit = Math.ceil(to / UNIT_ROWS) - 1; unit >= 0 && rows.length < limit; unit--) {
				if (isOver()) {
					return { rows, complete: false };
				}
				const [from, end] = unitRange(unit, 0, to);
				const { matched } = this.#countUnit(held, search, unit, from, end);
				if (matched > skip) {
					const wanted = limit - rows.length;
					rows.push(...this.#rows(held, search, unit, from, end, skip, wanted));
				}
				skip = Math.max(skip - matched, 0);
			}
		}
		return { rows, complete: true };
	}

	count(query: CountQuery): Count {
		const { after = -1, ...filter } = query;
		const search = this.#search(filter);
		const isOver = this.#slice();
		const stretches = this.#stretches(search.filter.up_to)
			.map(({ held, to }) => ({ held, to, from: Math.max(after + 1 - held.segment.seq, 0) }))
			.filter(({ from, to }) => from < to);
		const total = stretches.reduce((sum, { from, to }) => sum + to - from, 0);
		let matched = 0;
		let errors = 0;
		let searched = 0;
		for (const { held, from, to } of stretches) {
			const whole = this.#wholeCount(held, search, from, to);
			if (whole !== undefined) {
				matched += whole.matched;
				errors += whole.errors;
				searched += to - from;
				continue;
			}
			const lowest = Math.floor(from / UNIT_ROWS);
			for (let unit = Math.ceil(to / UNIT_ROWS) - 1; unit >= lowest; unit--) {
				if (isOver()) {
					return { matched, errors, searched: searched / total, complete: false };
				}
				const [start, end] = unitRange(unit, from, to);
				const count = this.#countUnit(held, search, unit, start, end);
				matched += count.matched;
				errors += count.errors;
				searched += end - start;
			}
		}
		return { matched, errors, searched: 1, complete: true };
	}

	shape(_query: ShapeQuery): Shape {
		throw new Error('not there yet');
	}

	places(_query: PlacesQuery): Places {
		throw new Error('not there yet');
	}

	getFields(): FieldList {
		throw new Error('not there yet');
	}

	getValues(_query: ValuesQuery): ValueList {
		throw new Error('not there yet');
	}

	get(seq: number): LogEntry | undefined {
		const found = this.#state.segments.find(seq);
		if (found === undefined) {
			return undefined;
		}
		const resident = this.#state.segments.resident(found.held);
		return this.#state.isHidden(resident, found.row)
			? undefined
			: this.#state.rows.entry(found.held, resident, found.row);
	}

	/** Segments have left: nothing about them need be remembered. */
	forget(segments: readonly number[]): void {
		for (const id of segments) {
			this.#kept.forget(id);
		}
	}

	#search(filter: Filter): Search {
		const search = compileSearch(filter, this.#state.dictionary);
		this.#kept.use(search.key);
		return search;
	}

	/** Segments newest first, the first one cut where the view's snapshot ends. */
	#stretches(upTo = Number.MAX_SAFE_INTEGER): { held: HeldSegment; to: number }[] {
		const stretches: { held: HeldSegment; to: number }[] = [];
		const { inOrder } = this.#state.segments;
		for (let index = inOrder.length - 1; index >= 0; index--) {
			const held = inOrder[index];
			if (held !== undefined && held.segment.seq <= upTo && held.segment.rows > 0) {
				stretches.push({ held, to: Math.min(held.segment.rows, upTo - held.segment.seq + 1) });
			}
		}
		return stretches;
	}

	/** The count of all of a segment's rows, where it is known without looking at them. */
	#wholeCount(held: HeldSegment, search: Search, from: number, to: number): UnitCount | undefined {
		const { segment } = held;
		const { min_level } = search.filter;
		if (cannotMatch(held, search, min_level === undefined ? -Infinity : severityOf(min_level))) {
			return NOTHING;
		}
		if (from > 0 || to < segment.rows) {
			return undefined;
		}
		return search.isEverything
			? { matched: segment.rows - segment.hidden, errors: segment.errors }
			: this.#kept.whole(held);
	}

	/** Counts rows [from, to) of a unit. Whole ones are remembered. */
	#countUnit(held: HeldSegment, search: Search, unit: number, from: number, to: number): UnitCount {
		const [start, end] = unitRange(unit, 0, held.segment.rows);
		const isWhole = from === start && to === end;
		const known = isWhole ? this.#kept.unit(held, unit) : undefined;
		if (known !== undefined) {
			return known;
		}
		const mask = this.#masks.mask(held, search, from, to);
		const count = this.#masks.count(held, mask, from, to);
		if (isWhole) {
			this.#kept.learn(held, unit, count, search.text === undefined ? undefined : mask);
		}
		return count;
	}

	#rows(
		held: HeldSegment,
		search: Search,
		unit: number,
		from: number,
		to: number,
		skip: number,
		limit: number,
	): EntryRow[] {
		const kept = from === unit * UNIT_ROWS ? this.#kept.mask(held, unit, to - from) : undefined;
		const mask = kept ?? this.#masks.mask(held, search, from, to);
		const resident = this.#state.segments.resident(held);
		const rows: EntryRow[] = [];
		let left = skip;
		for (let row = to - 1; row >= from && rows.length < limit; row--) {
			if (mask[row - from] === 1 && left-- <= 0) {
				rows.push(this.#state.rows.row(held, resident, row));
			}
		}
		return rows;
	}

	/** Begins a slice of time; whether it is over, which it never is before something was learned. */
	#slice(): () => boolean {
		const deadline = this.#now() + this.#sliceMs;
		const before = this.#kept.learned;
		return () => this.#kept.learned > before && this.#now() > deadline;
	}
}

/** The rows of a unit that are in [from, to). */
function unitRange(unit: number, from: number, to: number): [number, number] {
	return [Math.max(unit * UNIT_ROWS, from), Math.min((unit + 1) * UNIT_ROWS, to)];
}

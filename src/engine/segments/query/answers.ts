import type { EntryRow, LogEntry } from '#shared/model/entry.ts';
import { DEFAULT_LIMIT, MAX_PAGE_ROWS } from '#shared/model/query.ts';
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
import type { ExportRequest } from '#shared/model/export.ts';
import { fieldPath } from '#shared/query/field-name.ts';
import type { PageQuery } from '../../active-storage.ts';
import type { Search } from './plan/searches.ts';
import { CountedUnits } from './kept/counted-units.ts';
import { FacetCountings } from './tally/facet-counting.ts';
import { createCounting } from './kept/filter-counting.ts';
import type { CountingContext } from './kept/filter-counting.ts';
import { UNIT_ROWS } from './kept/kept-counts.ts';
import type { UnitCount } from './kept/kept-counts.ts';
import { ExportCursor } from './export/export-cursor.ts';
import { KnownFields } from './fields/known-fields.ts';
import { placesByArrival } from './tally/places-by-arrival.ts';
import { placesByTime } from './tally/places-by-time.ts';
import type { QueryState } from './query-state.ts';
import { Shapes } from './tally/shapes.ts';
import { ShownRows } from './text/shown-rows.ts';
import { stretchesOf } from './order/stretches.ts';
import type { Stretch } from './order/stretches.ts';
import { TimeLists } from './order/time-lists.ts';
import { findByTime } from './order/time-order.ts';

/** An answer ends after this time, so that whoever no longer wants it need not wait for its end. */
const SLICE_MS = 40;

/** The same for a shape: the rows of the next question, if a key was pressed, wait behind it. */
const SHAPE_SLICE_MS = 20;

/**
 * Answers queries over the segments, newest first. Counts are kept per filter and stretch of rows,
 * so that asking again costs only what has changed. However short the slice, each answer learns
 * about one more stretch, so that asking again comes to an end.
 */
export class Answers {
	readonly #state: QueryState;
	readonly #units: CountedUnits;
	readonly #lists: TimeLists;
	readonly #counting: CountingContext;
	readonly #shapes: Shapes;
	readonly #known: KnownFields;
	readonly #shown: ShownRows;
	readonly #now: () => number;
	readonly #sliceMs: number;
	/** Rows of the unit that a page is taken from. */
	readonly #rows = new Uint32Array(UNIT_ROWS);

	constructor(
		state: QueryState,
		options: { readonly now?: () => number; readonly sliceMs?: number } = {},
	) {
		this.#state = state;
		this.#units = new CountedUnits(state);
		this.#lists = new TimeLists(state, this.#units);
		this.#shown = new ShownRows(state);
		this.#now = options.now ?? (() => performance.now());
		this.#sliceMs = options.sliceMs ?? SLICE_MS;
		this.#counting = createCounting(state, this.#units);
		const facets = new FacetCountings(state, this.#units.masks);
		this.#shapes = new Shapes(this.#counting, facets, () => this.#slice(SHAPE_SLICE_MS));
		this.#known = new KnownFields(this.#counting, facets, () => this.#slice());
	}

	query(query: PageQuery): Page {
		const { limit = DEFAULT_LIMIT, offset = 0, order, fields = [], ...filter } = query;
		const paths = fields.map(fieldPath);
		const search = this.#search(filter);
		const isOver = this.#slice();
		// More than a page is not remembered, so it is read in one go.
		const isReadOver = limit > MAX_PAGE_ROWS ? () => false : isOver;
		const rows: EntryRow[] = [];
		if (order === 'time') {
			const stretches = this.#stretches(filter);
			const found = findByTime(this.#lists, search, stretches, { offset, limit }, isOver);
			for (const { stretch, row } of found.rows) {
				const shown = this.#shown.row(stretch.held, row, paths, isReadOver, search.asksRepeats);
				if (shown === undefined) {
					return { rows, complete: false };
				}
				rows.push(shown);
			}
			return { rows, complete: found.complete };
		}
		let skip = offset;
		for (const { held, from, to } of this.#stretches(filter)) {
			const whole = this.#units.whole(held, search, from, to);
			if (whole !== undefined && whole.matched <= skip) {
				skip -= whole.matched;
				continue;
			}
			for (let end = to; end > from && rows.length < limit;) {
				if (isOver()) {
					return { rows, complete: false };
				}
				const start = this.#units.pieceStart(held, search, from, end);
				const { matched } = this.#units.count(held, search, start, end);
				if (matched > skip) {
					const found = this.#rows;
					this.#units.rows(held, search, start, end, found);
					for (let at = matched - skip - 1; at >= 0 && rows.length < limit; at--) {
						const row = found[at] ?? 0;
						const shown = this.#shown.row(held, row, paths, isReadOver, search.asksRepeats);
						if (shown === undefined) {
							return { rows, complete: false };
						}
						rows.push(shown);
					}
				}
				skip = Math.max(skip - matched, 0);
				end = start;
			}
			if (rows.length >= limit) {
				break;
			}
		}
		return { rows, complete: true };
	}

	count(query: CountQuery): Count {
		const { after, above, ...filter } = query;
		const search = this.#search(filter);
		const isOver = this.#slice();
		const stretches = this.#stretches(filter, after);
		const total = stretches.reduce((sum, { from, to }) => sum + to - from, 0);
		let matched = 0;
		let errors = 0;
		let searched = 0;
		for (const stretch of stretches) {
			const { held, from, to } = stretch;
			const { minTs, maxTs } = held.segment;
			if (above !== undefined && maxTs < above.ts) {
				searched += to - from;
				continue;
			}
			const count =
				above === undefined || minTs > above.ts
					? this.#units.countDown(held, search, from, to, isOver)
					: this.#countAbove(stretch, search, above, isOver);
			matched += count.matched;
			errors += count.errors;
			searched += to - count.from;
			if (count.from > from) {
				return { matched, errors, searched: searched / total, complete: false };
			}
		}
		return { matched, errors, searched: 1, complete: true };
	}

	shape(query: ShapeQuery): Shape {
		return this.#shapes.shape(query);
	}

	places({ order, ...query }: PlacesQuery): Places {
		return order === 'time'
			? placesByTime(this.#counting, this.#lists, query, this.#slice())
			: placesByArrival(this.#counting, query, this.#slice());
	}

	getFields(): FieldList {
		return this.#known.fields();
	}

	getValues(query: ValuesQuery): ValueList {
		return this.#known.values(query);
	}

	get(seq: number): LogEntry | undefined {
		const found = this.#state.segments.find(seq);
		return found && this.#shown.entry(found.held, found.row);
	}

	/** Begins to write what a request selects of what there is now. */
	openExport(request: ExportRequest): ExportCursor {
		const context = {
			state: this.#state,
			units: this.#units,
			lists: this.#lists,
			search: this.#search(request.filter),
			learned: () => this.#units.learned + this.#lists.learned,
			now: this.#now,
		};
		return new ExportCursor(context, request);
	}

	/** Segments have left: nothing about them need be remembered. */
	forget(segments: readonly number[]): void {
		for (const id of segments) {
			this.#units.forget(id);
			this.#lists.forget(id);
			this.#counting.tallies.forget(id);
		}
	}

	/** What a filter means, but for its stretch of arrival, which is not the same filter's for long. */
	#search(given: Filter): Search {
		const { arrived_after: _, up_to: __, ...filter } = given;
		const search = this.#state.searches.of(filter);
		this.#units.use(search);
		return search;
	}

	#stretches({ arrived_after = -1, up_to }: Filter, after = -1): Stretch[] {
		return stretchesOf(this.#state.segments.inOrder, Math.max(after, arrived_after), up_to);
	}

	#countAbove(
		stretch: Stretch,
		search: Search,
		above: NonNullable<CountQuery['above']>,
		isOver: () => boolean,
	): UnitCount & { readonly from: number } {
		const count = this.#lists.above(stretch, search, above, isOver);
		return count === undefined
			? { matched: 0, errors: 0, from: stretch.to }
			: { ...count, from: stretch.from };
	}

	/** Begins a slice of time; whether it is over, which it never is before something was learned. */
	#slice(most = SLICE_MS): () => boolean {
		const deadline = this.#now() + Math.min(this.#sliceMs, most);
		const learned = () =>
			this.#units.learned +
			this.#lists.learned +
			this.#shown.learned +
			this.#state.repeats.learned +
			this.#counting.runner.learned +
			this.#known.sample.learned;
		const before = learned();
		return () => learned() > before && this.#now() > deadline;
	}
}

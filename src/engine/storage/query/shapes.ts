import { SEVERITY_CLASSES } from '#shared/model/query.ts';
import type { Facet, Filter, Histogram, Shape, ShapeQuery } from '#shared/model/query.ts';
import type { CountedUnits } from './counted-units.ts';
import { FacetCountings } from './facet-counting.ts';
import { FilterCounting } from './filter-counting.ts';
import type { CountingContext } from './filter-counting.ts';
import { KeptTallies } from './kept-tallies.ts';
import { levelClasses } from './level-classes.ts';
import type { QueryState } from './query-state.ts';
import { TallyRunner } from './tally-runner.ts';
import { roundBuckets } from './time-buckets.ts';
import { TimeTally } from './time-tally.ts';
import type { LevelClasses } from './time-tally.ts';

/** Begins a slice of time; `learned` rises while it brings something. Whether it is over. */
export type BeginSlice = (learned: () => number) => () => boolean;

type FacetQuery = NonNullable<ShapeQuery['facets']>[number];

interface Asked {
	readonly counting: FilterCounting;
	/** Share of the entries that was looked at. */
	searched: number;
}

/**
 * Counts all entries that match a filter by time and by the values of fields, as far as a slice of
 * time reaches. What was counted is kept, so that asking again goes on, and what came costs no more
 * than its own rows.
 */
export class Shapes {
	readonly #context: CountingContext;
	readonly #beginSlice: BeginSlice;
	readonly #facets: FacetCountings;
	readonly #classes: LevelClasses;
	readonly #times: ReturnType<typeof TimeTally.kind>;

	constructor(state: QueryState, units: CountedUnits, beginSlice: BeginSlice) {
		const runner = new TallyRunner(state.segments);
		this.#context = { state, units, tallies: new KeptTallies(), runner };
		this.#beginSlice = beginSlice;
		this.#facets = new FacetCountings(state);
		this.#classes = levelClasses(state.dictionary);
		this.#times = TimeTally.kind(this.#classes);
	}

	shape(query: ShapeQuery): Shape {
		const { buckets, facets = [], ...filter } = query;
		const isOver = this.#beginSlice(() => this.#context.runner.learned);
		const main: Asked = { counting: new FilterCounting(this.#context, filter), searched: 0 };
		main.counting.want(this.#times);
		// A facet without a query of its own is counted in the same go.
		const byQuery = new Map<string | undefined, Asked>([
			[undefined, main],
			[query.query, main],
		]);
		const asked = facets.map((facet) => this.#askFacet(filter, facet, byQuery));
		for (const one of new Set(byQuery.values())) {
			one.searched = one.counting.run(isOver);
		}
		let matched = 0;
		for (const tally of this.#timesOf(main.counting)) {
			matched += tally.matched;
		}
		const histogram =
			buckets === undefined ? undefined : this.#histogram(main, filter, buckets, isOver);
		const told = facets.map((facet, index) => this.#told(facet, asked[index]));
		return {
			matched,
			searched: main.searched,
			complete:
				main.searched === 1 &&
				histogram?.complete !== false &&
				told.every(({ complete }) => complete),
			...(histogram === undefined ? {} : { histogram: histogram.histogram }),
			facets: told,
		};
	}

	/** A segment has left. */
	forget(segment: number): void {
		this.#context.tallies.forget(segment);
	}

	#askFacet(filter: Filter, facet: FacetQuery, byQuery: Map<string | undefined, Asked>): Asked {
		let asked = byQuery.get(facet.query);
		if (asked === undefined) {
			const own = { ...filter, query: facet.query };
			asked = { counting: new FilterCounting(this.#context, own), searched: 0 };
			byQuery.set(facet.query, asked);
		}
		const counting = this.#facets.of(facet.field);
		if (counting !== undefined) {
			asked.counting.want(counting.kind);
		}
		return asked;
	}

	#told(facet: FacetQuery, asked: Asked | undefined): Facet {
		const { field } = facet;
		const counting = this.#facets.of(field);
		return counting === undefined || asked === undefined
			? { field, values: [], others: 0, missing: 0, complete: true }
			: { field, ...counting.told(asked.counting, facet), complete: asked.searched === 1 };
	}

	#histogram(
		{ counting }: Asked,
		{ since, until }: Filter,
		most: number,
		isOver: () => boolean,
	): { readonly histogram: Histogram; readonly complete: boolean } | undefined {
		let first = Infinity;
		let last = -Infinity;
		for (const { minTs, maxTs } of this.#timesOf(counting)) {
			first = Math.min(first, minTs);
			last = Math.max(last, maxTs);
		}
		if (first > last) {
			return undefined;
		}
		const buckets = roundBuckets(since ?? first, until ?? last, most);
		const exact = TimeTally.kindOf(this.#classes, buckets);
		const counts = new Uint32Array(buckets.count * SEVERITY_CLASSES.length);
		let complete = true;
		for (const stretch of counting.stretches) {
			const own = counting.tallies(stretch, this.#times);
			const isFine = own.every((tally) => tally.fits(buckets));
			complete = (isFine || counting.runOne(stretch, exact, isOver)) && complete;
			for (const tally of isFine ? own : counting.tallies(stretch, exact)) {
				tally.addTo(counts, buckets);
			}
		}
		const { from, width } = buckets;
		const columns = Array.from({ length: buckets.count }, (_, bucket) =>
			SEVERITY_CLASSES.map(
				(__, severity) => counts[bucket * SEVERITY_CLASSES.length + severity] ?? 0,
			),
		);
		return { histogram: { from, width, counts: columns }, complete };
	}

	*#timesOf(counting: FilterCounting): Generator<TimeTally> {
		for (const stretch of counting.stretches) {
			yield* counting.tallies(stretch, this.#times);
		}
	}
}

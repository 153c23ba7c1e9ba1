import { SEVERITY_CLASSES } from '#shared/model/query.ts';
import type { Facet, Filter, Histogram, Shape, ShapeQuery } from '#shared/model/query.ts';
import type { FacetCountings } from './facet-counting.ts';
import { FilterCounting } from './filter-counting.ts';
import type { BeginSlice, CountingContext } from './filter-counting.ts';
import type { TallyKind } from './tally.ts';
import { roundBuckets } from './time-buckets.ts';
import { TimeTally } from './time-tally.ts';
import { topValues } from './top-values.ts';

type FacetQuery = NonNullable<ShapeQuery['facets']>[number];

/** What is to be counted of the entries of one filter. */
interface Asked {
	readonly counting: FilterCounting;
	readonly kinds: TallyKind[];
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

	constructor(context: CountingContext, facets: FacetCountings, beginSlice: BeginSlice) {
		this.#context = context;
		this.#facets = facets;
		this.#beginSlice = beginSlice;
	}

	shape({ buckets, facets = [], ...filter }: ShapeQuery): Shape {
		const isOver = this.#beginSlice();
		const main = this.#ask(filter, [this.#context.times]);
		// A facet without a query of its own is counted in the same go.
		const byQuery = new Map([
			[undefined, main],
			[filter.query, main],
		]);
		const asked = facets.map((facet) => ({
			facet,
			of: this.#askFacet(filter, facet, byQuery),
		}));
		for (const one of new Set([...byQuery.values(), ...asked.map(({ of }) => of)])) {
			one.searched = one.counting.run(one.kinds, isOver);
		}
		const histogram =
			buckets === undefined ? undefined : this.#histogram(main, filter, buckets, isOver);
		const told = asked.map(({ facet, of }) => this.#told(facet, of));
		return {
			matched: this.#timesOf(main.counting).reduce((sum, { matched }) => sum + matched, 0),
			searched: main.searched,
			complete:
				main.searched === 1 &&
				histogram?.complete !== false &&
				told.every(({ complete }) => complete),
			...(histogram === undefined ? {} : { histogram: histogram.histogram }),
			facets: told,
		};
	}

	#ask(filter: Filter, kinds: readonly TallyKind[]): Asked {
		return {
			counting: new FilterCounting(this.#context, filter),
			kinds: [...kinds],
			searched: 0,
		};
	}

	#askFacet(filter: Filter, facet: FacetQuery, byQuery: Map<string | undefined, Asked>): Asked {
		const { kind } = this.#facets.of(facet.field);
		const own = { ...filter, query: facet.query ?? filter.query };
		if (kind.readsText === true) {
			// All that is quick is told before.
			return this.#ask(own, [kind]);
		}
		let asked = byQuery.get(facet.query);
		if (asked === undefined) {
			asked = this.#ask(own, []);
			byQuery.set(facet.query, asked);
		}
		if (asked.kinds.every(({ name }) => name !== kind.name)) {
			asked.kinds.push(kind);
		}
		return asked;
	}

	#told({ field, search = '', limit }: FacetQuery, { counting, searched }: Asked): Facet {
		const { values, missing, untold } = this.#facets.of(field).counted(counting);
		const needle = search.toLowerCase();
		const matches = (value: string) => needle === '' || value.toLowerCase().includes(needle);
		const top = topValues(values, { limit, matches });
		const complete = searched === 1;
		return { field, values: top.values, others: top.others + untold, missing, complete };
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
		const exact = TimeTally.kindOf(this.#context.classes, buckets);
		const counts = new Uint32Array(buckets.count * SEVERITY_CLASSES.length);
		let complete = true;
		for (const stretch of counting.stretches) {
			const own = counting.tallies(stretch, this.#context.times);
			const isFine = own.every((tally) => tally.fits(buckets));
			complete = (isFine || counting.runOne(stretch, [exact], isOver)) && complete;
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

	#timesOf(counting: FilterCounting): TimeTally[] {
		return counting.stretches.flatMap((stretch) => counting.tallies(stretch, this.#context.times));
	}
}

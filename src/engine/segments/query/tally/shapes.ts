import type { Facet, Filter, Shape, ShapeQuery } from '#shared/model/query.ts';
import type { FacetCountings } from './facet-counting.ts';
import { FilterCounting } from '../kept/filter-counting.ts';
import type { BeginSlice, CountingContext } from '../kept/filter-counting.ts';
import type { TallyKind } from './tally.ts';
import { countByTime } from './time-histogram.ts';
import type { TimeTally } from './time-tally.ts';
import { toldFacet } from '../../../shapes/facet.ts';
import type { FacetQuery } from '../../../shapes/facet.ts';

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
		const matched = sumOf(main.counting.allTallies(this.#context.times));
		const histogram =
			buckets === undefined || matched === 0
				? undefined
				: countByTime(this.#context, main.counting, { ...filter, buckets, matched }, isOver);
		const told = asked.map(({ facet, of }) => this.#told(facet, of));
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

	#told(facet: FacetQuery, { counting, searched }: Asked): Facet {
		return toldFacet(facet, this.#facets.of(facet.field).counted(counting), searched);
	}
}

function sumOf(tallies: Readonly<Record<string, readonly TimeTally[]>>): number {
	return Object.values(tallies)
		.flat()
		.reduce((sum, { matched }) => sum + matched, 0);
}

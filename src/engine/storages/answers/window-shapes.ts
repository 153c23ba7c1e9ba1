import { SEVERITY_CLASSES } from '#shared/model/query.ts';
import type { Filter, Shape, ShapeQuery } from '#shared/model/query.ts';
import { toldFacet } from '../../shapes/facet.ts';
import type { FacetQuery } from '../../shapes/facet.ts';
import { histogramOf } from '../../shapes/histogram.ts';
import type { TimedEntries } from '../../shapes/histogram.ts';
import type { EntryWindow } from './entry-window.ts';
import type { KeptSearch, KeptSearches } from './kept-search.ts';
import type { PlaceRange } from './place-ranges.ts';
import { isCountedColumn } from './facet-tallies.ts';
import { blocksOf, rangeOf, startOf } from './place-ranges.ts';

const CLASSES = SEVERITY_CLASSES.length;

/** What was looked at of the entries of one filter. */
interface Looked {
	readonly search: KeptSearch;
	/** Those parts of the range that were. */
	readonly parts: readonly PlaceRange[];
	/** Share of the range. */
	readonly searched: number;
}

/** Counts the entries of a window by time and by values of fields, as far as a slice reaches. */
export class WindowShapes {
	readonly #window: EntryWindow;
	readonly #searches: KeptSearches;

	constructor(window: EntryWindow, searches: KeptSearches) {
		this.#window = window;
		this.#searches = searches;
	}

	shape({ buckets, facets = [], ...filter }: ShapeQuery, isOver: () => boolean): Shape {
		const range = rangeOf(this.#window, filter);
		const main = this.#look(filter, range, isOver);
		const told = new Map<FacetQuery, Shape['facets'][number]>();
		// All that is quick is told before what has to be taken apart.
		const quickFirst = facets.toSorted(
			(a, b) => Number(isCountedColumn(b.field)) - Number(isCountedColumn(a.field)),
		);
		for (const facet of quickFirst) {
			const isMain = facet.query === undefined || facet.query === filter.query;
			const looked = isMain ? main : this.#look({ ...filter, query: facet.query }, range, isOver);
			told.set(facet, this.#facet(facet, looked, range, isOver));
		}
		const matched = main.parts.reduce((sum, part) => sum + main.search.matchedIn(part), 0);
		const histogram =
			buckets === undefined || matched === 0
				? undefined
				: histogramOf(this.#timed(main, range), { ...filter, buckets, matched });
		const inOrder = facets.flatMap((facet) => told.get(facet) ?? []);
		return {
			matched,
			searched: main.searched,
			complete:
				main.searched === 1 &&
				histogram?.complete !== false &&
				inOrder.every(({ complete }) => complete),
			...(histogram === undefined ? {} : { histogram: histogram.histogram }),
			facets: inOrder,
		};
	}

	#look(filter: Filter, range: PlaceRange, isOver: () => boolean): Looked {
		const search = this.#searches.of(filter);
		const parts = [...blocksOf(range)].filter((part) => search.look(part, isOver));
		return { search, parts, searched: shareOf(parts, range) };
	}

	#facet(facet: FacetQuery, looked: Looked, range: PlaceRange, isOver: () => boolean) {
		const { search, parts } = looked;
		const counted = parts.filter((part) =>
			search.facets.count(facet.field, part, (place) => search.has(place), isOver),
		);
		return toldFacet(facet, search.facets.sum(facet.field, counted), shareOf(counted, range));
	}

	#timed({ search, parts, searched }: Looked, range: PlaceRange): TimedEntries {
		const window = this.#window;
		const isAll = searched === 1;
		return {
			times: () => {
				let first = Infinity;
				let last = -Infinity;
				// What was not looked at may match.
				for (const part of blocksOf(range)) {
					const { ts } = window.columns(part.from);
					const mask = search.mask(part.from);
					const start = startOf(part);
					for (let at = part.from - start; at < part.to - start; at++) {
						if (!isAll || mask[at] === 1) {
							first = Math.min(first, ts[at] ?? 0);
							last = Math.max(last, ts[at] ?? 0);
						}
					}
				}
				return { first, last, isAll };
			},
			countIn: ({ from, width, count }) => {
				const counts = new Uint32Array(count * CLASSES);
				for (const part of parts) {
					const { ts, classes } = window.columns(part.from);
					const mask = search.mask(part.from);
					const start = startOf(part);
					for (let at = part.from - start; at < part.to - start; at++) {
						const bucket = Math.floor(((ts[at] ?? 0) - from) / width);
						if (bucket >= 0 && bucket < count && mask[at] === 1) {
							const cell = bucket * CLASSES + (classes[at] ?? 0);
							counts[cell] = (counts[cell] ?? 0) + 1;
						}
					}
				}
				return { counts, complete: isAll };
			},
		};
	}
}

function shareOf(parts: readonly PlaceRange[], { from, to }: PlaceRange): number {
	const entries = parts.reduce((sum, part) => sum + part.to - part.from, 0);
	return to === from ? 1 : entries / (to - from);
}

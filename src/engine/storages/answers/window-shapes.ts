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
import { blocksOf, rangeOf } from './place-ranges.ts';

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
		const matched = this.#matched(main);
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

	#matched({ search, parts }: Looked): number {
		let matched = 0;
		for (const { from, to } of parts) {
			for (let place = from; place < to; place++) {
				matched += search.has(place) ? 1 : 0;
			}
		}
		return matched;
	}

	#timed({ search, parts, searched }: Looked, range: PlaceRange): TimedEntries {
		const window = this.#window;
		const isAll = searched === 1;
		return {
			times: () => {
				let first = Infinity;
				let last = -Infinity;
				// What was not looked at may match.
				for (let place = range.from; place < range.to; place++) {
					if (!isAll || search.has(place)) {
						first = Math.min(first, window.ts(place));
						last = Math.max(last, window.ts(place));
					}
				}
				return { first, last, isAll };
			},
			countIn: ({ from, width, count }) => {
				const counts = new Uint32Array(count * CLASSES);
				for (const part of parts) {
					for (let place = part.from; place < part.to; place++) {
						const bucket = Math.floor((window.ts(place) - from) / width);
						if (bucket >= 0 && bucket < count && search.has(place)) {
							const at = bucket * CLASSES + window.severityClass(place);
							counts[at] = (counts[at] ?? 0) + 1;
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

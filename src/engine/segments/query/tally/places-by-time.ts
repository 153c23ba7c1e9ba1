import type { Filter, Places, PlacesQuery } from '#shared/model/query.ts';
import type { CountingContext } from '../kept/filter-counting.ts';
import { PlaceCounts } from '../../../shapes/place-counts.ts';
import { stretchesOf } from '../order/stretches.ts';
import type { Stretch } from '../order/stretches.ts';
import type { TimeList } from '../order/time-list.ts';
import type { TimeLists } from '../order/time-lists.ts';

/** A part of one segment's matches, between two cuts. */
interface Part {
	readonly all: TimeList;
	/** Those of them that match something more; the same cuts are theirs. */
	readonly both: TimeList;
	readonly low: number;
	readonly high: number;
}

/** Counts the entries that match `also` by where they stand among all of a filter, in order of time. */
export function placesByTime(
	context: CountingContext,
	lists: TimeLists,
	{ also, ...query }: Omit<PlacesQuery, 'order'>,
	isOver: () => boolean,
): Places {
	const { buckets, limit = Infinity, arrived_after, up_to, ...filter } = query;
	const { inOrder } = context.state.segments;
	const stretches = stretchesOf(inOrder, arrived_after, up_to);
	const all = listsOf(context, lists, stretches, filter, isOver);
	const both = listsOf(context, lists, stretches, { ...filter, also }, isOver);
	const parts = all.map((list, index): Part | undefined => {
		const other = both[index];
		return list === undefined || other === undefined
			? undefined
			: { all: list, both: other, low: 0, high: Infinity };
	});
	const known = parts.filter((part) => part !== undefined);
	const matched = known.reduce((sum, part) => sum + part.all.matched, 0);
	const counts = new PlaceCounts(buckets, Math.min(matched, limit));
	count(counts, known, 0);
	return { ...counts.told(), complete: known.length === parts.length };
}

/** The matches of each stretch in order of time, as far as they could be put in order. */
function listsOf(
	{ state, units }: CountingContext,
	lists: TimeLists,
	stretches: readonly Stretch[],
	filter: Filter,
	isOver: () => boolean,
): (TimeList | undefined)[] {
	const search = state.searches.of(filter);
	units.use(search);
	return stretches.map((stretch) => {
		const list = lists.list(stretch, search, isOver);
		const isBuilt = list !== undefined && (list.matched === 0 || lists.build(list, search, isOver));
		return isBuilt ? list : undefined;
	});
}

/**
 * Counts parts above which there are so many matches: at once if all of theirs are in one stretch of
 * ranks, else by halves.
 */
function count(counts: PlaceCounts, given: readonly Part[], above: number): void {
	const parts = given.filter((part) => sizeOf(part.all, part) > 0);
	const size = parts.reduce((sum, part) => sum + sizeOf(part.all, part), 0);
	const wanted = parts.reduce((sum, part) => sum + sizeOf(part.both, part), 0);
	if (wanted === 0 || above >= counts.total) {
		return;
	}
	if (counts.bucketOf(above) === counts.bucketOf(above + size - 1)) {
		counts.add(above, wanted);
		return;
	}
	const middle = middleOf(parts, size);
	const cuts = parts.map(({ all, low, high }) => {
		const cut = all.cutAbove(middle.ts, middle.seq, low, high);
		return all === middle.list ? cut - 1 : cut;
	});
	const upper = parts.map((part, index) => ({ ...part, low: cuts[index] ?? part.low }));
	const lower = parts.map((part, index) => ({ ...part, high: cuts[index] ?? part.high }));
	count(counts, upper, above);
	const between = upper.reduce((sum, part) => sum + sizeOf(part.all, part), 0);
	count(counts, lower, above + between);
}

function sizeOf(list: TimeList, { low, high }: Part): number {
	return list.matched === 0 ? 0 : list.below(high) - list.below(low);
}

/** Of the middle matches of all parts, the one with half of all matches in parts above it or its own. */
function middleOf(
	parts: readonly Part[],
	size: number,
): { readonly ts: number; readonly seq: number; readonly list: TimeList } {
	const middles = parts
		.map((part) => {
			const { all, low } = part;
			const weight = sizeOf(all, part);
			return { list: all, ...all.at(all.below(low) + (weight >> 1)), weight };
		})
		.sort((a, b) => b.ts - a.ts || b.seq - a.seq);
	let weight = 0;
	const middle = middles.find((each) => (weight += each.weight) * 2 >= size);
	if (middle === undefined) {
		throw new RangeError('there is nothing to halve');
	}
	return middle;
}

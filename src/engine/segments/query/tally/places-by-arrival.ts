import type { Places, PlacesQuery } from '#shared/model/query.ts';
import { FilterCounting } from '../kept/filter-counting.ts';
import type { CountingContext } from '../kept/filter-counting.ts';
import { PlaceCounts } from '../../../shapes/place-counts.ts';
import { PlaceTally } from './place-tally.ts';

/** Counts the entries that match `also` by where they stand among all of a filter, as those came. */
export function placesByArrival(
	context: CountingContext,
	{ also, ...query }: Omit<PlacesQuery, 'order'>,
	isOver: () => boolean,
): Places {
	const { buckets, limit = Infinity, ...filter } = query;
	const { times } = context;
	const counting = new FilterCounting(context, filter);
	const kind = PlaceTally.kind(new FilterCounting(context, { ...filter, also }));
	let complete = counting.run([times], isOver) === 1;
	const matched = counting.stretches.map((stretch) =>
		counting.tallies(stretch, times).reduce((sum, tally) => sum + tally.matched, 0),
	);
	const all = matched.reduce((sum, count) => sum + count, 0);
	const counts = new PlaceCounts(buckets, Math.min(all, limit));
	let above = 0;
	for (const [index, stretch] of counting.stretches.entries()) {
		if (above >= counts.total) {
			break;
		}
		complete = counting.runOne(stretch, [kind], isOver) && complete;
		above += matched[index] ?? 0;
		let below = 0;
		for (const tally of counting.tallies(stretch, kind)) {
			for (const place of tally.places) {
				counts.add(above - 1 - below - place, 1);
			}
			below += tally.matched;
		}
	}
	return { ...counts.told(), complete };
}

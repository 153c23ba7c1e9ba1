import type { TimeList } from './time-list.ts';

/** Where a part of a list that may hold the cut begins and ends. */
interface Part {
	readonly list: TimeList;
	low: number;
	high: number;
}

/**
 * Finds the cuts that have the newest `wanted` matches of all lists above them, one for each list.
 * Only lists whose times may meet the cut are looked into; `build` puts one in order, and says
 * `false` when there is no more time for that: then there is no answer.
 *
 * Of each list the match in the middle of its part is taken; the one of these that has about half
 * of all matches above it tells which side of each list holds no cut. So every step leaves away a
 * quarter of what there was, whatever the times are like.
 */
export function cutLists(
	lists: readonly TimeList[],
	wanted: number,
	build: (list: TimeList) => boolean,
): ReadonlyMap<TimeList, number> | undefined {
	const cuts = new Map<TimeList, number>();
	const [earliest, latest] = cutTimes(lists, wanted);
	const parts: Part[] = [];
	let left = wanted;
	for (const list of lists) {
		if (list.minTs > latest) {
			cuts.set(list, 0);
			left -= list.matched;
		} else if (list.maxTs < earliest) {
			cuts.set(list, Infinity);
		} else if (build(list)) {
			parts.push({ list, low: 0, high: Infinity });
		} else {
			return undefined;
		}
	}
	let open = parts;
	for (;;) {
		open = open.filter((part) => size(part) > 0);
		const rest = open.reduce((sum, part) => sum + size(part), 0);
		if (left === 0 || left === rest) {
			for (const part of parts) {
				cuts.set(part.list, left === 0 ? part.high : part.low);
			}
			return cuts;
		}
		const pivot = middleOf(open, rest);
		const found = open.map((part) => {
			const above = part.list.cutAbove(pivot.ts, pivot.seq, part.low, part.high);
			const from = part.list === pivot.list ? above - 1 : above;
			return { part, above, from, matched: part.list.below(part.high) - part.list.below(from) };
		});
		// Those from the one in the middle on, itself among them.
		const upper = found.reduce((sum, { matched }) => sum + matched, 0);
		for (const { part, above, from } of found) {
			if (upper <= left) {
				part.high = from;
			} else {
				part.low = above;
			}
		}
		left -= upper <= left ? upper : 0;
	}
}

function size({ list, low, high }: Part): number {
	return list.below(high) - list.below(low);
}

/** Between which times the match lies that is the last one above the cut. */
function cutTimes(lists: readonly TimeList[], wanted: number): readonly [number, number] {
	if (wanted === 0) {
		return [Infinity, Infinity];
	}
	const earliest = timeOf(lists, wanted, ({ minTs }) => minTs);
	return [earliest, timeOf(lists, wanted, ({ maxTs }) => maxTs)];
}

/** Going down the lists by one of their times: where the matches of all lists passed are enough. */
function timeOf(
	lists: readonly TimeList[],
	wanted: number,
	time: (list: TimeList) => number,
): number {
	let sum = 0;
	for (const list of [...lists].sort((a, b) => time(b) - time(a))) {
		sum += list.matched;
		if (sum >= wanted) {
			return time(list);
		}
	}
	return -Infinity;
}

/** Of the middle matches of all parts, the one with half of the matches above it. */
function middleOf(
	parts: readonly Part[],
	rest: number,
): { readonly ts: number; readonly seq: number; readonly list: TimeList } {
	const middles = parts
		.map((part) => {
			const { list, low } = part;
			return { list, ...list.at(list.below(low) + (size(part) >> 1)), weight: size(part) };
		})
		.sort((a, b) => b.ts - a.ts || b.seq - a.seq);
	let weight = 0;
	const middle = middles.find((each) => (weight += each.weight) * 2 >= rest);
	if (middle === undefined) {
		throw new RangeError('there is nothing to cut');
	}
	return middle;
}

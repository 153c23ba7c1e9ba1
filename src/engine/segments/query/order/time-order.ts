import type { Search } from '../plan/searches.ts';
import { cutLists } from './cut-lists.ts';
import type { Stretch } from './stretches.ts';
import type { TimeList } from './time-list.ts';
import type { TimeLists } from './time-lists.ts';

/** A row of a stretch's segment. */
export interface FoundRow {
	readonly stretch: Stretch;
	readonly row: number;
}

export interface FoundRows {
	readonly rows: readonly FoundRow[];
	readonly complete: boolean;
}

/** Lists that a first answer may put in order when its time is over. */
const MAX_LATE_BUILDS = 8;

/**
 * The rows that match, latest first, `limit` of them after the latest `offset`. Stretches are looked
 * at from the one with the latest time on, until no other can have rows above those wanted. If the
 * time is over before that, the rows are those of which it is sure where they stand.
 */
export function findByTime(
	lists: TimeLists,
	search: Search,
	stretches: readonly Stretch[],
	{ offset, limit }: { readonly offset: number; readonly limit: number },
	isOver: () => boolean,
): FoundRows {
	const wanted = offset + limit;
	const passed = new PassedLists((list, over = isOver) => lists.build(list, search, over));
	const inOrder = [...stretches].sort(
		(a, b) =>
			b.held.segment.maxTs - a.held.segment.maxTs || b.held.segment.seq - a.held.segment.seq,
	);
	let sure = Infinity;
	let complete = true;
	for (const stretch of inOrder) {
		const { maxTs } = stretch.held.segment;
		const enough = passed.matched < wanted ? 0 : passed.above(maxTs);
		if (enough !== undefined && enough >= wanted) {
			break;
		}
		const list = enough === undefined ? undefined : lists.list(stretch, search, isOver);
		if (list === undefined) {
			complete = false;
			sure = passed.above(maxTs, MAX_LATE_BUILDS) ?? 0;
			break;
		}
		passed.add(list);
	}
	const end = Math.min(wanted, sure, passed.matched);
	if (end <= offset) {
		return { rows: [], complete };
	}
	// What is sure is told, though the time is over.
	const build = (list: TimeList) => lists.build(list, search, complete ? isOver : () => false);
	const high = cutLists(passed.lists, offset, build);
	const low = high && cutLists(passed.lists, end, build);
	if (high === undefined || low === undefined) {
		return { rows: [], complete: false };
	}
	const found: (FoundRow & { readonly ts: number })[] = [];
	for (const list of passed.lists) {
		const [from = 0, to = 0] = [low.get(list), high.get(list)];
		if (from < to) {
			if (!build(list)) {
				return { rows: [], complete: false };
			}
			const { stretch } = list;
			found.push(...list.rowsBetween(from, to).map((row) => ({ ...row, stretch })));
		}
	}
	found.sort((a, b) => b.ts - a.ts || seqOf(b) - seqOf(a));
	return { rows: found, complete };
}

function seqOf({ stretch, row }: FoundRow): number {
	return stretch.held.segment.seq + row;
}

/** Lists of which it is known how many match, and how many of all those are above falling times. */
class PassedLists {
	readonly lists: TimeList[] = [];
	matched = 0;
	readonly #build: (list: TimeList, isOver?: () => boolean) => boolean;
	/** Matches of lists that are above all times to come. */
	#settled = 0;
	/** The others, each with the cut at the last time. */
	#open: { readonly list: TimeList; cut: number }[] = [];

	constructor(build: (list: TimeList, isOver?: () => boolean) => boolean) {
		this.#build = build;
	}

	add(list: TimeList): void {
		if (list.matched > 0) {
			this.lists.push(list);
			this.matched += list.matched;
			this.#open.push({ list, cut: Infinity });
		}
	}

	/**
	 * How many matches are after this time, which is not after the one asked for before; `undefined`
	 * if it takes more time than there is, or with `mostBuilds` if more lists are not in order.
	 */
	above(time: number, mostBuilds?: number): number | undefined {
		let matched = 0;
		let builds = 0;
		const open: { readonly list: TimeList; cut: number }[] = [];
		for (const [index, part] of this.#open.entries()) {
			const { list } = part;
			if (list.minTs > time) {
				this.#settled += list.matched;
				continue;
			}
			open.push(part);
			if (list.maxTs <= time) {
				continue;
			}
			builds += list.isBuilt ? 0 : 1;
			const isBuilt =
				mostBuilds === undefined
					? this.#build(list)
					: builds <= mostBuilds && this.#build(list, () => false);
			if (!isBuilt) {
				this.#open = [...open, ...this.#open.slice(index + 1)];
				return undefined;
			}
			part.cut = list.cutAbove(time, Infinity, 0, part.cut);
			matched += list.matched - list.below(part.cut);
		}
		this.#open = open;
		return this.#settled + matched;
	}
}

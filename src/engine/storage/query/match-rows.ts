import { EntryFlag } from '#shared/model/entry.ts';
import { RowFlag } from '../segment/columns.ts';
import type { Search } from './compile-search.ts';
import type { HeldSegment, Resident } from './segment-set.ts';

/** Which source a log belongs to. */
export type SourceOf = (generation: number) => number | undefined;

/**
 * Marks the rows [from, to) that match all of a search but its text: `mask[row - from]` is 1 or 0.
 * Column by column, because a loop over one array is what a processor does best.
 */
export function maskRows(
	{ segment }: HeldSegment,
	{ columns }: Resident,
	{ filter, levels, task }: Search,
	sourceOf: SourceOf,
	from: number,
	to: number,
	mask: Uint8Array,
): void {
	mask.fill(1, 0, to - from);
	if (segment.hidden > 0) {
		dropFlagged(columns.flags, RowFlag.hidden, from, to, mask);
	}
	// The most selective first: mostly nothing is left to be looked at after it.
	if (task !== undefined && !keepTask(columns.task, task, from, to, mask)) {
		return;
	}
	if (levels !== undefined) {
		const { level } = columns;
		for (let row = from; row < to; row++) {
			mask[row - from] = (mask[row - from] ?? 0) & (levels[level[row] ?? 0] ?? 0);
		}
	}
	const { since = -Infinity, until = Infinity } = filter;
	if (segment.minTs < since || segment.maxTs > until) {
		const { ts } = columns;
		for (let row = from; row < to; row++) {
			const time = ts[row] ?? 0;
			if (time < since || time > until) {
				mask[row - from] = 0;
			}
		}
	}
	if (filter.quarantined !== undefined) {
		const { flags } = columns;
		for (let row = from; row < to; row++) {
			if ((((flags[row] ?? 0) & EntryFlag.quarantined) !== 0) !== filter.quarantined) {
				mask[row - from] = 0;
			}
		}
	}
	if (filter.source !== undefined) {
		for (const [index, span] of segment.spans.entries()) {
			if (sourceOf(span.generation) !== filter.source) {
				const end = Math.min(segment.spans[index + 1]?.row ?? segment.rows, to);
				const start = Math.max(span.row, from);
				if (start < end) {
					mask.fill(0, start - from, end - from);
				}
			}
		}
	}
}

/** Whether it is sure, without looking at its rows, that none of a segment can match. */
export function cannotMatch({ segment }: HeldSegment, search: Search, minimum: number): boolean {
	const { since, until } = search.filter;
	return (
		segment.rows === segment.hidden ||
		search.task === -1 ||
		(since !== undefined && segment.maxTs < since) ||
		(until !== undefined && segment.minTs > until) ||
		segment.maxSeverity < minimum
	);
}

/** Keeps the rows of a task in the mask; whether there are any. */
function keepTask(
	tasks: Uint32Array,
	task: number,
	from: number,
	to: number,
	mask: Uint8Array,
): boolean {
	let isAny = false;
	for (let row = from; row < to; row++) {
		if (tasks[row] === task) {
			isAny = true;
		} else {
			mask[row - from] = 0;
		}
	}
	return isAny;
}

function dropFlagged(
	flags: Uint16Array,
	flag: number,
	from: number,
	to: number,
	mask: Uint8Array,
): void {
	for (let row = from; row < to; row++) {
		if (((flags[row] ?? 0) & flag) !== 0) {
			mask[row - from] = 0;
		}
	}
}

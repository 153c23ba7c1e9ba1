import { findEntryStart } from '../../pipeline/join-lines.ts';
import { wholeLines } from '../../pipeline/whole-lines.ts';
import { readFully } from '../query/text/read-fully.ts';
import type { Stretch } from '../segment/generation-record.ts';

/** A part of a log that becomes one segment. */
export type Slice = Stretch;

/** Large enough that a segment is worth its fixed costs, small enough to be read in 20 ms. */
const SLICE_BYTES = 8 * 1024 * 1024;
/** A slice this large is cut at any line: where no entry is seen to begin it would grow without end. */
const MAX_SLICE_BYTES = 64 * 1024 * 1024;
/** Where an entry begins is looked for in so many bytes, then in eight times as many. */
const PROBE_BYTES = 64 * 1024;

/**
 * The last slice of a range that begins and ends at the beginning of entries, itself from the
 * beginning of an entry on.
 */
export function cutSlice(fd: number, range: Stretch): Slice {
	const from = (start: number): Slice => ({
		start,
		end: range.end,
		base: range.base + start - range.start,
	});
	for (let nominal = range.end - SLICE_BYTES; nominal > range.start; nominal -= SLICE_BYTES) {
		for (const size of [PROBE_BYTES, PROBE_BYTES * 8]) {
			const isLarge = range.end - nominal >= MAX_SLICE_BYTES;
			const start = entryStart(fd, nominal, Math.min(size, range.end - nominal), isLarge);
			if (start !== undefined && start > range.start && start < range.end) {
				return from(start);
			}
		}
	}
	return from(range.start);
}

/** The first place in `length` bytes after `at` where an entry surely begins, or with `isAny` a line. */
function entryStart(fd: number, at: number, length: number, isAny: boolean): number | undefined {
	const bytes = Buffer.allocUnsafe(length);
	if (!readFully(fd, bytes, at)) {
		return undefined;
	}
	const lines = wholeLines(bytes, at);
	return (lines[findEntryStart(lines)] ?? (isAny ? lines[0] : undefined))?.offset;
}

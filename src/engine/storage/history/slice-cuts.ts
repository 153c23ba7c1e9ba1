import { closeSync } from 'node:fs';
import { findEntryStart } from '../../pipeline/join-lines.ts';
import { LineSplitter } from '../../pipeline/line-splitter.ts';
import { readFully } from '../query/read-fully.ts';
import { holds, openPlace } from '../query/text-reader.ts';
import type { Stretch } from '../segment/generation-record.ts';
import type { GenerationPlace } from '../segment/segment.ts';

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
 * beginning of an entry on. `undefined` if the file no longer holds the log. `held`: the file, if it
 * is open already.
 */
export function cutSlice(
	generation: GenerationPlace,
	range: Stretch,
	held: number | undefined,
): Slice | undefined {
	const fd = held ?? openPlace(generation);
	if (fd === undefined) {
		return undefined;
	}
	try {
		return holds(fd, generation.identity) ? cut(fd, range) : undefined;
	} finally {
		if (held === undefined) {
			closeSync(fd);
		}
	}
}

function cut(fd: number, range: Stretch): Slice {
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
	// The first line is most likely the end of one that begins further up.
	const lines = new LineSplitter(at).push(bytes).slice(1);
	return (lines[findEntryStart(lines)] ?? (isAny ? lines[0] : undefined))?.offset;
}

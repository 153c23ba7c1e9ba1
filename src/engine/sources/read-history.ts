import { findEntryStart } from '../pipeline/join-lines.ts';
import { LineSplitter, MAX_LINE_BYTES } from '../pipeline/line-splitter.ts';
import type { RawLine } from '../pipeline/line-splitter.ts';
import { readAt } from './log-file.ts';
import type { LogFile } from './log-file.ts';

const STEP_BYTES = 1024 * 1024;

/** A stretch of a file in whole entries. */
export interface HistoryChunk {
	readonly lines: readonly RawLine[];
	/** Where the first of them begins: what is before it is still to be read. */
	readonly start: number;
}

/**
 * Reads the entries that end just before `end`, about `size` bytes of them. `end` is the beginning
 * of an entry, and so is the returned `start`, or 0. A line longer than `size` is read whole.
 * `undefined` if the file has become too short to have them.
 */
export async function readHistory(
	file: LogFile,
	end: number,
	size: number,
): Promise<HistoryChunk | undefined> {
	for (let length = size; length <= MAX_LINE_BYTES; length *= 2) {
		const from = Math.max(end - length, 0);
		const bytes = await readAt(file.handle, from, end - from);
		if (bytes.length < end - from) {
			return undefined;
		}
		const lines = new LineSplitter(from).push(bytes);
		if (from === 0) {
			return { lines, start: 0 };
		}
		// The first line is most likely the end of one that begins further up.
		const whole = lines.slice(1);
		if (whole.length > 0) {
			const entries = whole.slice(findEntryStart(whole));
			return { lines: entries, start: entries[0]?.offset ?? from };
		}
	}
	return readLongLine(file, end);
}

/** Reads the one line before `end`, however long it is: the splitter keeps no more than its limit. */
async function readLongLine(file: LogFile, end: number): Promise<HistoryChunk | undefined> {
	const start = await lineStart(file, end - 1);
	const splitter = new LineSplitter(start);
	const lines: RawLine[] = [];
	for (let at = start; at < end;) {
		const bytes = await readAt(file.handle, at, Math.min(STEP_BYTES, end - at));
		if (bytes.length === 0) {
			return undefined;
		}
		lines.push(...splitter.push(bytes));
		at += bytes.length;
	}
	return { lines, start };
}

/** Where the line begins that has its last byte before `end`. */
async function lineStart(file: LogFile, end: number): Promise<number> {
	for (let to = end; to > 0; to -= STEP_BYTES) {
		const from = Math.max(to - STEP_BYTES, 0);
		const newline = (await readAt(file.handle, from, to - from)).lastIndexOf(0x0a);
		if (newline !== -1) {
			return from + newline + 1;
		}
	}
	return 0;
}

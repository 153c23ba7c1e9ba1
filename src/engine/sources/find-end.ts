import { findEntryStart } from '../pipeline/join-lines.ts';
import { wholeLines } from '../pipeline/whole-lines.ts';
import { FileRewritten } from './check-file.ts';
import type { OpenFiles } from './open-files.ts';
import type { SeenFile } from './seen-file.ts';

const LF = 0x0a;
const STEP_BYTES = 1024 * 1024;
const MAX_WINDOW_BYTES = 16 * 1024 * 1024;

/**
 * Where to begin reading the newest entries of [from, size): the beginning of an entry in its last
 * `tailBytes`, or further up if there is none. `from` if it is not worth leaving anything. Throws
 * `FileRewritten`.
 */
export async function findNewest(
	open: OpenFiles,
	file: SeenFile,
	range: { readonly from: number; readonly size: number },
	tailBytes: number,
): Promise<number> {
	const { from, size } = range;
	for (let length = tailBytes; length <= Math.max(MAX_WINDOW_BYTES, tailBytes); length *= 4) {
		const start = Math.max(size - length, from);
		if (start === from) {
			return from;
		}
		const bytes = await open.read(file, start, size - start);
		if (bytes.length < size - start) {
			throw new FileRewritten();
		}
		const lines = wholeLines(bytes, start);
		const entry = lines[findEntryStart(lines)];
		if (entry !== undefined) {
			return entry.offset;
		}
	}
	// The last whole line is that long.
	const lineEnd = (await findLineStart(open, file, range)) - 1;
	return lineEnd > from ? findLineStart(open, file, { from, size: lineEnd }) : from;
}

/** Where the unfinished line of [from, size) begins. */
export async function findLineStart(
	open: OpenFiles,
	file: SeenFile,
	{ from, size }: { readonly from: number; readonly size: number },
): Promise<number> {
	for (let to = size; to > from; to -= STEP_BYTES) {
		const start = Math.max(to - STEP_BYTES, from);
		const newline = (await open.read(file, start, to - start)).lastIndexOf(LF);
		if (newline !== -1) {
			return start + newline + 1;
		}
	}
	return from;
}

import type { FileHandle } from 'node:fs/promises';

const LF = 0x0a;
const PIECE_BYTES = 1024 * 1024;

/**
 * Makes a journal end with a whole line again: what follows the last newline was being written
 * when the receiver was ended, and is cut off. Returns what is left.
 */
export async function cutTornLine(
	file: FileHandle,
): Promise<{ readonly size: number; readonly lines: number }> {
	const piece = Buffer.allocUnsafe(PIECE_BYTES);
	let lines = 0;
	let size = 0;
	let at = 0;
	for (;;) {
		const { bytesRead } = await file.read(piece, 0, PIECE_BYTES, at);
		if (bytesRead === 0) {
			break;
		}
		const read = piece.subarray(0, bytesRead);
		lines += countNewlines(read);
		const last = read.lastIndexOf(LF);
		if (last !== -1) {
			size = at + last + 1;
		}
		at += bytesRead;
	}
	if (at > size) {
		await file.truncate(size);
	}
	return { size, lines };
}

/** How many newlines there are. */
export function countNewlines(bytes: Buffer): number {
	let count = 0;
	for (let at = bytes.indexOf(LF); at !== -1; at = bytes.indexOf(LF, at + 1)) {
		count++;
	}
	return count;
}

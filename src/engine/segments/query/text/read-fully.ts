import { readSync } from 'node:fs';

/** Fills a buffer from an offset on; false where the file ends before it is full. */
export function readFully(fd: number, into: Uint8Array, offset: number): boolean {
	for (let filled = 0; filled < into.length;) {
		const read = readSync(fd, into, filled, into.length - filled, offset + filled);
		if (read === 0) {
			return false;
		}
		filled += read;
	}
	return true;
}

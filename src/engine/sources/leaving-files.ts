import type { RawLine } from '../pipeline/line-splitter.ts';
import type { FileCursor } from './file-cursor.ts';

/** More of them are not kept open: whoever rotates that fast has left the oldest one. */
const MAX_FILES = 16;

interface LeavingFile {
	readonly cursor: FileCursor;
	lastLinesAt: number;
}

/**
 * Files that were renamed or deleted while they were followed. Their writers may not have noticed
 * yet, so that each is read on until nothing was written to it for a while.
 */
export class LeavingFiles {
	readonly #lingerMs: number;
	readonly #chunkBytes: number;
	#files: readonly LeavingFile[] = [];

	constructor(options: { readonly lingerMs: number; readonly chunkBytes: number }) {
		this.#lingerMs = options.lingerMs;
		this.#chunkBytes = options.chunkBytes;
	}

	/** Takes over a cursor, and closes its file in the end. */
	add(cursor: FileCursor): void {
		this.#files = [...this.#files, { cursor, lastLinesAt: performance.now() }];
	}

	/** What was written to them since the last look; the unfinished line when nothing more will come. */
	async *read(): AsyncGenerator<readonly RawLine[]> {
		for (const [index, file] of this.#files.entries()) {
			const isSound = yield* this.#readOn(file);
			const isTooMany = index < this.#files.length - MAX_FILES;
			if (isTooMany || !isSound || performance.now() - file.lastLinesAt > this.#lingerMs) {
				const held = file.cursor.takeHeld();
				this.#files = this.#files.filter((other) => other !== file);
				await file.cursor.file.handle.close();
				if (held.length > 0) {
					yield held;
				}
			}
		}
	}

	async close(): Promise<void> {
		await Promise.all(this.#files.map(({ cursor }) => cursor.file.handle.close()));
		this.#files = [];
	}

	/** False if the file can't be read on: it was truncated, say. What it had was read. */
	async *#readOn(file: LeavingFile): AsyncGenerator<readonly RawLine[], boolean> {
		try {
			let lines = await file.cursor.readNext(this.#chunkBytes);
			while (lines !== undefined) {
				file.lastLinesAt = performance.now();
				if (lines.length > 0) {
					yield lines;
				}
				lines = await file.cursor.readNext(this.#chunkBytes);
			}
			return true;
		} catch {
			return false;
		}
	}
}

import { LineSplitter } from '../pipeline/line-splitter.ts';
import type { RawLine } from '../pipeline/line-splitter.ts';
import { identify } from './file-identity.ts';
import type { FileIdentity } from './file-identity.ts';
import { readAt } from './log-file.ts';
import type { LogFile } from './log-file.ts';
import { readHistory } from './read-history.ts';

const OVERLAP_BYTES = 256;

/** Where reading a file stands: everything in [`historyEnd`, `identity.end`) has been taken. */
export interface CursorPosition {
	readonly identity: FileIdentity;
	/** Everything before it is still to be read, backwards. */
	readonly historyEnd: number;
}

/** The file no longer holds what was read from it: it was truncated or written anew. */
export class FileRewritten extends Error {}

/**
 * Reads one log in both directions: forwards what is added, backwards what was there before. Each
 * read takes some bytes once more that it took before, so that a rewrite never passes for growth.
 */
export class FileCursor {
	readonly file: LogFile;
	readonly #splitter: LineSplitter;
	#historyEnd: number;
	#readEnd: number;
	/** The last bytes before `#readEnd`, as they were read. */
	#overlap: Buffer;

	private constructor(file: LogFile, start: number, historyEnd: number, overlap: Buffer) {
		this.file = file;
		this.#splitter = new LineSplitter(start);
		this.#historyEnd = historyEnd;
		this.#readEnd = start;
		this.#overlap = overlap;
	}

	/** Goes on where a position says. The file has to hold what was read before (`isSameLog`). */
	static async resume(file: LogFile, position: CursorPosition): Promise<FileCursor> {
		const { end } = position.identity;
		const from = Math.max(end - OVERLAP_BYTES, 0);
		const overlap = await readAt(file.handle, from, end - from);
		return new FileCursor(file, end, position.historyEnd, overlap);
	}

	/**
	 * Begins near the end, so that the newest entries are there at once however large the file is:
	 * with the last entries in about `tailBytes`.
	 */
	static async begin(file: LogFile, tailBytes: number): Promise<FileCursor> {
		const { size } = await file.handle.stat();
		const from = Math.max(size - tailBytes, 0);
		const lastNewline = (await readAt(file.handle, from, size - from)).lastIndexOf(0x0a);
		// A file that is one line at its end is read from its beginning, however large.
		const chunk =
			from === 0 || lastNewline === -1
				? undefined
				: await readHistory(file, from + lastNewline + 1, tailBytes);
		const start = chunk?.start ?? 0;
		return new FileCursor(file, start, start, Buffer.alloc(0));
	}

	get historyEnd(): number {
		return this.#historyEnd;
	}

	get heldBytes(): number {
		return this.#splitter.heldBytes;
	}

	/** Bytes taken so far, in both directions. */
	get readBytes(): number {
		return this.#readEnd - this.#historyEnd;
	}

	/** Identity and place, as of now. Reads a few bytes. */
	async position(): Promise<CursorPosition> {
		return {
			identity: await identify(this.file, this.#splitter.offset),
			historyEnd: this.#historyEnd,
		};
	}

	/**
	 * The lines completed by the next `size` bytes, `undefined` at the end of the file. Throws
	 * `FileRewritten`.
	 */
	async readNext(size: number): Promise<RawLine[] | undefined> {
		const known = this.#overlap.length;
		const bytes = await readAt(this.file.handle, this.#readEnd - known, known + size);
		if (!bytes.subarray(0, known).equals(this.#overlap)) {
			throw new FileRewritten();
		}
		const added = bytes.subarray(known);
		if (added.length === 0) {
			return undefined;
		}
		this.#readEnd += added.length;
		this.#overlap = Buffer.from(bytes.subarray(-OVERLAP_BYTES));
		return this.#splitter.push(added);
	}

	/** The entries before everything read so far, about `size` bytes. Throws `FileRewritten`. */
	async readBack(size: number): Promise<readonly RawLine[]> {
		const chunk = await readHistory(this.file, this.#historyEnd, size);
		if (chunk === undefined) {
			throw new FileRewritten();
		}
		this.#historyEnd = chunk.start;
		return chunk.lines;
	}
}

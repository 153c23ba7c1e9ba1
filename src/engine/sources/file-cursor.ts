import { LineSplitter } from '../pipeline/line-splitter.ts';
import type { RawLine } from '../pipeline/line-splitter.ts';
import { HEAD_BYTES, identify, isSameLog, TAIL_BYTES } from './file-identity.ts';
import type { FileIdentity } from '../log-sink.ts';
import { readAt } from './log-file.ts';
import type { LogFile } from './log-file.ts';
import { readHistory } from './read-history.ts';

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
 * read looks once more at some bytes that were taken before, so that a rewrite never passes for growth.
 */
export class FileCursor {
	readonly file: LogFile;
	readonly #splitter: LineSplitter;
	#historyEnd: number;
	#readEnd: number;
	/** The first bytes of the file, as they were read. */
	#head: Buffer;
	/** The last bytes before `#readEnd`, as they were read. */
	#overlap: Buffer;
	/** The last bytes before the unfinished line, as they were read. */
	#tail: Buffer;

	private constructor(
		file: LogFile,
		start: number,
		historyEnd: number,
		read: { readonly head: Buffer; readonly tail: Buffer },
	) {
		this.file = file;
		this.#splitter = new LineSplitter(start);
		this.#historyEnd = historyEnd;
		this.#readEnd = start;
		this.#head = read.head;
		this.#overlap = read.tail;
		this.#tail = read.tail;
	}

	/** Goes on where a position says; `undefined` if the file is not the log that it speaks of. */
	static async resume(file: LogFile, position: CursorPosition): Promise<FileCursor | undefined> {
		const { end } = position.identity;
		const read = await readAround(file, end);
		return isSameLog(identify(read.head, read.tail, end), position.identity)
			? new FileCursor(file, end, position.historyEnd, read)
			: undefined;
	}

	/**
	 * Begins near the end, so that the newest entries are there at once however large the file is:
	 * with the last entries in about `tailBytes`. `undefined` if it was written anew meanwhile.
	 */
	static async begin(file: LogFile, tailBytes: number): Promise<FileCursor | undefined> {
		const { size } = await file.handle.stat();
		const from = Math.max(size - tailBytes, 0);
		const bytes = await readAt(file.handle, from, size - from);
		const lastNewline = bytes.lastIndexOf(0x0a);
		// A file that is one line at its end is read from its beginning, however large.
		const chunk =
			from === 0 || lastNewline === -1
				? undefined
				: await readHistory(file, from + lastNewline + 1, tailBytes);
		const start = chunk?.start ?? 0;
		const read = await readAround(file, start);
		const last = bytes.subarray(-TAIL_BYTES);
		const again = await readAt(file.handle, from + bytes.length - last.length, last.length);
		return start > 0 && !again.equals(last) ? undefined : new FileCursor(file, start, start, read);
	}

	get historyEnd(): number {
		return this.#historyEnd;
	}

	get heldBytes(): number {
		return this.#splitter.heldBytes;
	}

	/** Up to where it was read forwards. */
	get readEnd(): number {
		return this.#readEnd;
	}

	/** Bytes taken so far, in both directions. */
	get readBytes(): number {
		return this.#readEnd - this.#historyEnd;
	}

	/** Identity and place, as of the last read. */
	get position(): CursorPosition {
		const end = this.#splitter.offset;
		const head = this.#head.subarray(0, end);
		return { identity: identify(head, this.#tail, end), historyEnd: this.#historyEnd };
	}

	/**
	 * The lines completed by the next `size` bytes, `undefined` at the end of the file. Throws
	 * `FileRewritten`.
	 */
	async readNext(size: number): Promise<RawLine[] | undefined> {
		const added = await readAt(this.file.handle, this.#readEnd, size);
		await this.#checkOverlap();
		if (added.length === 0) {
			return undefined;
		}
		const bytes = Buffer.concat([this.#overlap, added]);
		const before = this.#splitter.offset;
		const lines = this.#splitter.push(added);
		if (this.#head.length < HEAD_BYTES) {
			this.#head = Buffer.concat([this.#head, added.subarray(0, HEAD_BYTES - this.#head.length)]);
		}
		if (this.#splitter.offset > before) {
			// Where a line ends is in `added`, so that as much as is needed stands before it.
			const end = this.#splitter.offset - (this.#readEnd - this.#overlap.length);
			this.#tail = Buffer.from(bytes.subarray(Math.max(end - TAIL_BYTES, 0), end));
		}
		this.#overlap = Buffer.from(bytes.subarray(-TAIL_BYTES));
		this.#readEnd += added.length;
		return lines;
	}

	/** The unfinished line, which nothing will be added to any more. No more is to be read. */
	takeHeld(): RawLine[] {
		this.#tail = this.#overlap;
		return this.#splitter.end();
	}

	/** The entries before everything read so far, about `size` bytes. Throws `FileRewritten`. */
	async readBack(size: number): Promise<readonly RawLine[]> {
		const chunk = await readHistory(this.file, this.#historyEnd, size);
		await this.#checkOverlap();
		if (chunk === undefined) {
			throw new FileRewritten();
		}
		this.#historyEnd = chunk.start;
		return chunk.lines;
	}

	/**
	 * Whether the file still holds what was read from it. Asked after each read, never before: what
	 * is there now was there when those bytes were read.
	 */
	async #checkOverlap(): Promise<void> {
		const { length } = this.#overlap;
		const found = await readAt(this.file.handle, this.#readEnd - length, length);
		if (!found.equals(this.#overlap)) {
			throw new FileRewritten();
		}
	}
}

/** The first bytes of a file, and those before `end`, as far as they are before it. */
async function readAround(
	file: LogFile,
	end: number,
): Promise<{ readonly head: Buffer; readonly tail: Buffer }> {
	const tailLength = Math.min(TAIL_BYTES, end);
	return {
		head: await readAt(file.handle, 0, Math.min(HEAD_BYTES, end)),
		tail: await readAt(file.handle, end - tailLength, tailLength),
	};
}

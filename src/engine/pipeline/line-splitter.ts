import { isUtf8 } from 'node:buffer';

/** One complete line of a source, without its line end. */
export interface RawLine {
	/** The text; bytes that are not UTF-8 show as U+FFFD. */
	readonly text: string;
	/** The bytes, where `text` does not give them back. */
	readonly bytes?: Buffer;
	/** Where the line begins in its source, in bytes. */
	readonly offset: number;
	/** Set for a line over the limit: its length in bytes. `text` has the beginning only. */
	readonly cutFrom?: number;
}

/** Longer lines are cut: one line must not take the memory of the whole process. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** From this many NULs on, the beginning of a line is a hole: there was never anything written. */
const HOLE_BYTES = 4_096;

const LF = 0x0a;
const CR = 0x0d;

/**
 * Cuts bytes into lines at LF (a CR before it goes too), across any number of chunks. The
 * unfinished last line is kept until its newline comes. Empty lines are reported as such. The hole
 * at the beginning of a log that was truncated under its writer is stepped over.
 */
export class LineSplitter {
	#pending: Buffer[] = [];
	#pendingBytes = 0;
	/** NULs that the pending line begins with, while there is nothing else of it. */
	#nulls = 0;
	/** Bytes of the pending line that were over the limit and are gone. */
	#overflow = 0;
	#offset: number;
	readonly #limit: number;

	/** `offset`: where the first chunk begins in its source. */
	constructor(offset: number, limit = MAX_LINE_BYTES) {
		this.#offset = offset;
		this.#limit = limit;
	}

	/** Where the unfinished line begins: everything before it has been returned. */
	get offset(): number {
		return this.#offset;
	}

	/** Length so far of the unfinished line. */
	get heldBytes(): number {
		return this.#nulls + this.#pendingBytes + this.#overflow;
	}

	/** Takes the next bytes; returns the lines they complete. The chunk may be reused afterwards. */
	push(chunk: Buffer): RawLine[] {
		const lines: RawLine[] = [];
		const valid = isUtf8(chunk);
		let start = 0;
		let end = chunk.indexOf(LF);
		while (end !== -1) {
			const piece = chunk.subarray(start, end);
			if (this.heldBytes === 0 && piece[0] !== 0 && piece.length <= this.#limit) {
				lines.push(toLine(piece, this.#offset, valid));
				this.#offset += piece.length + 1;
			} else {
				lines.push(this.#finish(piece));
			}
			start = end + 1;
			end = chunk.indexOf(LF, start);
		}
		this.#hold(chunk.subarray(start));
		return lines;
	}

	/** No more bytes will come: the unfinished line, if there is one, as it is. */
	end(): RawLine[] {
		if (this.heldBytes === 0) {
			return [];
		}
		const line = this.#finish(Buffer.alloc(0));
		this.#offset--; // there was no newline
		return [line];
	}

	#finish(piece: Buffer): RawLine {
		this.#hold(piece);
		this.#leaveNulls();
		const length = this.heldBytes;
		const line = toLine(Buffer.concat(this.#pending), this.#offset, false);
		this.#offset += length + 1;
		this.#pending = [];
		this.#pendingBytes = 0;
		this.#overflow = 0;
		return length <= this.#limit ? line : { ...line, cutFrom: length };
	}

	#hold(piece: Buffer): void {
		let rest = piece;
		if (this.#pendingBytes === 0 && piece[0] === 0) {
			const end = piece.findIndex((byte) => byte !== 0);
			this.#nulls += end === -1 ? piece.length : end;
			rest = piece.subarray(end === -1 ? piece.length : end);
		}
		if (rest.length > 0) {
			this.#leaveNulls();
			this.#keep(rest);
		}
	}

	/** The NULs at the beginning are all there: a hole is left behind, a few are part of the line. */
	#leaveNulls(): void {
		const nulls = this.#nulls;
		this.#nulls = 0;
		if (nulls >= HOLE_BYTES) {
			this.#offset += nulls;
		} else if (nulls > 0) {
			this.#keep(Buffer.alloc(nulls));
		}
	}

	#keep(piece: Buffer): void {
		const room = this.#limit - this.#pendingBytes;
		if (room > 0) {
			this.#pending.push(Buffer.from(piece.subarray(0, room)));
		}
		this.#pendingBytes += Math.min(piece.length, room);
		this.#overflow += Math.max(piece.length - room, 0);
	}
}

/** `valid`: the bytes are known to be whole UTF-8 characters. */
function toLine(bytes: Buffer, offset: number, valid: boolean): RawLine {
	const end = bytes.at(-1) === CR ? bytes.length - 1 : bytes.length;
	const text = bytes.toString('utf8', 0, end);
	// A byte order mark belongs to the file, not to its first line.
	const clean = offset === 0 && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
	return valid || isUtf8(bytes)
		? { text: clean, offset }
		: { text: clean, bytes: Buffer.from(bytes.subarray(0, end)), offset };
}

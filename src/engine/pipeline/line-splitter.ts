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

const LF = 0x0a;
const CR = 0x0d;

/**
 * Cuts bytes into lines at LF (a CR before it goes too), across any number of chunks. The
 * unfinished last line is kept until its newline comes. Empty lines are reported as such.
 */
export class LineSplitter {
	#pending: Buffer[] = [];
	#pendingBytes = 0;
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
		return this.#pendingBytes + this.#overflow;
	}

	/** Takes the next bytes; returns the lines they complete. The chunk may be reused afterwards. */
	push(chunk: Buffer): RawLine[] {
		const lines: RawLine[] = [];
		const valid = isUtf8(chunk);
		let start = 0;
		let end = chunk.indexOf(LF);
		while (end !== -1) {
			const piece = chunk.subarray(start, end);
			lines.push(this.heldBytes === 0 ? toLine(piece, this.#offset, valid) : this.#finish(piece));
			this.#offset += this.heldBytes + piece.length + 1;
			this.#pending = [];
			this.#pendingBytes = 0;
			this.#overflow = 0;
			start = end + 1;
			end = chunk.indexOf(LF, start);
		}
		this.#hold(chunk.subarray(start));
		return lines;
	}

	#hold(piece: Buffer): void {
		const room = this.#limit - this.#pendingBytes;
		if (piece.length > 0 && room > 0) {
			this.#pending.push(Buffer.from(piece.subarray(0, room)));
		}
		this.#pendingBytes += Math.min(piece.length, room);
		this.#overflow += Math.max(piece.length - room, 0);
	}

	#finish(piece: Buffer): RawLine {
		const length = this.heldBytes + piece.length;
		const bytes = Buffer.concat([...this.#pending, piece]);
		return length <= this.#limit
			? toLine(bytes, this.#offset, false)
			: { ...toLine(bytes.subarray(0, this.#limit), this.#offset, false), cutFrom: length };
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

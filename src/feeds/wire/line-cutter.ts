import { countNewlines } from '../journal/cut-torn-line.ts';

/** So much is kept of a line that never ends. The engine shows the first half of it, marked as cut. */
export const MAX_LINE_BYTES = 2 * 1024 * 1024;

const LF = 0x0a;
const NEWLINE = Buffer.from('\n');
const NO_BYTES = Buffer.alloc(0);

/** Whole lines, as pieces of bytes one after another. */
export interface CutLines {
	readonly pieces: Buffer[];
	readonly bytes: number;
	readonly lines: number;
}

const NO_LINES: CutLines = { pieces: [], bytes: 0, lines: 0 };

/** Cuts a stream of bytes after its last newline, and holds the rest until its line is whole. */
export class LineCutter {
	#held = NO_BYTES;
	#heldBytes = 0;
	/** The held line has grown too long: what comes of it is left out. */
	#isOver = false;

	/** Bytes of a line that is not whole yet. */
	get heldBytes(): number {
		return this.#heldBytes;
	}

	/** Takes the next bytes; returns the lines that are whole by now. They are views of `chunk`. */
	push(chunk: Buffer): CutLines {
		const end = chunk.lastIndexOf(LF) + 1;
		if (end === 0) {
			this.#hold(chunk);
			return NO_LINES;
		}
		const from = this.#isOver ? chunk.indexOf(LF) : 0;
		const rest = chunk.subarray(from, end);
		const bytes = this.#heldBytes + rest.length;
		const pieces = this.#heldBytes === 0 ? [rest] : [this.#take(), rest];
		this.#isOver = false;
		this.#hold(chunk.subarray(end));
		return { pieces, bytes, lines: countNewlines(chunk.subarray(0, end)) };
	}

	/** The stream has ended: what is held is a line too. */
	end(): CutLines {
		if (this.#heldBytes === 0) {
			return NO_LINES;
		}
		this.#isOver = false;
		return { bytes: this.#heldBytes + 1, pieces: [this.#take(), NEWLINE], lines: 1 };
	}

	/** Keeps a copy: a view of a few bytes would keep the whole chunk. */
	#hold(bytes: Buffer): void {
		const kept = bytes.subarray(0, MAX_LINE_BYTES - this.#heldBytes);
		this.#isOver ||= kept.length < bytes.length;
		const size = this.#heldBytes + kept.length;
		if (size > this.#held.length) {
			const grown = Buffer.allocUnsafeSlow(Math.min(2 * size, MAX_LINE_BYTES));
			this.#held.copy(grown, 0, 0, this.#heldBytes);
			this.#held = grown;
		}
		kept.copy(this.#held, this.#heldBytes);
		this.#heldBytes = size;
	}

	#take(): Buffer {
		const bytes = this.#held.subarray(0, this.#heldBytes);
		this.#held = NO_BYTES;
		this.#heldBytes = 0;
		return bytes;
	}
}

/** Without its first lines, `count` of them at most. */
export function skipLines(cut: CutLines, count: number): CutLines {
	let bytes = Buffer.concat(cut.pieces);
	const skipped = Math.min(count, cut.lines);
	for (let line = 0; line < skipped; line++) {
		bytes = bytes.subarray(bytes.indexOf(LF) + 1);
	}
	return { pieces: [bytes], bytes: bytes.length, lines: cut.lines - skipped };
}

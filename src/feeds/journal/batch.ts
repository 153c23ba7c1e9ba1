/** Smaller pieces are copied together: each one would cost as much as some hundred bytes. */
const SMALL_BYTES = 16 * 1024;
const BLOCK_BYTES = 64 * 1024;

/**
 * Whole lines of one session on their way into a journal. It grows until its writing begins, and
 * keeps its bytes until it is known that they are where they should be.
 */
export class Batch {
	readonly session: string;
	/** The number of its first line, if that does not follow the last one stored. */
	readonly startAt: number | undefined;
	/** Called with the number of the last line stored once that is so. */
	readonly onStored: ((last: number) => void)[] = [];
	readonly #pieces: Buffer[] = [];
	/** Small pieces, not among `#pieces` yet. */
	#block: Buffer | undefined;
	#blockBytes = 0;
	#left: Buffer[] | undefined;
	#bytes = 0;
	#lines = 0;

	constructor(session: string, startAt?: number) {
		this.session = session;
		this.startAt = startAt;
	}

	get bytes(): number {
		return this.#bytes;
	}

	get lines(): number {
		return this.#lines;
	}

	/** Its writing has begun: nothing may be added any more. */
	get isSealed(): boolean {
		return this.#left !== undefined;
	}

	/** What is still to be written; the first call seals the batch. */
	get left(): readonly Buffer[] {
		if (this.#left === undefined) {
			this.rewind();
		}
		return this.#left ?? [];
	}

	/** Adds bytes that are `lines` whole lines. */
	add(pieces: readonly Buffer[], bytes: number, lines: number): void {
		for (const piece of pieces) {
			this.#addPiece(piece);
		}
		this.#bytes += bytes;
		this.#lines += lines;
	}

	/** The next `bytes` of it are written. */
	wrote(bytes: number): void {
		let rest = bytes;
		const left: Buffer[] = [];
		for (const piece of this.left) {
			if (rest < piece.length) {
				left.push(rest === 0 ? piece : piece.subarray(rest));
			}
			rest = Math.max(rest - piece.length, 0);
		}
		this.#left = left;
	}

	/** All of it is to be written again, to another place. */
	rewind(): void {
		this.#closeBlock();
		this.#left = [...this.#pieces];
	}

	#addPiece(piece: Buffer): void {
		if (piece.length >= SMALL_BYTES) {
			this.#closeBlock();
			this.#pieces.push(piece);
			return;
		}
		if (this.#block === undefined || this.#blockBytes + piece.length > BLOCK_BYTES) {
			this.#closeBlock();
			this.#block = Buffer.allocUnsafe(BLOCK_BYTES);
		}
		piece.copy(this.#block, this.#blockBytes);
		this.#blockBytes += piece.length;
	}

	#closeBlock(): void {
		if (this.#block !== undefined) {
			this.#pieces.push(this.#block.subarray(0, this.#blockBytes));
			this.#block = undefined;
			this.#blockBytes = 0;
		}
	}
}

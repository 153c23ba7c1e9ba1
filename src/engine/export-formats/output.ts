const START_BYTES = 256 * 1024;

/** Most bytes that a character of a JavaScript string takes in UTF-8. */
const MAX_UTF8 = 3;

const LF = 0x0a;

/** Bytes that are put together piece by piece and taken away now and then. */
export class Output {
	#buffer = Buffer.allocUnsafe(START_BYTES);
	#length = 0;

	get length(): number {
		return this.#length;
	}

	/** Adds text as UTF-8. */
	text(text: string): void {
		this.#reserve(text.length * MAX_UTF8);
		this.#length += this.#buffer.write(text, this.#length);
	}

	bytes(bytes: Uint8Array): void {
		this.#reserve(bytes.length);
		this.#buffer.set(bytes, this.#length);
		this.#length += bytes.length;
	}

	/** Adds so many bytes that `fill` puts in place; if it can't, none. */
	filled(length: number, fill: (into: Uint8Array) => boolean): boolean {
		this.#reserve(length);
		if (!fill(this.#buffer.subarray(this.#length, this.#length + length))) {
			return false;
		}
		this.#length += length;
		return true;
	}

	newline(): void {
		this.#reserve(1);
		this.#buffer[this.#length++] = LF;
	}

	/** What was added since the last time. */
	take(): Uint8Array {
		// A copy of just these: what is sent to another thread is sent with all of its buffer.
		const taken = new Uint8Array(this.#buffer.subarray(0, this.#length));
		this.#length = 0;
		return taken;
	}

	#reserve(more: number): void {
		const needed = this.#length + more;
		if (needed > this.#buffer.length) {
			const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
			this.#buffer.copy(grown, 0, 0, this.#length);
			this.#buffer = grown;
		}
	}
}
